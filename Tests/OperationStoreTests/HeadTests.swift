import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Which of a key's operations a device goes on from, when the key has several roles, and when
/// another device has signed with it.
@Suite struct HeadTests {
  private var office: Office
  private let store: OperationStore
  private let key: SigningKey

  init() throws {
    office = try Office()
    store = try office.store()
    key = office.officer.key
    // The same key reviews for its own organisation and writes for another.
    let (own, other) = (office.region.organisations[0], office.region.organisations[1])
    _ = try sign(.delegate(key: key.publicKey, role: .reviewer, from: 0, to: 0), own.admin)
    _ = try sign(.delegate(key: key.publicKey, role: .author, from: 0, to: 0), other.admin)
  }

  private func sign(_ act: Act, _ delegate: SampleRegion.Delegate) throws -> Digest {
    try store.publish(
      [.act(act, name: nil)], with: delegate.key, as: [.admin], clock: Office.clock,
      random: { [UInt8](repeating: 9, count: Body.randomByteCount) })[0].id
  }

  private func order(_ admin: SigningKey, _ role: Role) throws -> Operation {
    try store.publish(
      [.order(Order(kind: .erase, basis: 1, operations: []))], with: admin, as: [role],
      clock: Office.clock, random: { [UInt8](repeating: 9, count: Body.randomByteCount) })[0]
  }

  private func ownForks() throws -> [KeyForks] {
    try store.forks(shownPerKey: 4, branchesMax: 4).filter { $0.key == key.publicKey }
  }

  @Test func `a key with two roles has two graphs, and each goes on from its own`() throws {
    let root = office.organisation.root.key
    // The root key is an admin as well, by its own word.
    _ = try store.publish(
      [.act(.delegate(key: root.publicKey, role: .admin, from: 0, to: 0), name: nil)], with: root,
      as: [.root], clock: Office.clock,
      random: { [UInt8](repeating: 9, count: Body.randomByteCount) })
    let first = try order(root, .root)
    let admin = try order(root, .admin)
    let second = try order(root, .root)
    let adminAgain = try order(root, .admin)
    #expect(admin.header.prev == [])
    #expect(second.header.prev == [first.id])
    #expect(adminAgain.header.prev == [admin.id])
    let heads = try store.heads(of: root.publicKey)
    #expect(Set(heads).isSuperset(of: [second.id, adminAgain.id]))
    #expect(try store.adoptShown(of: root.publicKey).allSatisfy { $0 != second.id })
    let third = try order(root, .root)
    let adminThird = try order(root, .admin)
    #expect(third.header.prev.contains(second.id) && !third.header.prev.contains(adminAgain.id))
    #expect(adminThird.header.prev == [adminAgain.id])
    let copy = try office.store()
    let report = try copy.take(
      store.arrivals(in: .charter, after: 0, through: .max, notFrom: nil).compactMap {
        try store.parcel(arrival: $0.number)
      }, in: .charter)
    #expect(report.refusals.isEmpty, "others hold all of it")
  }

  @Test mutating func `a foreign head is shown, not followed unasked, and followed once adopted`()
    throws
  {
    let own = try store.write(.set("title", "Eget"), by: office.officer, random: 1)
    let foreign = try office.entry("Klonens", after: [own.id], at: 5_000)
    try store.take([foreign])
    #expect(try store.foreignHeads(of: key.publicKey).map(\.id) == [foreign.id])
    let beside = try store.write(.set("title", "Bredvid"), by: office.officer, random: 2)
    #expect(beside.header.prev == [own.id], "a fork is data")
    let forks = try ownForks()
    #expect(forks.map(\.count) == [1])
    #expect(
      Set(forks[0].proofs[0].fork.branches) == [foreign.id, beside.id]
        && forks[0].proofs[0].branches.count == 2)
    #expect(try store.adoptShown(of: key.publicKey) == [foreign.id])
    #expect(try store.foreignHeads(of: key.publicKey).isEmpty)
    #expect(try store.adoptShown(of: key.publicKey).isEmpty)
    let after = try store.write(.set("title", "Efter"), by: office.officer, random: 3)
    #expect(after.header.prev == [foreign.id, beside.id].sorted())
    #expect(try store.heads(of: key.publicKey) == [after.id])
  }

  @Test mutating func `an own head that a foreign one follows is let go when that is adopted`()
    throws
  {
    let own = try store.write(.set("title", "Eget"), by: office.officer, random: 1)
    let foreign = try office.entry("Klonens", after: [own.id], at: 5_000)
    try store.take([foreign])
    #expect(try store.adoptShown(of: key.publicKey) == [foreign.id])
    let after = try store.write(.set("title", "Efter"), by: office.officer, random: 3)
    #expect(after.header.prev == [foreign.id])
    #expect(try ownForks().isEmpty)
  }
}

extension OperationStore {
  /// As a person does who has seen what there is.
  fileprivate func adoptShown(of key: PublicKey) throws -> [Digest] {
    try adoptHeads(of: key, shown: Set(foreignHeads(of: key).map(\.id)))
  }
}
