import FoundationEssentials
import GRDB
import Operations
import Signatures

// A store that is a copy of an earlier state of itself, or of another that goes on beside it
// (`Protocol/session.md#cursor`).
extension OperationStore {
  /// Whether the store has been restored and not yet met a peer: what it holds may have been erased
  /// elsewhere, so no bodies are sent or shown.
  package func isUnsynced() throws -> Bool {
    try file.read { try Self.setting("unsynced", $0) != nil }
  }

  /// Called once the charter and all orders of a peer are here.
  package func endUnsynced() throws {
    guard try isUnsynced() else { return }
    try file.write { try $0.execute(sql: "DELETE FROM setting WHERE name = 'unsynced'") }
  }

  /// Gives the store a new id, so that its numbering is its own again, and hides its bodies until the
  /// next session.
  package func renew(id: StoreID) throws {
    try file.write { db in
      try Self.set("store", to: Data(id.bytes), db)
      try Self.set("unsynced", to: Data([1]), db)
    }
  }

  /// The same when a peer says that this store is a copy, at most once in 20 hours: one that lies
  /// must not hide everything for ever.
  package func renewAsCopy(id: StoreID, now: UInt64) throws -> Bool {
    try file.write { db in
      let latest = try Self.setting("renewed", db).flatMap {
        UInt64(String(decoding: $0, as: UTF8.self))
      }
      if let latest, now >= latest, now - latest < Self.renewalMilliseconds { return false }
      try Self.set("renewed", to: Data("\(now)".utf8), db)
      try Self.set("store", to: Data(id.bytes), db)
      try Self.set("unsynced", to: Data([1]), db)
      return true
    }
  }

  private static let renewalMilliseconds: UInt64 = 20 * 3_600_000

  static func set(_ name: String, to value: Data, _ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO setting (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """, arguments: [name, value])
  }

  func demandSynced(_ db: Database) throws {
    if try Self.setting("unsynced", db) != nil { throw StoreError.unsynced }
  }
}
