import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// What one stratum of an organisation may take up of a charter that all evaluate for ever.
@Suite struct CharterShareTests {
  private var office: Office
  private let store: OperationStore

  init() throws {
    office = try Office()
    store = try office.store()
  }

  /// As many delegations by an admin as there is room for, in the words of a thief.
  private mutating func flood(_ count: Int, from first: Int = 0) throws -> [Operation] {
    let admin = office.organisation.admin
    let key = SampleRegion.key("accomplice", seed: 1).publicKey
    return try (first..<first + count).map { index in
      try office.region.act(
        .delegate(key: key, role: .author, from: 0, to: UInt64(index + 1)), by: admin,
        at: SampleRegion.time(UInt64(5000 + index)), using: &office.generator)
    }
  }

  private func share(_ signer: CharterShare.Signer) throws -> Int {
    let organisation = office.organisation.id
    return try store.charter().shares.filter {
      $0.key.organisation == organisation && $0.key.signer == signer
    }.values.reduce(0, +)
  }

  @Test mutating func `beyond its share no act is held, and a cut from above makes room`() throws {
    let max = Limits.charterOperationsMax
    let own = try share(.admins)
    let report = try store.take(flood(max - own + 3), in: .charter)
    #expect(report.refusals.map(\.code) == ["charter-full", "charter-full", "charter-full"])
    #expect(try share(.admins) == max)
    let organisation = office.organisation
    let late = try order(by: organisation.admin)
    #expect(try store.take([late], in: .charter).refusals.map(\.code) == ["charter-full"])
    #expect(throws: StoreError.self) { try sign(by: organisation.admin) }

    // Others, the council and the stratum above go on as before.
    let foreign = try order(by: office.region.organisations[1].admin)
    let council = try order(by: office.region.council)
    let heads = try store.operations(of: organisation.admin.key.publicKey)
      .map(\.id).filter { !report.held.contains($0) }.sorted()
    let revoke = try office.region.act(
      .revoke(key: organisation.admin.key.publicKey, heads: heads, disowned: []),
      by: organisation.root, at: SampleRegion.time(90_000), using: &office.generator)
    #expect(try store.take([foreign, council, revoke], in: .charter).held.count == 3)
    #expect(try share(.admins) == own)
    let other = office.region.key("another admin")
    let delegation = try office.region.act(
      .delegate(key: other.publicKey, role: .admin, from: 0, to: 0), by: organisation.root,
      after: [revoke.id], at: SampleRegion.time(91_000), using: &office.generator)
    let admin = SampleRegion.Delegate(key: other, delegation: delegation.id, role: .admin)
    #expect(try store.take([delegation, order(by: admin)], in: .charter).held.count == 2)
  }

  private mutating func order(by signer: SampleRegion.Delegate) throws -> Operation {
    try office.region.sign(
      .order, .order(Order(kind: .erase, basis: 1, operations: [.zero])), by: signer,
      at: SampleRegion.time(80_000), using: &office.generator)
  }

  private func sign(by signer: SampleRegion.Delegate) throws {
    _ = try store.publish(
      [.act(.vouch(operations: [.zero]), name: nil)], with: signer.key, as: [signer.role],
      clock: Office.clock, random: { [] })
  }
}
