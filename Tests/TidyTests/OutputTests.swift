import Testing

@Suite struct OutputTests {
  /// Where text leaves the command line; each of these spells out what could act on a terminal, or
  /// writes bytes that are meant for a file.
  private static let edges: [String: [String]] = [
    "Sources/sprida/Console.swift": [
      "print(", "StandardStreams.writeError(", "StandardStreams.write(",
    ],
    "Sources/sprida/LineLogHandler.swift": ["StandardStreams.writeError("],
    "Sources/sprida/Progress.swift": ["StandardStreams.write("],
    "Sources/sprida/Sprida.swift": ["StandardStreams.writeError(", "StandardStreams.write("],
    // Prompts, which the caller has put together.
    "Sources/sprida/Terminal.swift": ["StandardStreams.write("],
    // What another program reads.
    "Sources/sprida/ChildProcess.swift": ["StandardStreams.write("],
    // The editable form and the signed bytes.
    "Sources/sprida/Commands/Reading.swift": ["StandardStreams.write("],
    // The lines as they stand in the file, which holds nobody else's words.
    "Sources/sprida/Commands/AuditCommand.swift": ["StandardStreams.write("],
    // The address on which `serve` listens.
    "Sources/sprida/Commands/SyncCommands.swift": ["StandardStreams.write("],
  ]
  private static let calls = [
    "print(", "StandardStreams.write(", "StandardStreams.writeError(", "fputs(", "printf(",
    "FileHandle",
  ]

  @Test func `no command prints but through the edges that spell out foreign text`() throws {
    for file in try SourceFile.swift(under: "Sources/sprida") {
      for (index, line) in file.lines.enumerated() where !line.trimmed.hasPrefix("//") {
        let here = Self.calls.filter { call in
          line.firstRange(of: call).map { !Self.isPartOfName(line, $0.lowerBound) } ?? false
        }
        for call in here where Self.edges[file.path]?.contains(call) != true {
          Issue.record("\(file.path):\(index + 1) calls \(call); console.show or Told is the way")
        }
      }
    }
  }

  @Test func `every named edge exists`() throws {
    let files = Dictionary(
      uniqueKeysWithValues: try SourceFile.swift(under: "Sources/sprida").map { ($0.path, $0) })
    for (path, calls) in Self.edges {
      for call in calls {
        #expect(files[path]?.lines.contains { $0.contains(call) } == true, "\(path): \(call)")
      }
    }
  }

  /// `RecordList.print(` and `func print(` are ours.
  private static func isPartOfName(_ line: String, _ start: String.Index) -> Bool {
    let before = line[..<start]
    if before.hasSuffix("Swift.") { return false }
    return before.hasSuffix(".") || before.hasSuffix("func ")
      || before.last.map { $0.isLetter || $0 == "_" } == true
  }
}
