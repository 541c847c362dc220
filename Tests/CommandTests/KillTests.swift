import Foundation
import OperationStore
import Testing

@Suite(.timeLimit(.minutes(10))) struct KillTests {
  private static let entries = 600

  /// Kills the receiving daemon as soon as it has stored something of a sync, again and again, until
  /// everything is there.
  @Test func `a node killed in the middle of a sync resumes and loses nothing`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try publish(in: region)
    let goal = try held("lerum", region)
    var before = try held("council", region)
    var interrupted = 0
    for round in 0..<60 where before < goal {
      let client = Program.process(["sync", "-d", region.node("lerum").path])
      client.standardOutput = FileHandle.nullDevice
      client.standardError = FileHandle.nullDevice
      try client.run()
      while client.isRunning, try held("council", region) == before { usleep(500) }
      region.council.kill()
      client.waitUntilExit()
      let store = try open("council", region)
      #expect(try store.integrityCheck() == "ok", "round \(round)")
      let now = try store.status().held
      #expect(now >= before, "round \(round): \(now) held, \(before) before")
      if now > before && now < goal {
        interrupted += 1
        #expect(client.terminationStatus != 0, "the client called an interrupted sync done")
      }
      before = now
      try region.restartCouncil()
    }
    #expect(before == goal)
    #expect(interrupted > 0, "no kill fell between two batches")
    #expect(try region.run("lerum", "sync").output.contains("lika: ja"))
    let projections = try open("council", region).projectionDump()
    try region.run("council", "rebuild")
    #expect(try open("council", region).projectionDump() == projections)
  }

  /// Enough for a sync of many frames, each a transaction of its own.
  private func publish(in region: TestRegion) throws {
    let text = String(repeating: "Ett långt upplägg med många ord om skolan. ", count: 160)
    let files = try (0..<Self.entries).map { number in
      let file = region.folder.appendingPathComponent("\(number).md")
      try "\(TestRegion.document("Nummer \(number)"))\n## approach\n\(text)\n"
        .write(to: file, atomically: true, encoding: .utf8)
      return file.path
    }
    let published = try region.attempt("lerum", ["publish"] + files)
    try #require(published.status == 0, "\(published.errors.suffix(500))")
  }

  private func open(_ name: String, _ region: TestRegion) throws -> OperationStore {
    try OperationStore.open(path: region.node(name).appendingPathComponent("store.sqlite").path)
  }

  private func held(_ name: String, _ region: TestRegion) throws -> Int {
    try open(name, region).status().held
  }
}
