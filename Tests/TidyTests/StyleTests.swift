import Foundation
import TestSupport
import Testing

@Suite struct StyleTests {
  private static let sourceLinesMax = 400
  private static let testLinesMax = 500

  @Test func `no source traps on purpose or leaves work undone`() throws {
    let forbidden = ["try!", "fatalError(", "TODO", "FIXME", "XXX", "as!", "nonisolated(unsafe)"]
    for file in try SourceFile.swift(under: "Sources") {
      for (index, line) in file.lines.enumerated() {
        for word in forbidden where line.contains(word) {
          Issue.record("\(file.path):\(index + 1) has \(word)")
        }
      }
    }
  }

  @Test func `a file holds one idea`() throws {
    for file in try SourceFile.swift(under: "Sources") {
      #expect(file.lines.count <= Self.sourceLinesMax, "\(file.path): \(file.lines.count) lines")
    }
    for file in try SourceFile.swift(under: "Tests") {
      #expect(file.lines.count <= Self.testLinesMax, "\(file.path): \(file.lines.count) lines")
    }
  }

  @Test func `unchecked sendability stands only where keys and channels are wrapped`() throws {
    let files = try SourceFile.swift(under: "Sources").filter { file in
      file.lines.contains { $0.contains("@unchecked Sendable") && !$0.trimmed.hasPrefix("//") }
    }
    #expect(Set(files.map(\.target)).isSubset(of: ["Signatures", "PeerTransport"]))
  }

  @Test func `the top level holds the agreed folders and no more`() throws {
    let root = ProtocolFiles.projectRoot
    let visible = try FileManager.default.contentsOfDirectory(atPath: root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(
      Set(visible) == ["Package.swift", "Sources", "Tests", "Protocol", "Examples", "README.md"])
  }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
