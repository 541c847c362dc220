import CRDT
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
  private let founding: Operation
  /// The charter as of its latest change.
  let cachedCharter = Mutex<(epoch: Int, charter: Charter)?>(nil)

  /// Creates a store that holds the founding operation, in memory when `path` is nil.
  package static func create(
    path: String?, founding: Operation, id: StoreID
  ) throws -> OperationStore {
    _ = try Charter(founding: founding)
    guard let path else {
      let file = try StoreFile(inMemory: ())
      try fill(file, founding: founding, id: id)
      return OperationStore(file: file, founding: founding)
    }
    // Filled under another name first: whatever stops this, no half-made store is in the way.
    let draft = StoreFile(path: path + ".new", onWait: {})
    draft.remove()
    defer { draft.remove() }
    try draft.create()
    try fill(draft, founding: founding, id: id)
    try draft.publish(as: path)
    return OperationStore(file: StoreFile(path: path, onWait: {}), founding: founding)
  }

  private static func fill(_ file: StoreFile, founding: Operation, id: StoreID) throws {
    try file.write { db in
      try Migrations.migrate(db)
      try db.execute(
        sql: "INSERT INTO setting (name, value) VALUES ('store', ?), ('region', ?)",
        arguments: [Data(id.bytes), founding.id.data])
      let charter = try Charter(founding: founding)
      guard let grant = charter.grants(to: founding.header.author).first else {
        throw StoreError.corrupt("the founding key is not valid")
      }
      var ingestion = Ingestion(
        db: db, charter: charter, now: founding.header.timestamp.milliseconds)
      try ingestion.insert(founding, Standing(grant: grant, isAuthorised: true), source: nil)
      try ingestion.finish()
      // Whoever has its key has signed it, and goes on from it.
      try db.execute(
        sql: "INSERT INTO own_head (author, operation) VALUES (?, ?)",
        arguments: [Data(founding.header.author.bytes), founding.id.data])
    }
  }

  /// Opens an existing store, and brings it up to date if an earlier version made it; `onWait` is called when a write has to wait for another process.
  package static func open(
    path: String, onWait: @escaping @Sendable () -> Void = {}
  ) throws -> OperationStore {
    let file = StoreFile(path: path, onWait: onWait)
    let (region, founding, isUpToDate) = try file.read { db in
      guard try db.tableExists("setting"), try db.tableExists("operation") else {
        throw StoreError.notAStore(path: path)
      }
      let version = try Migrations.version(db)
      guard version <= Migrations.current else { throw StoreError.newerSchema(path: path) }
      guard version >= Migrations.oldest else { throw StoreError.olderSchema(path: path) }
      guard let region = try Self.setting("region", db).flatMap({ Digest($0) }),
        try Self.setting("store", db) != nil,
        let row = try Row.fetchOne(
          db, sql: "SELECT envelope, body FROM operation WHERE id = ?", arguments: [region.data])
      else { throw StoreError.notAStore(path: path) }
      let isStale = try Self.setting("stale", db) != nil
      return (region, try row.operation(), version == Migrations.current && !isStale)
    }
    guard founding.id == region else { throw StoreError.corrupt("the founding operation") }
    let store = OperationStore(file: file, founding: founding)
    if !isUpToDate {
      try file.write { db in
        try Migrations.migrate(db)
        // Another process may have been quicker.
        if try Self.setting("stale", db) != nil { try store.remake(db) }
      }
    }
    return store
  }

  private init(file: StoreFile, founding: Operation) {
    self.file = file
    self.founding = founding
    self.region = founding.id
  }

  static func setting(_ name: String, _ db: Database) throws -> Data? {
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
    let epoch = try CharterEpoch.read(db)
    if let cached = cachedCharter.withLock({ $0 }), cached.epoch == epoch { return cached.charter }
    var charter = try Charter(founding: founding, validKeys: ValidKeys.read(db))
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, envelope, body FROM operation WHERE class IN \(Scope.charter.classes) AND id <> ?
        ORDER BY class, arrival
        """,
      arguments: [region.data])
    while let row = try rows.next() {
      let operation = try row.operation()
      // One whose authority is not here any more says nothing; `doctor` tells of it.
      guard let standing = try? charter.standing(of: operation.header) else { continue }
      charter.add(operation, standing)
    }
    try charter.evaluate { try KeyHistory.read(of: $0, db) }
    let loaded = charter
    cachedCharter.withLock { $0 = (epoch, loaded) }
    return charter
  }

  /// Runs `body` in one durable transaction with the charter at hand, and keeps what became of it.
  func ingesting<T>(
    now: UInt64, _ body: (inout Ingestion) throws -> T
  ) throws -> T {
    let (result, latest) = try file.write { db in
      var ingestion = Ingestion(db: db, charter: try charter(db), now: now)
      let result = try body(&ingestion)
      return (
        result,
        ingestion.hasCharterNews && !ingestion.isCharterStale
          ? (try CharterEpoch.read(db), ingestion.charter) : nil
      )
    }
    if let latest { cachedCharter.withLock { $0 = latest } }
    return result
  }

  /// The random id of this store; a new one is drawn when a copy of it has been restored.
  package func id() throws -> StoreID { try file.read(Self.id) }

  static func id(_ db: Database) throws -> StoreID {
    guard let id = try setting("store", db).flatMap({ StoreID(Array($0)) }) else {
      throw StoreError.corrupt("no store id")
    }
    return id
  }
}
