import Foundation
import Node
import OperationStore
import Signatures
import Testing

@Suite(.timeLimit(.minutes(10))) struct BackupTests {
  private static let minimumKillDelay: UInt32 = 2_000

  private func backup(_ region: TestRegion) -> String {
    region.folder.appendingPathComponent("copy.sprida").path
  }

  private func sync(_ name: String, _ region: TestRegion) throws -> [String: Any] {
    let result = try region.run(name, "sync", "--json")
    return try #require((result.json as? [[String: Any]])?.first)
  }

  private func findings(_ name: String, _ region: TestRegion) throws -> [String] {
    let found = try #require(try region.status(name)["findings"] as? [[String: Any]])
    return found.compactMap { $0["code"] as? String }
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test
  func `a lost node is restored from its file, shows nothing until synced, and loses nothing`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let first = try region.publish("lerum", TestRegion.document("Före kopian"))
    try region.run("lerum", "sync")
    let told = try region.run("lerum", "backup", backup(region), "--keys")
    #expect(told.output.contains("kontrollerad") && told.errors.contains("FILEN ÄR HEMLIG"))
    let second = try region.publish("lerum", TestRegion.document("Efter kopian"))
    try region.run("lerum", "sync")
    try FileManager.default.removeItem(at: region.node("lerum"))

    let restored = try region.run("lerum", "restore", backup(region))
    #expect(restored.output.contains("sprida sync"))
    #expect(try findings("lerum", region).contains("quarantined"))
    // Nothing is suggested either.
    let tags = try region.attempt("lerum", ["list", "--tag", "x"])
    #expect(tags.status == 1 && tags.errors.contains("sprida sync"), "\(tags.errors)")
    let hidden = try region.attempt("lerum", ["show", first])
    #expect(hidden.status == 1 && hidden.errors.contains("sprida sync"))
    let third = try region.publish("lerum", TestRegion.document("Återställd och åter igång"))
    #expect(try sync("lerum", region)["equal"] as? Bool == true)
    #expect(try !findings("lerum", region).contains("quarantined"))
    for record in [first, second, third] {
      for name in ["lerum", "council"] { try region.run(name, "show", record) }
    }
    _ = try region.publish("lerum", TestRegion.document("Nästa dag"))
    let next = try sync("lerum", region)
    #expect(next["equal"] as? Bool == true && next["reconciled"] as? Bool == false)
    let log = try region.run("lerum", "audit", "--kind", "node", "--json").output
    #expect(log.contains("\"restore\""))
  }

  @Test func `a backup taken while serve runs and syncs arrive is valid`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    for number in 0..<40 { _ = try region.publish("lerum", TestRegion.document("Nr \(number)")) }
    let client = Program.process(["sync", "-d", region.node("lerum").path])
    client.standardOutput = FileHandle.nullDevice
    try client.run()
    for number in 0..<4 {
      let path = backup(region) + "\(number)"
      let made = try region.run("council", "backup", path, "--json")
      let held = try #require((made.json as? [String: Any])?["operations"] as? Int)
      #expect(try Backup(verifying: path) { _ in }.operations == held)
    }
    client.waitUntilExit()
    #expect(client.terminationStatus == 0)
    let log = try region.run("council", "audit", "--kind", "node", "--json").output
    #expect(log.matches(of: /"event":"backup"/).count == 4)
  }

  @Test func `without keys the folder must have them, and a file that exists is not replaced`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.run("lerum", "backup", backup(region))
    let again = try region.attempt("lerum", ["backup", backup(region)])
    #expect(again.status == 1 && again.errors.contains("finns redan"))
    try region.run("lerum", "backup", backup(region), "--force")
    let bare = try region.attempt("other", ["restore", backup(region)])
    #expect(bare.status == 1 && bare.errors.contains("--keys"))
    #expect(!exists(region.node("other").path))
    let occupied = try region.attempt("lerum", ["restore", backup(region)])
    #expect(occupied.status == 1 && occupied.errors.contains("finns redan"))

    // A folder with the keys alone; and one with the node but no store.
    try FileManager.default.createDirectory(
      at: region.node("other"), withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    try FileManager.default.copyItem(
      at: region.node("lerum").appendingPathComponent("keys"),
      to: region.node("other").appendingPathComponent("keys"))
    let english = try region.attempt("other", ["restore", backup(region), "--language", "en"])
    #expect(english.status == 0 && english.output.contains("Now run sprida sync"))
    #expect(try sync("other", region)["equal"] as? Bool == true)
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(
        at: region.node("lerum").appendingPathComponent("store.sqlite\(suffix)"))
    }
    try region.run("lerum", "restore", backup(region))
    #expect(try sync("lerum", region)["equal"] as? Bool == true)
  }

  @Test
  func `what is no backup, or one of another region, is refused and leaves the folder as it was`()
    throws
  {
    let (region, other) = (try TestRegion(), try TestRegion())
    try region.join("lerum", "kommun:1441")
    try other.run("council", "backup", backup(other), "--keys")
    try FileManager.default.removeItem(
      at: region.node("lerum").appendingPathComponent("store.sqlite"))
    let before = try FileManager.default.subpathsOfDirectory(atPath: region.node("lerum").path)
    let foreign = try region.attempt("lerum", ["restore", backup(other)])
    #expect(foreign.status == 1 && foreign.errors.contains("annan krets"))
    for text in ["", "ingen databas alls", String(repeating: "x", count: 9000)] {
      try text.write(toFile: backup(region), atomically: true, encoding: .utf8)
      #expect(try region.attempt("lerum", ["restore", backup(region)]).status == 1)
      #expect(try region.attempt("new", ["restore", backup(region)]).status == 1)
    }
    #expect(try region.attempt("new", ["restore", "/nonexistent/copy"]).status == 1)
    #expect(!exists(region.node("new").path))
    let after = try FileManager.default.subpathsOfDirectory(atPath: region.node("lerum").path)
    #expect(after.filter { $0 != "audit.jsonl" } == before.filter { $0 != "audit.jsonl" })
  }

  @Test func `a backup or a restore that is killed leaves nothing half-done under the final name`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    for number in 0..<30 {
      let text = String(repeating: "Ett långt upplägg. ", count: 380)
      _ = try region.publish(
        "lerum", TestRegion.document("Nr \(number)") + "\n## approach\n\(text)\n")
    }
    let whole = region.folder.appendingPathComponent("whole").path
    try region.run("lerum", "backup", whole, "--keys")
    var killed = 0
    for round in 0..<24 {
      for arguments in [
        ["backup", backup(region), "-d", region.node("lerum").path],
        ["restore", whole, "-d", region.node("made").path],
      ] {
        let process = Program.process(arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        usleep(Self.minimumKillDelay + UInt32(round) * 2_500)
        if process.isRunning { killed += 1 }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      if exists(backup(region)) {
        _ = try Backup(verifying: backup(region)) { _ in }
        try FileManager.default.removeItem(atPath: backup(region))
      }
      let store = region.node("made").appendingPathComponent("store.sqlite").path
      if exists(store) {
        let made = try NodeDirectory.open(region.node("made").path)
        #expect(try made.openStore().integrityCheck() == "ok")
        #expect(
          try made.key(.node).publicKey
            == NodeDirectory.open(region.node("lerum").path).key(.node).publicKey)
        try FileManager.default.removeItem(at: region.node("made"))
      }
    }
    #expect(killed > 4)
    // Whatever was left stands in the way of nothing.
    try region.run("lerum", "backup", backup(region))
    try region.run("made", "restore", whole)
    let left = try FileManager.default.contentsOfDirectory(atPath: region.folder.path)
    #expect(!left.contains { $0.contains(".part-") }, "\(left)")
  }
}
