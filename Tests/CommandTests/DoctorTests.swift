import Foundation
import Operations
import Signatures
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct DoctorTests {
  /// Two clones that publish before they hear of each other.
  private func forked() throws -> TestRegion {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", TestRegion.document("Före"))
    try region.run("lerum", "sync")
    try FileManager.default.copyItem(at: region.node("lerum"), to: region.node("clone"))
    for name in ["lerum", "clone"] {
      _ = try region.publish(name, TestRegion.document("Av \(name)"))
      try region.run(name, "sync")
    }
    try region.run("lerum", "sync")
    return region
  }

  @Test func `a node that is well exits with 0, also when every signature is verified`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", TestRegion.document("Frisk"))
    try region.run("lerum", "sync")
    for name in ["lerum", "council"] {
      for arguments in [["doctor"], ["doctor", "--deep"]] {
        let result = try region.attempt(name, arguments)
        #expect(result.status == 0, "\(name): \(result.output)\(result.errors)")
        #expect(result.output == "Inget att anmärka på.\n")
      }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: region.node("lerum").path)
    #expect(!files.contains { $0.contains("doctor") }, "the rebuilt copy is gone")
  }

  @Test func `a fork is shown with both signed headers, which anybody can verify`() throws {
    let region = try forked()
    let found = try region.findings("council")
    let forks = try #require(found["forks"]?["forks"] as? [[String: Any]])
    let fork = try #require(forks.first { $0["role"] as? String == "author" })
    let hex = try #require(fork["region"] as? String)
    let id = try #require(Hex.decode(hex).flatMap { Digest($0) })
    let branches = try #require(fork["branches"] as? [[String: Any]])
    let operations = try branches.map { branch in
      let text = try #require(branch["envelope"] as? String)
      let envelope = try #require(Data(base64Encoded: text))
      let operation = try Operation(
        envelope: Array(envelope), body: [], region: id, bodyMayBeMissing: true)
      #expect(branch["operation"] as? String == "\(operation.id)")
      #expect(branch["author"] as? String == "\(operation.header.author)")
      return operation
    }
    #expect(Set(operations.map(\.id)).count == 2)
    #expect(Set(operations.map(\.header.author)).count == 1)
    #expect(operations[0].header.prev == operations[1].header.prev)
    #expect(fork["prev"] as? String == operations[0].header.prev.first.map { "\($0)" })
    let aad = try #require(fork["external_aad"] as? String)
    #expect(aad == Hex.encode(Domain.operation.prefix + id.bytes))
    #expect(found["foreign-heads"] == nil, "the council has none of these keys")
  }

  @Test func `what a clone signed is shown, and followed only when a person says so`() throws {
    let region = try forked()
    let told = try region.attempt("lerum", ["doctor"])
    #expect(told.status == 6)
    #expect(told.output.contains("ALLVARLIGT foreign-heads"))
    #expect(told.output.contains("entry: Av clone") && told.output.contains("sprida key adopt"))
    let english = try region.attempt("lerum", ["doctor", "--language", "en"])
    #expect(english.output.contains("If you recognise it"))
    let refused = try region.attempt("lerum", ["key", "adopt"], input: "nej\n")
    #expect(refused.status == 1 && refused.output.contains("entry: Av clone"))
    #expect(try region.attempt("lerum", ["key", "adopt", "--json"]).status == 3)
    // Beside them works too.
    _ = try region.publish("lerum", TestRegion.document("Bredvid"))
    #expect(try region.findings("lerum").keys.contains("foreign-heads"))
    try region.run("lerum", "key", "adopt", input: "ja\n")
    #expect(try !region.findings("lerum").keys.contains("foreign-heads"))
    #expect(try region.run("lerum", "key", "adopt").output.contains("Ingen annan"))
    _ = try region.publish("lerum", TestRegion.document("Efter"))
    try region.run("lerum", "sync")
    #expect(try !region.findings("lerum").keys.contains("foreign-heads"))
    let log = try region.run("lerum", "audit", "--kind", "key", "--json").output
    #expect(log.contains("\"adopted\""))
  }

  @Test func `a file that others can read is named, and is no damage`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let key = region.node("lerum").appendingPathComponent("keys/officer.key").path
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
    let found = try region.findings("lerum")
    #expect(found["file-open"]?["mode"] as? String == "644")
    #expect(try region.attempt("lerum", ["doctor"]).status == 6)
  }

  @Test func `damage in the file, in what is derived and in the digests is told apart`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", TestRegion.document("Skadad snart"))
    func damage(_ sql: String) throws { try region.damage("lerum", sql) }
    try damage("UPDATE record SET title = 'Utbytt'")
    #expect(try region.findings("lerum").isEmpty, "what is derived is compared with --deep")
    let derived = try region.findings("lerum", "--deep")
    #expect(derived["projections-differ"] != nil)
    #expect(try region.attempt("lerum", ["doctor", "--deep"]).status == 1)
    try region.run("lerum", "rebuild")
    try damage("DELETE FROM sum_page WHERE page >= \(1 << 40)")
    #expect(try region.findings("lerum", "--deep")["projections-differ"] != nil)
    try region.run("lerum", "rebuild")
    #expect(try region.findings("lerum", "--deep").isEmpty)
    try damage("UPDATE set_digest SET count = count + 1")
    #expect(try region.findings("lerum")["digests-differ"] != nil)
    try region.run("lerum", "rebuild")
    #expect(try region.findings("lerum", "--deep").isEmpty)
    try damage("UPDATE operation SET body = zeroblob(256) WHERE body IS NOT NULL AND class = 1")
    let bytes = try region.findings("lerum")
    #expect(bytes["operations-damaged"]?["count"] as? Int ?? 0 > 0)
  }
}
