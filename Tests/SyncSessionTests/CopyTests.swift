import Foundation
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import Testing

/// Stores that were put back to an earlier state, restored from a backup, or cloned and alive twice.
///
/// From any point on, and whatever is published before anybody notices, nothing that a peer has or
/// that was acknowledged since is lost, and all end equal.
@Suite struct CopyTests {
  private enum Kind: CaseIterable { case backup, rollback, clone }

  private struct Run {
    let kind: Kind
    var generator: SeededGenerator
    let folder: URL
    let members: [Member]
    /// What must be on every node in the end.
    var expected: Set<Digest> = []

    init(_ seed: UInt64) throws {
      generator = SeededGenerator(seed: seed)
      kind = Kind.allCases[Int(seed % 3)]
      folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("sprida-copy-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      members = try (0..<3).map { try Member($0) }
      try members[0].useFile(path("original"))
      try members[0].learnCharter()
    }

    func path(_ name: String) -> String { folder.appendingPathComponent("\(name).sqlite").path }

    mutating func storm(_ among: [Member], events: Int) throws {
      for _ in 0..<events {
        let pair = among.shuffled(using: &generator)
        if generator.oneIn(2) {
          try pair[0].write(1 + Int(generator.next() % 3), by: Int(generator.next() % 2))
        } else if pair[0].node != pair[1].node {
          try encounter(pair[0], pair[1])
        }
      }
    }

    @discardableResult
    mutating func encounter(_ caller: Member, _ callee: Member) throws -> Meeting {
      try meet(caller, callee, nonces: generator.bytes(2))
    }

    /// The state of one moment, as a backup or as files that somebody copies.
    func capture() throws {
      if kind == .backup {
        _ = try members[0].store.backUp(
          to: path("copy"), with: [], isReplacing: false, now: Fixture.clock
        ) { _ in }
      } else {
        for suffix in ["", "-wal"] {
          try? FileManager.default.copyItem(
            atPath: path("original") + suffix, toPath: path("copy") + suffix)
        }
      }
    }

    mutating func revive() throws -> OperationStore {
      guard kind == .backup else { return try OperationStore.open(path: path("copy")) }
      let id = try #require(StoreID(generator.bytes(StoreID.byteCount)))
      try Backup(verifying: path("copy")) { _ in }.restore(
        to: path("restored"), id: id, progress: { _ in }, prepare: {})
      return try OperationStore.open(path: path("restored"))
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `from any point on, a copy loses nothing that left the node and ends equal`(seed: UInt64)
    throws
  {
    var run = try Run(seed)
    defer { try? FileManager.default.removeItem(at: run.folder) }
    let members = run.members
    try run.storm(members, events: 4 + Int(run.generator.next() % 12))
    try run.capture()
    try run.storm(members, events: Int(run.generator.next() % 10))
    run.expected.formUnion(try members[1].records + members[2].records)
    let copy = try Member(0)
    copy.use(try run.revive())
    var alive = [copy, members[1], members[2]]
    if run.kind == .clone {
      alive.append(members[0])
      run.expected.formUnion(try members[0].records)
    }
    run.expected.formUnion(try copy.records)
    if run.generator.oneIn(2) { run.expected.formUnion(try copy.write(2)) }
    try run.storm(alive, events: 6 + Int(run.generator.next() % 8))
    for member in alive { run.expected.formUnion(try member.records) }

    for _ in 0..<3 {
      for member in alive where member !== alive[1] { try run.encounter(member, alive[1]) }
    }
    for member in alive {
      #expect(try Set(member.records) == run.expected, "seed \(seed) \(run.kind)")
      #expect(try member.store.projectionDump() == alive[1].store.projectionDump())
      #expect(try !member.store.isUnsynced())
    }
    for member in alive where member !== alive[1] {
      try member.write(1)
      let next = try run.encounter(member, alive[1])
      #expect(
        next.isEqual && !next.caller.usedReconciliation, "seed \(seed): the cursor serves again")
      #expect(!next.caller.isCopy && !next.callee.isCopy)
    }
  }
}
