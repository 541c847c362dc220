import Signatures
import WireFormat

/// Why an operation is not held: nobody who may has given its author the right.
///
/// Such an operation is refused and counted, and offered again by the peer; it is held once the
/// charter operation it needs has arrived. Rows of `Protocol/errors.md`.
package enum AuthorityError: Error, Equatable {
  case notAFoundingOperation
  case noDelegation
  case delegationNotHeld(Digest)
  case keyNotDelegated(PublicKey)
  case roleMayNot(Role)

  package var code: String {
    switch self {
    case .notAFoundingOperation: "not-founding"
    case .noDelegation: "no-delegation"
    case .delegationNotHeld: "delegation-not-held"
    case .keyNotDelegated: "key-not-delegated"
    case .roleMayNot: "role-may-not"
    }
  }
}

extension AuthorityError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notAFoundingOperation: "not a founding operation signed by one of its council keys"
    case .noDelegation: "names no delegation"
    case .delegationNotHeld(let id): "acts under \(id), which is not held"
    case .keyNotDelegated(let key): "the delegation does not name the key \(key)"
    case .roleMayNot(let role): "a key with the role \(role) may not sign this"
    }
  }
}

extension Role {
  /// The table of `Protocol/charter.md#roles`: the class fixes the role, and an act its stratum.
  func maySign(_ header: Header) -> Bool {
    switch header.operationClass {
    case .charter: isStratum && mayAct(header.content)
    case .record: self == .author
    case .review: self == .reviewer
    case .order: isStratum
    case .receipt: self == .service
    }
  }

  private var isStratum: Bool { self == .council || self == .root || self == .admin }

  private func mayAct(_ content: Header.Content) -> Bool {
    guard case .act(let act) = content else { return true }
    return switch act {
    case .found, .rotate: false
    case .admit, .approve, .remove, .succeed: self == .council
    // A key is delegated from a higher stratum only.
    case .delegate(_, let role, _, _): role.power < power || role == .council && self == .council
    case .revoke, .vouch, .node: true
    }
  }
}

extension Header {
  var isRotation: Bool {
    if case .act(.rotate) = content { true } else { false }
  }
}

extension Operation {
  /// The name in the body of `found` and `admit`; empty once erased.
  var typedName: String {
    guard case .text(let name) = body?.values.first else { return "" }
    return name
  }
}
