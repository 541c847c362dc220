import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// Charter operations that arrive late or out of order.
@Suite struct LateAuthorityTests {
  private var office: Office

  init() throws {
    office = try Office()
  }

  @Test mutating func `operations refused for want of authority are let in when offered again`()
    throws
  {
    let store = try office.store(withCharter: false)
    let chain = try office.chain(3)
    let refused = try store.take(chain)
    #expect(refused.held.isEmpty)
    #expect(refused.refusals.map(\.code) == chain.map { _ in "delegation-not-held" })
    try store.take(office.region.charterOperations, in: .charter)
    #expect(try store.take(chain).held == chain.map(\.id))
    #expect(try store.content() == office.store(holding: chain).content())
  }

  @Test mutating func `the charter counts at once, also for the store that is open`() throws {
    let store = try office.store(withCharter: false)
    #expect(try store.charter().organisations.count == 1)
    try store.take(office.region.charterOperations, in: .charter)
    #expect(try store.charter().organisations == office.region.charter.organisations)
    #expect(try store.charter().allGrants == office.region.charter.allGrants)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  mutating func `a charter in one batch is held whole in any order`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let store = try office.store(withCharter: false)
    let shuffled = office.region.charterOperations.shuffled(using: &generator)
    let report = try store.take(shuffled, in: .charter)
    #expect(report.refusals.isEmpty, "seed \(seed)")
    #expect(report.waiting.isEmpty, "seed \(seed)")
    #expect(report.held.count == shuffled.count, "seed \(seed)")
    #expect(try store.charter().allGrants == office.region.charter.allGrants)
    #expect(try store.refusalCounts().isEmpty, "nothing that is held is counted as refused")
  }

  @Test mutating func `a charter operation among records is refused and lets nothing in`() throws {
    let store = try office.store(withCharter: false)
    let entry = try office.entry()
    let report = try store.take(office.region.charterOperations + [entry], in: .records)
    #expect(report.held.isEmpty)
    #expect(report.refusals.count == office.region.charterOperations.count + 1)
  }
}

// MARK: - Accepted later, fetched once

extension LateAuthorityTests {
  private mutating func act(
    _ act: Act, by signer: SampleRegion.Delegate, at milliseconds: UInt64
  ) throws -> Operation {
    try office.region.act(
      act, by: signer, at: SampleRegion.time(milliseconds), using: &office.generator)
  }

  @Test
  mutating func
    `what a cut sets aside is accepted when its head arrives, without being fetched again`()
    throws
  {
    let chain = try office.chain(3)
    let key = office.officer.key.publicKey
    let revoke = try act(
      .revoke(key: key, heads: [chain[2].id], disowned: []), by: office.organisation.admin, at: 9000
    )
    let store = try office.store()
    try store.take([revoke], in: .charter)
    let early = try store.take(Array(chain.prefix(2)))
    #expect(early.setAside == chain.prefix(2).map(\.id) && early.held.isEmpty)
    #expect(try store.titles(matching: "titel").isEmpty)
    #expect(try store.status().evidence == 2)
    #expect(try store.awaitedHeads() == [key: [chain[2].id]])
    #expect(try store.take([chain[2]]).held == [chain[2].id])
    #expect(try store.titles(matching: "titel").count == 3)
    #expect(try store.awaitedHeads().isEmpty)
    let other = try office.store(holding: chain)
    try other.take([revoke], in: .charter)
    #expect(try store.content() == other.content(), "whatever came first")
  }

  @Test
  mutating func `what falls outside a cut stays as evidence, and counts again once vouched for`()
    throws
  {
    let store = try office.store()
    let chain = try office.chain(2)
    try store.take(chain)
    let whole = try store.snapshot().records
    let key = office.officer.key.publicKey
    let revoke = try act(
      .revoke(key: key, heads: [chain[0].id], disowned: []), by: office.organisation.admin, at: 9000
    )
    try store.take([revoke], in: .charter)
    #expect(try store.titles(matching: "titel") == ["Titel 0"])
    #expect(try store.ids(.records) == [chain[0].id])
    #expect(try store.status().evidence == 1)
    #expect(try store.snapshot().records != whole)
    let again = try store.take([chain[1]])
    #expect(again.held.isEmpty && again.refusals.isEmpty, "it is here already")
    let vouch = try act(
      .vouch(operations: [chain[1].id]), by: office.organisation.root, at: 9500)
    try store.take([vouch], in: .charter)
    #expect(try store.titles(matching: "titel").count == 2)
    #expect(try store.snapshot().records == whole)
  }

  /// What is outside and dropped must not take along what others of the batch act under.
  @Test mutating func `a store opens again whatever of a batch lies outside a cut`() throws {
    let folder = try Folder()
    let store = try office.store(path: folder.store)
    let organisation = office.organisation
    // The root rotates and keeps nothing; the thief of the old root delegates an admin of his own.
    let next = SampleRegion.Delegate(
      key: organisation.nextRoot, delegation: organisation.id, role: .root)
    let rotate = try act(
      .rotate(oldHeads: [], successor: SHA256.hash([9])), by: next, at: 8000)
    let root = SampleRegion.Delegate(
      key: organisation.nextRoot, delegation: rotate.id, role: .root)
    let accomplice = office.region.key("accomplice")
    let revoke = try office.region.act(
      .revoke(key: accomplice.publicKey, heads: [SHA256.hash([1])], disowned: []), by: root,
      after: [rotate.id], at: SampleRegion.time(8100), using: &office.generator)
    try store.take([rotate, revoke], in: .charter)
    let delegation = try act(
      .delegate(key: accomplice.publicKey, role: .admin, from: 0, to: 0), by: organisation.root,
      at: 8200)
    let admin = SampleRegion.Delegate(key: accomplice, delegation: delegation.id, role: .admin)
    let node = try act(.node(key: accomplice.publicKey, address: ""), by: admin, at: 8300)
    _ = try store.take([delegation, node], in: .charter)
    let reopened = try OperationStore.open(path: folder.store)
    #expect(try reopened.charter().nodes.allSatisfy { $0.key != accomplice.publicKey })
    #expect(try reopened.projectionDump() == store.projectionDump())
    try reopened.rebuild()
    #expect(try reopened.projectionDump() == store.projectionDump())
  }

  @Test mutating func `an operation outside a cut that awaits nothing is refused and not kept`()
    throws
  {
    let store = try office.store()
    let chain = try office.chain(2)
    let key = office.officer.key.publicKey
    try store.take([chain[0]])
    let revoke = try act(
      .revoke(key: key, heads: [chain[0].id], disowned: []), by: office.organisation.admin, at: 9000
    )
    try store.take([revoke], in: .charter)
    let before = try store.content()
    let late = try store.take([chain[1]])
    #expect(late.refusals.map(\.code) == ["outside-cut"])
    #expect(try store.content() == before)
  }
}

extension Office {
  fileprivate func store(holding operations: [Operation]) throws -> OperationStore {
    let store = try store()
    try store.take(operations)
    return store
  }
}
