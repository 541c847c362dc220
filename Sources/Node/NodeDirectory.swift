import FoundationEssentials
import Glibc
import OperationStore
import Operations
import Signatures
import SyncSession

extension OperationStore: SyncStore {}

/// A node's folder: its keys, its store and its settings.
///
///     node.json   settings        keys/   one file a key        store.sqlite   everything else
package struct NodeDirectory: Sendable {
  package let path: String
  package let settings: NodeSettings
  let ring = KeyRing()
  let ask: AskPassphrase

  /// Asks a person for the passphrase of a key.
  package typealias AskPassphrase = @Sendable (_ key: String) throws -> Secret

  package static func defaultPath(home: String) -> String { home + "/.sprida" }

  /// Makes a new folder; refuses one that holds a node.
  package static func create(_ path: String, settings: NodeSettings) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) != 0 else { throw NodeError.exists(path: path) }
    try PrivateFile.createDirectory(path)
    try PrivateFile.createDirectory(path + "/keys")
    try PrivateFile.create(path + "/node.json", Array(try settings.json().utf8))
    return NodeDirectory(path: path, settings: settings, ask: askNobody)
  }

  /// A folder for keys alone, which `create` completes once there is a region.
  package static func prepare(_ path: String) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) != 0 else { throw NodeError.exists(path: path) }
    try PrivateFile.createDirectory(path)
    try PrivateFile.createDirectory(path + "/keys")
    return NodeDirectory(
      path: path, settings: NodeSettings(region: "", address: "", code: nil),
      ask: askNobody)
  }

  package static func open(
    _ path: String, ask: @escaping AskPassphrase = askNobody
  ) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) == 0 else { throw NodeError.noNode(path: path) }
    // The folder itself may be a link, such as to another disk; what lies in it may not.
    try PrivateFile.checkDirectory(path + "/.")
    let json = String(decoding: try PrivateFile.read(path + "/node.json"), as: UTF8.self)
    return NodeDirectory(path: path, settings: try NodeSettings(json: json), ask: ask)
  }

  package static let askNobody: AskPassphrase = { throw NodeError.passphraseNeeded(key: $0) }

  package var storePath: String { path + "/store.sqlite" }

  /// Opens the store, making an empty one of the region when there is none: a lost store is fetched
  /// again from the peers.
  package func openStore(onWait: @escaping @Sendable () -> Void = {}) throws -> OperationStore {
    if access(storePath, F_OK) != 0 {
      let link = try settings.regionLink
      guard let id = StoreID(Randomness.bytes(StoreID.byteCount)) else {
        throw NodeError.file(path: storePath, problem: "no randomness")
      }
      do {
        _ = try OperationStore.create(path: storePath, founding: link.founding, id: id)
      } catch StoreError.exists {
        // Another process was faster.
      }
    }
    return try OperationStore.open(path: storePath, onWait: onWait)
  }
}
