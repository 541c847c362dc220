import CRDT
import Signatures

/// An effective order to erase (`Protocol/charter.md#orders`).
package struct ErasureOrder: Sendable, Equatable {
  package let id: Digest
  /// Whose operations it acts on; nil for a council's, which acts on all.
  package let organisation: Digest?
  package let power: Power
  package let basis: UInt64
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
}

/// The orders of a charter.
///
/// Cuts, rotations and verdicts are not asked, so that what is erased
/// stays erased.
struct ErasureOrders: Sendable {
  private(set) var all: [ErasureOrder] = []
  private(set) var byOperation: [Digest: [Int]] = [:]

  init() {}

  init(_ charter: Charter) {
    let effective = charter.facts.values.filter { $0.order != nil && charter.isEffective($0) }
      .sorted { $0.id < $1.id }
    guard !effective.isEmpty else { return }
    var cancels: [Digest: [Charter.Fact]] = [:]
    for fact in effective {
      guard let order = fact.order, order.kind == .cancel else { continue }
      for id in order.operations { cancels[id, default: []].append(fact) }
    }
    for fact in effective {
      guard let order = fact.order, order.kind == .erase else { continue }
      let cancel = cancels[fact.id]?.first { $0.mayCancel(fact) }
      for id in order.operations { byOperation[id, default: []].append(all.count) }
      all.append(
        ErasureOrder(
          id: fact.id, organisation: fact.grant.role == .council ? nil : fact.grant.organisation,
          power: fact.orderPower, basis: order.basis, operations: order.operations,
          timestamp: fact.timestamp, cancelledBy: cancel?.id))
    }
  }
}

extension Charter.Fact {
  fileprivate var orderPower: Power {
    grant.role == .council ? .council : grant.role.power
  }

  fileprivate func mayCancel(_ order: Charter.Fact) -> Bool {
    if grant.role == .council { return true }
    return order.grant.role != .council && grant.organisation == order.grant.organisation
      && orderPower > order.orderPower
  }
}

extension Charter {
  /// The effective orders to erase, cancelled ones too, by id.
  package var erasureOrders: [ErasureOrder] { erasures.all }

  /// The orders that erase an operation of an organisation; empty: its body is wanted.
  package func erasures(of id: Digest, ownedBy organisation: Digest) -> [ErasureOrder] {
    (erasures.byOperation[id] ?? []).map { erasures.all[$0] }
      .filter { $0.acts(onOperationsOf: organisation) }
  }

  func isEffective(_ fact: Fact) -> Bool {
    guard fact.grant.covers(fact.timestamp), chainHolds(fact.delegation) else { return false }
    guard fact.grant.role == .council else { return true }
    let approvals = facts.values.filter {
      if case .approve(let operation) = $0.act { operation == fact.id } else { false }
    }
    let seats = Set(([fact] + approvals).compactMap(seat))
    return seats.count >= threshold
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
    var (operation, key) = (delegation, key)
    while let above = facts[operation], case .rotate = above.act {
      let hash = Act.successorHash(of: key)
      guard let replaced = successors[above.delegation]?.first(where: { $0.hash == hash }) else {
        return nil
      }
      (operation, key) = (above.delegation, replaced.replaces)
    }
    guard operation == region || isAccepted(operation) else { return nil }
    return SeatOrigin(operation: operation, key: key)
  }
}

struct SeatOrigin: Hashable {
  let operation: Digest
  let key: PublicKey
}
