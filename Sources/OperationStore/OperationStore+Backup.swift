import FoundationEssentials
import GRDB
import Glibc
import Operations
import Signatures

/// How far a copy has come.
package enum CopyStep: Sendable {
  case copying(bytes: Int64)
  case verifying(done: Int, of: Int)
}

extension OperationStore {
  /// Copies the store and some files of its node into one file, while others read and write.
  ///
  /// The copy is verified before it gets its name. `now`, in milliseconds since 1970, is remembered
  /// here with the path, for what an erasure does not reach.
  package func backUp(
    to path: String, with files: [PackedFile], isReplacing: Bool, now: UInt64,
    progress: (CopyStep) -> Void
  ) throws -> Backup {
    guard isReplacing || access(path, F_OK) != 0 else { throw StoreError.exists(path: path) }
    let draft = try DraftFile(for: path)
    progress(.copying(bytes: file.byteCount))
    try file.copy(to: draft.path)
    try Backup.pack(files, made: now, into: draft.path)
    let backup = try Backup(verifying: draft.path, as: path, progress: progress)
    // Before the name is given: a backup that nobody knows of is worse than the contrary.
    try remember(path, now, isPublished: false)
    do {
      try draft.publish(replacing: isReplacing)
    } catch {
      try? forget(path, now)
      throw error
    }
    try remember(path, now, isPublished: true)
    return backup
  }

  /// Until the file has its name, an older one may still be what the name stands for.
  private func remember(_ path: String, _ now: UInt64, isPublished: Bool) throws {
    try file.write { db in
      try db.execute(
        sql: """
          INSERT INTO backup (path, made) VALUES (?, ?)
          ON CONFLICT (path) DO \(isPublished ? "UPDATE SET made = excluded.made" : "NOTHING")
          """, arguments: [path, Int64(clamping: now)])
    }
  }

  private func forget(_ path: String, _ now: UInt64) throws {
    try file.write {
      try $0.execute(
        sql: "DELETE FROM backup WHERE path = ? AND made = ?",
        arguments: [path, Int64(clamping: now)])
    }
  }
}

/// A file of a node's folder that travels in a backup: its settings, and its keys.
package struct PackedFile: Sendable, Equatable {
  /// Below the folder.
  package let name: String
  package let bytes: [UInt8]

  package init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// A verified copy of a store with files of its node.
package struct Backup: Sendable {
  package let path: String
  /// Milliseconds since 1970, own clock.
  package let made: UInt64
  package let region: Digest
  package let files: [PackedFile]
  package let operations: Int

  /// Adds what makes a copy a backup.
  static func pack(_ files: [PackedFile], made: UInt64, into path: String) throws {
    try StoreFile(path: path, onWait: {}).amend { db in
      try db.execute(
        sql: """
          CREATE TABLE node_file (      -- in backups only: what else of the folder travels
            name TEXT PRIMARY KEY,      -- below the folder
            content BLOB NOT NULL
          ) STRICT
          """)
      for file in files {
        try db.execute(
          sql: "INSERT INTO node_file (name, content) VALUES (?, ?)",
          arguments: [file.name, Data(file.bytes)])
      }
      try OperationStore.set(Self.madeSetting, to: Data("\(made)".utf8), db)
    }
  }

  static let madeSetting = "backup"

  /// Reads a file that is given as a backup, to its last byte.
  package init(verifying path: String, progress: (CopyStep) -> Void) throws {
    try self.init(verifying: path, as: path, progress: progress)
  }

  init(verifying file: String, as path: String, progress: (CopyStep) -> Void) throws {
    do {
      self = try Self.verified(file, as: path, progress: progress)
    } catch StoreError.damaged(_, let reason) {
      throw StoreError.backup(path: path, reason: reason)
    }
  }

  private static func verified(
    _ file: String, as path: String, progress: (CopyStep) -> Void
  ) throws -> Backup {
    try StoreFile(path: file, onWait: {}).readOnce { db in
      let backup = try Backup(db, path: path)
      let (damage, count) = StoreDamage.find(db, region: backup.region, isDeep: false) {
        progress(.verifying(done: $0, of: $1))
      }
      guard damage.isEmpty else {
        throw StoreError.backup(path: path, reason: damage.description)
      }
      return Backup(
        path: path, made: backup.made, region: backup.region, files: backup.files,
        operations: count)
    }
  }

  /// What a file says of itself.
  private init(_ db: Database, path: String) throws {
    guard try db.tableExists("setting"), try db.tableExists("operation") else {
      throw StoreError.notAStore(path: path)
    }
    guard try Migrations.version(db) <= Migrations.current else {
      throw StoreError.newerSchema(path: path)
    }
    guard try Migrations.version(db) >= Migrations.oldest else {
      throw StoreError.olderSchema(path: path)
    }
    guard try db.tableExists("node_file"),
      let made = try OperationStore.setting(Self.madeSetting, db),
      let milliseconds = UInt64(String(decoding: made, as: UTF8.self)),
      let region = try OperationStore.setting("region", db).flatMap({ Digest($0) })
    else {
      throw StoreError.backup(path: path, reason: "it was not made by sprida backup")
    }
    self.init(
      path: path, made: milliseconds, region: region,
      files: try Row.fetchAll(db, sql: "SELECT name, content FROM node_file ORDER BY name").map {
        PackedFile(name: $0["name"], bytes: Array($0["content"] as Data))
      }, operations: 0)
  }

  private init(path: String, made: UInt64, region: Digest, files: [PackedFile], operations: Int) {
    self.path = path
    self.made = made
    self.region = region
    self.files = files
    self.operations = operations
  }

  /// Makes a store of it, which numbers anew and shows and sends no bodies before its first sync.
  ///
  /// `prepare` runs when the store is ready and has only to get its name.
  package func restore(
    to path: String, id: StoreID, progress: (CopyStep) -> Void, prepare: () throws -> Void
  ) throws {
    let draft = StoreFile(path: path + ".new", onWait: {})
    draft.remove()
    defer { draft.remove() }
    try DurableFile.create(draft.path)
    let source = StoreFile(path: self.path, onWait: {})
    progress(.copying(bytes: source.byteCount))
    try source.copy(to: draft.path)
    // What is published is what has been verified, not what it was copied from.
    _ = try Backup(verifying: draft.path, as: self.path, progress: progress)
    try draft.amend { db in
      try Migrations.migrate(db)
      try db.execute(sql: "DROP TABLE node_file")
      try db.execute(
        sql: "DELETE FROM setting WHERE name = ?", arguments: [Self.madeSetting])
      try OperationStore.set("store", to: Data(id.bytes), db)
      try OperationStore.set("unsynced", to: Data([1]), db)
      try db.execute(
        sql: "INSERT OR REPLACE INTO backup (path, made) VALUES (?, ?)",
        arguments: [self.path, Int64(clamping: made)])
    }
    try draft.setJournal()
    try prepare()
    try draft.publish(as: path)
  }
}
