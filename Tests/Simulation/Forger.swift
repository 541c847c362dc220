import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

/// Signs whatever a liar's keys allow, and what they do not: forks, false dates, stolen keys.
struct Forger {
  private typealias Delegate = SampleRegion.Delegate

  let region: SampleRegion
  let organisation: SampleRegion.Organisation
  /// Keys of others, taken from their holders.
  private let stolen: [SampleRegion.Delegate]

  init(
    region: SampleRegion, organisation: SampleRegion.Organisation,
    mayStealSeat: Bool, using generator: inout SeededGenerator
  ) {
    self.region = region
    self.organisation = organisation
    let others = region.organisations.filter { $0.id != organisation.id }
    var stolen: [SampleRegion.Delegate] = []
    if generator.chance(50), let victim = others.randomElement(using: &generator) {
      stolen.append(victim.officers[0])
      if generator.chance(25) { stolen.append(victim.admin) }
    }
    if mayStealSeat, generator.chance(15), let seat = region.seats.last {
      stolen.append(
        SampleRegion.Delegate(key: seat.key, delegation: region.id, role: .council))
    }
    self.stolen = stolen
  }

  /// An operation that every honest node may take, if it is not cut.
  func sign(
    _ text: CBOR, knowing store: OperationStore, now: UInt64,
    using generator: inout SeededGenerator
  ) throws -> Operation? {
    let own =
      [organisation.root, organisation.admin, organisation.reviewer, organisation.service]
      + organisation.officers
    guard let signer = (own + organisation.officers + stolen).randomElement(using: &generator)
    else { return nil }
    let ids = try store.arrivals(of: .charter) + store.arrivals(of: .records)
    switch signer.role {
    case .author, .reviewer:
      return try changes(text, ids, by: signer, store, now, &generator)
    case .service:
      let receipt = Receipt(orders: pick(ids, &generator))
      return try sign(.receipt, .receipt(receipt), by: signer, store, now, &generator)
    case .admin, .root, .council:
      return try act(ids, by: signer, store, now, &generator)
    }
  }

  /// One that no honest node may ever hold.
  func falsify(
    now: UInt64, using generator: inout SeededGenerator
  ) throws -> Operation {
    let officer = organisation.officers[0]
    let isForeign = generator.chance(50)
    let key = isForeign ? officer.key : SampleRegion.key("nobody", seed: generator.next() % 4)
    let other = SHA256.hash(generator.bytes(8))
    return try Operation.record(
      [ChangeDraft(type: .set, path: "title", value: .text("falskt"))], family: "entry",
      record: nil,
      by: Operation.Signer(
        key: key, delegation: officer.delegation, region: isForeign ? other : region.id, prev: [],
        timestamp: Timestamp(milliseconds: now), random: generator.bytes(Body.randomByteCount)))
  }

  // MARK: - Records

  private func changes(
    _ text: CBOR, _ ids: [Digest], by signer: Delegate, _ store: OperationStore, _ now: UInt64,
    _ generator: inout SeededGenerator
  ) throws -> Operation {
    let targets = pick(ids, &generator).map { AssignmentID(operation: $0, index: 0) }
    let record = generator.chance(70) ? ids.randomElement(using: &generator) : nil
    return try region.author(
      [ChangeDraft(type: .set, path: "title", value: text, targets: targets)], record: record,
      by: signer, after: try prev(of: signer, store, &generator), at: time(now, &generator),
      using: &generator)
  }

  // MARK: - Acts

  private func act(
    _ ids: [Digest], by signer: Delegate, _ store: OperationStore, _ now: UInt64,
    _ generator: inout SeededGenerator
  ) throws -> Operation {
    switch generator.next() % 6 {
    case 0:
      let kinds: [Order.Kind] = [.erase, .erase, .eraseRecord, .cancel]
      let kind = kinds.randomElement(using: &generator) ?? .erase
      let order = Order(kind: kind, basis: 1, operations: pick(ids, &generator))
      return try sign(.order, .order(order), by: signer, store, now, &generator)
    case 1:
      let roles: [Role] = [.author, .reviewer, .admin, .service]
      return try charter(
        .delegate(
          key: SampleRegion.key("accomplice", seed: generator.next() % 4).publicKey,
          role: roles.filter { $0.power < signer.role.power }.randomElement(using: &generator)
            ?? .author, from: 0, to: 0), by: signer, store, now, &generator)
    case 2:
      return try charter(
        .vouch(operations: pick(ids, &generator)), by: signer, store, now, &generator)
    case 3 where signer.role == .council:
      return try charter(
        .approve(operation: ids.randomElement(using: &generator) ?? region.id), by: signer, store,
        now, &generator)
    case 3:
      let key = SampleRegion.key("node of nobody", seed: generator.next() % 4).publicKey
      return try charter(.node(key: key, address: "x:1"), by: signer, store, now, &generator)
    default:
      return try charter(
        .revoke(
          key: victim(of: signer, &generator), heads: pick(ids, &generator),
          disowned: pick(ids, &generator)), by: signer, store, now, &generator)
    }
  }

  /// A council key can end the keys of any organisation; node keys are left alone, for without node
  /// 0 there is no calm.
  private func victim(of signer: Delegate, _ generator: inout SeededGenerator) -> PublicKey {
    let reached = signer.role == .council ? region.organisations : [organisation]
    let victim = reached.randomElement(using: &generator) ?? organisation
    let keys = [victim.root, victim.admin, victim.reviewer] + victim.officers
    return (keys.randomElement(using: &generator) ?? victim.reviewer).key.publicKey
  }

  private func charter(
    _ act: Act, by signer: Delegate, _ store: OperationStore, _ now: UInt64,
    _ generator: inout SeededGenerator
  ) throws -> Operation {
    try sign(.charter, .act(act), by: signer, store, now, &generator)
  }

  private func sign(
    _ operationClass: OperationClass, _ content: Header.Content, by signer: Delegate,
    _ store: OperationStore, _ now: UInt64, _ generator: inout SeededGenerator
  ) throws -> Operation {
    try region.sign(
      operationClass, content, by: signer, after: try prev(of: signer, store, &generator),
      at: time(now, &generator), using: &generator)
  }

  // MARK: - Draws

  /// What the key goes on from: its heads, something older beside which it forks, or nothing.
  private func prev(
    of signer: Delegate, _ store: OperationStore, _ generator: inout SeededGenerator
  ) throws -> [Digest] {
    let own = try store.operations(of: signer.key.publicKey)
    switch generator.next() % 4 {
    case 0: return []
    case 1: return own.randomElement(using: &generator).map { [$0.id] } ?? []
    default: return Array(own.heads().prefix(Limits.prevMax))
    }
  }

  private func time(_ now: UInt64, _ generator: inout SeededGenerator) -> Timestamp {
    switch generator.next() % 4 {
    case 0: Timestamp(milliseconds: generator.next() % now)
    case 1: Timestamp(milliseconds: now + generator.next() % 100_000_000_000)
    default: Timestamp(milliseconds: now)
    }
  }

  /// None to two, ascending.
  private func pick(_ ids: [Digest], _ generator: inout SeededGenerator) -> [Digest] {
    let count = Int(generator.next() % 3)
    return Set((0..<count).compactMap { _ in ids.randomElement(using: &generator) }).sorted()
  }
}

extension OperationStore {
  /// The ids of a scope in arrival order.
  fileprivate func arrivals(of scope: Scope) throws -> [Digest] {
    try arrivals(in: scope, after: 0, through: .max, notFrom: nil).map(\.id)
  }
}
