import Foundation
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport

extension OperationStore: SyncStore {}

/// A node of the simulated region: the real store, a key, and a clock that may be wrong.
final class VirtualNode {
  let name: String
  let key: PublicKey
  /// Which organisation's, by its place in the world.
  let office: Int
  /// The key of the person who writes here; another one once it has been revoked.
  var officer: SigningKey
  /// Added to the world's clock, in milliseconds.
  let clockSkew: Int64
  private(set) var store: OperationStore
  /// Nil for a node that does what the protocol says.
  let liar: Liar?
  /// The store has been rolled back or copied at some time.
  private(set) var wasCopied = false
  let bug: PlantedBug?

  /// Where the files of this node are; nil when its store is in memory.
  private let folder: String?
  private var copy: String?
  private var generation = 0

  init(
    name: String, key: PublicKey, office: Int, officer: SigningKey, folder: String?,
    clockSkew: Int64, liar: Liar? = nil, bug: PlantedBug? = nil,
    store: (_ path: String?) throws -> OperationStore
  ) throws {
    self.name = name
    self.key = key
    self.office = office
    self.officer = officer
    self.clockSkew = clockSkew
    self.liar = liar
    self.bug = bug
    self.folder = folder.map { "\($0)/\(name)" }
    if let folder = self.folder {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    self.store = try store(self.folder.map { "\($0)/0.sqlite" })
  }

  var isHonest: Bool { liar == nil }
  var isOnDisk: Bool { folder != nil }

  func now(_ world: UInt64) -> UInt64 { UInt64(clamping: Int64(world) + clockSkew) }

  /// What a session with a peer is given.
  func store(for peer: PublicKey) -> any SyncStore {
    if let liar { return liar.store(over: store, for: peer) }
    if let bug { return BuggyStore(wrapped: store, bug: bug) }
    return store
  }

  // MARK: - Files

  /// The process is started again: nothing is left but the file.
  func reopen() throws {
    if isOnDisk { store = try OperationStore.open(path: store.path) }
  }

  /// The machine is lost: an empty store under a new id takes its place.
  func replaceStore(_ make: (_ path: String?) throws -> OperationStore) throws {
    let old = store.path
    store = try make(nextPath())
    if isOnDisk { Self.removeFiles(old) }
  }

  /// Copies the file as it is now, for a later restore.
  func takeCopy() throws {
    guard let folder else { return }
    if let copy { Self.removeFiles(copy) }
    generation += 1
    let path = "\(folder)-copy-\(generation)"
    try Self.copyFiles(store.path, to: path)
    copy = path
  }

  var hasCopy: Bool { copy != nil }

  /// The store is again what it was when the copy was made.
  func rollBack() throws {
    guard let copy, let path = nextPath() else { return }
    try Self.copyFiles(copy, to: path)
    let old = store.path
    store = try OperationStore.open(path: path)
    Self.removeFiles(old)
    wasCopied = true
  }

  /// A second node from the file as it is now, with the same keys and the same store id.
  func clone(name: String, root: String) throws -> VirtualNode {
    wasCopied = true
    let twin = try VirtualNode(
      name: name, key: key, office: office, officer: officer, folder: root, clockSkew: clockSkew,
      bug: bug
    ) { path in
      try Self.copyFiles(store.path, to: path ?? "")
      return try OperationStore.open(path: path ?? "")
    }
    twin.wasCopied = true
    return twin
  }

  /// Whether a file of this node holds the bytes.
  func filesHold(_ bytes: [UInt8]) throws -> Bool {
    guard let folder else { return false }
    return try FileManager.default.contentsOfDirectory(atPath: folder).contains { name in
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
      return data.range(of: Data(bytes)) != nil
    }
  }

  private func nextPath() -> String? {
    generation += 1
    return folder.map { "\($0)/\(generation).sqlite" }
  }

  /// The shared-memory file is rebuilt from the log.
  private static func copyFiles(_ from: String, to: String) throws {
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: from + suffix) {
      try FileManager.default.copyItem(atPath: from + suffix, toPath: to + suffix)
    }
  }

  private static func removeFiles(_ path: String) {
    for suffix in ["", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }
}
