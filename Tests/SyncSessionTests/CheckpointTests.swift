import OperationStore
import Operations
import SyncSession
import Testing

/// Two nodes that have no cursor for one another and were each equal with somebody not long ago.
@Suite struct CheckpointTests {
  private let a: Member
  private let b: Member
  private let c: Member
  private let hourAgo = Fixture.clock - 3_600_000

  init() throws {
    (a, b, c) = (try Member(0), try Member(1), try Member(2))
    try a.write(60, at: hourAgo)
    try meet(a, b)
    // What a session brings counts as arrived since; the second brings nothing.
    for _ in 0..<2 {
      try meet(b, c)
      try meet(a, b)
    }
  }

  private func reconciliations(of meeting: Meeting) throws -> [[UInt8]] {
    try meeting.messages.compactMap { message in
      guard case .reconcile(.records, _, _, let part) = message else { return nil }
      return part
    }
  }

  @Test func `a first meeting after equal nights elsewhere reconciles the latest news alone`()
    throws
  {
    try a.write(3)
    try c.write(2)
    let meeting = try meet(a, c)
    #expect(meeting.isEqual && meeting.caller.usedReconciliation)
    #expect(try meeting.parcels.count == 5)
    let messages = try reconciliations(of: meeting)
    #expect(messages.count == 2, "one round trip")
    #expect(messages[0].count <= 40)
    #expect(messages[1].count <= 16 + 2 * 32)
  }

  @Test func `an old difference is found from a checkpoint too`() throws {
    try a.write(1, at: hourAgo)
    let meeting = try meet(c, a)
    #expect(meeting.isEqual && meeting.caller.usedReconciliation)
    #expect(try meeting.parcels.count == 1)
    #expect(try reconciliations(of: meeting)[0].count <= 40, "believed to be equal")
  }

  @Test func `without an equal session the whole is split`() throws {
    let (d, e) = (try Member(0), try Member(1))
    try d.write(40)
    try e.write(40)
    let meeting = try meet(d, e)
    #expect(meeting.isEqual)
    #expect(try reconciliations(of: meeting)[0].count > 300)
  }
}
