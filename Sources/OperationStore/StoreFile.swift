import GRDB
import Glibc
import Reconciliation
import Synchronization

/// The SQLite file: how it is opened for reading and for writing (`design.md` §6).
///
/// Writing opens a connection, sets `synchronous=FULL`, runs one transaction and closes, all under
/// the writer lock. Reading uses one read-only connection, opened when first needed.
final class StoreFile: Sendable {
  private static let cacheKibibytes = 16 * 1024
  /// Of a new file: operations of some kilobytes leave less of a page unused than in pages of 4 KiB.
  private static let pageBytes = 8192
  private static let logBytesMax: Int64 = 1 << 20

  let path: String
  private let onWait: @Sendable () -> Void
  private let reader = Mutex<DatabaseQueue?>(nil)
  /// Set for a store in memory, which lives on one connection.
  private let memory: DatabaseQueue?

  init(path: String, onWait: @escaping @Sendable () -> Void) {
    self.path = path
    self.onWait = onWait
    memory = nil
  }

  init(inMemory: Void) throws {
    path = ":memory:"
    onWait = {}
    memory = try DatabaseQueue(configuration: Self.configuration())
  }

  /// Creates the file with mode 0600 and WAL; the mode is stored in the file itself.
  func create() throws {
    guard memory == nil else { return }
    try DurableFile.create(path)
    let queue = try DatabaseQueue(path: path, configuration: Self.configuration())
    try queue.inDatabase { try $0.execute(sql: "PRAGMA page_size = \(Self.pageBytes)") }
    try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.close()
  }

  /// Sets WAL, which the file itself remembers.
  func setJournal() throws {
    let queue = try DatabaseQueue(path: path, configuration: Self.configuration())
    try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
    try queue.close()
  }

  func remove() {
    for suffix in ["", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
  }

  /// Gives a closed file its final name, unless that is taken.
  ///
  /// SQLite would replay a log that a lost store has left beside the name into this one.
  func publish(as name: String) throws {
    let lock = try WriterLock(path: name + ".lock", onWait: {})
    defer { withExtendedLifetime(lock) {} }
    guard access(name, F_OK) != 0 else { throw StoreError.exists(path: name) }
    guard access(name + "-wal", F_OK) != 0 else { throw StoreError.leftover(path: name + "-wal") }
    try DurableFile.sync(path)
    try DurableFile.publish(path, as: name)
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    if let memory { return try memory.read(body) }
    return try translatingErrors(isWriting: false) { try readerQueue().read(body) }
  }

  /// Runs `body` in one durable transaction.
  func write<T>(_ body: (Database) throws -> T) throws -> T {
    if let memory { return try memory.write(body) }
    return try withWriter { try $0.write(body) }
  }

  /// Rewrites the file without free space and empties the write-ahead log, so that nothing of what
  /// was deleted is left in either; false when a reader kept the log from being emptied.
  func compact() throws -> Bool {
    if let memory {
      try memory.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
      return true
    }
    return try withWriter { queue in
      try queue.writeWithoutTransaction { db in
        try db.execute(sql: "VACUUM")
        return try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")?["busy"] == 0
      }
    }
  }

  /// Copies the state of one moment into an empty or new file, without free pages, while others read
  /// and write.
  ///
  /// The copy keeps its journal in no second file: it is one file wherever it goes.
  func copy(to target: String) throws {
    do {
      if let memory {
        return try memory.writeWithoutTransaction { try Self.copy($0, to: target) }
      }
      let queue = try Self.readingQueue(path)
      defer { try? queue.close() }
      try queue.inDatabase { try Self.copy($0, to: target) }
    } catch let error as DatabaseError {
      let reason = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_NOTADB: throw StoreError.notAStore(path: path)
      case .SQLITE_CORRUPT: throw StoreError.damaged(path: path, reason: reason)
      default: throw StoreError.cannotWrite(path: target, reason: reason)
      }
    }
  }

  /// Changes a draft that nobody else has open; nothing of what is deleted stays in it.
  func amend(_ body: (Database) throws -> Void) throws {
    try translatingErrors(isWriting: true) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration())
      defer { try? queue.close() }
      try queue.inDatabase { try $0.execute(sql: "PRAGMA secure_delete = ON") }
      try queue.write(body)
    }
  }

  /// Reads on a connection that is closed again.
  func readOnce<T>(_ body: (Database) throws -> T) throws -> T {
    try translatingErrors(isWriting: false) {
      let queue = try Self.readingQueue(path)
      defer { try? queue.close() }
      return try queue.read(body)
    }
  }

  var isOnDisk: Bool { memory == nil }

  /// The file and its write-ahead log.
  var byteCount: Int64 {
    Self.size(of: path) + Self.size(of: path + "-wal")
  }

  private static func copy(_ db: Database, to target: String) throws {
    try db.execute(sql: "VACUUM INTO ?", arguments: [target])
  }

  /// The writer's `PRAGMA synchronous` (2 = FULL) and journal mode, read back as it would write.
  func durability() throws -> (synchronous: Int, journal: String) {
    try withWriter { queue in
      try queue.inDatabase { db in
        (
          try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1,
          try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
        )
      }
    }
  }

  /// Opens the writing connection, uses and closes it, all under the lock.
  private func withWriter<T>(_ body: (DatabaseQueue) throws -> T) throws -> T {
    let lock = try WriterLock(path: path + ".lock", onWait: onWait)
    defer { withExtendedLifetime(lock) {} }
    return try translatingErrors(isWriting: true) {
      let queue = try DatabaseQueue(path: path, configuration: Self.configuration())
      defer { try? queue.close() }
      // Set after opening: what is set while GRDB prepares a connection does not stay. The cache
      // holds what one transaction touches, which would be written twice otherwise.
      try queue.inDatabase {
        try $0.execute(sql: "PRAGMA synchronous = FULL")
        try $0.execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibytes)")
      }
      let result = try body(queue)
      shortenLog(queue)
      return result
    }
  }

  /// Empties the write-ahead log once it has grown: whoever opens the file alone reads all of it, and
  /// where no process stays, SQLite itself would only add to it.
  ///
  /// Others who read at this moment are not waited for; what has been written is durable either way.
  private func shortenLog(_ queue: DatabaseQueue) {
    guard Self.size(of: path + "-wal") > Self.logBytesMax else { return }
    try? queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA busy_timeout = 0")
      _ = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  private static func size(of path: String) -> Int64 {
    var info = stat()
    return stat(path, &info) == 0 ? Int64(info.st_size) : 0
  }

  /// Reports what SQLite says of the file as a `StoreError`; other errors pass.
  private func translatingErrors<T>(isWriting: Bool, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SumTreeError {
      throw StoreError.corrupt("\(error)")
    } catch let error as DatabaseError {
      let reason = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_NOTADB: throw StoreError.notAStore(path: path)
      case .SQLITE_CORRUPT: throw StoreError.damaged(path: path, reason: reason)
      case .SQLITE_CANTOPEN: throw StoreError.cannotOpen(path: path, reason: reason)
      case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY:
        throw isWriting
          ? StoreError.cannotWrite(path: path, reason: reason)
          : StoreError.cannotOpen(path: path, reason: reason)
      default: throw error
      }
    }
  }

  private func readerQueue() throws -> DatabaseQueue {
    try reader.withLock { queue in
      if let queue { return queue }
      let opened = try Self.readingQueue(path)
      queue = opened
      return opened
    }
  }

  private static func readingQueue(_ path: String) throws -> DatabaseQueue {
    guard access(path, R_OK) == 0 else {
      throw StoreError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    var configuration = Self.configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration)
  }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.prepareDatabase { $0.add(function: Packing.function) }
    // A reader's brief lock must not fail a writer; writers exclude each other by the lock file.
    configuration.busyMode = .timeout(10)
    return configuration
  }
}
