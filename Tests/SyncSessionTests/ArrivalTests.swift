import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import Testing
import WireFormat

/// News from others while a session runs.
@Suite struct ArrivalTests {
  /// Before every frame of a session, either store gets something else.
  @Test(arguments: [true, false], [true, false])
  func `what arrives during a session is no difference`(atCaller: Bool, cursorsServe: Bool) throws {
    let (a, b) = (try Member(0), try Member(1))
    try a.write(3)
    try b.write(2)
    if cursorsServe {
      try meet(a, b)
      try a.write(2)
      try b.write(1)
    }
    let started = (Set(try a.records), Set(try b.records))
    var meeting = try Meeting(a, b)
    try meeting.run { _ in try (atCaller ? a : b).write(1) }
    #expect(meeting.isEqual)
    #expect(!meeting.caller.alarm)
    let everything = started.0.union(started.1)
    let charter = try a.store.snapshot().charter.count
    // The callee's start is when it hears hello; one arrived just before.
    #expect(meeting.caller.count == charter + UInt64(everything.count) + (atCaller ? 0 : 1))
    #expect(try Set(a.records).isSuperset(of: everything))
    #expect(try Set(b.records).isSuperset(of: everything))
    #expect(try meet(a, b).isEqual)
    #expect(try a.store.projectionDump() == b.store.projectionDump())
  }

  /// The same operation comes from the peer and, before each frame in turn, from a third node.
  @Test(arguments: [true, false])
  func `what a third node brings at the same time counts once`(cursorsServe: Bool) throws {
    for moment in 0..<8 {
      let (a, b) = (try Member(0), try Member(1))
      let source = try Member(2)
      try b.write(1)
      if cursorsServe { try meet(a, b) }
      let news = try a.write(3)
      let parcels = try news.compactMap { try a.parcel($0) }
      var meeting = try Meeting(a, b)
      try meeting.run { frame in
        guard frame == moment else { return }
        _ = try b.store.ingest(
          parcels, in: .records, from: source.store.id(), cursor: nil, now: Fixture.clock)
      }
      #expect(meeting.isEqual, "before frame \(moment)")
      #expect(try meet(a, b).isEqual)
      #expect(try Set(b.records).isSuperset(of: news))
    }
  }

  @Test func `sessions of three nodes at once all end equal`() throws {
    let (a, b, c) = (try Member(0), try Member(1), try Member(2))
    try a.write(3)
    try b.write(3)
    try c.write(3)
    var first = try Meeting(a, b)
    var second = try Meeting(c, b)
    for step in 1..<60 {
      try first.run(upTo: step)
      try second.run(upTo: step)
    }
    #expect(first.isEqual)
    #expect(second.isEqual)
    for pair in [(a, b), (c, b), (a, b)] { try meet(pair.0, pair.1) }
    #expect(try a.store.projectionDump() == c.store.projectionDump())
    #expect(try a.store.snapshot().total.count == c.store.snapshot().total.count)
  }
}
