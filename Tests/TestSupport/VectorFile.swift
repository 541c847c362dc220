import Foundation

/// One scenario of `Protocol/vectors`: `key: value` lines that say what is expected, a blank line,
/// then `key: value` lines with the bytes.
package struct VectorFile: Equatable, Sendable {
  package struct Line: Equatable, Sendable {
    package let key: String
    package let value: String
  }

  package struct Missing: Error, CustomStringConvertible {
    package let key: String
    package var description: String { "no line “\(key)”" }
  }

  package private(set) var head: [Line] = []
  package private(set) var content: [Line] = []

  package init(head: KeyValuePairs<String, String>, content: KeyValuePairs<String, String>) {
    self.head = head.map { Line(key: $0.key, value: $0.value) }
    self.content = content.map { Line(key: $0.key, value: $0.value) }
  }

  package init(text: String) {
    let parts = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts.map { part in
      part.split(separator: "\n").map { line in
        let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return Line(key: String(pair[0]), value: pair.dropFirst().first.map(Self.trimmed) ?? "")
      }
    }
    head = lines.first ?? []
    content = lines.dropFirst().first ?? []
  }

  package mutating func append(_ key: String, _ value: String) {
    content.append(Line(key: key, value: value))
  }

  package var text: String {
    func lines(_ lines: [Line]) -> String {
      lines.map { $0.value.isEmpty ? "\($0.key):\n" : "\($0.key): \($0.value)\n" }.joined()
    }
    return lines(head) + "\n" + lines(content)
  }

  /// The value of the first line with this key, in the head or in the content.
  package func value(_ key: String) throws -> String {
    guard let line = (head + content).first(where: { $0.key == key }) else {
      throw Missing(key: key)
    }
    return line.value
  }

  package func values(_ key: String) -> [String] {
    content.filter { $0.key == key }.map(\.value)
  }

  private static func trimmed(_ value: Substring) -> String {
    String(value.first == " " ? value.dropFirst() : value)
  }
}

extension VectorFile {
  package static func load(_ path: String) throws -> VectorFile {
    VectorFile(text: try ProtocolFiles.text("vectors/\(path)"))
  }

  /// Whether this run is to rewrite the vectors instead of judging them.
  package static var isRewriting: Bool {
    ProcessInfo.processInfo.environment["SPRIDA_WRITE_VECTORS"] == "1"
  }

  /// Replaces all vectors of a folder by `files`.
  package static func rewrite(_ folder: String, _ files: [(name: String, file: VectorFile)]) throws
  {
    let url = ProtocolFiles.url("vectors/\(folder)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for name in ProtocolFiles.names(in: "vectors/\(folder)") {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
    for (name, file) in files {
      try Data(file.text.utf8).write(to: url.appendingPathComponent(name))
    }
  }
}
