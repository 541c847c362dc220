/// Turns of phrase that the linter knows, in Swedish and English.
struct Phrases {
  /// Beginnings of words, lower case; one that ends in a space is a whole word.
  private let beginnings: [String]

  static let factors = Phrases(beginnings: [
    "framgångsfaktor", "nyckelfaktor", "success factor", "key factor",
  ])
  static let awards = Phrases(beginnings: [
    "utnämn", "prisad", "prisats", "prisbelön", "belönad", "belönats", "bäst i ", "världsledande",
    "award", "best in ", "prize", "world leading",
  ])
  static let expectations = Phrases(beginnings: [
    "ska ", "skall ", "förvänta", "väntas ", "kommer att ", "hoppas ", "planeras ", "avser att ",
    "will ", "expect", "hope to ", "plan to ", "is going to ", "are going to ",
  ])
  static let linkLabels = Phrases(beginnings: [
    "läs mer ", "läs hela ", "klicka här ", "se länk", "via länken ", "read more ", "click here ",
    "see link", "follow the link ",
  ])

  func occur(in sentence: String) -> Bool {
    let words = Self.words(of: sentence)
    return beginnings.contains { words.contains(" " + $0) }
  }

  /// Lower case, one space around each word.
  private static func words(of sentence: String) -> String {
    " " + sentence.caseFolded.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
  }

  static func sentences(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).flatMap { line in
      line.split(separator: ". ").map(String.init)
    }
  }

  /// A share such as `35 procent` or `8 av 10` in a sentence that names no year.
  static func holdsUnsourcedFigure(_ sentence: String) -> Bool {
    let words = sentence.caseFolded.replacing("%", with: " procent ")
      .split { !$0.isLetter && !$0.isNumber && $0 != "," }
    func isNumber(_ word: Substring) -> Bool { word.allSatisfy { $0.isNumber || $0 == "," } }
    let isFigure = words.indices.contains { index in
      guard isNumber(words[index]), index + 1 < words.count else { return false }
      let next = words[index + 1]
      return ["procent", "procentenheter", "percent"].contains(next)
        || ["av", "of"].contains(next) && index + 2 < words.count && isNumber(words[index + 2])
    }
    let hasYear = words.contains { $0.count == 4 && isNumber($0) && ("1900"..."2100").contains($0) }
    return isFigure && !hasYear
  }
}
