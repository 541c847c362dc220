import GRDB
import Operations
import Practice
import Signatures

/// A query in the index's own language, with the known words that each of its words may mean.
struct SearchMatch {
  /// Words as they were typed; nil when one of them is known only as a part of others.
  let whole: String?
  /// Words also as parts of others.
  let any: String

  private static let wordsMax = 200
  static let partsReadMax = 20_000
  private static let spellingsMax = 4

  /// Nil when some word of the query is in no text and no publisher's name.
  init?(_ query: SearchQuery, _ charter: Charter, _ db: Database) throws {
    var groups: [(whole: [String], any: [String])] = []
    for term in query.terms {
      let group = try Self.phrases(of: term, charter, db)
      guard !group.any.isEmpty else { return nil }
      groups.append(group)
    }
    guard !groups.isEmpty else { return nil }
    any = Self.joined(groups.map(\.any))
    whole = groups.contains { $0.whole.isEmpty } ? nil : Self.joined(groups.map(\.whole))
  }

  private static func joined(_ groups: [[String]]) -> String {
    groups.map { "(" + $0.joined(separator: " OR ") + ")" }.joined(separator: " AND ")
  }

  /// Whether a word of the query is in some text, or in some publisher's name.
  static func isKnown(_ term: SearchQuery.Term, _ charter: Charter, _ db: Database) throws -> Bool {
    try !phrases(of: term, charter, db).any.isEmpty
  }

  private static func phrases(
    of term: SearchQuery.Term, _ charter: Charter, _ db: Database
  ) throws -> (whole: [String], any: [String]) {
    let publishers = publishers(named: term, charter).map { "\"\($0)\"" }
    guard term.words.count == 1, let word = term.words.first else {
      let phrases = try sequences(of: term, db)
      return (phrases + publishers, phrases + publishers)
    }
    let whole = try spellings(of: word, db).map { "\"\($0)\"" }
    if term.isQuoted { return (whole + publishers, whole + publishers) }
    let known = Set(whole)
    let parts = try compounds(of: word, db).map { "\"\($0)\"" }.filter { !known.contains($0) }
    return (whole + publishers, whole + parts + publishers)
  }

  // MARK: - Words

  /// The known words that are this one, the most frequent first.
  private static func spellings(of word: String, _ db: Database) throws -> [String] {
    let folded = SwedishOrder.folded(word)
    return try String.fetchAll(
      db.cachedStatement(
        sql: "SELECT word FROM word WHERE folded = ? ORDER BY records DESC, word"),
      arguments: [folded]
    ).filter { mayBe($0, word) }.prefix(wordsMax).map(\.self)
  }

  /// The known words that have this one in them, the most frequent first.
  ///
  /// Of a part that is in very many words, those that came first are read, which are the frequent
  /// ones.
  private static func compounds(of word: String, _ db: Database) throws -> [String] {
    let folded = SwedishOrder.folded(word)
    let letters = Array(folded.unicodeScalars)
    guard (3...Search.wordLettersMax).contains(letters.count) else { return [] }
    let parts = (0...letters.count - 3).map { start in
      "\"" + String(String.UnicodeScalarView(letters[start..<start + 3])) + "\""
    }
    let rows = try String.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT word FROM (
            SELECT rowid AS id FROM word_part WHERE word_part MATCH ? ORDER BY rowid LIMIT ?)
          JOIN word USING (id) WHERE instr(folded, ?) > 0 ORDER BY records DESC, word
          """),
      arguments: [parts.joined(separator: " AND "), partsReadMax, folded])
    var found: [String] = []
    while found.count < wordsMax, let known = try rows.next() {
      if mayBe(known, word) { found.append(known) }
    }
    return found
  }

  /// A word typed with å, ä or ö means them; one typed without may be either.
  private static func mayBe(_ known: String, _ typed: String) -> Bool {
    let letters = SwedishOrder.folded(typed, keepingLetters: true)
    return letters == SwedishOrder.folded(typed)
      || SwedishOrder.folded(known, keepingLetters: true).contains(letters)
  }

  /// Words that follow each other, each in its known spellings; the last may be the beginning of a
  /// longer one, unless it is quoted or a number.
  private static func sequences(of term: SearchQuery.Term, _ db: Database) throws -> [String] {
    let last = term.words.count - 1
    let isOpen =
      !term.isQuoted && term.words[last].unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
    var sequences = [""]
    for (index, word) in term.words.enumerated() {
      var spellings = Array(try spellings(of: word, db).prefix(spellingsMax))
      if index == last, isOpen, !spellings.contains(word) { spellings.append(word) }
      sequences = sequences.flatMap { before in
        spellings.map { before + (before.isEmpty ? "" : " + ") + "\"\($0)\"" }
      }
      sequences = Array(sequences.prefix(wordsMax))
    }
    return isOpen ? sequences.map { $0 + " *" } : sequences
  }

  // MARK: - Publishers

  /// The organisations that a term names by name or code, and those that they have succeeded.
  private static func publishers(named term: SearchQuery.Term, _ charter: Charter) -> [Digest] {
    let named = charter.organisations.filter { organisation in
      term.words.count == 1
        ? isNamed(organisation, term.words[0], isQuoted: term.isQuoted)
        : [organisation.name, organisation.code].contains {
          ArraySlice(Search.words(in: $0)).starts(with: term.words)
        }
    }
    return Set(named.flatMap { [$0.id] + charter.predecessors(of: $0.id) }).sorted()
  }

  private static func isNamed(
    _ organisation: Organisation, _ word: String, isQuoted: Bool
  ) -> Bool {
    let isPart = word.unicodeScalars.count >= 3 && !isQuoted
    let folded = SwedishOrder.folded(word)
    return Search.words(in: organisation.name + " " + organisation.code).contains { known in
      let form = SwedishOrder.folded(known)
      return (isPart ? form.contains(folded) : form == folded) && mayBe(known, word)
    }
  }
}
