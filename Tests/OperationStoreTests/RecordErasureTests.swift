import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// An order about a record reaches what its signer has never seen.
@Suite struct RecordErasureTests {
  private var office: Office
  private static let grace = UInt64(Limits.erasureGraceMilliseconds)

  init() throws {
    office = try Office()
  }

  private mutating func order(
    _ records: [Digest], _ kind: Order.Kind = .eraseRecord,
    by signer: SampleRegion.Delegate? = nil, at milliseconds: UInt64 = 20_000
  ) throws -> Operation {
    try office.region.sign(
      .order, .order(Order(kind: kind, basis: 2, operations: records)),
      by: signer ?? office.organisation.root, at: SampleRegion.time(milliseconds),
      using: &office.generator)
  }

  private mutating func edit(
    _ record: Digest, _ title: String, after prev: [Digest], at milliseconds: UInt64
  ) throws -> Operation {
    try office.region.author(
      [.set("title", title)], record: record, by: office.officer, after: prev,
      at: SampleRegion.time(milliseconds), using: &office.generator)
  }

  private func isBare(_ store: OperationStore, _ id: Digest) throws -> Bool? {
    try store.place(of: id)?.isBare
  }

  @Test mutating func `evidence that only another node holds is erased there, in every file`()
    throws
  {
    let folder = try Folder()
    let (own, other) = (try office.store(), try office.store(path: folder.store))
    let entry = try office.entry("Titel")
    let stolen = try edit(entry.id, "Hemlig Hemligsson", after: [entry.id], at: 2000)
    let revoke = try office.region.act(
      .revoke(key: office.officer.key.publicKey, heads: [entry.id], disowned: []),
      by: office.organisation.admin, at: SampleRegion.time(9000), using: &office.generator)
    try own.take([entry])
    try other.take([entry, stolen])
    for store in [own, other] { try store.take([revoke], in: .charter) }
    #expect(try own.place(of: stolen.id) == nil)
    #expect(try other.place(of: stolen.id)?.isExchanged == false)
    let (before, order) = (try other.snapshot().records, try order([entry.id]))
    #expect(try folder.holds("Hemlig Hemligsson"))
    for store in [own, other] {
      try store.take([order], in: .charter)
      #expect(try store.carryOutErasures(now: Office.clock) == [order.id])
    }
    #expect(try isBare(other, stolen.id) == true && isBare(other, entry.id) == true)
    #expect(try !folder.holds("Hemlig Hemligsson"))
    #expect(try other.snapshot().records == before)
    #expect(try own.snapshot().records == before, "digests keep agreeing")
    let dump = try other.projectionDump()
    try other.rebuild()
    #expect(try other.projectionDump() == dump)
  }

  @Test mutating func `evidence that is vouched for afterwards is exchanged as a bare header`()
    throws
  {
    let (own, other) = (try office.store(), try office.store())
    let entry = try office.entry("Titel")
    let stolen = try edit(entry.id, "Hemligt", after: [entry.id], at: 2000)
    let follower = try office.entry("Annat", after: [stolen.id], at: 3000)
    let key = office.officer.key.publicKey
    let revoke = try office.region.act(
      .revoke(key: key, heads: [entry.id], disowned: []), by: office.organisation.admin,
      at: SampleRegion.time(9000), using: &office.generator)
    try own.take([entry])
    try other.take([entry, stolen, follower])
    let vouch = try office.region.act(
      .vouch(operations: [stolen.id, follower.id].sorted()), by: office.organisation.root,
      at: SampleRegion.time(21_000), using: &office.generator)
    let order = try order([entry.id])
    for store in [own, other] {
      try store.take([revoke, order], in: .charter)
      _ = try store.carryOutErasures(now: Office.clock)
      try store.take([vouch], in: .charter)
    }
    #expect(try own.snapshot().records != other.snapshot().records)
    let sent = try other.parcels(of: [stolen.id, follower.id])
    #expect(sent[0].body.isEmpty && !sent[1].body.isEmpty)
    #expect(try own.take(sent).held == [stolen.id, follower.id])
    #expect(try own.snapshot().records == other.snapshot().records)
    #expect(try own.titles(matching: "annat") == ["Annat"])
    #expect(try own.titles(matching: "hemligt").isEmpty)
  }

  @Test mutating func `what waits, and what comes after the order, loses its body`() throws {
    let store = try office.store()
    let entry = try office.entry("Titel")
    let second = try edit(entry.id, "Andra", after: [entry.id], at: 2000)
    let third = try edit(entry.id, "Tredje", after: [second.id], at: 3000)
    let late = try edit(entry.id, "Sena", after: [third.id], at: 30_000)
    try store.take([entry])
    #expect(try store.take([third]).waiting == [third.id])
    try store.take([try order([entry.id])], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try store.status().waiting == 0, "it is fetched again")
    #expect(try store.take([second, third, late]).held.count == 3)
    for one in [entry, second, third, late] { #expect(try isBare(store, one.id) == true) }
    #expect(try store.snapshot().records.count == 4)
  }

  @Test mutating func `other records, and other organisations' words, stay`() throws {
    let store = try office.store()
    let (entry, kept) = (try office.entry("Bort"), try office.entry("Kvar", at: 1500))
    try store.take([entry, kept])
    let foreign = office.region.organisations[1]
    try store.take([try order([kept.id], by: foreign.root)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    let claimed = try office.region.author(
      [.set("title", "Främmande")], record: entry.id, by: foreign.officers[0],
      at: SampleRegion.time(1600), using: &office.generator)
    try store.take([claimed])
    try store.take([try order([entry.id])], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try isBare(store, entry.id) == true)
    #expect(try isBare(store, kept.id) == false && isBare(store, claimed.id) == false)
    try store.take([try order([entry.id], by: office.region.council)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try isBare(store, claimed.id) == true, "the council's acts on all")
  }

  @Test mutating func `nothing new is signed about an erased record, until the order is cancelled`()
    throws
  {
    let store = try office.store()
    let entry = try office.entry("Åter")
    try store.take([entry])
    let order = try order([entry.id], by: office.organisation.admin)
    try store.take([order], in: .charter)
    #expect(try store.titles(matching: "åter").isEmpty)
    do {
      try store.write(.set("title", "Nytt"), to: entry.id, by: office.officer)
      Issue.record("it was signed")
    } catch StoreError.erased(let record, let by) {
      #expect(record == entry.id && by == order.id)
    }
    let cancel = try self.order([order.id], .cancel, at: 20_001)
    try store.take([cancel], in: .charter)
    #expect(try store.titles(matching: "åter") == ["Åter"])
    try store.write(.set("title", "Nytt", over: entry.change()), to: entry.id, by: office.officer)
    #expect(try store.titles(matching: "nytt") == ["Nytt"])
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace).isEmpty)
  }

  @Test mutating func `a later version's operation is not named, and is listed as not judged`()
    throws
  {
    let store = try office.store()
    let entry = try office.entry("Titel")
    var later = RawOperation(recordBy: office.officer, in: office.region)
    later.content[1] = .bytes(entry.id.bytes)
    later.content.append(.unsigned(0))
    let unread = try later.read(in: office.region)
    try store.take([entry, unread])
    try store.take([try order([entry.id])], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try isBare(store, unread.id) == false)
    #expect(try store.recordsNotUnderstood(of: office.organisation.id) == [unread.id])
    try store.take([try order([unread.id], .erase)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try isBare(store, unread.id) == true)
    #expect(try store.recordsNotUnderstood(of: office.organisation.id).isEmpty)
  }
}
