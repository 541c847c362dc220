import Foundation

/// Files of the project, found by walking up from this source file.
package enum ProtocolFiles {
  /// The folder that holds `Package.swift` and `Protocol`.
  package static let projectRoot: URL = {
    var folder = URL(fileURLWithPath: #filePath)
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let marks = ["Package.swift", "Protocol"].map { folder.appendingPathComponent($0).path }
      if marks.allSatisfy(FileManager.default.fileExists(atPath:)) { return folder }
    }
    fatalError("no folder above \(#filePath) holds Package.swift and Protocol")
  }()

  /// A file or folder under `Protocol`.
  package static func url(_ path: String) -> URL {
    projectRoot.appendingPathComponent("Protocol").appendingPathComponent(path)
  }

  package static func data(_ path: String) throws -> Data {
    try Data(contentsOf: url(path))
  }

  package static func text(_ path: String) throws -> String {
    String(decoding: try data(path), as: UTF8.self)
  }

  /// The names of the files in a folder under `Protocol` that end in `suffix`, ascending; empty
  /// when there is no such folder.
  package static func names(in folder: String, suffix: String = ".txt") -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)
    return (all ?? []).filter { $0.hasSuffix(suffix) }.sorted()
  }
}
