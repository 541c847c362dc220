import GRDB
import Operations
import Signatures

// Finding records by words and by what is stated of them.
extension OperationStore {
  /// One page of the records that a query finds.
  ///
  /// The index is completed first, so that what was synced a second ago is found.
  package func find(
    _ query: RecordQuery, limit: Int = .max, offset: Int = 0
  ) throws -> RecordPage {
    try finding(query) { finder, db in
      let page = try finder.page(limit: limit, offset: offset)
      return RecordPage(
        records: try Self.summaries(page.rows, db), total: page.total, isMore: page.isMore)
    }
  }

  /// The rows of records that hold the words and are wanted, the best first; at most so many.
  ///
  /// They are of whatever family; a number that is the own of entries finds these. `isWanted` asks
  /// nothing of the store.
  package func rows(
    holding words: String, limit: Int, where isWanted: (Int64) -> Bool
  ) throws -> [Int64] {
    try finding(RecordQuery(family: "entry", words: words)) { finder, _ in
      try finder.holding(limit: limit, where: isWanted)
    }
  }

  /// The keys of the records that have come above a row, by their rows.
  package func keys(above row: Int64, family: String) throws -> [Int64: RecordKey] {
    var keys: [Int64: RecordKey] = [:]
    try eachRecord(family: family, above: row) { keys[$0] = $1.key }
    return keys
  }

  /// How many of all the records that a query finds have each value at each of `paths`.
  package func facetCounts(_ query: RecordQuery, of paths: [String]) throws -> FacetCounts {
    try finding(query) { finder, _ in try finder.counts(of: paths) }
  }

  /// What has arrived after an arrival number of the records that a query finds.
  package func news(
    _ query: RecordQuery, after arrival: Int64, limit: Int
  ) throws -> RecordNews {
    try finding(query) { finder, db in
      let rows = try finder.news(after: arrival)
      let (created, edited) = (rows.filter(\.isCreated), rows.filter { !$0.isCreated })
      return RecordNews(
        created: try Self.summaries(created.prefix(limit).map(\.row), db),
        edited: try Self.summaries(edited.prefix(limit).map(\.row), db),
        createdCount: created.count, editedCount: edited.count,
        publishers: Set(created.map(\.organisation)),
        themes: try finder.counts(of: "themes", in: created.map(\.row)))
    }
  }

  /// The number of the latest arrival; 0 when there is none.
  package func latestArrival() throws -> Int64 {
    try file.read(Self.lastArrival)
  }

  /// What has come to a store: another mark, another content.
  package struct Mark: Sendable, Equatable {
    let arrival: Int64
    /// Records are also made anew when nothing has arrived, as by a rebuilding or an erasure.
    let row: Int64
  }

  package func mark() throws -> Mark {
    try file.read { db in
      try demandSynced(db)
      return Mark(
        arrival: try Self.lastArrival(db),
        row: try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'record'")
          ?? 0)
    }
  }

  /// The number of the latest arrival before a moment (milliseconds since 1970, own clock); 0 when
  /// there is none.
  package func latestArrival(before moment: UInt64) throws -> Int64 {
    try file.read { db in
      try Int64.fetchOne(
        db,
        sql: """
          SELECT arrival FROM operation WHERE received < ?
          ORDER BY received DESC, arrival DESC LIMIT 1
          """, arguments: [Int64(clamping: moment)]) ?? 0
    }
  }

  /// Other words for a query that finds nothing, with which it would; nil when there are none.
  package func suggestion(for query: RecordQuery) throws -> String? {
    try completeSearchIndex()
    return try file.read { db in
      try demandSynced(db)
      return try SearchSuggestion(charter: charter(db), db: db).words(for: query)
    }
  }

  /// Every value that records have at `path`, ascending.
  package func facetValues(of path: String) throws -> [String] {
    try file.read { db in
      try demandSynced(db)
      return try String.fetchAll(
        db, sql: "SELECT DISTINCT value FROM facet WHERE path = ? ORDER BY value",
        arguments: [path])
    }
  }

  /// What each organisation's records of a family state at `paths`, each value once.
  package func publishedValues(
    of paths: [String], family: String
  ) throws -> [(organisation: Digest, path: String, value: String)] {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT organisation, path, value FROM facet CROSS JOIN record USING (row)
          WHERE path IN (\(databaseQuestionMarks(count: paths.count)))
            AND family = ? AND withdrawn = 0 ORDER BY organisation, path, value
          """, arguments: StatementArguments(paths) + [family]
      ).map {
        (organisation: try $0.digest("organisation"), path: $0["path"], value: $0["value"])
      }
    }
  }

  package func completeSearchIndex() throws {
    guard try !file.read(Search.isComplete) else { return }
    while try file.write({ try Search.indexBatch(charter($0), $0) }) {}
  }

  private static func summaries(
    _ numbers: some Sequence<Int64>, _ db: Database
  ) throws -> [RecordSummary] {
    let statement = try db.cachedStatement(
      sql: "SELECT \(Self.summaryColumns) FROM record WHERE row = ?")
    return try numbers.compactMap { number in
      try Row.fetchOne(statement, arguments: [number]).map(summary)
    }
  }

  private func finding<T>(
    _ query: RecordQuery, _ body: (RecordFinder, Database) throws -> T
  ) throws -> T {
    if query.words != nil { try completeSearchIndex() }
    return try file.read { db in
      try demandSynced(db)
      return try body(try RecordFinder(query, try charter(db), db), db)
    }
  }
}
