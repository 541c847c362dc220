import Foundation
import TestSupport
import Testing

/// The catalogue as pages, in a browser.
@Suite(.ownThread, .timeLimit(.minutes(10))) struct SiteTests {
  private static let python = ProcessInfo.processInfo.environment["SPRIDA_PYTHON"]
  private static let chromium = "/usr/bin/chromium"
  private static let hostile =
    "<script>document.title='HIT'</script><img src=x onerror=\"document.title='HIT'\"><svg onload=a()>"
    // Marks that join with what stands before or after them.
    + " \u{d4e}<meta http-equiv=refresh content=0> \u{600}<b> \"\u{301}>"

  private let region: TestRegion
  private let folder: String

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    folder = region.folder.appendingPathComponent("site").path
  }

  private func export(_ node: String = "council") throws {
    try region.run(
      node, "export", "--to", folder, "--base-url", "https://exempel.rad.example/", "--mailbox",
      "innovation@rad.example", "--number", "2120001447")
  }

  private func page(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  /// The page of a record: its name is a hash of the record's key.
  private func entryPage(_ record: String, _ language: String = "") throws -> String? {
    let entries = folder + "/" + language + "entry"
    return try FileManager.default.contentsOfDirectory(atPath: entries).lazy
      .map { language + "entry/" + $0 }.first { try page($0).contains("<code>\(record)</code>") }
  }

  private func publishAll() throws -> String {
    try region.publishSeed()
    let record = try region.publish(
      "lerum",
      """
      ---
      kind: practice
      title: '\(Self.hostile.replacingOccurrences(of: "'", with: "''"))'
      themes: [INNO]
      stage: PILOT
      contact_ref: a@b.se
      links: [{url: "https://example.se/?a=1&b=<2>", label: "\\"><b>fet</b>"}]
      effects: [{indicator: "<i>väntetid</i>", before: "10", after: "5", unit: dagar, period: "2025", method: räkning}]
      ---

      \(Self.hostile)

      ## Lärdomar

      \(Self.hostile)
      """)
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    try region.run("kiruna", "adopt", record, "--state", "TRIAL")
    try region.run("kiruna", "sync")
    return record
  }

  /// Pages that only a server makes, beside the others.
  private func saveAnswers() throws {
    let server = try Server(
      region.node("council"), command: ["web", "--base-url", "https://exempel.rad.example/"])
    for (name, address) in [
      ("all", "search?q="), ("found", "en/search?q=script"), ("narrowed", "search?themes=INNO"),
      ("none", "search?q=finnsinte"), ("missing", "finns-inte"),
    ] {
      let answer = try Program.shell(
        "curl -s \"$1\"", ["http://127.0.0.1:\(server.port)/\(address)"])
      #expect(answer.output.contains("</html>"), "\(address)")
      try answer.output.replacing("../style.css", with: "style.css").write(
        toFile: folder + "/live-\(name).html", atomically: true, encoding: .utf8)
    }
    #expect(server.stop() == 0)
  }

  @Test(.enabled(if: python != nil, "needs SPRIDA_PYTHON"))
  func `a browser shows every page on a phone and on a desk without a fault against WCAG`() throws {
    #expect(FileManager.default.fileExists(atPath: Self.chromium), "Tests/run installs Chromium")
    _ = try publishAll()
    try export()
    try saveAnswers()
    let check = try Program.shell(
      "\"$1\" \"$2\" \"$3\"",
      [
        try #require(Self.python),
        ProtocolFiles.projectRoot.appendingPathComponent("Tests/Foreign/pages.py").path, folder,
      ])
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }

  @Test func `a page says what an entry says, who, how it was reviewed, and who adopted it`() throws
  {
    let record = try publishAll()
    try export()
    let path = try #require(try entryPage(record))
    let entry = try page(path)
    for text in [
      "Lerums kommun", "Egendeklarerad", "Bekräftat: aldrig", "Lärdomar", "&lt;script&gt;",
      "Kiruna kommun: Prövar", "Pilot", record, "&lt;i&gt;väntetid&lt;/i&gt;",
    ] {
      #expect(entry.contains(text), "\(text)")
    }
    #expect(!entry.contains("<meta http-equiv=refresh") && !entry.contains("<b>"))
    let english = try page("en/" + path)
    #expect(english.contains("Self-declared") && english.contains("lang=\"sv\""))
    #expect(try page("organisation/kommun-1441.html").contains(path))
    #expect(try page("theme/INNO.html").contains(path))
    let funnel = try page("report/themes.html")
    #expect(funnel.contains("<svg role=\"img\" aria-label=\"Områden och skeden: Alla."))
    #expect(funnel.contains("Frågeversion 1"))
    #expect(funnel.contains("Egendeklarerad 61"))
  }

  @Test func `two nodes of one set write the same pages, and none of what has been withdrawn`()
    throws
  {
    let record = try publishAll()
    try region.run("lerum", "sync")
    func contents() throws -> [String: Data] {
      let names = try FileManager.default.subpathsOfDirectory(atPath: folder)
      return Dictionary(
        uniqueKeysWithValues: names.filter { $0.hasSuffix(".html") }.map {
          ($0, FileManager.default.contents(atPath: folder + "/" + $0) ?? Data())
        })
    }
    try export("lerum")
    let first = try contents()
    try FileManager.default.removeItem(atPath: folder)
    try export("kiruna")
    // Who publishes the site is named in the accessibility statement alone.
    let differing = try contents().filter { first[$0.key] != $0.value }.keys
    #expect(Set(differing) == ["accessibility.html", "en/accessibility.html"])
    let path = try #require(try entryPage(record))
    #expect(first[path] != nil)
    // What somebody else has put there stays.
    let own = folder + "/report/arsrapport.html"
    try "Vår egen".write(toFile: own, atomically: true, encoding: .utf8)
    try region.run("lerum", "withdraw", record, "--reason", "Fel")
    try region.run("lerum", "sync")
    try region.run("kiruna", "sync")
    try export("kiruna")
    #expect(try contents()[path] == nil)
    #expect(try page("entries.html").contains(path) == false)
    #expect(FileManager.default.fileExists(atPath: own))
  }
}
