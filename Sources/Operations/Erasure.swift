import CRDT
import Signatures
import WireFormat

/// An effective order to erase (`Protocol/charter.md#orders`).
package struct ErasureOrder: Sendable, Equatable {
  package let id: Digest
  /// `erase` or `eraseRecord`.
  package let kind: Order.Kind
  /// Whose operations it acts on; nil for a council's, which acts on all.
  package let organisation: Digest?
  package let power: Power
  package let basis: UInt64
  /// Operations, or records.
  package let operations: [Digest]
  package let timestamp: Timestamp
  /// The effective order that cancels it.
  package let cancelledBy: Digest?

  package var isCancelled: Bool { cancelledBy != nil }

  /// A root's word is carried out at once; an admin's leaves time to cancel.
  package var isImmediate: Bool { power >= .root }

  package func acts(onOperationsOf owner: Digest) -> Bool {
    !isCancelled && (organisation == nil || organisation == owner)
  }

  /// Whether it names an operation, or the record that this is about if any.
  package func names(_ id: Digest, about record: Digest?) -> Bool {
    (kind == .eraseRecord ? record : id).map(operations.contains) ?? false
  }
}

/// The orders of a charter.
///
/// Cuts, rotations and verdicts are not asked, so that what is erased
/// stays erased.
struct ErasureOrders: Sendable {
  private(set) var all: [ErasureOrder] = []
  private(set) var byOperation: [Digest: [Int]] = [:]
  private(set) var byRecord: [Digest: [Int]] = [:]
  var byID: [Digest: ErasureOrder] {
    Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  init() {}

  init(_ charter: Charter) {
    let orders = charter.facts.values.filter { $0.order != nil }
    guard !orders.isEmpty else { return }
    let seats = LastingSeats(charter)
    let effective = orders.filter { charter.isEffective($0, seats) }.sorted { $0.id < $1.id }
    var cancels: [Digest: [Charter.Fact]] = [:]
    for fact in effective {
      guard let order = fact.order, order.kind == .cancel else { continue }
      for id in order.operations { cancels[id, default: []].append(fact) }
    }
    for fact in effective {
      guard let order = fact.order, order.kind != .cancel else { continue }
      let cancel = cancels[fact.id]?.first { $0.mayCancel(fact) }
      for id in order.operations {
        switch order.kind {
        case .erase: byOperation[id, default: []].append(all.count)
        case .eraseRecord: byRecord[id, default: []].append(all.count)
        case .cancel: break
        }
      }
      all.append(
        ErasureOrder(
          id: fact.id, kind: order.kind,
          organisation: fact.grant.role == .council ? nil : fact.grant.organisation,
          power: fact.orderPower, basis: order.basis, operations: order.operations,
          timestamp: fact.timestamp, cancelledBy: cancel?.id))
    }
  }
}

extension Charter.Fact {
  fileprivate var orderPower: Power {
    grant.role == .council ? .council : grant.role.power
  }

  /// Within the grace of an order that has one: afterwards bodies are overwritten, and nothing would
  /// come back.
  fileprivate func mayCancel(_ order: Charter.Fact) -> Bool {
    guard order.orderPower < .root,
      timestamp.milliseconds < order.timestamp.milliseconds
        + UInt64(Limits.erasureGraceMilliseconds)
    else { return false }
    return grant.role == .council
      || grant.organisation == order.grant.organisation && orderPower > order.orderPower
  }
}

/// Who sat in the council when cuts are not asked, for what is to work for ever.
struct LastingSeats {
  private let charter: Charter
  private let approvals: [Digest: [Charter.Fact]]

  init(_ charter: Charter) {
    self.charter = charter
    var approvals: [Digest: [Charter.Fact]] = [:]
    for fact in charter.facts.values {
      if case .approve(let operation) = fact.act { approvals[operation, default: []].append(fact) }
    }
    self.approvals = approvals
  }

  /// Whether as many seats as the threshold says have signed or approved it.
  func areBehind(_ fact: Charter.Fact, within asked: Set<Digest> = []) -> Bool {
    let signed = [fact] + (approvals[fact.id] ?? [])
    let seats = Set(signed.compactMap { seat(of: $0, asked.union([fact.id])) })
    return seats.count >= charter.threshold
  }

  /// The key that the founding operation lists, or that the council has delegated.
  private func seat(of fact: Charter.Fact, _ asked: Set<Digest>) -> SeatOrigin? {
    guard fact.grant.role == .council, fact.grant.covers(fact.timestamp),
      let origin = charter.seatOrigin(of: fact.author, under: fact.delegation)
    else { return nil }
    if origin.operation == charter.region { return origin }
    // A delegation does not vote for itself, nor through others that it has let in.
    guard !asked.contains(origin.operation), let delegation = charter.facts[origin.operation],
      areBehind(delegation, within: asked)
    else { return nil }
    return origin
  }
}

extension Charter {
  /// The effective orders to erase, cancelled ones too, by id.
  package var erasureOrders: [ErasureOrder] { erasures.all }

  /// The orders that erase an operation of an organisation, about a record if any; empty: its body
  /// is wanted.
  package func erasures(
    of id: Digest, about record: Digest?, ownedBy organisation: Digest
  ) -> [ErasureOrder] {
    let byID = (erasures.byOperation[id] ?? []).map { erasures.all[$0] }
      .filter { $0.acts(onOperationsOf: organisation) }
    return byID + (record.map { erasures(ofRecord: $0, ownedBy: organisation) } ?? [])
  }

  /// The orders that erase all that an organisation says about a record.
  package func erasures(
    ofRecord record: Digest, ownedBy organisation: Digest
  ) -> [ErasureOrder] {
    (erasures.byRecord[record] ?? []).map { erasures.all[$0] }
      .filter { $0.acts(onOperationsOf: organisation) }
  }

  func isEffective(_ fact: Fact, _ seats: LastingSeats) -> Bool {
    guard fact.grant.covers(fact.timestamp), chainHolds(fact.delegation) else { return false }
    return fact.grant.role != .council || seats.areBehind(fact)
  }

  /// Whether the dates of each grant cover what was signed under it, up to the founding operation.
  private func chainHolds(_ delegation: Digest) -> Bool {
    var next = delegation
    while next != region {
      guard let fact = facts[next], fact.grant.covers(fact.timestamp) else { return false }
      next = fact.delegation
    }
    return true
  }

  /// The seat of a council operation's signer, rotations undone: the grant that it began with.
  ///
  /// Nil for a delegated council key that the council has not accepted.
  func seat(of fact: Fact) -> SeatOrigin? {
    guard fact.grant.role == .council else { return nil }
    return seat(of: fact.author, under: fact.delegation)
  }

  func seat(of key: PublicKey, under delegation: Digest) -> SeatOrigin? {
    seatOrigin(of: key, under: delegation).flatMap {
      $0.operation == region || isAccepted($0.operation) ? $0 : nil
    }
  }

  fileprivate func seatOrigin(of key: PublicKey, under delegation: Digest) -> SeatOrigin? {
    var (operation, key) = (delegation, key)
    while let above = facts[operation], case .rotate = above.act {
      let hash = Act.successorHash(of: key)
      guard let replaced = successors[above.delegation]?.first(where: { $0.hash == hash }) else {
        return nil
      }
      (operation, key) = (above.delegation, replaced.replaces)
    }
    return SeatOrigin(operation: operation, key: key)
  }
}

struct SeatOrigin: Hashable {
  let operation: Digest
  let key: PublicKey
}
