import Foundation
import Node
import OperationStore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct StatusTests {
  private static let hour: UInt64 = 3_600_000

  @Test func `a node that is well exits with 0 and finds nothing`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let result = try region.attempt("lerum", ["status", "--json"])
    // This computer's own disk may be full.
    let codes = try codes(result).filter { $0 != "disk-low" }
    #expect(codes == [])
    #expect(result.status == (try self.codes(result).isEmpty ? 0 : 6))
  }

  @Test func `a delegation that ends within 60 days exits with 6 and says what to do`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let other = try region.attempt(
      "laptop", ["init", "--device", "--region", region.link, "--json"])
    let request = try #require((other.json as? [String: String])?["request"])
    try region.run("lerum", "key", "delegate", request, "--until", Self.day(from: 90))
    #expect(try !codes(try region.attempt("lerum", ["status", "--json"])).contains("key-ends"))

    try region.join("kiruna", "kommun:2584")
    let second = try region.attempt(
      "kiruna-laptop", ["init", "--device", "--region", region.link, "--json"])
    let device = try #require((second.json as? [String: String])?["request"])
    try region.run("kiruna", "key", "delegate", device, "--until", Self.day(from: 30))
    let found = try region.attempt("kiruna", ["status", "--json"])
    #expect(found.status == 6)
    #expect(try codes(found).contains("key-ends"))
    let swedish = try region.attempt("kiruna", ["status"])
    #expect(swedish.status == 6)
    #expect(swedish.output.hasPrefix("VARNING") && swedish.output.contains("(author) går ut"))
    #expect(swedish.output.contains("sprida key delegate"))
    #expect(swedish.output.contains("Mängdsumma"))
    let english = try region.attempt("kiruna", ["status", "--language", "en"])
    #expect(english.output.hasPrefix("WARNING") && english.errors.contains("needs attention"))
    // Delegated anew, for longer.
    try region.run("kiruna", "key", "delegate", device, "--until", Self.day(from: 400))
    #expect(try !codes(try region.attempt("kiruna", ["status", "--json"])).contains("key-ends"))
  }

  @Test func `silence is counted from the latest session, or from when the peer became known`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584", address: "127.0.0.1:9")
    try region.run("lerum", "sync", "127.0.0.1:\(region.council.port)")
    let directory = try NodeDirectory.open(region.node("lerum").path)
    let store = try directory.openStore()
    func silent(after hours: UInt64) throws -> [String] {
      let facts = try Health.Facts(
        directory: directory, store: store, now: SystemClock.now + hours * Self.hour)
      return Health.findings(facts).compactMap {
        if case .peerSilent(let name, _, let latest) = $0 {
          "\(name) \(latest == nil ? "never" : "met")"
        } else {
          nil
        }
      }
    }
    #expect(try silent(after: 49) == [])
    #expect(try silent(after: 51) == ["Kiruna kommun never", "Provrådet met"])
    // An old member is new to a node that has just been made.
    let made = directory.path + "/node.json"
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: 40 * 3600)], ofItemAtPath: made)
    #expect(try silent(after: 51) == ["Provrådet met"])
  }

  @Test func `clocks and alarms come from the sessions of the audit log`() throws {
    let region = try TestRegion()
    let log = region.node("council").appendingPathComponent("audit.jsonl")
    func session(_ peer: String, hoursAgo: UInt64, skew: Int, alarm: Bool = false) throws {
      let time = AuditLine.time(SystemClock.now - hoursAgo * Self.hour)
      let line =
        #"{"sequence":1,"time":"\#(time)","kind":"session","peer":"\#(peer)","alarm":\#(alarm),"#
        + #""clock_skew_ms":\#(skew),"chain":"\#(String(repeating: "0", count: 64))"}"#
      let handle = try FileHandle(forWritingTo: log)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((line + "\n").utf8))
      try handle.close()
    }
    func found() throws -> [String] {
      try codes(try region.attempt("council", ["status", "--json"]))
    }
    try session("a", hoursAgo: 73, skew: 5_000_000)
    try session("b", hoursAgo: 169, skew: 0, alarm: true)
    #expect(try found().filter { $0 != "disk-low" } == [])
    try session("a", hoursAgo: 71, skew: 5_000_000)
    #expect(try found().contains("clock-off"))
    // The clock has been set since.
    try session("a", hoursAgo: 1, skew: 20)
    #expect(try !found().contains("clock-off"))
    try session("b", hoursAgo: 167, skew: 0, alarm: true)
    #expect(try found().first == "alarm")
  }

  @Test func `the table of the readme, the help and the process agree on exit codes`() throws {
    let readme = try String(
      contentsOf: ProtocolFiles.projectRoot.appending(path: "README.md"), encoding: .utf8)
    let rows = readme.matches(of: /\n\| (?<code>\d+) \| (?<text>[^|]+) \|/).map {
      "\($0.code) \($0.text)"
    }
    let help = try Program.run(["--help"], locale: "C").output
    let told = help.matches(of: /\n +(?<code>\d+)  (?<text>[^\n]+)/).map { "\($0.code) \($0.text)" }
    #expect(rows == told)
    #expect(rows.map { Int($0.prefix { $0.isNumber }) } == [0, 1, 3, 4, 5, 6, 64])
    #expect(try Program.run(["no-such-command"]).status == 64)
    #expect(try Program.run(["status", "-d", "/nonexistent"]).status == 1)
  }

  private func codes(_ result: Program.Result) throws -> [String] {
    let status = try #require(result.json as? [String: Any], "\(result.errors)")
    let findings = try #require(status["findings"] as? [[String: Any]])
    return findings.compactMap { $0["code"] as? String }
  }

  private static func day(from days: Int) -> String {
    String(AuditLine.time(SystemClock.now + UInt64(days) * 24 * hour).prefix(10))
  }
}
