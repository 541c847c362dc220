import Signatures
import WireFormat

/// What of a charter is counted together against the limit `charter-operations`
/// (`Protocol/charter.md#shares`).
///
/// Each stratum has its own, so that whoever has stolen a key cannot keep the stratum above from
/// ending it. Council keys have none: nothing may stop those who end a flood.
package struct CharterShare: Hashable, Sendable {
  package enum Signer: Sendable {
    case admins
    case roots
    /// Of roots; whoever holds the old one cannot use this up.
    case rotations
  }

  package let organisation: Digest
  package let signer: Signer

  /// Nil for what council keys sign, and for operations of scope records.
  package init?(_ header: Header, under grant: Grant) {
    guard Scope(header.operationClass) == .charter else { return nil }
    self.init(grant, isRotation: header.isRotation)
  }

  init?(_ fact: Charter.Fact) {
    let isRotation = if case .rotate = fact.act { true } else { false }
    self.init(fact.grant, isRotation: isRotation)
  }

  private init?(_ grant: Grant, isRotation: Bool) {
    guard grant.role != .council else { return nil }
    organisation = grant.organisation
    signer = isRotation ? .rotations : grant.role == .root ? .roots : .admins
  }
}

extension Charter {
  /// How many exchanged operations count against each share, as of the latest evaluation.
  ///
  /// What a cut has put outside counts no more.
  package var shares: [CharterShare: Int] {
    facts.values.reduce(into: [:]) { shares, fact in
      guard let share = CharterShare(fact), isExchanged(fact) else { return }
      shares[share, default: 0] += 1
    }
  }

  private func isExchanged(_ fact: Fact) -> Bool {
    isExchanged(
      fact.id, verdict(of: fact.id) ?? .notAuthorised, signedAs: fact.grant.role,
      fact.isOrder ? .order : .charter)
  }
}
