import Foundation
import Testing
import WireFormat

/// The right to be forgotten, as people type it, across a region.
@Suite(.timeLimit(.minutes(5))) struct ErasureCommandTests {
  private static func region() throws -> TestRegion {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    return region
  }

  /// `grep -a` over every file of every node's directory.
  private static func found(_ text: String, _ region: TestRegion) throws -> [String] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: region.folder.path)
    return files.filter { file in
      let url = region.folder.appendingPathComponent(file)
      return (try? Data(contentsOf: url))?.firstRange(of: Data(text.utf8)) != nil
    }
  }

  @Test func `after an erasure no file of any node holds the erased bytes, and all say so`() throws
  {
    let region = try Self.region()
    let secret = "Hemlighetsfulla Svensson"
    let record = try region.publish("lerum", TestRegion.document("Kontakta \(secret)"))
    try region.run("lerum", "edit", record, "--set", "title=Utan namn")
    let kept = try region.publish("lerum", TestRegion.document("Något helt annat"))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    for name in ["lerum", "kiruna", "council"] {
      try region.run(name, "search", "annat")
      #expect(try region.run(name, "show", record).output.contains("Utan namn"))
    }
    #expect(try !Self.found(secret, region).isEmpty)

    let ordered = try region.run(
      "lerum", "erase", record, "--basis", "GDPR17", "--with", "root", "--yes")
    #expect(ordered.output.contains("ingen ångertid"))
    let order = try #require(
      (try region.run("lerum", "erasures", "--json").json as? [[String: Any]])?.first)
    let late = try region.attempt(
      "lerum", ["erase", "--cancel", try #require(order["order"] as? String), "--yes"])
    #expect(late.status == 1 && late.errors.contains("går inte att återta"))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try Self.found(secret, region) == [])
    #expect(try Self.found("Hemlighetsfulla", region) == [])
    #expect(try Self.found("hemlighetsfulla", region) == [])
    for name in ["lerum", "kiruna", "council"] {
      #expect(try region.run(name, "show", record).output.contains("(raderat)"), "\(name)")
      #expect(try region.run(name, "show", kept).output.contains("Något helt annat"))
    }
    // Each server has signed what it has done; the next meetings tell everybody.
    for name in ["lerum", "kiruna", "lerum"] { try region.run(name, "sync") }
    for name in ["lerum", "kiruna", "council"] {
      let erasures = try region.run(name, "erasures").output
      #expect(erasures.contains("klart hos 3 av 3"), "\(name): \(erasures)")
    }
    #expect(try region.run("kiruna", "audit", "--kind", "order").output.contains("event=done"))
  }

  @Test func `what only other nodes hold of a record is erased with it`() throws {
    let region = try Self.region()
    try region.enrol("laptop", of: "lerum")
    let honest = try region.publish("laptop", TestRegion.document("Före stölden"))
    for name in ["laptop", "lerum"] { try region.run(name, "sync") }
    let secret = "Hemlighetsfulla Svensson"
    try region.run("laptop", "edit", honest, "--set", "title=\(secret)")
    try region.run("laptop", "sync")
    // Lerum has never seen what the thief wrote, and what lies outside the cut reaches it no more.
    let key = try region.officer("laptop")
    try region.run("lerum", "key", "revoke", key, "--yes")
    for name in ["lerum", "laptop"] { try region.run(name, "sync") }
    #expect(
      try Self.found(secret, region).map { String($0.prefix { $0 != "/" }) }.contains("council"))
    #expect(try !Self.found(secret, region).contains { $0.hasPrefix("lerum/") })
    let ordered = try region.run(
      "lerum", "erase", honest, "--basis", "GDPR17", "--with", "root", "--yes")
    #expect(ordered.output.contains("allt som sägs och kommer att sägas i 1 post."))
    #expect(ordered.output.contains("raderar 1 post\n"))
    for name in ["lerum", "laptop", "kiruna"] { try region.run(name, "sync") }
    #expect(try Self.found(secret, region) == [])
    for name in ["lerum", "council", "kiruna"] {
      #expect(try region.run(name, "show", honest).output.contains("(raderat)"), "\(name)")
    }
    let states = try region.run("lerum", "erasures", "--json").json as? [[String: Any]]
    #expect(states?.first?["records"] as? [String] == [honest])
    let edit = try region.attempt("lerum", ["edit", honest, "--set", "title=Nytt"])
    #expect(edit.status == 1 && edit.errors.contains("publicera en ny post"), "\(edit.errors)")
    let again = try region.attempt("lerum", ["erase", honest, "--basis", "GDPR17", "--yes"])
    #expect(again.status == 3 && again.errors.contains("inget att radera"))
  }

  @Test func `an admin's order hides at once, can be taken back, and waits 72 hours`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Ångrad radering"))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    let root = region.node("lerum").appendingPathComponent("keys/root.key")
    let ordered = try region.run(
      "lerum", "erase", record, "--basis", "MISTAKE", "--yes", "--json")
    let answer = try #require(ordered.json as? [String: Any])
    let order = try #require((answer["operations"] as? [String])?.first)
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try region.run("kiruna", "show", record).output.contains("(raderat)"))
    #expect(try region.run("kiruna", "erasures").output.contains("skrivs över här efter"))
    #expect(FileManager.default.fileExists(atPath: root.path))
    try region.run("lerum", "erase", "--cancel", order, "--yes")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    for name in ["lerum", "kiruna", "council"] {
      #expect(try region.run(name, "show", record).output.contains("Ångrad radering"))
      #expect(try region.run(name, "erasures").output.contains("återtaget"))
    }
  }

  @Test func `one field goes with its former values, and the rest is published anew`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Bra titel"))
    try region.run("lerum", "edit", record, "--set", "need=Ring Anna Andersson")
    try region.run("lerum", "edit", record, "--set", "need=Ring växeln", "--set", "stage=PILOT")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    try region.run(
      "lerum", "erase", record, "--field", "need", "--basis", "CONSENT", "--with", "root", "--yes")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try Self.found("Anna Andersson", region) == [])
    #expect(try Self.found("Ring växeln", region) == [])
    for name in ["lerum", "kiruna", "council"] {
      let shown = try region.run(name, "show", record, "--json").output
      #expect(shown.contains("Bra titel") && shown.contains("PILOT"), "\(name): \(shown)")
      #expect(try region.run(name, "conflicts").output.contains("Inga konflikter"))
    }
  }

  @Test func `an expired contact is shown to nobody, and erased by one command`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Med kontakt"))
    try region.run("lerum", "sync")
    let list = try #require(
      try region.run("lerum", "list", "--family", "contact", "--json").json as? [[String: Any]])
    let id = try #require(list.first?["record"] as? String)
    try region.run(
      "lerum", "edit", id, "--set", "name=Anna Andersson", "--set", "expires=2020-01-31")
    try region.run("lerum", "sync")
    for name in ["lerum", "council"] {
      #expect(try !region.run(name, "show", id).output.contains("Andersson"))
      #expect(try !region.run(name, "show", id, "--json").output.contains("Andersson"))
      #expect(try region.run(name, "show", record).output.contains("gick ut 2020-01-31"))
      #expect(try region.run(name, "list", "--family", "contact").output.contains("(utgånget)"))
    }
    let status = try region.attempt("lerum", ["status"])
    #expect(status.status == 6 && status.output.contains("contact-expired"))
    try region.run("lerum", "erase", "--expired", "--with", "root", "--yes")
    try region.run("lerum", "sync")
    #expect(try Self.found("Andersson", region) == [])
    #expect(try !region.attempt("lerum", ["status"]).output.contains("contact-expired"))
  }

  @Test func `a withdrawn entry is out of sight, keeps its decision, and comes back`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Avslutat försök"))
    try region.run("lerum", "sync")
    try region.run(
      "lerum", "withdraw", record, "--reason", "Avslutat 2026", "--decision", "KS 2026:114")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    for name in ["lerum", "kiruna", "council"] {
      #expect(try region.run(name, "list").output.contains("Inga poster"), "\(name)")
      #expect(try region.run(name, "search", "avslutat").output.contains("Inga poster"))
      #expect(try region.run(name, "list", "--withdrawn").output.contains("(återkallad)"))
      let shown = try region.run(name, "show", record).output
      #expect(shown.contains("ÅTERKALLAD: Avslutat 2026") && shown.contains("KS 2026:114"))
    }
    let report = try #require(try region.run("council", "report", "--json").json as? [String: Any])
    #expect(report["entries"] as? Int == 0)
    try region.run("lerum", "withdraw", record, "--undo")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try region.run("kiruna", "list").output.contains("Avslutat försök"))
  }

  @Test func `whoever erases is told of drafts, which no order reaches`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Kontakta Anna"))
    let drafts = region.node("lerum").appendingPathComponent("drafts")
    try FileManager.default.createDirectory(
      at: drafts, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data("Kontakta Anna".utf8).write(to: drafts.appendingPathComponent("tip-1.md"))
    let said = try region.run(
      "lerum", "erase", record, "--basis", "GDPR17", "--with", "root", "--yes")
    #expect(said.output.contains("raderas inte: tip-1"), "\(said.output)")
  }

  @Test func `nobody erases what is another's, and a basis must be known`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Lerums"))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    let other = try region.attempt("kiruna", ["erase", record, "--basis", "GDPR17", "--yes"])
    #expect(other.status == 1 && other.errors.contains("Ingen nyckel här räcker"))
    let basis = try region.attempt("lerum", ["erase", record, "--basis", "NYCK", "--yes"])
    #expect(basis.status == 3 && basis.errors.contains("CONSENT"))
    #expect(try region.run("kiruna", "show", record).output.contains("Lerums"))
    // The council may, by its office.
    try region.run("council", "erase", record, "--basis", "AUTHORITY", "--yes")
    try region.run("kiruna", "sync")
    #expect(try region.run("kiruna", "show", record).output.contains("(raderat)"))
  }
}
