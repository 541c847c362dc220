import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// Two nodes that meet become equal, by the cheapest way their cursors allow.
@Suite struct MeetingTests {
  private let a: Member
  private let b: Member

  init() throws {
    a = try Member(0)
    b = try Member(1)
  }

  private func expectSame(_ members: Member...) throws {
    for member in members.dropFirst() {
      #expect(try member.store.projectionDump() == members[0].store.projectionDump())
      #expect(try Set(member.records) == Set(members[0].records))
    }
  }

  @Test func `nodes that meet for the first time exchange all and are equal`() throws {
    try a.write(3)
    try b.write(2)
    let meeting = try meet(a, b)
    #expect(meeting.isEqual)
    #expect(meeting.caller.received == 2 && meeting.caller.sent == 3)
    #expect(meeting.callee.received == 3 && meeting.callee.sent == 2)
    #expect(meeting.caller.digest == meeting.callee.digest)
    #expect(meeting.caller.count == UInt64(try a.store.status().held))
    #expect(!meeting.caller.alarm && !meeting.callee.alarm)
    try expectSame(a, b)
  }

  @Test func `a newcomer that has only the region link gets the whole region`() throws {
    let newcomer = try Member(2, isNewcomer: true)
    try a.write(4)
    let meeting = try meet(newcomer, a)
    #expect(meeting.isEqual)
    #expect(!meeting.caller.usedReconciliation)
    #expect(try newcomer.store.charter().nodes == a.store.charter().nodes)
    #expect(try newcomer.records == a.records, "in the order of the sender")
    try expectSame(newcomer, a)
  }

  @Test func `a newcomer may also be the one that is called`() throws {
    let newcomer = try Member(2, isNewcomer: true)
    try a.write(2)
    let meeting = try meet(a, newcomer, isPinned: true)
    #expect(meeting.isEqual)
    try expectSame(newcomer, a)
  }

  @Test func `nodes that met yesterday send only the news, without reconciliation`() throws {
    try a.write(5)
    try b.write(5)
    try meet(a, b)
    let news = try a.write(2) + b.write(3)
    for (caller, callee) in [(b, a), (a, b)] {
      let meeting = try meet(caller, callee)
      #expect(meeting.isEqual)
      #expect(!meeting.caller.usedReconciliation)
      let sent = try meeting.parcels.map(\.id)
      if caller === b { #expect(Set(sent) == Set(news) && sent.count == news.count) }
      if caller === a { #expect(sent.isEmpty, "nothing is resent") }
    }
    try expectSame(a, b)
  }

  @Test func `a replaced store gets everything again, its own operations too`() throws {
    let own = try b.write(3)
    try a.write(3)
    try meet(a, b)
    try b.replaceStore()
    let meeting = try meet(b, a)
    #expect(meeting.isEqual)
    #expect(try Set(b.records).isSuperset(of: own))
    try expectSame(a, b)
  }

  @Test func `useless cursors lead to reconciliation, which sends what differs and no more`() throws
  {
    try a.write(60)
    try meet(a, b)
    try b.replaceStore()
    try b.learnCharter()
    let c = try Member(2)
    try meet(c, a)
    try meet(b, c)
    let news = try a.write(2) + b.write(3)
    let meeting = try meet(a, b)
    #expect(meeting.isEqual)
    #expect(meeting.caller.usedReconciliation && meeting.callee.usedReconciliation)
    #expect(!meeting.caller.alarm && !meeting.callee.alarm)
    #expect(Set(try meeting.parcels.map(\.id)) == Set(news))
    #expect(try meeting.parcels.count == news.count)
    try expectSame(a, b)
  }

  @Test func `after a reconciliation the cursors serve again`() throws {
    try a.write(3)
    try b.write(3)
    let first = try meet(a, b)
    #expect(first.caller.usedReconciliation)
    try a.write(1)
    let second = try meet(a, b)
    #expect(second.isEqual && !second.caller.usedReconciliation)
    #expect(try second.parcels.count == 1)
  }

  @Test func `a charter that has grown goes before the records it lets in`() throws {
    let c = try Member(2, isNewcomer: true)
    try meet(c, a)
    let admin = try Fixture.region().organisations[0].admin
    let key = SampleRegion.key("a later officer", seed: 21)
    _ = try a.store.publish(
      [.act(.delegate(key: key.publicKey, role: .author, from: 0, to: 0), name: nil)],
      with: admin.key, as: [.admin], clock: Fixture.clock,
      random: { [UInt8](repeating: 3, count: 16) })
    _ = try a.store.publish(
      [
        .record(
          [ChangeDraft(type: .set, path: "title", value: .text("Ny"))], family: "entry",
          record: nil)
      ], with: key, as: [.author], clock: Fixture.clock,
      random: { [UInt8](repeating: 4, count: 16) })
    let meeting = try meet(c, a)
    #expect(meeting.isEqual)
    #expect(meeting.caller.refusals.isEmpty)
    try expectSame(a, c)
  }

  @Test func `news of a third node is not sent twice`() throws {
    let c = try Member(2)
    try a.write(3)
    for pair in [(a, b), (b, c), (a, c), (a, b)] { try meet(pair.0, pair.1) }
    let shared = try a.write(4)
    try meet(a, b)
    try meet(a, c)
    let fresh = try b.write(1)
    let meeting = try meet(b, c)
    #expect(meeting.isEqual && !meeting.caller.usedReconciliation)
    #expect(try meeting.parcels.map(\.id) == fresh)
    let listed = try meeting.messages.compactMap { message -> Int? in
      guard case .inventory(_, let inventory) = message else { return nil }
      return inventory.shortIDs.count
    }
    #expect(Set(listed) == [shared.count, shared.count + fresh.count], "offered by name only")
  }

  @Test func `a skewed clock of the peer is reported and changes nothing else`() throws {
    var session = SyncSession(
      .responder, store: b.store, ownNode: b.node, peerNode: a.node, isPinned: false,
      nonce: [UInt8](repeating: 2, count: 16), usesDeltas: false)
    var caller = SyncSession(
      .initiator, store: a.store, ownNode: a.node, peerNode: b.node, isPinned: true,
      nonce: [UInt8](repeating: 1, count: 16), usesDeltas: false)
    try caller.start(now: .max)
    try session.receive(try #require(try caller.nextFrame()), now: 5)
    #expect(session.report.clockSkew == Int64.max - 5)
    try caller.receive(try #require(try session.nextFrame()), now: .max)
    #expect(caller.report.isEqual && session.report.isEqual)
  }
}
