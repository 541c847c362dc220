import Foundation
import Node
import Signatures
import Synchronization
import Testing

/// A node's folder without a region, for tests of its files.
final class NodeFolder {
  let path: String
  let asked = Asked()

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-\(UUID().uuidString)").path
    _ = try NodeDirectory.create(path, settings: NodeSettings(region: "", address: "", code: nil))
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// As a new command would; whoever is asked answers with `passphrase`.
  func open(passphrase: String = "") throws -> NodeDirectory {
    try NodeDirectory.open(path) { [asked] key in
      asked.keys.withLock { $0.append(key) }
      return Secret(copying: passphrase.utf8)
    }
  }

  /// Every file below a folder, with its bytes.
  static func files(_ path: String) throws -> [(path: String, bytes: Data)] {
    let names = try #require(FileManager.default.enumerator(atPath: path))
    return names.compactMap { $0 as? String }.compactMap { name in
      FileManager.default.contents(atPath: "\(path)/\(name)").map { (name, $0) }
    }
  }

  /// The files that hold a key's seed, as bytes or in hexadecimal.
  static func leaks(of seed: [UInt8], in path: String) throws -> [String] {
    try files(path).filter { file in
      [Data(seed), Data(Hex.encode(seed).utf8), Data(Hex.encode(seed).uppercased().utf8)]
        .contains { file.bytes.range(of: $0) != nil }
    }.map(\.path)
  }

  final class Asked: Sendable {
    let keys = Mutex<[String]>([])
    var count: Int { keys.withLock(\.count) }
  }
}
