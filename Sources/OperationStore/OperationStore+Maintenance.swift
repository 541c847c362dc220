import CRDT
import FoundationEssentials
import GRDB
import Operations
import Reconciliation
import Signatures
import Synchronization

extension OperationStore {
  /// Remakes everything derived from the truth, in one transaction: also what the columns of
  /// `operation` say of it, for a later version may understand more.
  package func rebuild() throws {
    try file.write(remake)
  }

  func remake(_ db: Database) throws {
    cachedCharter.withLock { $0 = nil }
    for table in Migrations.projectionTables.reversed() {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    for index in Migrations.wordIndexes {
      try db.execute(sql: "INSERT INTO \(index) (\(index)) VALUES ('delete-all')")
    }
    try Attachments.forgetDamaged(db)
    try Attachments.unnameAll(db)
    let charter = try charter(db)
    try ValidKeys.add(charter.validKeys, db)
    try Self.rejudge(charter, db)
    try Self.countAgain(db)
    var projection = Projection(charter, db)
    for key in try Self.recordKeys(charter, db) { try projection.update(key) }
    try projection.finish()
    while try Search.indexBatch(charter, db) {}
    try db.execute(sql: "DELETE FROM setting WHERE name = 'stale'")
  }

  /// Every record that an operation may be about, be it by succession.
  private static func recordKeys(_ charter: Charter, _ db: Database) throws -> [RecordKey] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT DISTINCT organisation, record FROM operation WHERE record IS NOT NULL")
    let keys = try rows.flatMap { row in
      let (writer, record) = (try row.digest("organisation"), try row.digest("record"))
      return ([writer] + charter.predecessors(of: writer)).map {
        RecordKey(organisation: $0, record: record)
      }
    }
    return Set(keys).sorted()
  }

  /// Derives the columns of every operation anew, one author after another.
  private static func rejudge(_ charter: Charter, _ db: Database) throws {
    let authors = try Data.fetchAll(
      db, sql: "SELECT DISTINCT author FROM operation ORDER BY author")
    let update = try db.cachedStatement(
      sql: """
        UPDATE operation SET class = ?, organisation = ?, timestamp = ?, seconds = ?, record = ?,
          understood = ?, verdict = ?, exchanged = ? WHERE arrival = ?
        """)
    for author in authors.compactMap({ PublicKey(Array($0)) }) {
      let rows = try StoredOperation.all(of: author, db)
      let judge = charter.judge(
        charter.needsHistory(author) ? KeyHistory(of: author, rows.map(\.entry)) : nil)
      for row in rows where row.id != charter.region {
        let state = try row.state(charter, judge)
        let header = row.header
        try update.execute(arguments: [
          Int64(header.operationClass.rawValue), state.standing.organisation.data,
          Int64(bitPattern: header.timestamp.rawValue),
          Int64(header.timestamp.reconciliationSeconds), row.recordByHeader?.data,
          header.content == .unknown ? 0 : 1, Int64(state.verdict.rawValue),
          state.isExchanged ? 1 : 0, row.arrival,
        ])
      }
    }
  }

  private static func countAgain(_ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO usage (organisation, bytes)
        SELECT organisation, sum(length(envelope) + body_size) FROM operation GROUP BY organisation
        """)
    var exchanged = ExchangedSet(db)
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, seconds, class, organisation FROM operation WHERE exchanged = 1
        ORDER BY seconds, id
        """)
    while let row = try rows.next() {
      guard let operationClass = OperationClass(rawValue: UInt64(row["class"] as Int64)) else {
        throw StoreError.corrupt("an unknown class")
      }
      try exchanged.insert(
        ReconcilableItem(row), operationClass, of: try row.digest("organisation"))
    }
    try exchanged.flush()
  }

  /// Every projection row in a fixed order and without row numbers; for comparing two stores.
  package func projectionDump() throws -> [String] {
    try completeSearchIndex()
    return try file.read { db in
      try Self.dumpQueries.flatMap { query in
        try Row.fetchAll(db, sql: query.sql).map(Self.dumped)
      }
    }
  }

  /// The same as one hash for each table.
  func projectionHashes() throws -> [String: Digest] {
    try completeSearchIndex()
    return try file.read { db in
      var hashes: [String: Digest] = [:]
      for query in Self.dumpQueries {
        var hash = SHA256()
        let rows = try Row.fetchCursor(db, sql: query.sql)
        while let row = try rows.next() { hash.update(Array((Self.dumped(row) + "\n").utf8)) }
        hashes[query.table] = hash.finalize()
      }
      return hashes
    }
  }

  private static func dumped(_ row: Row) -> String {
    row.map { "\($0.0)=\($0.1.databaseValue)" }.joined(separator: " ")
  }

  private static let dumpQueries: [(table: String, sql: String)] = [
    ("usage", "SELECT hex(organisation) AS organisation, bytes FROM usage ORDER BY 1"),
    (
      "attachment_use",
      """
      SELECT hex(organisation) AS organisation, hex(record) AS record, hex(digest) AS digest,
        hex(salt) AS salt, size FROM attachment_use JOIN attachment ON attachment = attachment.row
      WHERE is_live = 1 ORDER BY 1, 2, 3, 4, 5
      """
    ),
    (
      "operation",
      """
      SELECT hex(id) AS id, class, hex(organisation) AS organisation, timestamp, seconds,
        hex(record) AS record, understood, verdict, exchanged FROM operation ORDER BY 1
      """
    ),
    (
      "set_digest",
      "SELECT hex(scope) AS scope, count, hex(state) AS state FROM set_digest ORDER BY 1"
    ),
    (
      "record",
      """
      SELECT hex(organisation) AS organisation, hex(record) AS record, family, title, sort_key,
        created, updated, conflicts, withdrawn, hex(version) AS version, is_review, facets, stages
      FROM record ORDER BY 1, 2
      """
    ),
    (
      "searched_text",
      """
      SELECT hex(organisation) AS organisation, hex(record) AS record, searched.text
      FROM searched JOIN record USING (row) ORDER BY 1, 2
      """
    ),
    (
      "facet",
      """
      SELECT hex(organisation) AS organisation, hex(record) AS record, path, value
      FROM facet CROSS JOIN record USING (row) ORDER BY 1, 2, 3, 4
      """
    ),
    ("word", "SELECT word, folded, records FROM word ORDER BY word"),
  ]

  /// SQLite's own check of the file; "ok" when it finds nothing.
  package func integrityCheck() throws -> String {
    try file.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
  }

  package static var sqliteVersion: String {
    (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") })
      .flatMap(\.self) ?? ""
  }

  /// Whether this SQLite can lose pages when two processes write, which the writer lock prevents.
  package static var hasWriterRace: Bool {
    let parts = sqliteVersion.split(separator: ".").compactMap { Int($0) }
    return parts.lexicographicallyPrecedes([3, 51, 3])
  }

  /// The writer's `PRAGMA synchronous` and journal mode, read back.
  package func durability() throws -> (synchronous: Int, journal: String) {
    try file.durability()
  }
}

/// What `status` shows.
package struct StoreStatus: Sendable, Equatable {
  package struct Unaccepted: Sendable, Equatable {
    package let verdict: Verdict
    package let count: Int
  }

  package struct Refusals: Sendable, Equatable {
    package let code: String
    package let count: Int
    package let latest: Int64
    package let reason: String
  }

  package struct Peer: Sendable, Equatable {
    package let node: PublicKey
    /// Milliseconds since 1970, own clock.
    package let latest: Int64
    package let latestEqual: Int64?
  }

  package let held: Int
  package let accepted: Int
  package let waiting: Int
  /// Held operations that do not count, by why.
  package let unaccepted: [Unaccepted]
  /// Outside a cut, kept as evidence and not exchanged.
  package let evidence: Int
  /// Of a later version: held, passed on and not folded.
  package let notUnderstood: Int
  /// Whose body has been erased by an order.
  package let erased: Int
  /// Whose body is missing though no order erased it.
  package let bodyMissing: Int
  package let paused: [Digest]
  /// Files that records name and that are not here in full.
  package let attachmentsMissing: Int
  package let isUnsynced: Bool
  package let records: Int
  package let refusals: [Refusals]
  package let peers: [Peer]
}

extension OperationStore {
  package func status() throws -> StoreStatus {
    try file.read { db in
      func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
      return StoreStatus(
        held: try count("SELECT count(*) FROM operation"),
        accepted: try count("SELECT count(*) FROM operation")
          - count(
            "SELECT count(*) FROM operation WHERE verdict <> 0 AND (verdict <> 0 OR exchanged = 0)"),
        waiting: try count("SELECT count(*) FROM waiting"),
        unaccepted: try Row.fetchAll(
          db,
          sql: """
            SELECT verdict, count(*) AS count FROM operation
            WHERE verdict <> 0 AND (verdict <> 0 OR exchanged = 0) GROUP BY verdict ORDER BY verdict
            """
        ).compactMap { row in
          Verdict(rawValue: UInt64(row["verdict"] as Int64)).map {
            StoreStatus.Unaccepted(verdict: $0, count: row["count"])
          }
        },
        evidence: try count(
          """
          SELECT count(*) FROM operation WHERE verdict = \(Verdict.outsideCut.rawValue)
            AND exchanged = 0 AND (verdict <> 0 OR exchanged = 0)
          """),
        notUnderstood: try count("SELECT count(*) FROM operation WHERE understood = 0"),
        erased: try count(
          "SELECT count(*) FROM operation WHERE body IS NULL AND body_size > 0 AND exchanged = 1"),
        bodyMissing: try count(
          """
          SELECT count(*) FROM operation WHERE body IS NULL AND body_size > 0 AND exchanged = 0
            AND (verdict <> 0 OR exchanged = 0) AND verdict <> \(Verdict.outsideCut.rawValue)
          """),
        paused: try Self.pausedOrganisations(db),
        attachmentsMissing: try count(
          """
          SELECT count(*) FROM attachment WHERE is_whole = 0 AND EXISTS
            (SELECT 1 FROM attachment_use WHERE attachment = attachment.row AND is_live = 1)
          """),
        isUnsynced: try Self.setting("unsynced", db) != nil,
        records: try count("SELECT count(*) FROM record"),
        refusals: try Row.fetchAll(db, sql: "SELECT * FROM refusal ORDER BY code").map {
          StoreStatus.Refusals(
            code: $0["code"], count: $0["count"], latest: $0["latest"], reason: $0["reason"])
        },
        peers: try Row.fetchAll(
          db,
          sql: """
            SELECT node, max(latest) AS latest, max(latest_equal) AS latest_equal FROM peer
            GROUP BY node ORDER BY node
            """
        ).compactMap { row in
          PublicKey(Array(row["node"] as Data)).map {
            StoreStatus.Peer(node: $0, latest: row["latest"], latestEqual: row["latest_equal"])
          }
        })
    }
  }
}
