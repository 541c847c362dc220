import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// The store of an earlier day, as reports count it.
@Suite struct PastTests {
  private var office: Office

  init() throws {
    office = try Office()
  }

  private func copied(_ store: OperationStore, before time: Timestamp) throws -> [Digest] {
    try store.copy(signedBefore: time.milliseconds).ids(.records)
  }

  @Test mutating func `a copy holds what was signed before its moment and no more`() throws {
    let store = try office.store()
    let chain = try office.chain(6)
    try store.take(chain)
    let middle = chain[3].header.timestamp
    let copy = try copied(store, before: Timestamp(milliseconds: middle.milliseconds))
    #expect(Set(copy) == Set(chain.filter { $0.header.timestamp < middle }.map(\.id)))
    let all = try store.copy(signedBefore: SampleRegion.time(10_000_000).milliseconds)
    #expect(try all.snapshot().records == store.snapshot().records)
    #expect(try all.snapshot().charter == store.snapshot().charter)
    #expect(try store.copy(signedBefore: 1).ids(.records).isEmpty)
  }

  @Test mutating func `what followed an operation that has been erased since is in the copy`()
    throws
  {
    let store = try office.store()
    let chain = try office.chain(4)
    try store.take(chain)
    let order = try office.region.sign(
      .order, .order(Order(kind: .erase, basis: 2, operations: [chain[1].id])),
      by: office.organisation.root, at: SampleRegion.time(5_000_000), using: &office.generator)
    try store.take([order], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock + UInt64(Limits.erasureGraceMilliseconds))
    let copy = try copied(store, before: SampleRegion.time(5_000_000))
    #expect(Set(copy) == Set(chain.map(\.id)), "it is held without its body")
  }

  @Test mutating func `a node's quota and the evidence that it keeps leave its copies alike`()
    throws
  {
    let (one, other) = (try office.store(), try office.store())
    let chain = try office.chain(5)
    for store in [one, other] { try store.take(chain) }
    let cut = try office.region.act(
      .revoke(key: office.officer.key.publicKey, heads: [chain[1].id], disowned: []),
      by: office.organisation.admin, at: SampleRegion.time(5_000_000), using: &office.generator)
    for store in [one, other] { try store.take([cut], in: .charter) }
    try other.setQuota(bytes: 1)
    #expect(try one.snapshot().records == other.snapshot().records)
    let moment = SampleRegion.time(5_000_000)
    let copies = try [one, other].map { try $0.copy(signedBefore: moment.milliseconds).snapshot() }
    #expect(copies[0].records == copies[1].records)
    #expect(try copies[0].records.count == one.snapshot().records.count)
  }

  @Test mutating func `what is read consistently is read again when something arrives meanwhile`()
    throws
  {
    let store = try office.store()
    let chain = try office.chain(2)
    var counts: [Int] = []
    let seen = try store.consistently {
      let count = try store.ids(.records).count
      counts.append(count)
      if count < 2 { try store.take([chain[count]]) }
      return try store.ids(.records).count
    }
    #expect(counts == [0, 1, 2] && seen == 2)
  }
}
