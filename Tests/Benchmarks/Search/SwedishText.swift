import TestSupport

/// Text as long as an entry's, with the frequencies of a language: the word at rank r is drawn with
/// a weight of 1/r, and most words are rare compounds.
struct SwedishText {
  private static let roots = [
    "skola", "vård", "omsorg", "innovation", "förmåga", "kommun", "region", "ledning", "kultur",
    "samverkan", "medborgare", "digital", "trygghet", "miljö", "energi", "trafik", "bibliotek",
    "upphandling", "avtal", "ekonomi", "personal", "utbildning", "forskning", "näring", "äldre",
    "barn", "ungdom", "idé", "sluss", "verksamhet", "utveckling", "process", "metod", "nätverk",
    "projekt", "chef", "medarbetare", "patient", "brukare", "vatten", "avfall", "bygg", "mark",
    "plan", "råd", "nämnd", "styrelse", "budget", "uppföljning", "kvalitet", "hälsa", "arbete",
  ]
  private static let common = [
    "och", "att", "i", "en", "som", "det", "av", "för", "på", "med", "till", "är", "den", "har",
    "inte", "om", "ett", "de", "från", "kan", "vi", "ska", "eller", "så", "bli", "över", "efter",
  ]
  private static let onsets = [
    "b", "br", "d", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pr", "r", "s",
    "sk", "st", "str", "t", "tr", "v",
  ]
  private static let vowels = ["a", "e", "i", "o", "u", "y", "å", "ä", "ö"]
  private static let codas = ["", "n", "r", "l", "s", "t", "ng", "rd", "nd", "st", "m", "k"]
  private static let endings = ["", "", "en", "er", "ar", "na", "s", "ande"]

  /// The most frequent first.
  let vocabulary: [String]
  private let weights: [Double]

  init(words count: Int, using generator: inout SeededGenerator) {
    var words = Self.common + Self.roots
    var seen = Set(words)
    while words.count < 4000 {
      let syllables = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
        Self.draw(Self.onsets, &generator) + Self.draw(Self.vowels, &generator)
          + Self.draw(Self.codas, &generator)
      }
      if seen.insert(syllables.joined()).inserted { words.append(syllables.joined()) }
    }
    let simple = Array(words.dropFirst(Self.common.count))
    while words.count < count {
      let first =
        Bool.random(using: &generator)
        ? Self.draw(Self.roots, &generator) : Self.draw(simple, &generator)
      let word =
        first + Self.draw(["", "s"], &generator) + Self.draw(simple, &generator)
        + Self.draw(Self.endings, &generator)
      if seen.insert(word).inserted { words.append(word) }
    }
    vocabulary = words
    var sum = 0.0
    weights = words.indices.map { rank in
      sum += 1 / (Double(rank) + 2.7)
      return sum
    }
  }

  func words(_ count: Int, using generator: inout SeededGenerator) -> String {
    (0..<count).map { _ in word(using: &generator) }.joined(separator: " ")
  }

  private func word(using generator: inout SeededGenerator) -> String {
    let drawn = Double.random(in: 0..<(weights.last ?? 0), using: &generator)
    var (low, high) = (0, weights.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if weights[middle] > drawn { high = middle } else { low = middle + 1 }
    }
    return vocabulary[low]
  }

  private static func draw(_ words: [String], _ generator: inout SeededGenerator) -> String {
    words[Int.random(in: 0..<words.count, using: &generator)]
  }
}
