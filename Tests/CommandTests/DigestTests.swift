import Foundation
import Testing

/// `digest`: what is new since last time.
@Suite(.timeLimit(.minutes(5))) struct DigestTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
  }

  private func sync() throws {
    for node in ["lerum", "kiruna", "lerum"] { try region.run(node, "sync") }
  }

  private func digest(_ arguments: String...) throws -> String {
    let result = try region.attempt("lerum", ["digest"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  private func json(_ arguments: String...) throws -> [String: Any] {
    let result = try region.attempt("lerum", ["digest", "--json"] + arguments)
    return try #require(result.json as? [String: Any], "\(result.errors)")
  }

  @Test func `news is shown once, and as often as one likes with --peek or --since`() throws {
    #expect(try digest().contains("Inget nytt."))
    _ = try region.publish("kiruna", TestRegion.document("Rymdskola", theme: "EDUC"))
    try sync()
    for arguments in [["--peek"], ["--peek"], ["--since", "weekly"], ["--since", "2020-01-01"]] {
      let result = try region.attempt("lerum", ["digest"] + arguments)
      #expect(result.output.contains("Nya exempel: 1"), "\(arguments) \(result.errors)")
      #expect(result.output.contains("Rymdskola") && result.output.contains("Kiruna kommun"))
    }
    #expect(try digest().contains("Rymdskola"))
    #expect(try digest().contains("Inget nytt."))
    #expect(try region.attempt("kiruna", ["digest", "--peek"]).output.contains("Inget nytt."))
    #expect(try region.attempt("lerum", ["digest", "--since", "igår"]).status == 3)
  }

  @Test func `news is about the themes of one's own entries, unless others are chosen`() throws {
    let own = try region.publish("lerum", TestRegion.document("Egen", theme: "INNO"))
    _ = try region.publish("kiruna", TestRegion.document("Rymdskola", theme: "EDUC"))
    let near = try region.publish("kiruna", TestRegion.document("Idéråd", theme: "INNO"))
    try sync()
    #expect(try titles(json("--peek"), "created") == ["Idéråd"])
    #expect(try titles(json("--peek", "--theme", "skola"), "created") == ["Rymdskola"])
    #expect(try titles(json(), "created") == ["Idéråd"])
    try region.run("kiruna", "edit", near, "--set", "stage=PILOT", "--set", "status=ONGOING")
    try region.run("kiruna", "adopt", own, "--state", "TRIAL")
    try sync()
    let news = try json("--peek")
    #expect(try titles(news, "created").isEmpty && titles(news, "edited") == ["Idéråd"])
    let said = (news["about_own"] as? [String: [String: Any]])?["adoption"]
    #expect(said?["created_count"] as? Int == 1)
    let text = try digest()
    #expect(text.contains("Om era exempel (övertagande): 1"))
    #expect(text.contains("Kiruna kommun") && text.contains("Egen"))
  }

  private func titles(_ news: [String: Any], _ kind: String) throws -> [String] {
    let entries = try #require(news["entries"] as? [String: Any])
    return try #require(entries[kind] as? [[String: Any]]).compactMap { $0["title"] as? String }
  }

  @Test func `an entry confirmed a year ago is to be confirmed, the oldest first`() throws {
    for (title, day) in [("Äldre", "2020-02-29"), ("Nyare", "2021-03"), ("Färsk", nil)] {
      let record = try region.publish("lerum", TestRegion.document(title))
      if let day { try region.run("lerum", "edit", record, "--set", "confirmed_at=\(day)") }
    }
    let due = try #require(try json()["due"] as? [[String: Any]])
    #expect(due.map { $0["title"] as? String } == ["Äldre", "Nyare"])
    #expect(due.map { $0["due"] as? String } == ["2021-02-28", "2022-03-31"])
    #expect(try digest("--peek").contains("Att bekräfta: 2"))
  }

  @Test func `the page for managers fits a screen and leaves what is read as it is`() throws {
    let own = try region.publish("lerum", TestRegion.document("Egen"))
    for index in 0..<6 { _ = try region.publish("kiruna", TestRegion.document("Nummer \(index)")) }
    try sync()
    try region.run("kiruna", "adopt", own, "--state", "ADAPTED", "--changed", "Något")
    try sync()
    let page = try digest("--monthly")
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 24)
    #expect(page.contains("7  nya exempel") && page.contains("1  nya övertaganden"))
    #expect(page.contains("Innovationsförmåga 7") && page.contains("Egen"))
    #expect(try json("--monthly")["entries_created"] as? Int == 7)
    #expect(try json("--peek")["themes"] as? [String] == ["INNO"])
    #expect(try digest().contains("Nya exempel: 6"), "nothing of it counts as read")
  }
}
