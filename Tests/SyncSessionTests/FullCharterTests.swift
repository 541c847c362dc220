import CRDT
import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// Two nodes to which a thief has given other acts than each other, until neither takes more.
@Suite struct FullCharterTests {
  private let region: SampleRegion
  private let a: Member
  private let b: Member
  private var generator = SeededGenerator(seed: 4)

  init() throws {
    region = try Fixture.region()
    a = try Member(0)
    b = try Member(1)
  }

  private var admin: SampleRegion.Delegate { region.organisations[2].admin }
  private var accomplice: SigningKey { SampleRegion.key("accomplice", seed: 21) }

  /// Delegations of an accomplice.
  private mutating func acts(_ range: Range<Int>) throws -> [Operation] {
    try range.map { index in
      try region.act(
        .delegate(key: accomplice.publicKey, role: .author, from: 0, to: UInt64(index + 1)),
        by: admin, at: SampleRegion.time(UInt64(1000 + index)), using: &generator)
    }
  }

  private func take(_ operations: [Operation], in scope: Scope, by member: Member) throws {
    let source = try #require(StoreID([UInt8](repeating: 0xee, count: StoreID.byteCount)))
    _ = try member.store.ingest(
      operations.map(Parcel.init), in: scope, from: source, cursor: nil, now: Fixture.clock)
  }

  @Test mutating func `others' records sync all the same, and a revocation makes both equal`()
    throws
  {
    // More of what only one of them can hold than a faulty sender may offer.
    let apart = Limits.refusalsMax + 1
    let (max, common) = (Limits.charterOperationsMax, Limits.charterOperationsMax - apart)
    let (shared, own) = (try acts(0..<common), try acts(common..<max))
    try take(shared + own, in: .charter, by: a)
    try take(shared + acts(max..<max + apart), in: .charter, by: b)
    let writer = SampleRegion.Delegate(key: accomplice, delegation: own[0].id, role: .author)
    let spam = try (0..<apart).map { index in
      try region.author(
        [ChangeDraft(type: .set, path: "title", value: .text("\(index)"))], by: writer,
        at: SampleRegion.time(UInt64(9000 + index)), using: &generator)
    }
    try take(spam, in: .records, by: a)
    let news = try a.write(2) + b.write(2)
    let meeting = try meet(a, b)
    #expect(meeting.isFinished && !meeting.caller.isEqual && !meeting.callee.isEqual)
    #expect(meeting.caller.refusals.contains { $0.code == "charter-full" })
    for member in [a, b] {
      #expect(try Set(member.records).isSuperset(of: news))
      #expect(try member.store.status().refusals.first { $0.code == "charter-full" } != nil)
    }
    #expect(try Set(b.records).isDisjoint(with: spam.map(\.id)))

    let heads = try Member(2).store.operations(of: admin.key.publicKey).map(\.id).sorted()
    let revoke = try region.act(
      .revoke(key: admin.key.publicKey, heads: heads, disowned: []),
      by: region.organisations[2].root, at: SampleRegion.time(99_000), using: &generator)
    for member in [a, b] { try take([revoke], in: .charter, by: member) }
    #expect(try meet(b, a).isEqual)
    #expect(try Set(a.records) == Set(b.records))
  }
}
