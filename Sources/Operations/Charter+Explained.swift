import CRDT
import Signatures

// What people ask of an evaluated charter: who signed what, why it does not count, what is missing.

/// An act or order of the council that takes effect once more of its keys approve it.
package struct PendingAct: Sendable, Equatable {
  package let id: Digest
  /// The seats behind it so far, its signer's included.
  package let seats: Int
  package let timestamp: Timestamp
}

extension Charter {
  /// The act of a held operation; nil for orders and for what is not understood.
  package func act(_ id: Digest) -> Act? { facts[id]?.act }

  /// Under which grant a held charter operation or order was signed, and when, as it claims.
  ///
  /// Nil for the founding operation, which stands under nothing.
  package func signature(of id: Digest) -> (grant: Grant, timestamp: Timestamp)? {
    facts[id].map { ($0.grant, $0.timestamp) }
  }

  // MARK: - Approvals

  /// How many seats of the council stand behind one of its operations.
  package func seats(behind id: Digest) -> Int {
    let facts = ([id] + approvals(of: id)).compactMap { self.facts[$0] }
    return Set(facts.compactMap(seat)).count
  }

  /// Whether the seat of a council key, under the grant it acts under, stands behind an operation.
  package func isBehind(_ id: Digest, _ grant: Grant) -> Bool {
    guard let own = seat(of: grant.key, under: grant.operation) else { return false }
    return ([id] + approvals(of: id)).compactMap { facts[$0] }.compactMap(seat).contains(own)
  }

  /// Whether an operation of the council has less behind it than its meaning takes.
  package func needsApproval(_ id: Digest) -> Bool {
    guard let fact = facts[id], fact.grant.role == .council, power(of: id) != .council else {
      return false
    }
    if verdict(of: id) == .needsApproval { return true }
    guard isAccepted(id) else { return false }
    switch fact.act {
    case .revoke(let key, _, _): return grants(to: key).contains { $0.role == .council }
    case .vouch(let operations):
      return operations.contains { facts[$0]?.grant.role == .council }
    default: return fact.order != nil
    }
  }

  /// What waits for more approvals, oldest first.
  package var pending: [PendingAct] {
    facts.keys.filter(needsApproval).compactMap { id in
      facts[id].map {
        PendingAct(id: id, seats: seats(behind: id), timestamp: $0.timestamp)
      }
    }.sorted { ($0.timestamp, $0.id) < ($1.timestamp, $1.id) }
  }

  // MARK: - Objections

  /// The cuts that do not keep an operation, each judged by itself.
  ///
  /// `history` is that of its author.
  package func cuts(
    against id: Digest, under grant: Grant, in history: KeyHistory
  ) -> [Cut] {
    let vouches = vouches
    return cuts(of: history.key).filter { cut in
      KeyJudge(history, cuts: [cut], vouches: vouches, isOutside: { _ in false })
        .objection(to: id, under: grant) != nil
    }
  }

  /// The first operation that `id` is or follows and that acts under something outside a cut; it
  /// cannot be vouched for.
  package func void(_ id: Digest, in history: KeyHistory) -> Digest? {
    history.ancestry(of: [id], without: []).sorted().first { ancestor in
      history.entries[ancestor].map {
        $0.delegation != ancestor && verdict(of: $0.delegation) == .outsideCut
      } ?? false
    }
  }

  /// The other rotations that stand beside a contested one.
  package func contenders(of id: Digest) -> [Digest] {
    guard let fact = facts[id], case .rotate = fact.act else { return [] }
    return facts.values.filter { other in
      guard case .rotate = other.act else { return false }
      return other.id != id && other.delegation == fact.delegation && other.author == fact.author
        && verdict(of: other.id) == .contested
    }.map(\.id).sorted()
  }

  /// Whether a key has ended in a role, so that delegating it again would confer nothing.
  package func isCut(_ key: PublicKey, as role: Role, in organisation: Digest) -> Bool {
    let grant = Grant(
      operation: region, key: key, role: role, organisation: organisation, from: 0, to: 0)
    return cuts(of: key).contains { $0.judges(grant) }
  }

  // MARK: - Succession

  /// Who may write a record now: the last in the line of successions that it has passed along.
  package func owner(of key: RecordKey, isCreatedByOwner: Bool) -> Digest {
    successors(of: key.organisation).last {
      passes(key.record, of: key.organisation, to: $0, isCreatedByOwner: isCreatedByOwner)
    } ?? key.organisation
  }
}
