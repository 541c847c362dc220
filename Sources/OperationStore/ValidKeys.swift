import FoundationEssentials
import GRDB
import Signatures

/// Keys that this store has found to be valid points, so that no process has to find out again.
enum ValidKeys {
  static func read(_ db: Database) throws -> Set<PublicKey> {
    var keys: Set<PublicKey> = []
    let found = try Data.fetchCursor(db, sql: "SELECT key FROM valid_key")
    while let data = try found.next() {
      if let key = PublicKey(data) { keys.insert(key) }
    }
    return keys
  }

  static func add(_ keys: Set<PublicKey>, _ db: Database) throws {
    let statement = try db.cachedStatement(sql: "INSERT OR IGNORE INTO valid_key VALUES (?)")
    for key in keys.sorted() { try statement.execute(arguments: [Data(key.bytes)]) }
  }
}
