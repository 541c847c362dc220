import Foundation
import Node
import Operations
import Signatures
import Testing

/// A council of three of whom two must agree, as its members type it.
@Suite(.timeLimit(.minutes(5))) struct CouncilCommandTests {
  private static func region() throws -> TestRegion {
    let region = try TestRegion(seats: 2, threshold: 2)
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    return region
  }

  private static func pending(_ region: TestRegion, _ name: String) throws -> String {
    let roster = try #require(
      try region.run(name, "roster", "--json").json as? [String: Any])
    let pending = try #require(roster["pending"] as? [[String: Any]])
    return try #require(pending.first?["operation"] as? String)
  }

  @Test func `a removal takes effect once enough of the council approve, and then at once`() throws
  {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Kvar efter uteslutningen"))
    try region.run("lerum", "sync")
    let begun = try region.run("council", "remove", "kommun:1441", "--yes")
    #expect(begun.output.contains("1 av 2 röster"), "\(begun.output)")
    #expect(try region.run("lerum", "sync").output.contains("lika: ja"))
    try region.run("seat0", "sync")
    let act = try Self.pending(region, "seat0")
    let again = try region.attempt("council", ["approve", act, "--yes"])
    #expect(again.status == 3 && again.errors.contains("redan bakom"))
    try region.run("seat0", "approve", act, "--yes")
    try region.run("seat0", "sync")

    let refused = try region.attempt("lerum", ["sync"])
    #expect(refused.status == 4 && refused.errors.contains("utesluten"), "\(refused.errors)")
    // It was told by what.
    let own = try region.run("lerum", "roster").output
    #expect(own.contains("utesluten av Provrådet"), "\(own)")
    #expect(try region.refusals("removed", atLeast: 1) >= 1)
    try region.run("kiruna", "sync")
    for name in ["council", "kiruna"] {
      #expect(try region.run(name, "show", record).output.contains("Kvar efter"))
    }
    let late = try region.attempt("lerum", ["publish", "-"], input: TestRegion.document("Sent"))
    #expect(late.status == 1)
  }

  @Test func `one that is admitted again is a new organisation, which can succeed the old one`()
    throws
  {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Den gamla ortens"))
    try region.run("lerum", "sync")
    try region.run("council", "remove", "kommun:1441", "--yes")
    try region.run("seat0", "sync")
    try region.run("seat0", "approve", try Self.pending(region, "seat0"), "--yes")
    try region.run("seat0", "sync")
    try region.join("again", "kommun:1441")
    let roster = try #require(
      try region.run("council", "roster", "--json").json as? [String: Any])
    let organisations = try #require(roster["organisations"] as? [[String: Any]])
    let ids = organisations.filter { $0["code"] as? String == "kommun:1441" }.compactMap {
      $0["id"] as? String
    }
    try #require(ids.count == 2)
    let old = try #require(organisations.first { !($0["removed_by"] as? [Any] ?? []).isEmpty })
    let oldID = try #require(old["id"] as? String)
    let newID = try #require(ids.first { $0 != oldID })

    try region.run("council", "succeed", oldID, newID, "--yes")
    try region.run("seat1", "sync")
    try region.run("seat1", "approve", try Self.pending(region, "seat1"), "--yes")
    for name in ["seat1", "again"] { try region.run(name, "sync") }
    try region.run("again", "edit", record, "--set", "title=Den nya ortens")
    for name in ["again", "kiruna"] { try region.run(name, "sync") }
    for name in ["again", "kiruna", "council"] {
      let shown = try region.run(name, "show", record).output
      #expect(shown.contains("Den nya ortens") && shown.contains("tidigare"), "\(shown)")
    }
    #expect(try region.run("kiruna", "roster").output.contains("uppgått i"))
  }

  @Test func `a council seats one more only together, and the new one then counts`() throws {
    let region = try Self.region()
    let made = try region.attempt(
      "new", ["init", "--device", "--role", "council", "--region", region.link, "--json"])
    let request = try #require((made.json as? [String: String])?["request"])
    let begun = try region.run("council", "key", "delegate", request, "--role", "council", "--yes")
    #expect(begun.output.contains("1 av 2 röster"))
    try region.run("seat0", "sync")
    try region.run("seat0", "approve", try Self.pending(region, "seat0"), "--yes")
    try region.run("seat0", "sync")
    try region.run("new", "sync")
    #expect(try region.run("new", "roster").output.contains("Rådet har 4 röster; 2 krävs"))
    try region.run("council", "remove", "kommun:2584", "--yes")
    try region.run("new", "sync")
    try region.run("new", "approve", try Self.pending(region, "new"), "--yes")
    try region.run("new", "sync")
    #expect(try region.attempt("kiruna", ["sync"]).status == 4)
  }

  @Test func `what a founder mistypes founds nothing`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (arguments, status) in [
      (["--threshold", "2"], Int32(64)), (["--threshold", "0"], 64),
      (["--member-line", "sprida-council:kort"], 3),
    ] {
      let result = try Program.run(
        ["init", "--council", "X", "--address", "127.0.0.1:1", "-d", folder.path] + arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }
}
