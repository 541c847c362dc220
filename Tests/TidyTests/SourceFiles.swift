import Foundation
import TestSupport

/// A source file of the project, by lines.
struct SourceFile {
  /// From the project's root.
  let path: String
  let lines: [String]

  /// The folder below `Sources` or `Tests`.
  var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index <= 1, index + 1 < words.count else {
        return nil
      }
      return words[0] == "import" || words[0].hasPrefix("@") || words[0] == "package"
        ? String(words[index + 1]) : nil
    }
  }

  static func swift(under folder: String) throws -> [SourceFile] {
    let root = ProtocolFiles.projectRoot
    let paths = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return try (paths?.allObjects as? [String] ?? []).filter { $0.hasSuffix(".swift") }.sorted()
      .map { path in
        let text = try String(
          contentsOf: root.appending(path: folder).appending(path: path), encoding: .utf8)
        return SourceFile(
          path: "\(folder)/\(path)",
          lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
  }
}
