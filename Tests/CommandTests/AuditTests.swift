import Foundation
import Node
import SyncSession
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct AuditTests {
  private static let marker = "Hemligstämplad"

  @Test func `what a node does is in its log, and nothing that people have written`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let text = TestRegion.document("\(Self.marker) titel")
      .replacing("innovation@kommun.example", with: "\(Self.marker)@kommun.example")
    let record = try region.publish("lerum", text)
    try region.run("lerum", "edit", record, "--set", "title=\(Self.marker) igen")
    try region.run("lerum", "sync")
    #expect(region.council.stop() == 0)
    try region.restartCouncil()

    let lerum = try lines("lerum", region)
    #expect(
      lerum.filter { $0.kind == "key" }.map(\.name) == [
        "root", "next-root", "node", "admin", "service", "officer",
      ])
    let acts = lerum.filter { $0.kind == "charter" }.map { $0.text("act") }
    // First what came with the charter, then what was signed here.
    #expect(
      acts == ["delegate", "delegate", "node", "admit"] + ["delegate", "delegate", "delegate"])
    let session = try #require(lerum.last { $0.kind == "session" })
    #expect(session.text("direction") == "out" && session.members["equal"] as? Bool == true)
    #expect(session.members["sent"] as? Int == 3)
    #expect(session.members["alarm"] as? Bool == false)
    #expect(session.members["clock_skew_ms"] is Int)

    let council = try lines("council", region)
    #expect(
      council.filter { $0.kind == "charter" }.map { $0.text("act") } == [
        "found", "delegate", "delegate", "node", "admit", "delegate", "delegate", "delegate",
      ])
    let answered = try #require(council.last { $0.kind == "session" })
    #expect(answered.text("direction") == "in")
    #expect(answered.text("organisation")?.count == 64)
    #expect(answered.members["received"] as? Int == 3)
    #expect(
      council.filter { $0.kind == "node" }.map { $0.text("event") } == [
        "started", "stopped", "started",
      ])
    for name in ["lerum", "council"] {
      let log = try String(contentsOf: file(name, region), encoding: .utf8)
      #expect(!log.contains(Self.marker) && !log.contains("Provrådet") && !log.contains("Lerum"))
      #expect(try region.run(name, "audit", "--verify").output.contains("Kedjan håller"))
    }
  }

  @Test func `a peer that is refused is in both logs, with blame and without its own words`()
    throws
  {
    let region = try TestRegion()
    let made = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", region.link])
    #expect(made.status == 0)
    #expect(try region.attempt("lerum", ["sync"]).status == 4)
    #expect(try region.refusals("unknown-node", atLeast: 1) == 1)
    let here = try #require(try lines("lerum", region).last)
    #expect(here.text("code") == "refused-by-peer" && here.text("blame") == "us")
    #expect(here.text("reason") == "the peer refused (unknown-node)")
    let there = try #require(try lines("council", region).last { $0.kind == "refusal" })
    #expect(there.text("code") == "unknown-node" && there.text("blame") == "nobody")
    #expect(there.text("address") == "127.0.0.1")
    #expect(there.text("peer")?.count == 64)
    let rude = RefusalCause(
      SessionError.refusedByPeer(code: "Anna Andersson", reason: Self.marker))
    #expect(rude.reason == "the peer refused (?)")
  }

  @Test func `processes that write at once lose no line and break no chain`() throws {
    let region = try TestRegion()
    let made = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", region.link])
    #expect(made.status == 0)
    region.council.kill()
    let before = try lines("lerum", region).count
    for _ in 0..<6 {
      let writers = (0..<4).map { _ in
        let process = Program.process(["sync", "-d", region.node("lerum").path])
        process.standardError = FileHandle.nullDevice
        return process
      }
      for writer in writers { try writer.run() }
      for writer in writers { writer.waitUntilExit() }
      #expect(writers.map(\.terminationStatus) == [4, 4, 4, 4])
    }
    let after = try lines("lerum", region)
    #expect(after.count == before + 24)
    #expect(after.suffix(24).allSatisfy { $0.text("code") == "cannot-connect" })
    #expect(try region.attempt("lerum", ["audit", "--verify"]).status == 0)
  }

  @Test func `audit shows a window and a kind, and exits 1 where the chain breaks`() throws {
    let region = try TestRegion()
    let keys = try region.run("council", "audit", "--kind", "key")
    #expect(keys.output.contains("name=council") && !keys.output.contains("act=found"))
    let day = String(try #require(try lines("council", region).first?.text("time")).prefix(10))
    let today = try region.run("council", "audit", "--since", day, "--json")
    #expect(try today.output == String(contentsOf: file("council", region), encoding: .utf8))
    #expect(try region.run("council", "audit", "--until", "2020-01-01", "--json").output == "")
    #expect(try region.attempt("council", ["audit", "--since", "igår"]).status == 64)

    var lines = try String(contentsOf: file("council", region), encoding: .utf8)
      .split(separator: "\n")
    lines.remove(at: 2)
    try lines.joined(separator: "\n").appending("\n")
      .write(to: file("council", region), atomically: true, encoding: .utf8)
    let broken = try region.attempt("council", ["audit", "--verify"])
    #expect(broken.status == 1)
    #expect(broken.errors.contains("rad 3"))
    let json = try region.attempt("council", ["audit", "--verify", "--json"])
    #expect(json.status == 1)
    #expect((json.json as? [String: Any])?["broken_line"] as? Int == 3)
  }

  @Test func `a log that cannot be written is told, and the command does its work`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try FileManager.default.removeItem(at: file("lerum", region))
    try FileManager.default.createSymbolicLink(
      at: file("lerum", region), withDestinationURL: URL(fileURLWithPath: "/dev/full"))
    let result = try region.run("lerum", "sync")
    #expect(result.output.contains("lika: ja"))
    #expect(result.errors.contains("Granskningsloggen"))
  }

  @Test func `refusals of a minute cost a bounded number of lines and are all counted`() throws {
    var budget = AuditBudget()
    var entries: [AuditEntry] = []
    let start: UInt64 = 1_767_225_600_000
    for second in 0..<180 {
      let origins = (0..<50).map { number in
        RefusalOrigin(
          RefusalCause(code: "tls-failed", reason: "wrong version number"), peer: nil,
          address: "192.0.2.\(number):\(40_000 + second)")
      }
      entries += budget.entries(for: origins + origins, now: start + UInt64(second) * 1000)
    }
    entries += budget.rest()
    #expect(entries.count == 3 * (AuditBudget.linesPerMinute + 1))
    let counts = entries.flatMap(\.fields).filter { $0.name == "count" }.map { field -> Int64 in
      guard case .number(let count) = field.value else { return 0 }
      return count
    }
    #expect(counts.reduce(0, +) == 180 * 100)
  }

  @Test func `the log blames as the page of errors does`() throws {
    let page = try ProtocolFiles.text("errors.md")
    let rows = page.matches(of: /\n\| `(?<code>[a-z-]+)` \|[^|]*\| (?<blame>peer|us|nobody) \|/)
    #expect(rows.count > 30)
    let end = try #require(page.range(of: "## Own node")).lowerBound
    for row in rows where row.range.lowerBound < end {
      #expect(Blame(code: String(row.code)).rawValue == row.blame, "\(row.code)")
    }
  }

  private func file(_ name: String, _ region: TestRegion) -> URL {
    region.node(name).appendingPathComponent("audit.jsonl")
  }

  /// As a foreign program reads them.
  private func lines(_ name: String, _ region: TestRegion) throws -> [Line] {
    try String(contentsOf: file(name, region), encoding: .utf8).split(separator: "\n").map {
      Line(
        members: try #require(
          try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]))
    }
  }

  private struct Line {
    let members: [String: Any]
    func text(_ name: String) -> String? { members[name] as? String }
    var kind: String { text("kind") ?? "" }
    var name: String { text("name") ?? "" }
  }
}
