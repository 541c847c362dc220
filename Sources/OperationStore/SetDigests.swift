import FoundationEssentials
import GRDB
import Operations
import Signatures

/// The set digests of a transaction: read when first touched, written once at its end.
struct SetDigests {
  /// The scope of charter and orders; every other scope is an organisation.
  static let charterScope = Digest.zero

  private var changed: [Digest: SetDigest] = [:]

  static func scope(_ operationClass: OperationClass, of organisation: Digest) -> Digest {
    Scope(operationClass) == .charter ? charterScope : organisation
  }

  mutating func insert(_ id: Digest, scope: Digest, _ db: Database) throws {
    var digest = try changed[scope] ?? Self.read(scope, db) ?? SetDigest()
    digest.insert(id)
    changed[scope] = digest
  }

  mutating func remove(_ id: Digest, scope: Digest, _ db: Database) throws {
    var digest = try changed[scope] ?? Self.read(scope, db) ?? SetDigest()
    digest.remove(id)
    changed[scope] = digest
  }

  mutating func flush(_ db: Database) throws {
    for (scope, digest) in changed.sorted(by: { $0.key < $1.key }) {
      // What has been here and left again leaves no row.
      guard digest.count > 0 else {
        try db.execute(sql: "DELETE FROM set_digest WHERE scope = ?", arguments: [scope.data])
        continue
      }
      let statement = try db.cachedStatement(
        sql: """
          INSERT INTO set_digest (scope, count, state) VALUES (?, ?, ?)
          ON CONFLICT (scope) DO UPDATE SET count = excluded.count, state = excluded.state
          """)
      try statement.execute(
        arguments: [scope.data, Int64(digest.count), Data(digest.stateBytes)])
    }
    changed = [:]
  }

  static func read(_ scope: Digest, _ db: Database) throws -> SetDigest? {
    let statement = try db.cachedStatement(
      sql: "SELECT count, state FROM set_digest WHERE scope = ?")
    return try Row.fetchOne(statement, arguments: [scope.data]).map(decode)
  }

  /// The sum over all organisations but those left out.
  static func records(without left: Set<Digest> = [], _ db: Database) throws -> SetDigest {
    var sum = SetDigest()
    let rows = try Row.fetchCursor(
      db, sql: "SELECT scope, count, state FROM set_digest WHERE scope <> ?",
      arguments: [charterScope.data])
    while let row = try rows.next() {
      if try !left.isEmpty && left.contains(row.digest("scope")) { continue }
      let count: Int64 = row["count"]
      let isWhole = try row.withUnsafeData(named: "state") { state in
        state?.withUnsafeBytes { sum.formUnion(disjoint: UInt64(count), state: $0) } ?? false
      }
      guard isWhole else { throw damaged }
    }
    return sum
  }

  private static let damaged = StoreError.corrupt("a set digest is not 2,048 bytes")

  private static func decode(_ row: Row) throws -> SetDigest {
    let count: Int64 = row["count"]
    let state: Data = row["state"]
    guard let digest = SetDigest(count: UInt64(count), state: Array(state)) else {
      throw damaged
    }
    return digest
  }
}
