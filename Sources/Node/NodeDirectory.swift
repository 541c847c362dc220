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

  package static func defaultPath(home: String) -> String { home + "/.sprida" }

  /// Makes a new folder; refuses one that holds a node.
  package static func create(_ path: String, settings: NodeSettings) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) != 0 else { throw NodeError.exists(path: path) }
    try PrivateFile.createDirectory(path)
    try PrivateFile.createDirectory(path + "/keys")
    try PrivateFile.create(path + "/node.json", try settings.json())
    return NodeDirectory(path: path, settings: settings)
  }

  /// A folder for keys alone, which `create` completes once there is a region.
  package static func prepare(_ path: String) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) != 0 else { throw NodeError.exists(path: path) }
    try PrivateFile.createDirectory(path)
    try PrivateFile.createDirectory(path + "/keys")
    return NodeDirectory(path: path, settings: NodeSettings(region: "", address: "", code: nil))
  }

  package static func open(_ path: String) throws -> NodeDirectory {
    guard access(path + "/node.json", F_OK) == 0 else { throw NodeError.noNode(path: path) }
    try PrivateFile.checkMode(path, allowed: 0o700)
    return NodeDirectory(
      path: path, settings: try NodeSettings(json: try PrivateFile.read(path + "/node.json")))
  }

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

  // MARK: - Keys

  /// Which key; the file is `keys/<name>.key`, or `keys/<code>/<name>.key` for an organisation that
  /// is a guest of this node.
  package enum KeyName: String, CaseIterable, Sendable {
    case council
    case nextCouncil = "next-council"
    case root
    case nextRoot = "next-root"
    case admin
    case service
    case node
    case officer
  }

  package func keyPath(_ name: KeyName, guest code: String? = nil) -> String {
    let folder = code.map { "/" + $0.replacing(":", with: "-") } ?? ""
    return "\(path)/keys\(folder)/\(name.rawValue).key"
  }

  package func hasKey(_ name: KeyName, guest code: String? = nil) -> Bool {
    access(keyPath(name, guest: code), F_OK) == 0
  }

  /// Draws a key and writes it; never replaces one.
  package func createKey(_ name: KeyName, guest code: String? = nil) throws -> SigningKey {
    guard let key = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw NodeError.keyFile(path: keyPath(name, guest: code), problem: "no randomness")
    }
    try write(key, as: name, guest: code)
    return key
  }

  func write(_ key: SigningKey, as name: KeyName, guest code: String? = nil) throws {
    let path = keyPath(name, guest: code)
    if let slash = path.lastIndex(of: "/") {
      try PrivateFile.createDirectory(String(path[..<slash]))
    }
    try PrivateFile.create(path, "sprida-key 1 \(name.rawValue)\n\(Hex.encode(key.seed))\n")
  }

  package func key(_ name: KeyName, guest code: String? = nil) throws -> SigningKey {
    let path = keyPath(name, guest: code)
    guard hasKey(name, guest: code) else { throw NodeError.noKey(role: name.rawValue, path: path) }
    let lines = try PrivateFile.read(path).split(separator: "\n")
    guard lines.first == "sprida-key 1 \(name.rawValue)" else {
      throw NodeError.keyFile(path: path, problem: "does not begin with sprida-key 1 \(name)")
    }
    guard lines.count == 2, let seed = Hex.decode(lines[1]), let key = SigningKey(seed: seed) else {
      throw NodeError.keyFile(path: path, problem: "no 64 hexadecimal digits on its second line")
    }
    return key
  }
}
