import FoundationEssentials
import GRDB
import Operations
import Signatures

extension OperationStore {
  /// Remakes every projection from the truth, in one transaction.
  package func rebuild() throws {
    try file.write { db in
      for table in Migrations.projectionTables.reversed() {
        try db.execute(sql: "DELETE FROM \(table)")
      }
      try db.execute(sql: "INSERT INTO record_text (record_text) VALUES ('delete-all')")
      var digests = SetDigests()
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, class, organisation FROM operation ORDER BY arrival")
      while let row = try rows.next() {
        guard let operationClass = OperationClass(rawValue: UInt64(row["class"] as Int64)) else {
          throw StoreError.corrupt("an unknown class")
        }
        try digests.insert(
          try row.digest("id"),
          scope: SetDigests.scope(operationClass, of: try row.digest("organisation")), db)
      }
      try digests.flush(db)
      let keys = try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT organisation, record FROM operation WHERE record IS NOT NULL
          ORDER BY organisation, record
          """)
      for row in keys {
        let key = RecordKey(
          organisation: try row.digest("organisation"), record: try row.digest("record"))
        try Projection.update(key, db)
      }
      while try Search.indexBatch(db) {}
    }
  }

  /// Every projection row in a fixed order and without row numbers; for comparing two stores.
  package func projectionDump() throws -> [String] {
    try completeSearchIndex()
    return try file.read { db in
      try Self.dumpQueries.flatMap { query in
        try Row.fetchAll(db, sql: query).map { row in
          row.map { "\($0.0)=\($0.1.databaseValue)" }.joined(separator: " ")
        }
      }
    }
  }

  private static let dumpQueries = [
    "SELECT hex(scope) AS scope, count, hex(state) AS state FROM set_digest ORDER BY 1",
    """
    SELECT hex(organisation) AS organisation, hex(record) AS record, family, title, sort_key,
      created, updated, conflicts, text FROM record ORDER BY 1, 2
    """,
    """
    SELECT hex(organisation) AS organisation, hex(record) AS record, path, value
    FROM facet JOIN record USING (row) ORDER BY 1, 2, 3, 4
    """,
    "SELECT word, folded, records FROM word ORDER BY word",
  ]

  /// SQLite's own check of the file; "ok" when it finds nothing.
  package func integrityCheck() throws -> String {
    try file.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") ?? "" }
  }

  /// The writer's `PRAGMA synchronous` and journal mode, read back.
  package func durability() throws -> (synchronous: Int, journal: String) {
    try file.durability()
  }
}

/// What `status` shows.
package struct StoreStatus: Sendable, Equatable {
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
        accepted: try count("SELECT count(*) FROM operation WHERE accepted = 1"),
        waiting: try count("SELECT count(*) FROM waiting"),
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
