import CRDT
import Foundation
import Node
import OperationStore
import Operations
import Signatures
import Testing

/// What `doctor` finds in a charter and a set that are as they were signed, and what ends it.
@Suite(.timeLimit(.minutes(5))) struct DoctorFindingTests {
  private func store(_ name: String, of region: TestRegion) throws -> OperationStore {
    try NodeDirectory.open(region.node(name).path).openStore()
  }

  /// The council's node takes charter operations and orders, and no records.
  private func setPaused(_ isPaused: Bool, _ region: TestRegion) throws {
    try store("council", of: region).setQuota(bytes: isPaused ? 1 : 1 << 30)
  }

  private func heads(ofOfficerOf name: String, _ region: TestRegion) throws -> [Digest] {
    let key = try NodeDirectory.open(region.node(name).path).key(.officer).publicKey
    return try store(name, of: region).heads(of: key)
  }

  /// What a person is told of a code, in both languages.
  private func expectTold(
    _ code: String, _ name: String, _ region: TestRegion, swedish: [String], english: [String]
  ) throws {
    for (language, words) in [("sv", swedish), ("en", english)] {
      let told = try region.attempt(name, ["doctor", "--language", language])
      #expect(told.status == 6)
      let lines = told.output.split(separator: "\n", omittingEmptySubsequences: false)
      let finding = lines.drop { !$0.hasSuffix(" \(code)") }.prefix { !$0.isEmpty }
      let text = finding.joined(separator: " ").split(separator: " ").joined(separator: " ")
      for word in words { #expect(text.contains(word), "\(code): \(told.output)") }
    }
  }

  @Test func `heads that a revocation vouches for and that have not come are awaited`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let key = try region.officer("lerum")
    try setPaused(true, region)
    _ = try region.publish("lerum", TestRegion.document("Sent"))
    let heads = try heads(ofOfficerOf: "lerum", region).map(\.description)
    try region.run("lerum", "key", "revoke", String(key.prefix(12)), "--yes")
    #expect(try region.attempt("lerum", ["sync"]).status == 5)
    let values = try #require(try region.findings("council")["awaited-heads"])
    #expect(values["key"] as? String == key && values["heads"] as? [String] == heads)
    try expectTold(
      "awaited-heads", "council", region,
      swedish: [
        "VARNING", String(key.prefix(12)), "Lerums kommun", "1 operation som inte", "sprida sync",
      ],
      english: ["WARNING", String(heads[0].prefix(12)), "1 operation not here yet"])
    #expect(try region.findings("lerum")["awaited-heads"] == nil, "it has them")
    try setPaused(false, region)
    try region.run("lerum", "sync")
    #expect(try region.findings("council").isEmpty)
  }

  @Test func `a body that is wanted again after a cancelled order is missing until it comes`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Ångrad"))
    let ordered = try region.run("lerum", "erase", record, "--basis", "MISTAKE", "--yes", "--json")
    let answer = try #require(ordered.json as? [String: Any])
    let order = try #require((answer["operations"] as? [String])?.first)
    try region.run("lerum", "sync")
    try setPaused(true, region)
    try region.run("lerum", "erase", "--cancel", order, "--yes")
    #expect(try region.attempt("lerum", ["sync"]).status == 5)
    let values = try region.findings("council")["content-missing"]
    #expect(values?["count"] as? Int == 1)
    try expectTold(
      "content-missing", "council", region,
      swedish: ["Fattas på den här noden: 1 innehåll", "sprida sync"],
      english: ["Missing on this node: 1 content", "several peers"])
    try setPaused(false, region)
    try region.run("lerum", "sync")
    #expect(try region.findings("council").isEmpty)
    #expect(try region.run("council", "show", record).output.contains("Ångrad"))
  }

  @Test func `what came before the operation that it follows waits for it`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let first = try region.publish("lerum", TestRegion.document("Första"))
    try region.run("lerum", "edit", first, "--set", "title=Andra")
    // As a peer that withholds the first would send it.
    let source = try #require(StoreID([UInt8](repeating: 9, count: StoreID.byteCount)))
    let report = try store("council", of: region).ingest(
      store("lerum", of: region).parcels(of: heads(ofOfficerOf: "lerum", region)), in: .records,
      from: source, cursor: nil,
      now: SystemClock.now)
    #expect(report.waiting.count == 1)
    #expect(try region.findings("council")["waiting"]?["count"] as? Int == 1)
    try expectTold(
      "waiting", "council", region,
      swedish: ["VARNING", "inte har kommit: 1 operation", "flera grannar"],
      english: ["WARNING", "has not come: 1 operation", "when the rest arrives"])
    try region.run("lerum", "sync")
    #expect(try region.findings("council").isEmpty)
  }

  @Test func `a code that two of the council have admitted at once stands for nobody`() throws {
    let region = try TestRegion(seats: 1)
    let organisations = try ["council", "seat0"].map { name in
      let made = try region.run(
        name, "admit", "--hosted", "kommun:1441", "--name", "Lerum hos \(name)", "--json")
      return try #require((made.json as? [String: Any])?["organisation"] as? String)
    }
    try region.run("seat0", "sync")
    let values = try #require(try region.findings("council")["code-claimed"])
    #expect(values["claim"] as? String == "kommun:1441")
    #expect(Set(values["organisations"] as? [String] ?? []) == Set(organisations))
    try expectTold(
      "code-claimed", "council", region,
      swedish: [
        "2 organisationer gör anspråk på kommun:1441", "Lerum hos council", "Lerum hos seat0",
        "sprida remove",
      ], english: ["2 organisations claim kommun:1441", "The council removes the wrong one"])
    try region.run("council", "remove", organisations[1], "--yes")
    #expect(try region.findings("council").isEmpty)
  }

  @Test func `a key whose time is over stays open until it is revoked`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let made = try region.attempt(
      "laptop", ["init", "--device", "--region", region.link, "--json"])
    let request = try #require((made.json as? [String: String])?["request"], "\(made.errors)")
    try region.run(
      "lerum", "key", "delegate", request, "--from", "2020-01-01", "--until", "2020-12-31")
    try region.run("lerum", "sync")
    let key = try region.officer("laptop")
    for name in ["lerum", "council"] {
      let values = try #require(try region.findings(name)["key-open"])
      #expect(values["key"] as? String == key && values["role"] as? String == "author")
      #expect(values["end"] as? Int == 1_609_459_200_000)
    }
    try expectTold(
      "key-open", "council", region,
      swedish: [String(key.prefix(12)), "Lerums kommun", "gick ut", "spärrar den"],
      english: ["ended", "but is not revoked", "could date things back"])
    try region.run("lerum", "key", "revoke", String(key.prefix(12)), "--yes")
    try region.run("lerum", "sync")
    for name in ["lerum", "council"] { #expect(try region.findings(name).isEmpty) }
  }

  @Test func `the council decides between two rotations of one root, and the owner rotates on`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Före tvisten"))
    try region.run("lerum", "sync")
    // Whoever has a copy of both keys can rotate beside the owner.
    let next = try NodeDirectory.open(region.node("lerum").path).key(.nextRoot).publicKey
    try FileManager.default.copyItem(at: region.node("lerum"), to: region.node("thief"))
    var rotations: [String] = []
    for name in ["lerum", "thief"] {
      try region.run(name, "key", "rotate", "root", "--yes")
      let held = try store(name, of: region).rotation(by: next)
      rotations.append(try #require(held).id.description)
      try region.run(name, "sync")
    }
    try region.run("lerum", "sync")
    for name in ["lerum", "council"] {
      let values = try #require(try region.findings(name)["contested-rotations"])
      #expect(Set(values["rotations"] as? [String] ?? []) == Set(rotations))
    }
    try expectTold(
      "contested-rotations", "council", region,
      swedish: [
        "ALLVARLIGT", "2 rotationer står mot varandra", String(rotations[0].prefix(12)),
        String(rotations[1].prefix(12)), "Rådet avgör",
      ],
      english: ["CRITICAL", "2 rotations stand against each other", "The council decides"])
    let neither = try region.attempt(
      "thief", ["key", "delegate", "--here", "--role", "reviewer", "--with", "root", "--yes"])
    #expect(neither.status == 3 && neither.errors.contains("får skriva under; här finns: admin"))

    try region.run(
      "council", "key", "revoke", next.description, "--head", rotations[0], "--yes")
    try region.run("lerum", "sync")
    try region.run("lerum", "key", "rotate", "root", "--yes")
    try region.run(
      "lerum", "key", "delegate", try region.officer("lerum"), "--role", "reviewer",
      "--with", "root", "--yes")
    try region.run("lerum", "sync")
    // What the thief's rotation has committed to is of no use.
    for arguments in [["sync"], ["key", "rotate", "root", "--yes"], ["sync"]] {
      _ = try region.attempt("thief", arguments)
    }
    let root = try NodeDirectory.open(region.node("lerum").path).key(.root).publicKey
    let now = Timestamp(milliseconds: SystemClock.now)
    for name in ["lerum", "council"] {
      #expect(try region.findings(name)["contested-rotations"] == nil)
      let charter = try store(name, of: region).charter()
      let roots = Set(charter.allGrants.filter { $0.role == .root }.map(\.key))
      #expect(roots.filter { charter.grant(to: $0, as: .root, at: now) != nil } == [root])
      #expect(charter.isAccepted(try #require(Digest(hex: rotations[0]))))
      #expect(!charter.isAccepted(try #require(Digest(hex: rotations[1]))))
      #expect(try region.run(name, "show", record).output.contains("Före tvisten"))
    }
  }
}
