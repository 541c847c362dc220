import Foundation
import Testing

/// The pages for officers are run as they stand; `SPRIDA_WRITE_PAGES=1` writes what was printed.
@Suite(.timeLimit(.minutes(5))) struct PageTests {
  private static let isWriting =
    ProcessInfo.processInfo.environment["SPRIDA_WRITE_PAGES"] == "1"

  private static let codes = [
    "lerum": "kommun:1441", "kiruna": "kommun:2584", "lund": "kommun:1281", "ale": "kommun:1440",
  ]

  @Test func `there is a page for each task of an officer's day`() throws {
    #expect(try CommandPage.all().count >= 8)
  }

  @Test(arguments: try CommandPage.all())
  func `what a page shows is what the commands print`(name: String) throws {
    var page = try CommandPage(name)
    #expect(page.steps.count > 3, "the page is read as it looks")
    let region = try Self.region(for: page.nodes)
    let folder = region.folder.appendingPathComponent("sida")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in page.files {
      try file.text.write(
        to: folder.appendingPathComponent(file.name), atomically: true, encoding: .utf8)
    }
    var names: [String: String] = [:]
    var outputs: [[String]] = []
    for step in page.steps {
      let command = names.reduce(step.command) {
        $0.replacingOccurrences(of: "<\($1.key)>", with: $1.value)
      }
      let actual = try Self.run(command, on: step.node, in: region, folder)
      outputs.append(actual)
      let expected = page.expected(step)
      let isAsShown = CommandPage.matches(actual[...], expected[...], &names)
      if Self.isWriting {
        Self.learn(from: actual, expected, &names)
      } else {
        try #require(
          isAsShown,
          "\(name): \(step.node)$ \(step.command)\n\(actual.joined(separator: "\n"))")
      }
    }
    if Self.isWriting { try page.replace(outputs, names) }
  }

  /// The ids that lines of a page name, though others may be as they were not expected.
  private static func learn(
    from actual: [String], _ expected: [String], _ names: inout [String: String]
  ) {
    var printed = actual[...]
    for line in expected where line.contains("<") {
      while let next = printed.popFirst() {
        if CommandPage.matches([next], [line], &names) { break }
      }
    }
  }

  /// The council and the municipalities whose shells a page uses; `lerum2` is Lerum's second device.
  private static func region(for nodes: [String]) throws -> TestRegion {
    let region = try TestRegion()
    for name in codes.keys.sorted() where nodes.contains(where: { $0.hasPrefix(name) }) {
      try region.join(name, try #require(codes[name]))
    }
    for name in nodes where name.hasSuffix("2") {
      try region.enrol(name, of: String(name.dropLast()))
    }
    return region
  }

  private static func run(
    _ command: String, on node: String, in region: TestRegion, _ folder: URL
  ) throws -> [String] {
    let bin = Program.url.deletingLastPathComponent().path
    let result = try Program.shell(
      "cd '\(folder.path)' && { \(command)\n} 2>&1", [],
      environment: [
        "PATH": "\(bin):/usr/bin:/bin", "SPRIDA_DIRECTORY": region.node(node).path,
        "LINK": region.link,
      ])
    var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
    if result.status != 0 { lines.append("[\(result.status)]") }
    return lines
  }
}
