import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Orders to erase, as one store carries them out.
@Suite struct ErasingTests {
  private var office: Office
  private static let grace = UInt64(Limits.erasureGraceMilliseconds)

  init() throws {
    office = try Office()
  }

  private mutating func order(
    _ ids: [Digest], _ kind: Order.Kind = .erase, by signer: SampleRegion.Delegate,
    after prev: [Digest] = [], at milliseconds: UInt64 = 5000
  ) throws -> Operation {
    try office.region.sign(
      .order, .order(Order(kind: kind, basis: 2, operations: ids)), by: signer, after: prev,
      at: SampleRegion.time(milliseconds), using: &office.generator)
  }

  private func isBare(_ store: OperationStore, _ id: Digest) throws -> Bool? {
    try store.place(of: id)?.isBare
  }

  @Test mutating func `an order hides at once, and overwrites once its grace is over`() throws {
    let store = try office.store()
    let entry = try office.entry("Känsligt ord")
    try store.take([entry])
    let before = try store.snapshot().records
    let order = try order([entry.id], by: office.organisation.admin)
    try store.take([order], in: .charter)
    let key = RecordKey(organisation: office.organisation.id, record: entry.id)
    let state = try #require(try store.record(key))
    #expect(state["title"]?.values.first?.value == nil)
    #expect(try store.titles(matching: "känsligt").isEmpty)
    #expect(try store.operation(entry.id)?.body == nil, "no command shows it")
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace - 1).isEmpty)
    #expect(try isBare(store, entry.id) == false, "it can still be cancelled")
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace) == [order.id])
    #expect(try isBare(store, entry.id) == true)
    #expect(try store.snapshot().records == before, "digests keep agreeing")
    #expect(try store.carryOutErasures(now: Office.clock + 2 * Self.grace).isEmpty, "once")
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
  }

  @Test mutating func `what an order has hidden is no base, before and after its grace`() throws {
    let store = try office.store()
    let entry = try office.entry("Känsligt ord")
    try store.take([entry])
    func base() throws -> Parcel? {
      let mark = OperationMark(entry.id)
      return try store.bases([mark], through: .max, from: nil, bytes: 1 << 20)[0]
    }
    #expect(try base() == Parcel(entry))
    try store.take([try order([entry.id], by: office.organisation.admin)], in: .charter)
    #expect(try isBare(store, entry.id) == false)
    #expect(try base() == nil, "hidden")
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace).count == 1)
    #expect(try isBare(store, entry.id) == true)
    #expect(try base() == nil, "overwritten")
  }

  @Test mutating func `an order of a root or of the council is carried out at once`() throws {
    for signer in [office.organisation.root, office.region.council] {
      let store = try office.store()
      let entry = try office.entry()
      try store.take([entry])
      try store.take([try order([entry.id], by: signer)], in: .charter)
      #expect(try store.carryOutErasures(now: Office.clock).count == 1)
    }
  }

  @Test mutating func `another organisation's order does nothing`() throws {
    let store = try office.store()
    let entry = try office.entry("Kvar")
    try store.take([entry])
    try store.take([try order([entry.id], by: office.region.organisations[1].root)], in: .charter)
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace).count == 1)
    #expect(try isBare(store, entry.id) == false)
    #expect(try store.titles(matching: "kvar") == ["Kvar"])
  }

  @Test mutating func `a higher stratum cancels within the grace, and nothing is lost`() throws {
    let store = try office.store()
    let entry = try office.entry("Åter")
    try store.take([entry])
    let order = try order([entry.id], by: office.organisation.admin)
    try store.take([order], in: .charter)
    #expect(try store.titles(matching: "åter").isEmpty)
    let own = try self.order(
      [order.id], .cancel, by: office.organisation.admin, after: [order.id], at: 6000)
    try store.take([own], in: .charter)
    #expect(try store.titles(matching: "åter").isEmpty, "not by the same stratum")
    let cancel = try self.order([order.id], .cancel, by: office.organisation.root, at: 6000)
    try store.take([cancel], in: .charter)
    #expect(try store.titles(matching: "åter") == ["Åter"])
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace).isEmpty)
  }

  @Test mutating func `nobody cancels after the grace, nor an order that had none`() throws {
    let store = try office.store()
    let entries = try office.chain(2)
    try store.take(entries)
    let slow = try order([entries[0].id], by: office.organisation.admin)
    let fast = try order([entries[1].id], by: office.organisation.root)
    let late = try order(
      [slow.id], .cancel, by: office.organisation.root, after: [fast.id], at: 5000 + Self.grace)
    let vain = try order([fast.id], .cancel, by: office.region.council, at: 5001)
    try store.take([slow, fast, late, vain], in: .charter)
    #expect(try store.charter().erasureOrders.allSatisfy { !$0.isCancelled })
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace).count == 2)
  }

  @Test mutating func `a copy made before the bytes were overwritten is listed as older`() throws {
    let folder = try Folder()
    let store = try office.store(path: folder.store)
    let entry = try office.entry()
    try store.take([entry])
    try store.take([try order([entry.id], by: office.organisation.admin)], in: .charter)
    let within = Office.clock + Self.grace / 2
    let path = folder.path + "/copy"
    _ = try store.backUp(to: path, with: [], isReplacing: false, now: within) { _ in }
    _ = try store.carryOutErasures(now: Office.clock + Self.grace)
    let after = folder.path + "/after"
    _ = try store.backUp(to: after, with: [], isReplacing: false, now: within + Self.grace) { _ in }
    #expect(try store.erasureStates().map(\.olderBackups) == [[path]])
  }

  @Test mutating func `what is erased before it can be held waits without its body`() throws {
    let store = try office.store()
    let chain = try office.chain(2)
    try store.take([try order([chain[1].id], by: office.organisation.root)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try store.take([chain[1]]).waiting == [chain[1].id])
    #expect(try store.take([chain[0]]).held.count == 2)
    #expect(try isBare(store, chain[1].id) == true)
  }

  @Test mutating func `an order that touches no body costs no rewriting and counts as done`() throws
  {
    let store = try office.store()
    let order = try order([SHA256.hash([1])], by: office.organisation.root)
    try store.take([order], in: .charter)
    #expect(try store.carryOutErasures(now: Office.clock) == [order.id])
  }

  @Test mutating func `an order stays effective when its signer's key is revoked`() throws {
    let store = try office.store()
    let entry = try office.entry()
    try store.take([entry])
    let admin = office.organisation.admin
    let order = try order([entry.id], by: admin)
    let revoke = try office.region.act(
      .revoke(key: admin.key.publicKey, heads: [], disowned: []), by: office.organisation.root,
      at: SampleRegion.time(7000), using: &office.generator)
    try store.take([order, revoke], in: .charter)
    #expect(try store.charter().verdict(of: order.id) == .outsideCut)
    #expect(try store.carryOutErasures(now: Office.clock + Self.grace) == [order.id])
    // And others can hold it: what it stands on stays exchanged.
    let other = try office.store()
    let exchanged = try store.ids(.charter).filter { $0 != office.region.id }
    try other.take(try store.parcels(of: exchanged), in: .charter)
    #expect(try other.charter().erasureOrders.map(\.id) == [order.id])
    let (own, others) = (try store.snapshot().charter, try other.snapshot().charter)
    #expect(own == others)
  }

  @Test mutating func `a body offered again after its erasure is dropped`() throws {
    let store = try office.store()
    let entry = try office.entry()
    try store.take([entry])
    try store.take([try order([entry.id], by: office.organisation.root)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    let again = try store.take([entry])
    #expect(again.held.isEmpty && again.duplicates == [entry.id])
    #expect(try isBare(store, entry.id) == true)
  }

  @Test mutating func `an order for something not yet held is judged before the body is stored`()
    throws
  {
    let store = try office.store()
    let entry = try office.entry()
    try store.take([try order([entry.id], by: office.organisation.root)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try store.take([entry]).held == [entry.id])
    #expect(try isBare(store, entry.id) == true)
  }

  @Test
  mutating func `a bare header without an order is refused, and held whole when another sends it`()
    throws
  {
    let store = try office.store()
    let entry = try office.entry("Hel")
    let bare = Parcel(envelope: entry.envelope.bytes, body: [])
    let refused = try store.take([bare])
    #expect(refused.refusals.map(\.code) == ["body-missing"])
    #expect(try store.take([entry], from: 8).held == [entry.id])
    #expect(try store.titles(matching: "hel") == ["Hel"])
  }

  @Test mutating func `under an order a bare header is held, and is asked for again if cancelled`()
    throws
  {
    let store = try office.store()
    let entry = try office.entry("Åter")
    let order = try order([entry.id], by: office.organisation.admin)
    try store.take([order], in: .charter)
    let bare = Parcel(envelope: entry.envelope.bytes, body: [])
    #expect(try store.take([bare]).held == [entry.id])
    let cancel = try self.order([order.id], .cancel, by: office.organisation.root, at: 6000)
    try store.take([cancel], in: .charter)
    #expect(try store.ids(.records).isEmpty, "it leaves the exchanged set")
    #expect(try store.status().bodyMissing == 1)
    #expect(try store.take([entry]).held == [entry.id])
    #expect(try store.titles(matching: "åter") == ["Åter"])
    #expect(try store.status().bodyMissing == 0)
  }

  @Test mutating func `one receipt names all orders that are done, and names none twice`() throws {
    let store = try office.store()
    let entries = try office.chain(3)
    try store.take(entries)
    for (index, entry) in entries.enumerated() {
      let order = try order(
        [entry.id], by: office.organisation.root, at: UInt64(5000 + index))
      try store.take([order], in: .charter)
    }
    let done = try store.carryOutErasures(now: Office.clock)
    #expect(done.count == 3)
    let service = office.organisation.service.key
    #expect(try store.unreceipted(by: service.publicKey) == done.sorted())
    let orders = try store.unreceipted(by: service.publicKey)
    _ = try store.publish(
      [.receipt(Receipt(orders: orders))], with: service, as: [.service], clock: Office.clock,
      random: { [] })
    #expect(try store.unreceipted(by: service.publicKey).isEmpty)
    let states = try store.erasureStates()
    #expect(states.allSatisfy { $0.receipts.map(\.organisation) == [office.organisation.id] })
    #expect(states.allSatisfy { $0.doneHere == Office.clock })
  }

  @Test mutating func `what an order erases is in no file of the store`() throws {
    let folder = try Folder()
    let store = try office.store(path: folder.store)
    let marker = "Hemlighetsfullt\(office.generator.next())"
    var entries: [Operation] = []
    for index in 0..<40 {
      let text = String(repeating: "\(marker) nummer \(index) ", count: 20)
      entries.append(
        try office.entry(text, after: entries.last.map { [$0.id] } ?? [], at: UInt64(1000 + index)))
    }
    try store.take(entries)
    try store.completeSearchIndex()
    #expect(try folder.holds(marker))
    #expect(try folder.holds(marker.lowercased()), "the search index has it too")
    let ids = entries.map(\.id).sorted()
    try store.take([try order(ids, by: office.organisation.root)], in: .charter)
    #expect(try store.carryOutErasures(now: Office.clock).count == 1)
    #expect(try !folder.holds(marker))
    #expect(try !folder.holds(marker.lowercased()))
    #expect(try store.integrityCheck() == "ok")
  }

  @Test mutating func `while a reader is in the way an order is not called done`() throws {
    let folder = try Folder()
    let store = try office.store(path: folder.store)
    let entry = try office.entry("Ännu kvar")
    try store.take([entry])
    try store.take([try order([entry.id], by: office.organisation.root)], in: .charter)
    try OpenReader.holding(folder.store) {
      let done = try store.carryOutErasures(now: Office.clock)
      #expect(done.isEmpty)
    }
    #expect(try store.erasureStates().map(\.doneHere) == [nil])
    #expect(try store.carryOutErasures(now: Office.clock).count == 1)
    #expect(try !folder.holds("Ännu kvar"))
  }
}
