import FoundationEssentials
import GRDB
import Operations
import Signatures
import Synchronization

/// A node's operations and everything derived from them, in one SQLite file.
///
/// All calls are synchronous: the caller decides on which thread. Several processes may use one
/// file; each write is one durable transaction under the writer lock.
public final class OperationStore: Sendable {
  let file: StoreFile
  package let region: Digest
  package let id: StoreID
  private let founding: Operation
  /// The charter as of a number of held charter operations, which only ever grows.
  private let cachedCharter = Mutex<(count: Int, charter: Charter)?>(nil)

  /// Creates a store that holds the founding operation, in memory when `path` is nil.
  package static func create(
    path: String?, founding: Operation, id: StoreID
  ) throws -> OperationStore {
    _ = try Charter(founding: founding)
    guard let path else {
      let file = try StoreFile(inMemory: ())
      try fill(file, founding: founding, id: id)
      return OperationStore(file: file, founding: founding, id: id)
    }
    // Filled under another name first: whatever stops this, no half-made store is in the way.
    let draft = StoreFile(path: path + ".new", onWait: {})
    draft.remove()
    defer { draft.remove() }
    try draft.create()
    try fill(draft, founding: founding, id: id)
    try draft.publish(as: path)
    return OperationStore(
      file: StoreFile(path: path, onWait: {}), founding: founding, id: id)
  }

  private static func fill(_ file: StoreFile, founding: Operation, id: StoreID) throws {
    try file.write { db in
      try Migrations.migrate(db)
      try db.execute(
        sql: "INSERT INTO setting (name, value) VALUES ('store', ?), ('region', ?)",
        arguments: [Data(id.bytes), founding.id.data])
      var ingestion = Ingestion(db: db, charter: try Charter(founding: founding))
      try ingestion.insert(
        founding, Standing(organisation: founding.id, role: .council, isAccepted: true),
        source: nil)
      try ingestion.finish()
    }
  }

  /// Opens an existing store; `onWait` is called when a write has to wait for another process.
  package static func open(
    path: String, onWait: @escaping @Sendable () -> Void = {}
  ) throws -> OperationStore {
    let file = StoreFile(path: path, onWait: onWait)
    let (region, id, founding) = try file.read { db in
      guard try db.tableExists("setting"), try db.tableExists("operation") else {
        throw StoreError.notAStore(path: path)
      }
      guard try Migrations.version(db) <= Migrations.current else {
        throw StoreError.newerSchema(path: path)
      }
      guard let region = try Self.setting("region", db).flatMap({ Digest($0) }),
        let id = try Self.setting("store", db).flatMap({ StoreID(Array($0)) }),
        let row = try Row.fetchOne(
          db, sql: "SELECT envelope, body FROM operation WHERE id = ?", arguments: [region.data])
      else { throw StoreError.notAStore(path: path) }
      return (region, id, try row.operation())
    }
    guard founding.id == region else { throw StoreError.corrupt("the founding operation") }
    return OperationStore(file: file, founding: founding, id: id)
  }

  private init(file: StoreFile, founding: Operation, id: StoreID) {
    self.file = file
    self.founding = founding
    self.region = founding.id
    self.id = id
  }

  private static func setting(_ name: String, _ db: Database) throws -> Data? {
    try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
  }

  /// The SQLite file; `:memory:` for a store without one.
  package var path: String { file.path }

  /// The founding operation, the pinned root.
  package var foundingOperation: Operation { founding }

  package func charter() throws -> Charter {
    try file.read { try charter($0) }
  }

  func charter(_ db: Database) throws -> Charter {
    let count =
      try Int.fetchOne(db, sql: "SELECT count(*) FROM operation WHERE class = 0") ?? 0
    if let cached = cachedCharter.withLock({ $0 }), cached.count == count { return cached.charter }
    var charter = try Charter(founding: founding)
    let rows = try Row.fetchCursor(
      db, sql: "SELECT envelope, body FROM operation WHERE class = 0 AND id <> ? ORDER BY arrival",
      arguments: [region.data])
    while let row = try rows.next() {
      let operation = try row.operation()
      charter.add(operation, try charter.standing(of: operation.header))
    }
    let loaded = charter
    cachedCharter.withLock { $0 = (count, loaded) }
    return charter
  }
}
