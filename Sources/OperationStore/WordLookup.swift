import GRDB
import Operations
import Practice
import Signatures

/// Looks up what a word that somebody typed may stand for.
struct WordLookup {
  let breadth: SearchMatch.Breadth
  let charter: Charter
  let db: Database

  private static let spellingsMax = 4
  private static let sequencesMax = 200

  /// What one term of a query matches, as phrases of the index.
  struct Group {
    let whole: [String]
    let any: [String]
    let isCut: Bool
  }

  func group(of term: SearchQuery.Term) throws -> Group {
    let publishers = publishers(named: term).map { "\"\($0)\"" }
    guard term.words.count == 1, let word = term.words.first.map(TypedWord.init) else {
      let phrases = try sequences(of: term) + publishers
      return Group(whole: phrases, any: phrases, isCut: false)
    }
    let whole = try spellings(of: word).map { "\"\($0)\"" }
    if term.isQuoted {
      return Group(whole: whole + publishers, any: whole + publishers, isCut: false)
    }
    let known = Set(whole)
    let (compounds, isCut) = try compounds(of: word)
    let parts = compounds.map { "\"\($0)\"" }.filter { !known.contains($0) }
    return Group(whole: whole + publishers, any: whole + parts + publishers, isCut: isCut)
  }

  // MARK: - Words

  /// The known words that are this one, the most frequent first.
  private func spellings(of word: TypedWord) throws -> [String] {
    try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT word FROM word WHERE folded = ? ORDER BY records DESC, word LIMIT ?"),
      arguments: [word.folded, breadth.words]
    ).filter(word.mayBe)
  }

  /// The known words that have this one in them, the most frequent first.
  ///
  /// Of a part that is in very many words, those that came first are read, which are the frequent
  /// ones.
  private func compounds(of word: TypedWord) throws -> (words: [String], isCut: Bool) {
    let letters = Array(word.folded.unicodeScalars)
    guard (3...Search.wordLettersMax).contains(letters.count) else { return ([], false) }
    let parts = (0...letters.count - 3).map { start in
      "\"" + String(String.UnicodeScalarView(letters[start..<start + 3])) + "\""
    }.joined(separator: " AND ")
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT word, read FROM (
            SELECT rowid AS id, count(*) OVER () AS read FROM (
              SELECT rowid FROM word_part WHERE word_part MATCH ? ORDER BY rowid LIMIT ?))
          JOIN word USING (id) WHERE instr(folded, ?) > 0 ORDER BY records DESC, word
          """),
      arguments: [parts, breadth.wordsRead, word.folded])
    var found: [String] = []
    var isCut = false
    while let row = try rows.next() {
      if found.count == breadth.words || row["read"] == breadth.wordsRead { isCut = true }
      if found.count == breadth.words { break }
      let known: String = row["word"]
      if word.mayBe(known) { found.append(known) }
    }
    return (found, isCut)
  }

  /// Words that follow each other, each in its known spellings; the last may be the beginning of a
  /// longer one, unless it is quoted or a number.
  private func sequences(of term: SearchQuery.Term) throws -> [String] {
    let last = term.words.count - 1
    let isOpen =
      !term.isQuoted && term.words[last].unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
    var sequences = [""]
    for (index, word) in term.words.enumerated() {
      var spellings = Array(try spellings(of: TypedWord(word)).prefix(Self.spellingsMax))
      if index == last, isOpen, !spellings.contains(word) { spellings.append(word) }
      sequences = sequences.flatMap { before in
        spellings.map { before + (before.isEmpty ? "" : " + ") + "\"\($0)\"" }
      }
      sequences = Array(sequences.prefix(Self.sequencesMax))
    }
    return isOpen ? sequences.map { $0 + " *" } : sequences
  }

  // MARK: - Publishers

  /// The organisations that a term names by name or code, and those that they have succeeded.
  private func publishers(named term: SearchQuery.Term) -> [Digest] {
    let word = TypedWord(term.words[0])
    let isPart = word.folded.unicodeScalars.count >= 3 && !term.isQuoted
    let named = charter.organisations.filter { organisation in
      let names = [organisation.name, organisation.code]
      guard names.contains(where: { SwedishOrder.folded($0).contains(word.folded) }) else {
        return false
      }
      if term.words.count > 1 {
        return names.contains { Search.words(in: $0).starts(with: term.words) }
      }
      return names.flatMap { Search.words(in: $0) }.contains { known in
        let form = SwedishOrder.folded(known)
        return (isPart ? form.contains(word.folded) : form == word.folded) && word.mayBe(known)
      }
    }
    return Set(named.flatMap { [$0.id] + charter.predecessors(of: $0.id) }).sorted()
  }
}

/// A word that somebody typed: with å, ä or ö it means them; without it may be either.
private struct TypedWord {
  let folded: String
  /// Nil when it has none of the three.
  private let letters: String?

  init(_ word: String) {
    folded = SwedishOrder.folded(word)
    let letters = SwedishOrder.folded(word, keepingLetters: true)
    self.letters = letters == folded ? nil : letters
  }

  /// Whether a known word may be meant, or have it in itself, whose folded form is or has this
  /// one's.
  func mayBe(_ known: String) -> Bool {
    guard let letters else { return true }
    return SwedishOrder.folded(known, keepingLetters: true).contains(letters)
  }
}
