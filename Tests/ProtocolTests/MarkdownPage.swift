import Foundation
import TestSupport
import Testing

/// A page of `Protocol/`, read for its headings and tables.
struct MarkdownPage {
  private let lines: [String]

  /// `name` is a path under `Protocol`.
  init(_ name: String) throws {
    lines = try ProtocolFiles.text(name).components(separatedBy: "\n")
  }

  /// The anchors that a link may name: the headings in lower case, with hyphens for spaces.
  var anchors: Set<String> {
    Set(lines.compactMap(Self.heading).map(Self.anchor))
  }

  /// The rows of the first table under a heading that begins with `columns`; its cells trimmed.
  func table(under heading: String, columns: String...) throws -> [[String]] {
    let start = try #require(
      lines.firstIndex { Self.heading($0) == heading }, "no heading “\(heading)”")
    let tables = lines[start...].dropFirst().prefix { Self.heading($0) == nil }
      .split { !$0.hasPrefix("|") }
    let table = try #require(
      tables.first { Self.cells($0[$0.startIndex]).starts(with: columns) },
      "no table with the columns \(columns) under “\(heading)”")
    return table.dropFirst(2).map(Self.cells)
  }

  /// The rows of all tables of the page whose first column is called `column`.
  func rows(ofTablesWith column: String) -> [[String]] {
    lines.split { !$0.hasPrefix("|") }.filter { Self.cells($0[$0.startIndex]).first == column }
      .flatMap { $0.dropFirst(2).map(Self.cells) }
  }

  /// The lines of the block that is fenced as `name`.
  func block(_ name: String) throws -> [String] {
    let start = try #require(lines.firstIndex(of: "```\(name)"), "no block “\(name)”")
    return Array(lines[start...].dropFirst().prefix { $0 != "```" })
  }

  /// The first word of each line of the block that is fenced as `name`, joined: hexadecimal bytes.
  func hexBlock(_ name: String) throws -> String {
    try block(name).compactMap { $0.split(separator: " ").first }.joined()
  }

  /// The targets of all links.
  var links: [String] {
    lines.flatMap { line in
      line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
    }
  }

  private static func heading(_ line: String) -> String? {
    line.wholeMatch(of: /#+ (.+)/).map { String($0.1) }
  }

  private static func anchor(_ heading: String) -> String {
    String(
      heading.lowercased().replacing(" ", with: "-").filter {
        $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_"
      })
  }

  private static func cells(_ line: String) -> [String] {
    line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

extension String {
  /// The words in backticks, in order.
  var quoted: [String] { matches(of: /`([^`]+)`/).map { String($0.1) } }
}

/// The Swift files under `Sources`.
enum SourceFiles {
  struct File {
    let path: String
    let text: String
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  }

  static func all() throws -> [File] { try files(under: "Sources") }

  static func tests() throws -> [File] { try files(under: "Tests") }

  private static func files(under folder: String) throws -> [File] {
    let root = ProtocolFiles.projectRoot.appendingPathComponent(folder)
      .resolvingSymlinksInPath()
    let paths = try #require(FileManager.default.enumerator(atPath: root.path))
    return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
      let bytes = try Data(contentsOf: root.appendingPathComponent($0))
      return File(path: $0, text: String(decoding: bytes, as: UTF8.self))
    }
  }
}
