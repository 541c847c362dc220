import Foundation
import Node
import OperationStore
import Testing

@Suite(.timeLimit(.minutes(10))) struct KillTests {
  /// Kills the receiving daemon at many moments of a sync; what it said it holds must be there.
  @Test func `a node killed in the middle of a sync resumes and loses nothing`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    for number in 0..<40 {
      _ = try region.publish("lerum", TestRegion.document("Post nummer \(number)"))
    }
    var held = 0
    var killed = 0
    for delay in stride(from: 4, through: 60, by: 4) {
      let client = Program.process(["sync", "-d", region.node("lerum").path])
      client.standardOutput = FileHandle.nullDevice
      client.standardError = FileHandle.nullDevice
      try client.run()
      usleep(UInt32(delay) * 1000)
      region.council.kill()
      client.waitUntilExit()
      if client.terminationStatus != 0 { killed += 1 }
      let store = try OperationStore.open(
        path: region.node("council").appendingPathComponent("store.sqlite").path)
      #expect(try store.integrityCheck() == "ok", "killed after \(delay) ms")
      let now = try store.status().held
      #expect(now >= held, "killed after \(delay) ms: \(now) held, \(held) before")
      held = now
      try region.restartCouncil()
    }
    #expect(killed > 0, "no sync was interrupted")
    #expect(try region.run("lerum", "sync").output.contains("lika: ja"))
    let before = try projections(region)
    try region.run("council", "rebuild")
    #expect(try projections(region) == before)
  }

  private func projections(_ region: TestRegion) throws -> [String] {
    try OperationStore.open(
      path: region.node("council").appendingPathComponent("store.sqlite").path
    ).projectionDump()
  }
}
