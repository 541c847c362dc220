import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct InputTests {
  @Test func `an invalid entry is refused with file, line, what was found and what is expected`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let file = region.folder.appendingPathComponent("praktik.md")
    let text = TestRegion.document("Titel").replacingOccurrences(of: "IDEA", with: "IDÉ")
      .replacingOccurrences(of: "themes: [INNO]", with: "themes: [INNO, XYZ]")
    try text.write(to: file, atomically: true, encoding: .utf8)
    let result = try region.attempt("lerum", ["publish", file.path])
    #expect(result.status == 3)
    #expect(result.errors.contains("praktik.md:4"))
    #expect(result.errors.contains("XYZ"))
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
  }

  @Test func `a mistyped link names the checksum`() throws {
    let region = try TestRegion()
    var link = Array(region.link)
    link[link.count / 2] = link[link.count / 2] == "A" ? "B" : "A"
    let result = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", String(link)])
    #expect(result.status != 0)
    #expect(result.errors.contains("checksum"))
  }

  @Test func `a link that a mail client has broken and quoted is read`() throws {
    let region = try TestRegion()
    let quoted = region.link.enumerated().map { index, character in
      index % 60 == 59 ? "\(character)\n> " : "\(character)"
    }.joined()
    let result = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", quoted])
    #expect(result.status == 0, "\(result.errors)")
  }

  @Test func `a key that others can read is refused with the command that mends it`() throws {
    let region = try TestRegion()
    let key = region.node("council").appendingPathComponent("keys/node.key").path
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    let result = try region.attempt("council", ["sync"])
    #expect(result.status == 1)
    #expect(result.errors.contains("chmod 600"))
  }

  @Test func `a folder without a node says how to make one`() throws {
    let result = try Program.run(["list", "-d", "/nonexistent/node"])
    #expect(result.status == 1)
    #expect(result.errors.contains("sprida init"))
  }

  @Test func `an organisation is admitted once`() throws {
    let region = try TestRegion()
    let made = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", region.link, "--json"])
    let request = try #require((made.json as? [String: String])?["request"])
    try region.run("council", "admit", request)
    let again = try region.attempt("council", ["admit", request])
    #expect(again.status == 3)
    #expect(again.errors.contains("redan antagen"))
  }

  @Test func `an officer cannot edit another organisation's record`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    let record = try region.publish("lerum", TestRegion.document("Lerums"))
    try region.run("lerum", "sync")
    try region.run("kiruna", "sync")
    let result = try region.attempt("kiruna", ["edit", record, "--set", "title=Vår nu"])
    #expect(result.status == 3)
    #expect(result.errors.contains("adopt"))
  }

  @Test func `an edit by file ships what differs and the editable form round-trips`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Titel"))
    let markdown = try region.run("lerum", "show", record, "--markdown").output
    #expect(try region.run("lerum", "edit", record, "-", input: markdown).output.contains("Inget"))
    let edited = markdown.replacingOccurrences(of: "IDEA", with: "PILOT")
    #expect(try region.run("lerum", "edit", record, "-", input: edited).output.contains("Ändrat"))
    #expect(try region.run("lerum", "list", "--stage", "PILOT").output.contains("Titel"))
  }

  @Test func `a field that every entry needs cannot be cleared`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Titel"))
    let result = try region.attempt("lerum", ["edit", record, "--set", "title="])
    #expect(result.status == 3)
    #expect(result.errors.contains("title"))
    #expect(try region.run("lerum", "list").output.contains("Titel"))
  }

  @Test func `a filter takes a code or its label and refuses what is neither`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", TestRegion.document("Titel"))
    for theme in ["INNO", "inno", "Innovationsförmåga"] {
      #expect(try region.run("lerum", "list", "--theme", theme).output.contains("Titel"))
    }
    let refused = try region.attempt("lerum", ["list", "--theme", "XYZ"])
    #expect(refused.status == 3)
    #expect(refused.errors.contains("INNO"))
  }

  @Test func `english is spoken when the locale asks for it`() throws {
    let result = try Program.run(["list", "-d", "/nonexistent"], locale: "C.UTF-8")
    #expect(result.errors.contains("holds no node"))
    let help = try Program.run(["--help"], locale: "C.UTF-8")
    #expect(help.status == 0)
    #expect(help.output.contains("Exit codes"))
  }
}
