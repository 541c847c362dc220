import OperationStore
import Operations
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

extension Office {
  fileprivate func store(holding operations: [Operation]) throws -> OperationStore {
    let store = try store()
    try store.take(operations)
    return store
  }
}
