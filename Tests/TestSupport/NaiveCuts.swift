import Operations
import Signatures

/// One row of the table of cuts: which operations it judges, and what it vouches for.
struct NaiveCut {
  let key: PublicKey
  /// Nil: all organisations.
  let organisation: Digest?
  /// Judges grants of less power than this.
  let below: Int
  let power: Int
  var heads: Set<Digest> = []
  var disowned: Set<Digest> = []
  /// The role of the key that a rotation replaces.
  var replacedRole: Role?

  func isRotation(of role: Role) -> Bool { replacedRole == role }
}

struct NaiveVouch {
  let operations: Set<Digest>
  let power: Int
  /// Nil: a council key signed it.
  let organisation: Digest?
}

extension NaiveCharter {
  func cuts(of operation: Operation, power: Int) -> [NaiveCut] {
    guard let grant = grant(operation) else { return [] }
    let isCouncil = grant.role == .council
    switch operation.act {
    case .revoke(let key, let heads, let disowned):
      return [
        NaiveCut(
          key: key, organisation: isCouncil ? nil : grant.organisation, below: power,
          power: power, heads: Set(heads), disowned: Set(disowned))
      ]
    case .rotate(let heads, _):
      guard let replaced = replacedKey(of: operation) else { return [] }
      let below = isCouncil ? 4 : 3
      return [
        NaiveCut(
          key: replaced, organisation: isCouncil ? nil : grant.organisation, below: below,
          power: below, heads: Set(heads), replacedRole: grant.role)
      ]
    case .remove(let organisation, let listed):
      return listed.map {
        NaiveCut(
          key: $0.key, organisation: organisation, below: 4, power: 4, heads: Set($0.heads))
      }
    default: return []
    }
  }

  func vouches(of operation: Operation, power: Int) -> [NaiveVouch] {
    guard case .vouch(let operations) = operation.act, let grant = grant(operation) else {
      return []
    }
    let organisation = grant.role == .council ? nil : grant.organisation
    return [NaiveVouch(operations: Set(operations), power: power, organisation: organisation)]
  }

  /// The cuts that judge an operation.
  func judging(_ operation: Operation) -> [NaiveCut] {
    guard let grant = grant(operation) else { return [] }
    let named = cuts.filter {
      $0.key == operation.header.author && grant.role.rank < $0.below
        && ($0.organisation == nil || $0.organisation == grant.organisation)
        && !(operation.isRotation && $0.isRotation(of: grant.role))
    }
    guard named.isEmpty, isRemoved(grant.organisation) else { return named }
    return [NaiveCut(key: grant.key, organisation: grant.organisation, below: 4, power: 4)]
  }

  func isRemoved(_ organisation: Digest) -> Bool {
    accepted.contains {
      if case .remove(organisation, _) = held[$0]?.act { true } else { false }
    }
  }
}

// MARK: - Inside and outside

extension NaiveCharter {
  /// It acts under or follows something that is outside.
  ///
  /// What council keys have signed is exchanged all the same, and judged by itself.
  private func isOrphan(_ operation: Operation) -> Bool {
    guard grant(operation)?.role != .council else { return false }
    return (history[operation.id] ?? []).contains { id in
      outside.contains(id) || held[id]?.header.delegation.map(outside.contains) ?? false
    }
  }

  private func ancestry(of ids: some Sequence<Digest>, key: PublicKey) -> Set<Digest> {
    ids.reduce(into: []) { ancestry, id in
      guard let head = held[id], head.header.author == key, !isOrphan(head) else { return }
      ancestry.formUnion(history[id] ?? [])
    }
  }

  private func isVouchedFor(_ operation: Operation, against cut: NaiveCut) -> Bool {
    vouches.contains {
      $0.operations.contains(operation.id) && $0.power >= cut.power
        && ($0.organisation == nil || $0.organisation == grant(operation)?.organisation)
    }
  }

  private func isInside(_ cut: NaiveCut, _ operation: Operation) -> Bool {
    ancestry(of: cut.heads, key: cut.key).contains(operation.id)
  }

  func keeps(_ cut: NaiveCut, _ operation: Operation) -> Bool {
    let vouchedFor = vouches.flatMap(\.operations).filter { id in
      held[id].map { isVouchedFor($0, against: cut) } ?? false
    }
    return isInside(cut, operation)
      || ancestry(of: vouchedFor, key: cut.key).contains(operation.id)
  }

  private func disowns(_ cut: NaiveCut, _ operation: Operation) -> Bool {
    keeps(cut, operation) && !isVouchedFor(operation, against: cut)
      && (cut.disowned.contains(operation.id) || !isInside(cut, operation))
  }

  func isDisowned(_ operation: Operation) -> Bool {
    judging(operation).contains { !keeps($0, operation) || disowns($0, operation) }
  }

  /// What is outside puts others outside, so the set grows until nothing changes.
  mutating func growOutside(_ operations: [Operation]) {
    while true {
      let more = operations.filter { operation in
        guard !outside.contains(operation.id) else { return false }
        let judging = judging(operation)
        return isOrphan(operation)
          || operation.header.delegation.map(outside.contains) ?? false
          || !judging.isEmpty && judging.allSatisfy { !keeps($0, operation) }
      }
      if more.isEmpty { return }
      outside.formUnion(more.map(\.id))
    }
  }
}
