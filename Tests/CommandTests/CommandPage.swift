import Foundation

/// A page of `Examples/pages`: prose, and transcripts of a shell on some nodes.
///
/// A block marked with a language and a name is that file. In one marked `console`, a line `node$ command` is run by the shell of that node, and the
/// lines up to the next are what it prints. `…` stands for any text, on a line of its own for any
/// lines. `<name>` is an id: what stands there the first time is put in its place from then on.
struct CommandPage {
  struct Step {
    let node: String
    let command: String
    /// Where the output stands among the lines of the page.
    let output: Range<Int>
  }

  let name: String
  private(set) var lines: [String]
  private(set) var steps: [Step] = []
  /// In the order of the page, before any command.
  private(set) var files: [(name: String, text: String)] = []

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples/pages").standardizedFileURL

  static func all() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".md") }.sorted()
  }

  init(_ name: String) throws {
    self.name = name
    let text = try String(contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    read()
  }

  private mutating func read() {
    var isConsole = false
    var file: String?
    var open: (node: String, command: String, start: Int)?
    func close(at end: Int) {
      guard let step = open else { return }
      steps.append(Step(node: step.node, command: step.command, output: step.start..<end))
      open = nil
    }
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        close(at: index)
        isConsole = line == "```console"
        file = line.split(separator: " ").dropFirst().first.map(String.init)
        if let file { files.append((name: file, text: "")) }
      } else if file != nil {
        files[files.count - 1].text += line + "\n"
      } else if isConsole, let match = line.wholeMatch(of: /([a-z0-9]+)\$ (.+)/) {
        close(at: index)
        open = (String(match.1), String(match.2), index + 1)
      }
    }
  }

  /// The nodes whose shells are used.
  var nodes: [String] {
    steps.map(\.node).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  func expected(_ step: Step) -> [String] { Array(lines[step.output]) }

  /// Whether lines are what a page says, by way of `names`, which grows.
  static func matches(
    _ actual: ArraySlice<String>, _ expected: ArraySlice<String>, _ names: inout [String: String]
  ) -> Bool {
    guard let first = expected.first else { return actual.isEmpty }
    if first == "…" {
      return (0...actual.count).contains { skipped in
        matches(actual.dropFirst(skipped), expected.dropFirst(), &names)
      }
    }
    guard let line = actual.first else { return false }
    let before = names
    if match(line, first, &names), matches(actual.dropFirst(), expected.dropFirst(), &names) {
      return true
    }
    names = before
    return false
  }

  /// One line, in which `…` is any text and `<name>` an id.
  private static func match(
    _ line: String, _ pattern: String, _ names: inout [String: String]
  ) -> Bool {
    var expression = ""
    var captured: [String] = []
    var end = pattern.startIndex
    for token in pattern.matches(of: /… *|<([a-zåäö0-9]+)>/) {
      expression += escaped(pattern[end..<token.range.lowerBound])
      end = token.range.upperBound
      guard let name = token.1.map(String.init) else {
        // A column is as wide as what the page leaves open.
        expression += token.0 == "…" ? ".*" : ".* *"
        continue
      }
      if let known = names[name] {
        // A shorter form of an id is its beginning.
        expression += "(?:" + prefixes(of: known).joined(separator: "|") + ")"
      } else {
        expression += "([0-9a-f]{8,64})"
        captured.append(name)
      }
    }
    expression += escaped(pattern[end...])
    guard let regex = try? NSRegularExpression(pattern: "^\(expression)$"),
      let found = regex.firstMatch(
        in: line, range: NSRange(line.startIndex..., in: line))
    else { return false }
    for (index, name) in captured.enumerated() {
      guard let range = Range(found.range(at: index + 1), in: line) else { return false }
      names[name] = String(line[range])
    }
    return true
  }

  /// How wide a column is depends on what a page leaves open.
  private static func escaped(_ text: Substring) -> String {
    NSRegularExpression.escapedPattern(for: String(text)).replacing(#/ {2,}/#, with: " +")
  }

  /// The forms in which an id is printed, the longest first.
  private static func prefixes(of id: String) -> [String] {
    [id] + [16, 12, 8].filter { $0 < id.count }.map { String(id.prefix($0)) }
  }

  // MARK: - Writing

  /// The page with what was printed, ids by their names, and `…` for what differs each time.
  mutating func replace(_ outputs: [[String]], _ names: [String: String]) throws {
    for (step, output) in zip(steps, outputs).reversed() {
      lines.replaceSubrange(step.output, with: output.map { Self.general($0, names) })
    }
    try lines.joined(separator: "\n").write(
      to: Self.folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
  }

  private static func general(_ line: String, _ names: [String: String]) -> String {
    var line = line
    for (name, id) in names.sorted(by: { $0.key < $1.key }) {
      for form in prefixes(of: id) {
        line = line.replacingOccurrences(of: form, with: padded("<\(name)>", form.count))
      }
    }
    // As wide as it was where a column follows.
    return line.replacing(
      #/
      ( [0-9]{4}-[0-9]{2}-[0-9]{2} (\ [0-9]{2}:[0-9]{2})?
      | [0-9a-f]{8}\/[0-9a-f]{8}
      | [0-9a-f]{8,64}
      ) (?=\ \ )
      /#
    ) {
      padded("…", $0.output.0.count)
    }
    .replacing(/[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?|[0-9a-f]{8,64}/, with: "…")
    .replacing(/\/[^ ]*\/sida\/|127\.0\.0\.1:[0-9]+/, with: "…")
    .replacing(/[0-9\u{a0}]+ ms/, with: "… ms")
    .replacing(/[0-9]+ varv/, with: "… varv")
    .replacing(/[0-9\u{a0}]+ \+ [0-9\u{a0}]+ byte/, with: "… byte")
    .replacing(#/ +$/#, with: "")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
