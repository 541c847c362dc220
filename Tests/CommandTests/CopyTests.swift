import Foundation
import Testing

/// Files that somebody has copied, machines that were rolled back, and clones that live on side by
/// side: the peers' cursors show it, and nothing that left the node is lost.
@Suite(.timeLimit(.minutes(10))) struct CopyTests {
  private func copy(_ name: String, to other: String, _ region: TestRegion) throws {
    try? FileManager.default.removeItem(at: region.node(other))
    try FileManager.default.copyItem(at: region.node(name), to: region.node(other))
  }

  @discardableResult
  private func sync(_ name: String, _ region: TestRegion) throws -> [String: Any] {
    let result = try region.run(name, "sync", "--json")
    return try #require((result.json as? [[String: Any]])?.first)
  }

  /// Edits that leave the same operations on every node, and cursors that serve again.
  private func expectEnd(
    _ names: [String], _ records: [String], _ region: TestRegion
  ) throws {
    for name in names + names { #expect(try sync(name, region)["equal"] as? Bool == true) }
    let digests = try (names + ["council"]).map { try region.status($0)["set_digest"] as? String }
    #expect(Set(digests).count == 1, "\(names)")
    for name in names + ["council"] {
      for record in records { try region.run(name, "show", record) }
    }
    for name in names {
      _ = try region.publish(name, TestRegion.document("Nästa dag i \(name)"))
      let next = try sync(name, region)
      #expect(next["equal"] as? Bool == true && next["reconciled"] as? Bool == false, "\(name)")
      #expect(next["copy"] as? Bool == false)
    }
  }

  @Test(arguments: [false, true])
  func
    `a node whose files were put back to an earlier day publishes, and gets back what had left it`(
      publishesFirst: Bool
    ) throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    var records = [try region.publish("lerum", TestRegion.document("Före ögonblicket"))]
    try sync("lerum", region)
    try copy("lerum", to: "snapshot", region)
    records.append(try region.publish("lerum", TestRegion.document("Efter ögonblicket")))
    try sync("lerum", region)
    try copy("snapshot", to: "lerum", region)
    if publishesFirst {
      records.append(try region.publish("lerum", TestRegion.document("Efter tillbakarullningen")))
    }
    let first = try sync("lerum", region)
    #expect(first["copy"] as? Bool == true)
    try expectEnd(["lerum"], records, region)
    let log = try region.run("lerum", "audit", "--kind", "node", "--json").output
    #expect(log.contains("\"rollback\""))
  }

  @Test func `a store file that was copied by hand into a node that lost its own works`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let first = try region.publish("lerum", TestRegion.document("Före kopian"))
    try sync("lerum", region)
    let store = region.node("lerum").appendingPathComponent("store.sqlite")
    let kept = region.folder.appendingPathComponent("kept.sqlite")
    try FileManager.default.copyItem(at: store, to: kept)
    let second = try region.publish("lerum", TestRegion.document("Efter kopian"))
    try sync("lerum", region)
    for suffix in ["", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(atPath: store.path + suffix)
    }
    try FileManager.default.copyItem(at: kept, to: store)
    #expect(try sync("lerum", region)["copy"] as? Bool == true)
    try expectEnd(["lerum"], [first, second], region)
  }

  @Test func `two clones alive at once both publish, and neither's work is lost`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    var records = [try region.publish("lerum", TestRegion.document("Före kloningen"))]
    try sync("lerum", region)
    try copy("lerum", to: "clone", region)
    for round in 0..<3 {
      for name in ["lerum", "clone"] {
        records.append(try region.publish(name, TestRegion.document("\(name) \(round)")))
        #expect(try sync(name, region)["equal"] as? Bool == true)
      }
    }
    try expectEnd(["lerum", "clone"], records, region)
  }
}
