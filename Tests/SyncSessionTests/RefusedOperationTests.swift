import CRDT
import OperationStore
import Operations
import Reconciliation
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// A peer that holds what others must refuse: shown as unequal, and no session repeats itself.
@Suite struct RefusedOperationTests {
  private let a: Member
  private let b: Member
  private let bad: Member

  init() throws {
    a = try Member(0)
    b = try Member(1)
    bad = try Member(2)
    try a.write(3)
    try b.write(3)
  }

  @Test(arguments: [true, false])
  func `a forged operation leaves both sides unequal, and the session ends`(
    callerForges: Bool
  ) throws {
    let forged = try a.write(1)[0]
    let forger = ForgingStore(a.store, forging: forged)
    try a.write(1, by: 1)
    let meeting =
      callerForges
      ? try meet(a, b, stores: [forger, nil]) : try meet(b, a, stores: [nil, forger])
    #expect(meeting.isFinished)
    #expect(!meeting.caller.isEqual && !meeting.callee.isEqual)
    let victim = callerForges ? meeting.callee : meeting.caller
    #expect(Set(victim.refusals.map(\.code)) == ["signature"])
    #expect(victim.received == 4, "all but the forged one")
    #expect(meeting.frames.count < 40)
    #expect(!meeting.caller.alarm && !meeting.callee.alarm, "the reason is known")
    #expect(try !b.store.arrivals(of: try a.records).map(\.id).contains(forged))
  }

  @Test func `the cursor does not move past a refused operation, and goes on once it is good`()
    throws
  {
    try meet(b, a)
    let before = try #require(try b.store.cursor(node: a.node))
    let first = try a.write(1)
    let forged = try a.write(1)[0]
    let last = try a.write(1, by: 1)
    let forger = ForgingStore(a.store, forging: forged)
    let unequal = try meet(b, a, stores: [nil, forger])
    #expect(unequal.isFinished && !unequal.caller.isEqual)
    #expect(try b.store.cursor(node: a.node) == before)
    #expect(try b.store.arrivals(of: first + last).count == 2)
    let healed = try meet(b, a)
    #expect(healed.isEqual)
    #expect(Set(try healed.parcels.map(\.id)) == [forged])
    #expect(try b.store.cursor(node: a.node) == a.store.snapshot().cursor)
  }

  @Test func `operations that wait for a refused one leave the cursor where it was`() throws {
    try meet(b, a)
    let before = try #require(try b.store.cursor(node: a.node))
    let forged = try a.write(1)[0]
    let followers = try a.write(2)
    let forger = ForgingStore(a.store, forging: forged)
    let unequal = try meet(b, a, stores: [nil, forger])
    #expect(unequal.isFinished && !unequal.caller.isEqual)
    #expect(unequal.caller.waiting == followers.count)
    #expect(try b.store.status().waiting == 2)
    #expect(try b.store.cursor(node: a.node) == before)
    let healed = try meet(b, a)
    #expect(healed.isEqual)
    #expect(try b.store.status().waiting == 0)
  }

  @Test func `a forged charter operation is no alarm, and the records still come`() throws {
    let act = try a.store.publish(
      [.act(.node(key: SampleRegion.key("late", seed: 21).publicKey, address: ""), name: nil)],
      with: try Fixture.region().organisations[0].admin.key, as: [.admin], clock: Fixture.clock,
      random: { [UInt8](repeating: 3, count: 16) })[0].id
    for isCaller in [true, false] {
      let forger = ForgingStore(a.store, forging: act)
      let meeting =
        isCaller ? try meet(a, b, stores: [forger, nil]) : try meet(b, a, stores: [nil, forger])
      #expect(meeting.isFinished)
      #expect(!meeting.caller.isEqual && !meeting.callee.isEqual)
      #expect(!meeting.caller.alarm && !meeting.callee.alarm)
      #expect(try Set(b.records) == Set(a.records))
    }
    #expect(try meet(a, b).isEqual)
  }

  @Test func `an operation without authority is offered again once its charter is here`() throws {
    let region = try Fixture.region()
    let key = SampleRegion.key("a later officer", seed: 21)
    let delegation = try a.store.publish(
      [.act(.delegate(key: key.publicKey, role: .author, from: 0, to: 0), name: nil)],
      with: region.organisations[0].admin.key, as: [.admin], clock: Fixture.clock,
      random: { [UInt8](repeating: 3, count: 16) })[0].id
    let entry = try a.store.publish(
      [
        .record(
          [ChangeDraft(type: .set, path: "title", value: .text("Ny"))], family: "entry",
          record: nil)
      ], with: key, as: [.author], clock: Fixture.clock,
      random: { [UInt8](repeating: 4, count: 16) })[0].id
    let forger = ForgingStore(a.store, forging: delegation)
    let unequal = try meet(b, a, stores: [nil, forger])
    #expect(unequal.isFinished && !unequal.caller.isEqual)
    #expect(unequal.caller.refusals.contains { $0.code == "delegation-not-held" })
    #expect(try b.store.arrivals(of: [entry]).isEmpty)
    #expect(try meet(b, a).isEqual)
    #expect(try b.store.arrivals(of: [entry]).count == 1)
  }
}

/// A store that sends one of its operations with a broken signature.
///
/// Since the id covers the envelope, its digests say that it holds what nobody will take.
struct ForgingStore: WrappedStore {
  let wrapped: OperationStore
  private let number: UInt64?

  init(_ wrapped: OperationStore, forging id: Digest) {
    self.wrapped = wrapped
    number = try? wrapped.arrivals(of: [id]).first?.number
  }

  func parcel(arrival number: UInt64) throws -> Parcel? {
    guard let parcel = try wrapped.parcel(arrival: number), number == self.number else {
      return try wrapped.parcel(arrival: number)
    }
    var envelope = parcel.envelope
    envelope[envelope.count - 1] ^= 1
    return Parcel(envelope: envelope, body: parcel.body)
  }
}
