import CRDT
import Signatures
import WireFormat

/// Who may do what, as a pure function of the set of held charter operations
/// (`Protocol/charter.md`).
///
/// Two questions are kept apart. *Held*: does some held grant cover the author for what it signed?
/// That decides what is stored and exchanged. *Accepted*: does the chain to the pinned root hold at
/// the claimed time? That decides what counts in the fold. Arrival order decides neither.
package struct Charter: Sendable {
  package let region: Digest
  package private(set) var threshold: UInt64 = 1
  private var grants: [Digest: [Grant]] = [:]
  private var successors: [Digest: Set<Digest>] = [:]
  private var organisationsByID: [Digest: Organisation] = [:]
  private var nodesByClaim: [NodeClaim: NodeEntry] = [:]

  /// The root of everything, pinned by the region link.
  package init(founding: Operation) throws(AuthorityError) {
    guard case .act(.found(let council, let threshold)) = founding.header.content,
      founding.header.delegation == nil, founding.header.prev.isEmpty,
      council.contains(where: { $0.key == founding.header.author })
    else { throw .notAFoundingOperation }
    region = founding.id
    self.threshold = threshold
    grants[region] = council.filter(\.key.isValidPoint).map {
      Grant(
        operation: founding.id, key: $0.key, role: .council, organisation: founding.id, from: 0,
        to: 0, isAccepted: true)
    }
    successors[region] = Set(council.map(\.successor))
    organisationsByID[region] = Organisation(
      id: region, code: "", name: founding.typedName, admitted: founding.header.timestamp)
  }

  /// A charter from any set of operations in any order.
  ///
  /// What no grant covers is left out.
  package init(
    founding: Operation, operations: some Sequence<Operation>
  ) throws(AuthorityError) {
    try self.init(founding: founding)
    var waiting = operations.filter { $0.id != founding.id && $0.header.operationClass == .charter }
    var progress = true
    while progress {
      progress = false
      var stillWaiting: [Operation] = []
      for operation in waiting {
        do throws(AuthorityError) {
          let standing = try standing(of: operation.header)
          add(operation, standing)
          progress = true
        } catch {
          stillWaiting.append(operation)
        }
      }
      waiting = stillWaiting
    }
  }

  /// Whether an operation is to be held, and if so whether it is accepted.
  package func standing(of header: Header) throws(AuthorityError) -> Standing {
    guard let delegation = header.delegation else { throw .noDelegation }
    if header.isRotation { return try rotationStanding(of: header, under: delegation) }
    guard let candidates = grants[delegation] else { throw .delegationNotHeld(delegation) }
    guard let grant = candidates.first(where: { $0.key == header.author }) else {
      throw .keyNotDelegated(header.author)
    }
    guard grant.role.maySign(header) else { throw .roleMayNot(grant.role) }
    return Standing(
      organisation: grant.organisation, role: grant.role,
      isAccepted: grant.isAccepted && grant.covers(header.timestamp))
  }

  /// Admission and rotation, and nothing else, fix who rotates next.
  private func rotationStanding(
    of header: Header, under delegation: Digest
  ) throws(AuthorityError) -> Standing {
    guard let committed = successors[delegation], let grant = grants[delegation]?.first else {
      throw .delegationNotHeld(delegation)
    }
    guard committed.contains(Act.successorHash(of: header.author)) else {
      throw .keyNotDelegated(header.author)
    }
    // A rotation is held from now on; deciding between two of them is the council's.
    return Standing(organisation: grant.organisation, role: grant.role, isAccepted: false)
  }

  /// Takes up a held charter operation.
  ///
  /// Adding one twice changes nothing.
  package mutating func add(_ operation: Operation, _ standing: Standing) {
    guard case .act(let act) = operation.header.content else { return }
    switch act {
    case .admit(let admission): admit(admission, operation, standing)
    case .delegate(let key, let role, let from, let to):
      grant(operation.id, key, role, standing.organisation, from, to, standing.isAccepted)
    case .rotate(_, let successor):
      grant(
        operation.id, operation.header.author, standing.role, standing.organisation, 0, 0,
        standing.isAccepted)
      successors[operation.id] = [successor]
    case .node(let key, let address):
      enter(
        NodeEntry(
          key: key, address: address, organisation: standing.organisation, act: operation.id,
          timestamp: operation.header.timestamp), standing)
    case .found, .approve, .revoke, .vouch, .remove, .succeed: break
    }
  }

  private mutating func admit(
    _ admission: Act.Admission, _ operation: Operation, _ standing: Standing
  ) {
    grant(operation.id, admission.root, .root, operation.id, 0, 0, standing.isAccepted)
    successors[operation.id] = [admission.successor]
    guard standing.isAccepted else { return }
    organisationsByID[operation.id] = Organisation(
      id: operation.id, code: admission.code, name: operation.typedName,
      admitted: operation.header.timestamp)
    enter(
      NodeEntry(
        key: admission.node, address: admission.address, organisation: operation.id,
        act: operation.id, timestamp: operation.header.timestamp), standing)
  }

  /// A key outside the prime-order subgroup is void: nothing can be signed under it.
  private mutating func grant(
    _ operation: Digest, _ key: PublicKey, _ role: Role, _ organisation: Digest, _ from: UInt64,
    _ to: UInt64, _ isAccepted: Bool
  ) {
    guard key.isValidPoint else { return }
    grants[operation] = [
      Grant(
        operation: operation, key: key, role: role, organisation: organisation, from: from, to: to,
        isAccepted: isAccepted)
    ]
  }

  /// The latest act about a node key says where it is.
  private mutating func enter(_ node: NodeEntry, _ standing: Standing) {
    guard standing.isAccepted, node.key.isValidPoint else { return }
    let claim = NodeClaim(organisation: node.organisation, key: node.key)
    if let held = nodesByClaim[claim], (held.timestamp, held.act) > (node.timestamp, node.act) {
      return
    }
    nodesByClaim[claim] = node
  }
}

// MARK: - Reading

extension Charter {
  /// All organisations, the council first, then by admission.
  package var organisations: [Organisation] {
    organisationsByID.values.sorted {
      ($0.id == region ? 0 : 1, $0.admitted, $0.id) < ($1.id == region ? 0 : 1, $1.admitted, $1.id)
    }
  }

  package func organisation(_ id: Digest) -> Organisation? { organisationsByID[id] }

  /// The organisation that a code names; nil when none or several live admissions claim it.
  package func organisation(code: String) -> Organisation? {
    let claimants = organisationsByID.values.filter { $0.code == code && !code.isEmpty }
    return claimants.count == 1 ? claimants.first : nil
  }

  /// All accepted nodes, by key.
  package var nodes: [NodeEntry] {
    nodesByClaim.values.sorted { ($0.key, $0.timestamp, $0.act) < ($1.key, $1.timestamp, $1.act) }
  }

  /// Where a node key belongs, should several organisations claim it: what the council has signed
  /// goes first, then the oldest claim.
  package func node(_ key: PublicKey) -> NodeEntry? {
    let claims = nodes.filter { $0.key == key }
    return claims.first { $0.act == $0.organisation || $0.organisation == region } ?? claims.first
  }

  /// Every grant, by the operation that confers it.
  package var allGrants: [Grant] {
    grants.values.flatMap { $0 }.sorted { ($0.operation, $0.key) < ($1.operation, $1.key) }
  }

  /// The accepted grant under which `key` acts in `role`; the one that lasts longest.
  package func grant(to key: PublicKey, as role: Role, at time: Timestamp) -> Grant? {
    allGrants.filter {
      $0.key == key && $0.role == role && $0.isAccepted && $0.covers(time)
    }.max { ($0.end, $0.operation) < ($1.end, $1.operation) }
  }
}

/// A key's authority and where it comes from.
package struct Grant: Sendable, Equatable {
  /// The operation that confers it; what the key names as its delegation.
  package let operation: Digest
  package let key: PublicKey
  package let role: Role
  package let organisation: Digest
  /// Milliseconds since 1970, inclusive.
  package let from: UInt64
  /// Milliseconds since 1970, exclusive; 0 for no end.
  package let to: UInt64
  package let isAccepted: Bool

  fileprivate var end: UInt64 { to == 0 ? .max : to }

  package func covers(_ time: Timestamp) -> Bool {
    (from..<Swift.max(from, end)).contains(time.milliseconds)
  }
}

/// The verdict on an operation that is held.
package struct Standing: Sendable, Equatable {
  package let organisation: Digest
  package let role: Role
  package let isAccepted: Bool

  package init(organisation: Digest, role: Role, isAccepted: Bool) {
    self.organisation = organisation
    self.role = role
    self.isAccepted = isAccepted
  }
}

/// A publisher, named by the operation that admitted it.
package struct Organisation: Sendable, Equatable {
  package let id: Digest
  package let code: String
  package let name: String
  package let admitted: Timestamp
}

/// An organisation and a node key: nobody can speak about a node in another organisation's name.
private struct NodeClaim: Hashable {
  let organisation: Digest
  let key: PublicKey
}

/// Where a server is and which key it proves.
package struct NodeEntry: Sendable, Equatable {
  package let key: PublicKey
  /// `host:port`, or empty for a node that only calls out.
  package let address: String
  package let organisation: Digest
  package let act: Digest
  package let timestamp: Timestamp
}
