import CRDT
import FoundationEssentials
import GRDB
import Operations
import Practice
import Signatures

/// A record in a list.
public struct RecordSummary: Sendable, Equatable {
  /// Which record of which organisation.
  public let key: RecordKey
  /// Such as `entry` or `adoption`.
  public let family: String
  /// The displayed title; empty for families without one.
  public let title: String
  /// Milliseconds since 1970, as claimed by the authors.
  public let created: Int64
  /// Milliseconds since 1970 of the newest accepted operation, as claimed.
  public let updated: Int64
  /// Fields with several live values.
  public let conflicts: Int
  /// Whether its owner has withdrawn it.
  public let isWithdrawn: Bool
  /// What a review says that it has seen.
  package let version: Digest
  /// Whether every operation of it is of class review.
  package let isReview: Bool
  /// The stages it came to.
  package let stages: [StageTime]
  /// As its row holds them: most readers of a list ask for few of them.
  let packedFacets: String

  /// Short displayed values by path, ascending.
  public var facets: [String: [String]] {
    Dictionary(statements.map { ($0.path, $0.values) }, uniquingKeysWith: { first, _ in first })
  }

  /// The same in order of the paths.
  package var statements: [(path: String, values: [String])] { Facets(packed: packedFacets).all }
}

/// Where a held operation stands in a store.
package struct OperationPlace: Sendable, Equatable {
  package let organisation: Digest
  package let verdict: Verdict
  package let isExchanged: Bool
  package let isSignedHere: Bool
  /// Milliseconds since 1970, own clock.
  package let received: Int64
  /// Without the body that its header announces.
  package let isBare: Bool
}

extension OperationStore {
  /// Opens a node's store for reading.
  ///
  /// - Parameter path: the SQLite file of a node, also while its daemon runs.
  /// - Returns: the store.
  /// - Throws: when the file is missing, damaged or from a later version.
  public static func reading(path: String) throws -> OperationStore {
    try open(path: path)
  }

  /// All records of a family in Swedish order of their titles.
  ///
  /// - Parameter family: `entry`, `adoption` …
  /// - Returns: one summary for each record.
  /// - Throws: when the store cannot be read.
  public func records(family: String) throws -> [RecordSummary] {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(Self.summaryColumns) FROM record WHERE family = ?
          ORDER BY sort_key, organisation, record
          """, arguments: [family]
      ).map(Self.summary)
    }
  }

  /// Calls `body` with every record of a family that has a row above `row`, and the row.
  ///
  /// A row never changes: a record that does gets a new one, above all others. `body` asks nothing of
  /// the store.
  package func eachRecord(
    family: String, above row: Int64 = 0, _ body: (Int64, RecordSummary) throws -> Void
  ) throws {
    try file.read { db in
      try demandSynced(db)
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT row, \(Self.summaryColumns) FROM record WHERE row > ? AND +family = ? ORDER BY row
          """, arguments: [row, family])
      while let row = try rows.next() { try body(row["row"], Self.summary(row)) }
    }
  }

  /// The rows of a family, in Swedish order of the titles.
  package func rows(family: String) throws -> [Int64] {
    try file.read { db in
      try demandSynced(db)
      return try Int64.fetchAll(
        db,
        sql: "SELECT row FROM record WHERE family = ? ORDER BY sort_key, organisation, record",
        arguments: [family])
    }
  }

  /// The row of a record, while it has one.
  package func summary(of key: RecordKey) throws -> RecordSummary? {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchOne(
        db,
        sql: "SELECT \(Self.summaryColumns) FROM record WHERE organisation = ? AND record = ?",
        arguments: [key.organisation.data, key.record.data]
      ).map(Self.summary)
    }
  }

  /// The name of a record's organisation; nil while the charter does not name it.
  ///
  /// - Parameter key: the record.
  /// - Returns: the name that the admission gives, on one line that cannot act on a terminal.
  /// - Throws: when the store cannot be read.
  public func publisher(of key: RecordKey) throws -> String? {
    try charter().organisation(key.organisation).map { VisibleText.line($0.name) }
  }

  /// The state of one record; nil when no accepted operation is about it.
  ///
  /// - Parameter key: the organisation and the record.
  /// - Returns: the fold of all held operations of the record.
  /// - Throws: when the store cannot be read.
  public func record(_ key: RecordKey) throws -> RecordState? {
    try file.read { db in
      try demandSynced(db)
      return try Projection.fold(key, charter(db), db)
    }
  }

  /// Records whose id begins with `prefix`, at most ten.
  package func records(idPrefix prefix: String) throws -> [RecordKey] {
    let parts = prefix.lowercased().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ $0.count <= 64 && $0.allSatisfy(\.isHexDigit) })
    else { return [] }
    return try file.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT organisation, record FROM record
          WHERE lower(hex(record)) LIKE ? || '%' AND lower(hex(organisation)) LIKE ? || '%'
          ORDER BY record, organisation LIMIT 10
          """, arguments: [String(parts.last ?? ""), parts.count == 2 ? String(parts[0]) : ""]
      ).map {
        RecordKey(organisation: try $0.digest("organisation"), record: try $0.digest("record"))
      }
    }
  }

  /// The ids of records that have `value` at `path`: also before a restored node may show anything,
  /// for whoever publishes must find what is there.
  ///
  /// The order of the joins is fixed, here and below: few records have a value, and many a family.
  package func keys(family: String, path: String, value: String) throws -> [RecordKey] {
    try file.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT organisation, record FROM facet CROSS JOIN record USING (row)
          WHERE family = ? AND path = ? AND value = ? ORDER BY sort_key, organisation, record
          """, arguments: [family, path, value]
      ).map {
        RecordKey(organisation: try $0.digest("organisation"), record: try $0.digest("record"))
      }
    }
  }

  /// Ids are hashes: so many of them, in their order, are as good as any.
  private static let recordsAsked = 500

  /// The value that most records of an organisation have at `path`, of several the latest; of very many
  /// records some are asked.
  package func mostUsed(_ path: String, family: String, by organisation: Digest) throws -> String? {
    var uses: [String: (count: Int, latest: Int64)] = [:]
    try file.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT facets, updated FROM record WHERE organisation = ? AND +family = ?
          ORDER BY record LIMIT ?
          """, arguments: [organisation.data, family, Self.recordsAsked])
      while let row = try rows.next() {
        for value in Facets(packed: row["facets"]).all.first(where: { $0.path == path })?.values
          ?? []
        {
          let (count, latest) = uses[value] ?? (0, 0)
          uses[value] = (count + 1, max(latest, row["updated"]))
        }
      }
    }
    return uses.max {
      ($0.value.count, $0.value.latest, $1.key) < ($1.value.count, $1.value.latest, $0.key)
    }?.key
  }

  /// Records with fields in conflict, of every family, also of ones that no schema here knows.
  package func recordsInConflict() throws -> [RecordKey] {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT organisation, record FROM record WHERE conflicts > 0
          ORDER BY sort_key, organisation, record
          """
      ).map {
        RecordKey(organisation: try $0.digest("organisation"), record: try $0.digest("record"))
      }
    }
  }

  /// The families that records here have, ascending.
  package func families() throws -> [String] {
    try file.read { db in
      try String.fetchAll(db, sql: "SELECT DISTINCT family FROM record ORDER BY family")
    }
  }

  /// Records that have `value` at `path`.
  package func records(family: String, path: String, value: String) throws -> [RecordSummary] {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT \(Self.summaryColumns) FROM facet CROSS JOIN record USING (row)
          WHERE family = ? AND path = ? AND value = ? ORDER BY sort_key, organisation, record
          """, arguments: [family, path, value]
      ).map(Self.summary)
    }
  }

  /// Records that hold every word of a query, the best first; at most `RecordPage.rankedMax`.
  package func search(_ words: String, family: String) throws -> [RecordSummary] {
    try find(RecordQuery(family: family, words: words), limit: RecordPage.rankedMax).records
  }

  /// The held operations of a record in arrival order, with their standing.
  package func operations(of key: RecordKey) throws -> [HeldOperation] {
    try file.read { db in
      try demandSynced(db)
      return try Projection.operations(of: key, charter(db), db)
    }
  }

  /// Held operations whose id begins with `prefix`, at most ten.
  package func operations(idPrefix prefix: String) throws -> [Operation] {
    guard (4...64).contains(prefix.count), prefix.allSatisfy(\.isHexDigit) else { return [] }
    return try file.read { db in
      let charter = try charter(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT id, organisation, record, envelope, body FROM operation
          WHERE lower(hex(id)) LIKE ? || '%' ORDER BY id LIMIT 10
          """, arguments: [prefix.lowercased()]
      ).map { try shown($0, charter, db) }
    }
  }

  /// As anybody may see it: without a body that is to be erased, or that may be by now.
  private func shown(_ row: Row, _ charter: Charter, _ db: Database) throws -> Operation {
    let erasures = try row.erasures(charter)
    let operation = try row.operation()
    let isHidden = try !erasures.isEmpty || Self.setting("unsynced", db) != nil
    return isHidden ? operation.withoutBody : operation
  }

  /// A held operation, without a body that an order erases; nil when it is not held.
  package func operation(_ id: Digest) throws -> Operation? {
    try file.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT id, organisation, record, envelope, body FROM operation WHERE id = ?",
        arguments: [id.data])
      return try row.map { try shown($0, charter(db), db) }
    }
  }

  /// Where a held operation stands; nil when it is not held.
  package func place(of id: Digest) throws -> OperationPlace? {
    try file.read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT organisation, verdict, exchanged, source, received,
            body IS NULL AND body_size > 0 AS bare FROM operation WHERE id = ?
          """, arguments: [id.data])
      return try row.map { row in
        OperationPlace(
          organisation: try row.digest("organisation"),
          verdict: Verdict(rawValue: UInt64(row["verdict"] as Int64)) ?? .notAuthorised,
          isExchanged: row["exchanged"] == 1, isSignedHere: (row["source"] as Data?) == nil,
          received: row["received"], isBare: row["bare"] == 1)
      }
    }
  }

  static let summaryColumns =
    """
    organisation, record, family, title, created, updated, conflicts, withdrawn, version, is_review,
    facets, stages
    """

  static func summary(_ row: Row) throws -> RecordSummary {
    RecordSummary(
      key: RecordKey(
        organisation: try row.digest("organisation"), record: try row.digest("record")),
      family: row["family"], title: row["title"], created: row["created"],
      updated: row["updated"], conflicts: row["conflicts"], isWithdrawn: row["withdrawn"] == 1,
      version: try row.digest("version"), isReview: row["is_review"] == 1,
      stages: StageTime.unpacked(row["stages"]), packedFacets: row["facets"])
  }
}

extension RecordSummary {
  /// Whether it is personal and its day has passed; `today` is a whole date.
  package func isExpired(today: String) -> Bool {
    Schema.bundled.family(family)?.isPersonal == true
      && PartialDate.isOver(facets["expires"]?.first, today: today)
  }

  /// The title to print: on one line, with whatever would act on a terminal spelled out.
  ///
  /// `title` is what the publisher wrote, which may be anything.
  public var printableTitle: String { VisibleText.line(title) }
}

extension OperationStore {
  /// How many records of the families have `text` somewhere in what a person typed; it is one word
  /// with what stands about it.
  package func countRecords(in families: [String], holding text: String) throws -> Int {
    try completeSearchIndex()
    return try file.read { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM record_text t JOIN searched s ON s.row = t.rowid
            JOIN record r ON r.row = t.rowid
          WHERE record_text MATCH ? AND instr(s.text, ?) > 0
            AND family IN (\(databaseQuestionMarks(count: families.count)))
          """,
        arguments: ["\"\(text)\"", text] + StatementArguments(families)) ?? 0
    }
  }

  /// Organisations with operations that were signed on this node.
  package func organisationsSignedHere() throws -> Set<Digest> {
    try file.read { db in
      Set(
        try Row.fetchAll(
          db,
          sql: """
            SELECT DISTINCT organisation FROM operation
            WHERE source IS NULL AND class IN (0, 1) AND id <> ?
            """, arguments: [region.data]
        ).map { try $0.digest("organisation") })
    }
  }
}
