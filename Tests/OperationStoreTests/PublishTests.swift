import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// What a store signs for its own keys.
@Suite struct PublishTests {
  private var office: Office
  private let store: OperationStore

  init() throws {
    office = try Office()
    store = try office.store()
  }

  @Test func `each operation follows the last one that this store signed with the key`() throws {
    let other = office.organisation.officers[1]
    let first = try store.write(.set("title", "Ett"), by: office.officer, random: 1)
    let beside = try store.write(.set("title", "Två"), by: other, random: 2)
    let second = try store.write(.set("title", "Tre"), by: office.officer, random: 3)
    #expect(first.header.prev.isEmpty)
    #expect(beside.header.prev.isEmpty)
    #expect(second.header.prev == [first.id])
  }

  @Test func `drafts of one call follow one another in one transaction`() throws {
    let drafts: [OperationStore.Draft] = (0..<3).map {
      .record([.set("title", "Nr \($0)")], family: "entry", record: nil)
    }
    let published = try store.publish(
      drafts, with: office.officer.key, as: [.author], clock: Office.clock,
      random: { [UInt8](repeating: 4, count: 16) })
    #expect(published.map(\.header.prev) == [[], [published[0].id], [published[1].id]])
    let stamps = published.map(\.header.timestamp)
    #expect(stamps == stamps.sorted() && Set(stamps).count == 3)
    #expect(try store.ids(.records) == published.map(\.id))
  }

  @Test mutating func `a head of the own key that another device signed is not named`() throws {
    let foreign = try office.entry("Från en klon")
    try store.take([foreign])
    let first = try store.write(.set("title", "Egen"), by: office.officer, random: 1)
    #expect(first.header.prev.isEmpty)
    try store.take([try office.entry("Klonens nästa", after: [first.id])])
    let second = try store.write(.set("title", "Nästa"), by: office.officer, random: 2)
    #expect(second.header.prev == [first.id])
  }

  @Test func `the timestamp is the clock's, and goes on when the clock does not`() throws {
    let clock = Office.clock
    func stamp(_ clock: UInt64, _ random: UInt8) throws -> Timestamp {
      try store.write(.set("title", "x"), by: office.officer, clock: clock, random: random)
        .header.timestamp
    }
    #expect(try stamp(clock, 1) == Timestamp(milliseconds: clock))
    #expect(try stamp(clock, 2) == Timestamp(milliseconds: clock, counter: 1))
    #expect(try stamp(clock - 500, 3) == Timestamp(milliseconds: clock, counter: 2))
    #expect(try stamp(clock + 1, 4) == Timestamp(milliseconds: clock + 1))
  }

  @Test mutating func `a stamp that is superseded is followed, up to 15 minutes ahead`() throws {
    let ahead = UInt64(Limits.clockAheadMillisecondsMax)
    let base = SampleRegion.start.milliseconds
    let colleague = office.organisation.officers[1]
    let near = try office.entry("Nära", by: colleague, at: 1000 + ahead)
    let far = try office.entry("Fjärran", by: colleague, at: 1000 + ahead + 1)
    try store.take([near, far])
    let overNear = try store.write(
      .set("title", "x", over: near.change()), to: near.id, by: office.officer,
      clock: base + 1000, random: 1)
    #expect(overNear.header.timestamp == near.header.timestamp)
    let overFar = try store.write(
      .set("title", "x", over: far.change()), to: far.id, by: office.organisation.officers[2],
      clock: base + 1000, random: 2)
    #expect(overFar.header.timestamp == Timestamp(milliseconds: base + 1000))
  }

  @Test func `an own stamp from a clock that was far ahead is not followed for ever`() throws {
    let year: UInt64 = 365 * 86_400_000
    func stamp(_ clock: UInt64, _ random: UInt8) throws -> Timestamp {
      try store.write(.set("title", "x"), by: office.officer, clock: clock, random: random)
        .header.timestamp
    }
    let clock = Office.clock
    #expect(try stamp(clock + year, 1) == Timestamp(milliseconds: clock + year))
    #expect(try stamp(clock, 2) == Timestamp(milliseconds: clock))
    #expect(try stamp(clock, 3) == Timestamp(milliseconds: clock, counter: 1))
  }

  @Test mutating func `an older operation of the key that arrives late does not set it back`()
    throws
  {
    let first = try store.write(.set("title", "Ny"), by: office.officer, random: 1)
    try store.take([try office.entry("Klonens gamla", at: 1)])
    let second = try store.write(
      .set("title", "Nyare"), by: office.officer, clock: Office.clock - 1000, random: 2)
    #expect(second.header.timestamp > first.header.timestamp)
  }

  @Test func `without a grant nothing is signed or written`() throws {
    let before = try store.content()
    let stranger = office.region.key("a stranger")
    let cases: [(SigningKey, [Role])] = [
      (stranger, [.author]), (office.officer.key, [.admin, .root]), (office.officer.key, []),
      (office.organisation.reviewer.key, [.author]),
    ]
    for (key, roles) in cases {
      #expect {
        try store.publish(
          [.record([.set("title", "x")], family: "entry", record: nil)], with: key, as: roles,
          clock: Office.clock, random: { [UInt8](repeating: 1, count: 16) })
      } throws: {
        if case StoreError.noGrant = $0 { true } else { false }
      }
    }
    #expect(try store.content() == before)
  }

  @Test func `a draft that cannot be signed takes the whole call back`() throws {
    let before = try store.content()
    let tooLong = String(repeating: "x", count: Limits.operationBytesMax)
    let drafts: [OperationStore.Draft] = [
      .record([.set("title", "Går bra")], family: "entry", record: nil),
      .record([.set("title", tooLong)], family: "entry", record: nil),
    ]
    #expect(throws: OperationError.self) {
      try store.publish(
        drafts, with: office.officer.key, as: [.author], clock: Office.clock,
        random: { [UInt8](repeating: 1, count: 16) })
    }
    #expect(try store.content() == before)
    let next = try store.write(.set("title", "Sedan"), by: office.officer)
    #expect(next.header.prev.isEmpty, "no head was left behind")
  }

  @Test mutating func `what is published passes every check of another store`() throws {
    let own = try store.write(.set("title", "Ett"), by: office.officer)
    let other = try office.store()
    #expect(try other.take([own]).held == [own.id])
    #expect(try other.projectionDump() == store.projectionDump())
  }

  @Test func `acts of one call follow one another, so that no key forks`() throws {
    let admin = office.organisation.admin.key
    let acts = try store.publish(
      (0..<3).map { number in
        .act(.node(key: office.region.key("node \(number)").publicKey, address: ""), name: nil)
      },
      with: admin, as: [.admin], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: 16) })
    #expect(acts.map(\.header.prev) == [[], [acts[0].id], [acts[1].id]])
    let next = try store.publish(
      [.act(.node(key: admin.publicKey, address: ""), name: nil)], with: admin, as: [.admin],
      clock: Office.clock, random: { [UInt8](repeating: 1, count: 16) })
    #expect(next[0].header.prev == [acts[2].id])
  }

  @Test func `an act is in the charter at once`() throws {
    let node = office.region.key("a second node").publicKey
    let acts = try store.publish(
      [.act(.node(key: node, address: "b.example:7441"), name: nil)],
      with: office.organisation.admin.key, as: [.root, .admin], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: 16) })
    let entry = try #require(try store.charter().node(node))
    #expect(entry.act == acts[0].id)
    #expect(entry.organisation == office.organisation.id)
    #expect(try store.ids(.charter).last == acts[0].id)
  }
}
