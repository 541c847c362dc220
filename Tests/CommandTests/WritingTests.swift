import Foundation
import Node
import Testing

/// Writing in an editor, on a terminal; the editor is a script.
@Suite(.ownThread, .timeLimit(.minutes(5)), .enabled(if: TestTerminal.isHere))
struct WritingTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
  }

  /// An editor that does what the lines of shell say with the file `$1`.
  private func editor(_ lines: String) throws -> [String: String] {
    let file = region.folder.appendingPathComponent("editor-\(UUID().uuidString).sh")
    try "set -e\n\(lines)\n".write(to: file, atomically: true, encoding: .utf8)
    return ["EDITOR": "/bin/sh '\(file.path)'"]
  }

  private func session(
    _ arguments: String, _ answers: [(String, String)], _ environment: [String: String]
  ) throws -> String {
    try TestTerminal.session(
      TestTerminal.sprida(arguments, in: region.node("lerum")),
      answers.map { (prompt: $0.0, answer: $0.1) }, environment: environment)
  }

  private func drafts() throws -> [String] {
    try NodeDirectory.open(region.node("lerum").path).drafts
  }

  private static let fillInTip = """
    sed -i -e 's/^Titel:.*/Titel: Digital brevlåda/' -e 's/^Områden:.*/Områden: [Digitalisering]/' "$1"
    echo 'Medarbetare lämnar förslag digitalt.' >> "$1"
    """

  @Test func `a tip is three blanks, is seen before it is published, and grows under its id`()
    throws
  {
    _ = try region.publish("lerum", TestRegion.document("Något äldre"))
    let text = try session("new tips", [("Publicera?", "ja\n")], try editor(Self.fillInTip))
    #expect(text.contains("Så här ser andra det:"))
    #expect(text.contains("# Digital brevlåda") && text.contains("Områden: Digitalisering"))
    #expect(text.contains("Kontakt: innovation@kommun.example") && text.contains("utkast"))
    #expect(try drafts() == [])
    let listed = try #require(
      try region.run("lerum", "list", "--kind", "tip", "--json").json as? [[String: Any]])
    let tip = try #require(listed.first?["record"] as? String)
    #expect(listed.count == 1 && text.contains("Publicerat: \(tip)"))

    try region.join("kiruna", "kommun:2584")
    try region.run("lerum", "sync")
    try region.run("kiruna", "sync")
    try region.run("kiruna", "adopt", tip, "--state", "INTERESTED")
    try region.run("kiruna", "sync")
    try region.run("lerum", "edit", tip, "--set", "kind=practice")
    try region.run("lerum", "sync")
    let shown = try region.run("lerum", "show", tip).output
    #expect(shown.contains("Typ: Praktik") && shown.contains("Intresserad (1): Kiruna kommun"))
  }

  @Test func `what cannot be published is told with its line, stays as a draft, and goes on`()
    throws
  {
    let wrong = try editor(
      Self.fillInTip + "\nsed -i 's/Digitalisering/Digitalisring/' \"$1\"\nchmod 644 \"$1\"")
    let text = try session("new tip", [("Öppna igen?", "nej\n")], wrong)
    #expect(
      text.contains("Områden (themes[1]): hittade \"Digitalisring\"")
        && text.contains("menade du DIGI?"))
    #expect(text.firstMatch(of: #/tip-1\.md:\d+: /#) != nil)
    #expect(text.contains("sprida new --continue tip-1"))
    #expect(try drafts() == ["tip-1"])
    let path = try NodeDirectory.open(region.node("lerum").path).draftPath("tip-1")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
    #expect(try region.run("lerum", "new").output.contains("sprida new --continue tip-1"))

    let right = try editor(
      "sed -i -e 's/Digitalisring/Digitalisering/' -e 's/^Kontakt:.*/Kontakt: a@lerum.example/' \"$1\""
    )
    let again = try session("new --continue", [("Publicera?", "ja\n")], right)
    #expect(again.contains("Publicerat:"))
    #expect(try drafts() == [])
  }

  @Test func `an editor that does not write utf-8 is told so, and what it wrote stays`() throws {
    let latin = try editor(Self.fillInTip + "\nprintf 'Sm\\366rg\\345s.\\n' >> \"$1\"")
    let text = try session("new tip", [("Öppna igen?", "nej\n")], latin)
    #expect(text.contains("tip-1.md är inte text i UTF-8"), "\(text)")
    #expect(try drafts() == ["tip-1"])
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
  }

  @Test func `an untouched template leaves nothing behind`() throws {
    #expect(try session("new tip", [], try editor("true")).contains("Inget skrevs."))
    #expect(try drafts() == [])
  }

  @Test func `nothing of a draft, not even its contact, is signed before somebody says yes`() throws
  {
    let text = Self.fillInTip + "\nsed -i 's/^Kontakt:.*/Kontakt: ny@lerum.example/' \"$1\""
    let seen = try session("new tip", [("Publicera?", "nej\n")], try editor(text))
    #expect(seen.contains("Kontakt: ny@lerum.example"))
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
    #expect(try region.run("lerum", "list", "--family", "contact").output.contains("Inga poster"))
    #expect(try drafts() == ["tip-1"])
  }

  @Test func `without an editor the draft is there, with what to do`() throws {
    let text = try TestTerminal.session(
      "PATH=/nonexistent " + TestTerminal.sprida("new tip", in: region.node("lerum")), [])
    #expect(text.contains("EDITOR") && text.contains("drafts/tip-1.md"))
    #expect(try drafts() == ["tip-1"])
  }

  @Test func `an edit shows each field before and after, and a long text by paragraphs`() throws {
    let record = try region.publish(
      "lerum", TestRegion.document("Före") + "\n\n## Lärdomar\n\nFörsta.\n\nAndra.\n\nTredje.\n")
    let text = try session(
      "edit \(record)", [("Publicera?", "ja\n")],
      try editor(
        """
        grep -q '^Skede: IDEA' "$1"
        sed -i -e 's/^# Före/# Efter/' -e 's/^Skede:.*/Skede: Förstudie/' -e 's/^Andra\\./Andra!/' "$1"
        """))
    #expect(text.contains("Detta ändras:"))
    #expect(text.contains("Titel: Före → Efter") && text.contains("Skede: Idé → Förstudie"))
    #expect(text.contains("− Andra.") && text.contains("+ Andra!") && !text.contains("− Första."))
    #expect(try drafts() == [])
    let shown = try region.run("lerum", "show", record).output
    #expect(shown.contains("# Efter") && shown.contains("Andra!"))
  }

  @Test func `what has come while somebody was writing is not overwritten but in conflict`() throws
  {
    let record = try region.publish("lerum", TestRegion.document("Före"))
    let other = TestTerminal.sprida(
      "edit \(record) --set 'title=Den andra'", in: region.node("lerum"))
    let mine = try editor("\(other)\nsed -i 's/^# Före/# Min/' \"$1\"")
    #expect(try session("edit \(record)", [("Publicera?", "ja\n")], mine).contains("Ändrat:"))
    let conflicts = try region.run("lerum", "conflicts").output
    #expect(conflicts.contains("Den andra") && conflicts.contains("Min"))
  }

  @Test func `publish asks on a terminal, unless told not to`() throws {
    let file = region.folder.appendingPathComponent("praktik.md")
    try TestRegion.document("Titel").write(to: file, atomically: true, encoding: .utf8)
    let asked = try session("publish '\(file.path)'", [("Publicera?", "nej\n")], [:])
    #expect(asked.contains("# Titel") && asked.contains("Inget är publicerat."))
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
    #expect(try session("publish --yes '\(file.path)'", [], [:]).contains("Publicerat:"))
  }

  @Test func `without a terminal there is only the template, on standard output or in a new file`()
    throws
  {
    let printed = try region.run("lerum", "new", "rapport").output
    #expect(printed.hasPrefix("---\n") && printed.contains("Typ: report"))
    let file = region.folder.appendingPathComponent("tips.md")
    #expect(try region.run("lerum", "new", "tip", file.path).output.contains("sprida publish"))
    #expect(try String(contentsOf: file, encoding: .utf8).contains("Typ: tip"))
    #expect(try region.attempt("lerum", ["new", "tip", file.path]).status == 3)
    let unknown = try region.attempt("lerum", ["new", "tipp"])
    #expect(unknown.status == 3 && unknown.errors.contains("menade du tip?"))
    #expect(try region.attempt("lerum", ["edit", "abcd"]).status == 3)
  }

  @Test func `a comment names the version of the entry that was read`() throws {
    let record = try region.publish("lerum", TestRegion.document("Titel"))
    let comment = try region.publish(
      "lerum",
      "---\nfamily: comment\nexempel: \(record)\nfråga: ja\n---\nHur gick det?\n"
        .replacingOccurrences(of: "fråga", with: "Är en fråga"))
    let entry = try #require(
      try region.run("lerum", "show", record, "--json").json as? [String: Any])
    let version = try #require(entry["version"] as? String)
    #expect(try region.run("lerum", "show", comment, "--json").output.contains(version))
    let review = try region.attempt(
      "lerum", ["publish", "-"],
      input: """
        ---
        family: review
        entry: \(record)
        version: \(version)
        level: PEER
        decision: APPROVED
        ---
        Bra.
        """)
    #expect(review.status == 3 && review.errors.contains("sprida review"))
  }
}
