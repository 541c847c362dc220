import GRDB
import Operations

/// A query in the index's own language, with the known words that each of its words may mean.
struct SearchMatch {
  /// How many known words one word of a query may stand for.
  struct Breadth {
    let words: Int
    /// Of the words that have its letters in them by threes.
    let wordsRead: Int

    /// Enough for what is found often; the more terms, the fewer words for each.
    static func narrow(_ query: SearchQuery) -> Breadth {
      Breadth(words: max(20, 60 / max(1, query.terms.count)), wordsRead: 4000)
    }

    /// For whatever the frequent words leave out.
    static let wide = Breadth(words: 200, wordsRead: 60_000)
  }

  /// Words as they were typed; nil when one of them is known only as a part of others.
  let whole: String?
  /// Words also as parts of others.
  let any: String
  /// Whether a wider match may find more.
  let isCut: Bool

  /// Nil when some word of the query is in no text and no publisher's name.
  init?(_ query: SearchQuery, _ breadth: Breadth, _ charter: Charter, _ db: Database) throws {
    let lookup = WordLookup(breadth: breadth, charter: charter, db: db)
    var groups: [WordLookup.Group] = []
    for term in query.terms {
      let group = try lookup.group(of: term)
      guard !group.any.isEmpty else { return nil }
      groups.append(group)
    }
    guard !groups.isEmpty else { return nil }
    any = Self.joined(groups.map(\.any))
    whole = groups.contains { $0.whole.isEmpty } ? nil : Self.joined(groups.map(\.whole))
    isCut = groups.contains(where: \.isCut)
  }

  private static func joined(_ groups: [[String]]) -> String {
    groups.map { "(" + $0.joined(separator: " OR ") + ")" }.joined(separator: " AND ")
  }
}
