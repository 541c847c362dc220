import GRDB
import Operations
import Practice

/// What a person may have meant whose words are nowhere.
struct SearchSuggestion {
  let charter: Charter
  let db: Database

  /// One known word is enough to show that a word is somewhere.
  private static let breadth = SearchMatch.Breadth(words: 1, wordsRead: 4000)
  private static let candidatesMax = 500
  private static let lettersMin = 4
  private static let lettersOffMax = 2

  /// The query with the words that are nowhere replaced by the nearest known ones; nil when no
  /// such word is near enough, or when the others find nothing with it either.
  func words(for query: RecordQuery) throws -> String? {
    guard let words = query.words else { return nil }
    let lookup = WordLookup(breadth: Self.breadth, charter: charter, db: db)
    var isChanged = false
    var parts: [String] = []
    for term in SearchQuery(words).terms {
      var words = term.words
      if words.count == 1, try lookup.group(of: term).any.isEmpty {
        guard let nearest = try nearest(to: words[0]) else { return nil }
        words = [nearest]
        isChanged = true
      }
      let text = words.joined(separator: words.count > 1 && !term.isQuoted ? "-" : " ")
      parts.append(term.isQuoted ? "\"\(text)\"" : text)
    }
    guard isChanged else { return nil }
    var other = query
    other.words = parts.joined(separator: " ")
    let page = try RecordFinder(other, charter, db).page(limit: 1, offset: 0)
    return page.rows.isEmpty ? nil : other.words
  }

  /// One slip leaves the beginning or the end of a word as it was.
  private func nearest(to word: String) throws -> String? {
    let folded = SwedishOrder.folded(word)
    let count = folded.unicodeScalars.count
    guard (Self.lettersMin...Search.wordLettersMax).contains(count) else { return nil }
    let lengths = [count - Self.lettersOffMax, count + Self.lettersOffMax]
    let head = String(folded.prefix(2))
    let tail = "\"" + String(folded.suffix(3)) + "\""
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT word, records FROM word
        WHERE folded >= ?1 AND folded < ?1 || char(0x10ffff) AND length(folded) BETWEEN ?3 AND ?4
        UNION
        SELECT word, records FROM (
          SELECT rowid AS id FROM word_part WHERE word_part MATCH ?2 ORDER BY rowid LIMIT ?5)
        JOIN word USING (id) WHERE length(folded) BETWEEN ?3 AND ?4
        ORDER BY records DESC, word LIMIT ?6
        """,
      arguments: [
        head, tail, lengths[0], lengths[1], Self.breadth.wordsRead,
        Self.candidatesMax,
      ])
    let names = charter.organisations.flatMap { Search.words(in: $0.name) }
    let candidates = rows.map { $0["word"] as String } + names
    return Spelling.nearest(to: word, among: candidates).map { candidates[$0] }
  }
}
