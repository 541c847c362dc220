import Foundation
import Node
import Testing

/// Two officers of one organisation who could not see each other's edits.
@Suite(.ownThread, .timeLimit(.minutes(5)))
struct ResolveTests {
  private let region: TestRegion
  private let record: String
  private static let text = "Första.\n\nAndra.\n\nTredje."

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    record = try region.publish(
      "lerum", TestRegion.document("Före") + "\n\n## Lärdomar\n\n\(Self.text)\n")
    for name in ["lerum", "laptop"] { try region.run(name, "sync") }
  }

  /// Edits the title and the lessons on both nodes, and lets them meet.
  private func disagree(_ first: (String, String), _ second: (String, String)) throws {
    for (name, (title, lessons)) in [("lerum", first), ("laptop", second)] {
      let markdown = try region.run(name, "show", record, "--markdown").output
      let edited = markdown.replacingOccurrences(of: "# Före", with: "# \(title)")
        .replacingOccurrences(of: Self.text, with: lessons)
      try region.run(name, "edit", record, "-", input: edited)
    }
    for name in ["lerum", "laptop", "lerum"] { try region.run(name, "sync") }
  }

  private func shown() throws -> String { try region.run("lerum", "show", record).output }

  /// A command with an editor that does what the lines of shell say with the file `$1`.
  private func edit(_ lines: String, _ arguments: [String]) throws -> Program.Result {
    let file = region.folder.appendingPathComponent("editor.sh")
    try "set -e\n\(lines)\n".write(to: file, atomically: true, encoding: .utf8)
    return try Program.shell(
      "exec \"$0\" \"$@\"", arguments + ["-d", region.node("lerum").path],
      environment: ["EDITOR": "/bin/sh '\(file.path)'"])
  }

  @Test func `a conflict names when, and by whose key each value was written`() throws {
    try disagree(("Nodens", Self.text), ("Datorns", Self.text))
    let output = try region.run("lerum", "conflicts").output
    let keys = try ["lerum", "laptop"].map { try region.officer($0).prefix(8) }
    for (key, title) in zip(keys, ["Nodens", "Datorns"]) {
      #expect(
        output.split(separator: "\n").contains {
          $0.contains("“\(title)”") && $0.contains("Lerums kommun, handläggare \(key)")
        }, "\(output)")
    }
  }

  @Test func `edits of different paragraphs need only be looked at`() throws {
    try disagree(("Före", "Första!\n\nAndra.\n\nTredje."), ("Före", "Första.\n\nAndra.\n\nTredje!"))
    let result = try edit("! grep '<<<<' \"$1\"", ["resolve", record, "lessons", "--merge"])
    #expect(result.status == 0, "\(result.errors)")
    let text = try shown()
    #expect(text.contains("Första!") && text.contains("Tredje!") && !text.contains("onflikt"))
    #expect(try NodeDirectory.open(region.node("lerum").path).drafts == [])
  }

  @Test func `one paragraph that both have changed is marked, and marks are not published`() throws
  {
    try disagree(
      ("Före", "Första!\n\nAndra från noden.\n\nTredje."),
      ("Före", "Första.\n\nAndra från datorn.\n\nTredje."))
    let left = try edit("true", ["resolve", record, "lessons", "--merge"])
    #expect(left.status == 3 && left.errors.contains("<<<<<<<"))
    #expect(try region.run("lerum", "conflicts").output.contains("lessons"))
    let result = try edit(
      """
      grep -q '^||||||| före' "$1"
      printf 'Första!\\n\\nAndra från båda.\\n\\nTredje.\\n' > "$1"
      """, ["resolve", record, "lessons", "--merge"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try shown().contains("Andra från båda."))
    #expect(try region.run("lerum", "conflicts").output.contains("Inga konflikter"))
  }

  @Test func `several fields, or all conflicts, are ended in one operation a record`() throws {
    try disagree(("Nodens", Self.text + "!"), ("Datorns", Self.text + "?"))
    let operations = try region.status("lerum")["operations"] as? Int
    try region.run("lerum", "resolve", "--all", "--take", "newest")
    #expect(try region.status("lerum")["operations"] as? Int == operations.map { $0 + 1 })
    #expect(try region.run("lerum", "conflicts").output.contains("Inga konflikter"))
    #expect(try shown().contains("# Datorns"))
  }

  @Test func `without a terminal somebody has to say how`() throws {
    try disagree(("Nodens", Self.text), ("Datorns", Self.text))
    let unsaid = try region.attempt("lerum", ["resolve", record])
    #expect(unsaid.status == 3 && unsaid.errors.contains("--take"))
    #expect(try region.attempt("lerum", ["resolve", record, "title", "--take", "3"]).status == 3)
    #expect(try region.attempt("lerum", ["resolve", record, "summary", "--take", "1"]).status == 3)
    try region.run("lerum", "resolve", record, "title", "--value", "Bådas")
    #expect(try shown().contains("# Bådas"))
  }

  @Test(.enabled(if: TestTerminal.isHere))
  func `on a terminal each field is asked about`() throws {
    try disagree(("Nodens", Self.text + "!"), ("Datorns", Self.text + "?"))
    let text = try TestTerminal.session(
      TestTerminal.sprida("resolve \(record)", in: region.node("lerum")),
      [("Vilket gäller?", "s\n"), ("Vilket gäller?", "2\n")])
    #expect(text.contains("title är avgjord") && !text.contains("lessons är avgjord"))
    #expect(try shown().contains("# Nodens"))
    #expect(try region.run("lerum", "conflicts").output.contains("lessons 2"))
  }
}
