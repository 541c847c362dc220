import FoundationEssentials
import GRDB
import Operations
import Signatures

/// Carries out a query within one moment of the store.
struct RecordFinder {
  private let query: RecordQuery
  private let charter: Charter
  private let db: Database

  /// The records whose own the number is that is looked for, and not those that only mention it;
  /// nil when it is nobody's own.
  private var owners: [Int64]?

  init(_ query: RecordQuery, _ charter: Charter, _ db: Database) throws {
    self.query = query
    self.charter = charter
    self.db = db
    owners = nil
    owners = try ownersOfNumber()
  }

  private func ownersOfNumber() throws -> [Int64]? {
    guard let words = query.words.map(SearchQuery.init), let number = words.number else {
      return nil
    }
    let owners = try ranked().filter { row in
      try facets(of: row).all.contains {
        $0.path.hasPrefix("funding/") && $0.values.contains(number)
      }
    }
    return owners.isEmpty ? nil : owners
  }

  /// The rows of one page, and how many there are.
  func page(limit: Int, offset: Int) throws -> (rows: [Int64], total: Int, isMore: Bool) {
    if query.words != nil, query.order == .best {
      let ranked = try ranked()
      let isMore = ranked.count > RecordPage.rankedMax
      let rows = ranked.prefix(RecordPage.rankedMax).dropFirst(offset).prefix(limit)
      return (Array(rows), min(ranked.count, RecordPage.rankedMax), isMore)
    }
    guard let found = try found() else { return ([], 0, false) }
    let rows = try Int64.fetchAll(
      db, sql: "SELECT r.row \(found.sql) ORDER BY \(order) LIMIT ? OFFSET ?",
      arguments: found.arguments + [limit, offset])
    let total = try Int.fetchOne(
      db, sql: "SELECT count(*) \(found.sql)", arguments: found.arguments)
    return (rows, total ?? 0, false)
  }

  /// The rows that hold the words and are wanted, of whatever family, the best first; at most so many.
  ///
  /// Nothing of a record is read, so that many are found in little time.
  func holding(limit: Int, where isWanted: (Int64) -> Bool) throws -> [Int64] {
    if let owners { return owners.filter(isWanted) }
    return try ranked(limit, isFiltered: false, where: isWanted)
  }

  /// As many as are told apart, and one more if there are more.
  private func ranked() throws -> [Int64] {
    try ranked(RecordPage.rankedMax + 1, isFiltered: true) { _ in true }
  }

  /// `isFiltered`: by what the query says besides its words.
  private func ranked(
    _ limit: Int, isFiltered: Bool, where isWanted: (Int64) -> Bool
  ) throws -> [Int64] {
    var ranked: [Int64] = []
    var seen: Set<Int64> = []
    func add(_ index: String, _ words: String?) throws {
      guard ranked.count < limit, let words else { return }
      let found =
        isFiltered
        ? found(in: index, words)
        : (sql: "FROM \(index) t WHERE t.\(index) MATCH ?", arguments: [words])
      let rows = try Int64.fetchCursor(
        db, sql: "SELECT t.rowid \(found.sql) ORDER BY t.rowid DESC", arguments: found.arguments)
      // So many at most: what follows in this index stands no better than what has been found.
      var count = 0
      while count < limit, let row = try rows.next() {
        guard isWanted(row) else { continue }
        count += 1
        if seen.insert(row).inserted { ranked.append(row) }
      }
    }
    let words = SearchQuery(query.words ?? "")
    guard let match = try match(words, .narrow(words)) else { return [] }
    for index in ["record_title", "record_text"] {
      try add(index, match.whole)
      try add(index, match.any)
    }
    if match.isCut, ranked.count < limit {
      let wide = try self.match(words, .wide)?.any
      for index in ["record_title", "record_text"] { try add(index, wide) }
    }
    return Array(ranked.prefix(limit))
  }

  private func match(
    _ words: SearchQuery, _ breadth: SearchMatch.Breadth
  ) throws -> SearchMatch? {
    try SearchMatch(words, breadth, charter, db)
  }

  /// How many of the records have each value at each path, and are of each organisation.
  func counts(of paths: [String]) throws -> FacetCounts {
    guard let found = try found() else {
      return FacetCounts(total: 0, byPath: [:], organisations: [])
    }
    // All of a path are looked through, and each is looked for among what was found.
    let branches = paths.map { _ in
      """
      UNION ALL SELECT ?, value, NULL, count(*) FROM facet
      WHERE path = ? AND row IN (SELECT row FROM found) GROUP BY value
      UNION ALL SELECT ?, '', NULL, count(*) FROM found
      WHERE row NOT IN (SELECT row FROM facet WHERE path = ?)
      """
    }
    let rows = try Row.fetchAll(
      db,
      sql: """
        WITH found AS MATERIALIZED (SELECT r.row, r.organisation \(found.sql))
        SELECT NULL AS path, '' AS value, organisation, count(*) AS count FROM found
        GROUP BY organisation \(branches.joined(separator: " ")) ORDER BY path, value, organisation
        """, arguments: found.arguments + StatementArguments(paths.flatMap { [$0, $0, $0, $0] }))
    var byPath: [String: [FacetCounts.Count]] = [:]
    var organisations: [(organisation: Digest, count: Int)] = []
    for row in rows where row["count"] > 0 {
      if let path = row["path"] as String? {
        byPath[path, default: []].append(.init(value: row["value"], count: row["count"]))
      } else {
        organisations.append((organisation: try row.digest("organisation"), count: row["count"]))
      }
    }
    return FacetCounts(
      total: organisations.reduce(0) { $0 + $1.count }, byPath: byPath,
      organisations: organisations)
  }

  /// The rows of which something accepted has arrived after an arrival number, the latest first; the
  /// words of the query are not looked at.
  ///
  /// The order of the joins is fixed: what has arrived is little, and what is held is much.
  func news(
    after arrival: Int64
  ) throws -> [(row: Int64, isCreated: Bool, organisation: Digest)] {
    // An heir writes records that are listed under the organisation that it has succeeded.
    let writers = charter.organisations.flatMap { organisation in
      ([organisation.id] + charter.predecessors(of: organisation.id)).map {
        [organisation.id.data, $0.data]
      }
    }
    let values = writers.map { _ in "(?, ?)" }.joined(separator: ", ")
    let accepted = "verdict = 0 AND exchanged = 1"
    let conditions = conditions
    return try Row.fetchAll(
      db,
      sql: """
        WITH writer (id, owner) AS (VALUES \(values)), touched AS MATERIALIZED (
          SELECT owner, record, max(arrival) AS latest
          FROM operation CROSS JOIN writer ON writer.id = operation.organisation
          WHERE arrival > ? AND record IS NOT NULL AND \(accepted) GROUP BY owner, record)
        SELECT r.row, r.organisation, NOT EXISTS (
          SELECT 1 FROM writer CROSS JOIN operation ON writer.id = operation.organisation
          WHERE owner = touched.owner AND operation.record = touched.record AND arrival <= ?
            AND \(accepted)) AS is_created
        FROM touched CROSS JOIN record r ON r.organisation = owner AND r.record = touched.record
        WHERE \(conditions.sql) ORDER BY latest DESC
        """,
      arguments: StatementArguments(writers.flatMap(\.self)) + [arrival, arrival]
        + conditions.arguments
    ).map {
      (
        row: $0["row"], isCreated: $0["is_created"] == 1,
        organisation: try $0.digest("organisation")
      )
    }
  }

  /// How many of some rows have each value at a path, ascending by value.
  func counts(of path: String, in rows: some Sequence<Int64>) throws -> [FacetCounts.Count] {
    var counts: [String: Int] = [:]
    for row in rows {
      let facet = try facets(of: row).all.first { $0.path == path }
      for value in facet?.values ?? [] { counts[value, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { .init(value: $0.key, count: $0.value) }
  }

  private func facets(of row: Int64) throws -> Facets {
    let statement = try db.cachedStatement(sql: "SELECT facets FROM record WHERE row = ?")
    return Facets(packed: try String.fetchOne(statement, arguments: [row]) ?? "")
  }

  // MARK: - SQL

  /// All that is found, in no order; nil when some word is nowhere.
  private func found() throws -> (sql: String, arguments: StatementArguments)? {
    guard let words = query.words else { return found(in: "record_text", nil) }
    return try match(SearchQuery(words), .wide).map { found(in: "record_text", $0.any) }
  }

  /// From which tables and under which conditions; the words first, for they leave the fewest.
  private func found(
    in index: String, _ words: String?
  ) -> (sql: String, arguments: StatementArguments) {
    let conditions = conditions
    guard let words else {
      return ("FROM record r \(ordered) WHERE \(conditions.sql)", conditions.arguments)
    }
    return (
      """
      FROM \(index) t CROSS JOIN record r ON r.row = t.rowid \(ordered)
      WHERE t.\(index) MATCH ? AND \(conditions.sql)
      """, [words] + conditions.arguments
    )
  }

  /// All but the words.
  private var conditions: (sql: String, arguments: StatementArguments) {
    var sql = "r.family = ?"
    var arguments: StatementArguments = [query.family]
    if !query.isWithdrawnShown { sql += " AND r.withdrawn = 0" }
    if let organisations = query.organisations {
      sql += " AND r.organisation IN (\(databaseQuestionMarks(count: organisations.count)))"
      arguments += StatementArguments(organisations.map(\.data))
    }
    for facet in query.facets {
      let values = databaseQuestionMarks(count: facet.values.count)
      sql += " AND r.row IN (SELECT row FROM facet WHERE path = ? AND value IN (\(values)))"
      arguments += [facet.path]
      arguments += StatementArguments(facet.values)
    }
    if let about = query.about {
      // What follows the organisation's id is a slash, and then comes "0".
      let ranges = about.organisations.map { _ in "value >= ? AND value < ?" }
      sql +=
        " AND r.row IN (SELECT row FROM facet WHERE path = ? AND ("
        + (ranges.isEmpty ? "0" : ranges.joined(separator: " OR ")) + "))"
      arguments += [about.path]
      arguments += StatementArguments(about.organisations.flatMap { ["\($0)/", "\($0)0"] })
    }
    if query.isInConflict { sql += " AND r.conflicts > 0" }
    if let owners {
      sql += " AND r.row IN (\(databaseQuestionMarks(count: owners.count)))"
      arguments += StatementArguments(owners)
    }
    return (sql, arguments)
  }

  private var order: String {
    let byTitle = "r.sort_key, r.organisation, r.record"
    return switch query.order {
    case .best, .title: byTitle
    case .updated: "r.updated DESC, \(byTitle)"
    case .adoptions: "adopted.count DESC NULLS LAST, \(byTitle)"
    case .confirmed: "confirmed.day DESC NULLS LAST, \(byTitle)"
    }
  }

  /// Joined when it is ordered by.
  private var ordered: String {
    switch query.order {
    case .best, .title, .updated: ""
    case .adoptions:
      """
      LEFT JOIN (
        SELECT value, count(*) AS count FROM facet CROSS JOIN record a ON a.row = facet.row
        WHERE path = 'entry' AND a.family = 'adoption' AND a.withdrawn = 0 GROUP BY value
      ) AS adopted ON adopted.value = lower(hex(r.organisation)) || '/' || lower(hex(r.record))
      """
    case .confirmed:
      """
      LEFT JOIN (SELECT row, max(value) AS day FROM facet WHERE path = 'confirmed_at' GROUP BY row)
        AS confirmed ON confirmed.row = r.row
      """
    }
  }
}
