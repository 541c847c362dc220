import FoundationEssentials
import Glibc
import OperationStore
import Operations
import Signatures

// A node in one file, and a node from one (`design.md` §4, §8).
extension NodeDirectory {
  private static let settingsName = "node.json"
  private static let keysName = "keys"

  /// Copies the node into a file; with its keys only if asked for.
  package func backUp(
    _ store: OperationStore, to path: String, withKeys: Bool, isReplacing: Bool,
    progress: (CopyStep) -> Void
  ) throws -> Backup {
    let names = [Self.settingsName] + (withKeys ? try keyFiles() : [])
    return try store.backUp(
      to: path,
      with: try names.map {
        PackedFile(name: $0, bytes: try PrivateFile.read("\(self.path)/\($0)"))
      }, isReplacing: isReplacing, now: SystemClock.now, progress: progress)
  }

  /// The key files, as paths below the folder, ascending.
  package func keyFiles() throws -> [String] {
    let found =
      (try? FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(Self.keysName)")) ?? []
    return found.map { "\(Self.keysName)/\($0)" }.filter(Self.isKeyFile).sorted()
  }

  /// Makes a node of a backup.
  ///
  /// What the folder has is never replaced: a node that is there keeps its settings and keys, and
  /// one that holds a store is refused. The store comes last, so that whatever stops this can be done
  /// again.
  package static func restore(
    _ backup: Backup, to folder: String, progress: (CopyStep) -> Void
  ) throws -> NodeDirectory {
    let storePath = folder + "/store.sqlite"
    guard access(storePath, F_OK) != 0 else { throw StoreError.exists(path: storePath) }
    let hasNode = access("\(folder)/\(settingsName)", F_OK) == 0
    if hasNode {
      let region = try open(folder).settings.regionLink.founding.id
      guard region == backup.region else { throw NodeError.backupOtherRegion(path: backup.path) }
    }
    let packed = hasNode ? [] : try files(of: backup)
    let nodeKey = "\(keysName)/\(KeyName.node.rawValue).key"
    guard
      access("\(folder)/\(nodeKey)", F_OK) == 0 || packed.contains(where: { $0.name == nodeKey })
    else { throw NodeError.backupWithoutKeys(path: backup.path) }
    guard let id = StoreID(Randomness.bytes(StoreID.byteCount)) else {
      throw NodeError.file(path: storePath, problem: "no randomness")
    }
    let isNew = access(folder, F_OK) != 0
    var made: [String] = []
    do {
      try PrivateFile.createDirectory(folder)
      try backup.restore(to: storePath, id: id, progress: progress) {
        for file in packed {
          let path = "\(folder)/\(file.name)"
          guard access(path, F_OK) != 0 else { continue }
          try PrivateFile.createDirectory(
            String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
          try PrivateFile.create(path, file.bytes)
          made.append(path)
        }
      }
    } catch {
      for path in made { unlink(path) }
      if isNew { try? FileManager.default.removeItem(atPath: folder) }
      throw error
    }
    return try open(folder)
  }

  /// The settings last, for they make a folder a node; nothing but what a backup may hold.
  private static func files(of backup: Backup) throws -> [PackedFile] {
    let settings = backup.files.filter { $0.name == settingsName }
    guard settings.count == 1,
      backup.files.allSatisfy({ $0.name == settingsName || isKeyFile($0.name) })
    else {
      throw StoreError.backup(path: backup.path, reason: "its files are not those of a node")
    }
    return backup.files.filter { $0.name != settingsName } + settings
  }

  /// `keys/root.key`, or `keys/org-2021003054/root.key` of a guest.
  private static func isKeyFile(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0] == keysName,
      let file = parts.last, file.hasSuffix(".key")
    else { return false }
    return parts.dropFirst().allSatisfy { part in
      let stem = part == file ? part.dropLast(4) : part
      return !stem.isEmpty
        && stem.utf8.allSatisfy { byte in
          byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        }
    }
  }
}
