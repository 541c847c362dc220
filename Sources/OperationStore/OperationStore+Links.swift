import GRDB
import Operations
import Practice
import Signatures

/// Whether a web address that a record names still answers, as this node has seen it.
package struct LinkCheck: Sendable, Equatable {
  package let address: String
  /// Milliseconds since 1970, own clock.
  package let checked: Int64
  /// The status of HTTP; nil when nobody answered.
  package let status: Int?

  package init(address: String, checked: Int64, status: Int?) {
    self.address = address
    self.checked = checked
    self.status = status
  }

  package var isAnswered: Bool { status.map { (200..<300).contains($0) } ?? false }
}

// What is known of the links of records; it stays on this node, and goes with the words that named
// them.
extension OperationStore {
  /// The latest check of each address, ascending.
  package func linkChecks(of key: RecordKey) throws -> [LinkCheck] {
    try file.read { db in
      try demandSynced(db)
      return try Row.fetchAll(
        db,
        sql: """
          SELECT address, checked, status FROM link_check
          WHERE organisation = ? AND record = ? ORDER BY address
          """, arguments: [key.organisation.data, key.record.data]
      ).map { LinkCheck(address: $0["address"], checked: $0["checked"], status: $0["status"]) }
    }
  }

  /// How many addresses in records of these organisations did not answer when last asked; withdrawn
  /// records are left out.
  package func deadLinkCount(of organisations: [Digest], family: String) throws -> Int {
    try file.read { db in
      try demandSynced(db)
      return try Int.fetchOne(
        db,
        sql: """
          SELECT count(*) FROM link_check JOIN record USING (organisation, record)
          WHERE organisation IN (\(databaseQuestionMarks(count: organisations.count)))
            AND family = ? AND withdrawn = 0 AND ifnull(status, 0) NOT BETWEEN 200 AND 299
          """, arguments: StatementArguments(organisations.map(\.data)) + [family]) ?? 0
    }
  }

  /// Replaces what was known of these addresses, in one transaction.
  ///
  /// An order may have erased one while the web server was asked, so each record is read again.
  package func remember(_ checks: [(record: RecordKey, links: [LinkCheck])]) throws {
    try file.write { db in
      let charter = try charter(db)
      let statement = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO link_check VALUES (?, ?, ?, ?, ?)")
      for (key, links) in checks {
        let named = Set(try Projection.fold(key, charter, db)?.webAddresses ?? [])
        for link in links where named.contains(link.address) {
          try statement.execute(arguments: [
            key.organisation.data, key.record.data, link.address, link.checked, link.status,
          ])
        }
      }
    }
  }

  /// Forgets addresses that a record no longer names: an erased one must not stay here.
  static func forgetLinks(of key: RecordKey, besides named: [String], _ db: Database) throws {
    let known = try db.cachedStatement(
      sql: "SELECT address FROM link_check WHERE organisation = ? AND record = ?")
    let owner = [key.organisation.data, key.record.data]
    for address in try String.fetchAll(known, arguments: StatementArguments(owner))
    where !named.contains(address) {
      try db.execute(
        sql: "DELETE FROM link_check WHERE organisation = ? AND record = ? AND address = ?",
        arguments: StatementArguments(owner) + [address])
    }
  }
}
