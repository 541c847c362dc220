import CRDT
import Signatures
import WireFormat

/// Who may do what, as a pure function of the set of held charter operations
/// (`Protocol/charter.md`).
///
/// Two questions are kept apart. *Held*: does some held grant cover the author for what it signed?
/// That decides what is stored, and each operation can be asked as it comes. *Accepted*: does the
/// chain to the pinned root hold, inside all cuts? That is evaluated over the whole set, so that
/// arrival order decides neither.
///
///     add, add, … → evaluate → verdicts, organisations, nodes
package struct Charter: Sendable {
  package let region: Digest
  package let threshold: UInt64
  /// Every held operation of the classes charter and order, but for the founding one.
  private(set) var facts: [Digest: Fact] = [:]
  private(set) var grants: [Digest: [Grant]] = [:]
  private(set) var grantsByKey: [PublicKey: [Grant]] = [:]
  /// The hash that commits to the next key, by the operation that fixes it; with the key it replaces.
  private(set) var successors: [Digest: [Successor]] = [:]
  /// Keys that are valid points, as far as anybody has asked: the answer is the same for ever, and
  /// costs as much as verifying a signature.
  package private(set) var validKeys: Set<PublicKey>
  /// How many operations have been taken up.
  package var count: Int { facts.count }
  let councilName: String
  let founded: Timestamp
  private(set) var evaluation = Evaluation()
  private(set) var erasures = ErasureOrders()
  /// All nodes that may take part, by key; made by `evaluate`.
  package private(set) var nodes: [NodeEntry] = []

  struct Successor: Sendable {
    let hash: Digest
    let replaces: PublicKey
  }

  /// What is remembered of an operation; a class, for there are thousands that are sorted and looked up.
  final class Fact: Sendable {
    let id: Digest
    let author: PublicKey
    let delegation: Digest
    let prev: [Digest]
    let timestamp: Timestamp
    /// Nil for orders, and for acts that are not understood.
    let act: Act?
    let order: Order?
    let isOrder: Bool
    let name: String
    let grant: Grant

    init(_ operation: Operation, under delegation: Digest, _ grant: Grant) {
      let header = operation.header
      (id, author, self.delegation) = (operation.id, header.author, delegation)
      (prev, timestamp) = (header.prev, header.timestamp)
      act = if case .act(let act) = header.content { act } else { nil }
      order = if case .order(let order) = header.content { order } else { nil }
      isOrder = header.operationClass == .order
      name = operation.typedName
      self.grant = grant
    }
  }

  /// The root of everything, pinned by the region link.
  ///
  /// `validKeys` are those that an earlier charter has found valid.
  package init(
    founding: Operation, validKeys: Set<PublicKey> = []
  ) throws(AuthorityError) {
    guard case .act(.found(let council, let threshold)) = founding.header.content,
      founding.header.delegation == nil, founding.header.prev.isEmpty,
      council.contains(where: { $0.key == founding.header.author })
    else { throw .notAFoundingOperation }
    region = founding.id
    self.validKeys = validKeys
    self.threshold = threshold
    councilName = founding.typedName
    founded = founding.header.timestamp
    grants[region] = council.filter(\.key.isValidPoint).map {
      Grant(
        operation: founding.id, key: $0.key, role: .council, organisation: founding.id, from: 0,
        to: 0)
    }
    for grant in grants[region] ?? [] { grantsByKey[grant.key, default: []].append(grant) }
    successors[region] = council.map { Successor(hash: $0.successor, replaces: $0.key) }
  }

  /// A charter from any set of operations in any order.
  ///
  /// What no grant covers is left out. `history` gives the operations of a key that has been cut;
  /// without it, those given here.
  package init(
    founding: Operation, operations: some Sequence<Operation>
  ) throws(AuthorityError) {
    try self.init(founding: founding)
    var waiting = operations.filter {
      $0.id != founding.id && Scope($0.header.operationClass) == .charter
    }
    var progress = true
    while progress {
      progress = false
      var stillWaiting: [Operation] = []
      for operation in waiting {
        do throws(AuthorityError) {
          add(operation, try standing(of: operation.header))
          progress = true
        } catch {
          stillWaiting.append(operation)
        }
      }
      waiting = stillWaiting
    }
    evaluate()
  }

  /// Whether an operation is to be held, and as whose.
  package func standing(of header: Header) throws(AuthorityError) -> Standing {
    guard let delegation = header.delegation else { throw .noDelegation }
    let grant: Grant
    if header.isRotation {
      grant = try rotationGrant(of: header, under: delegation)
    } else {
      guard let candidates = grants[delegation] else { throw .delegationNotHeld(delegation) }
      guard let own = candidates.first(where: { $0.key == header.author }) else {
        throw .keyNotDelegated(header.author)
      }
      guard own.role.maySign(header) else { throw .roleMayNot(own.role) }
      grant = own
    }
    return Standing(
      grant: grant, isAuthorised: isAccepted(delegation) && grant.covers(header.timestamp))
  }

  /// Every key that has been granted anything, with the organisation that it signs for; ascending.
  package var signers: [(key: PublicKey, organisation: Digest)] {
    grantsByKey.sorted { $0.key < $1.key }.flatMap { key, grants in
      Set(grants.map(\.organisation)).sorted().map { (key: key, organisation: $0) }
    }
  }

  /// The grant that a held operation stands under.
  package func grant(of operation: Operation) -> Grant? {
    if operation.id == region {
      return grants[region]?.first { $0.key == operation.header.author }
    }
    return try? standing(of: operation.header).grant
  }

  /// Admission and rotation, and nothing else, fix who rotates next.
  private func rotationGrant(
    of header: Header, under delegation: Digest
  ) throws(AuthorityError) -> Grant {
    guard let committed = successors[delegation], let grant = grants[delegation]?.first else {
      throw .delegationNotHeld(delegation)
    }
    let hash = Act.successorHash(of: header.author)
    guard committed.contains(where: { $0.hash == hash }) else {
      throw .keyNotDelegated(header.author)
    }
    return Grant(
      operation: delegation, key: header.author, role: grant.role,
      organisation: grant.organisation, from: 0, to: 0)
  }

  /// Takes up a held charter operation or order; `evaluate` says what follows from it.
  ///
  /// Adding one twice changes nothing.
  package mutating func add(_ operation: Operation, _ standing: Standing) {
    let header = operation.header
    guard Scope(header.operationClass) == .charter, let delegation = header.delegation else {
      return
    }
    let fact = Fact(operation, under: delegation, standing.grant)
    facts[operation.id] = fact
    if let node = fact.node { _ = isValid(node.key) }
    switch fact.act {
    case .admit(let admission):
      grant(fact, admission.root, .root, organisation: fact.id)
      successors[fact.id] = [Successor(hash: admission.successor, replaces: admission.root)]
    case .delegate(let key, let role, let from, let to):
      grant(fact, key, role, organisation: standing.organisation, from, to)
    case .rotate(_, let successor):
      grant(fact, fact.author, standing.role, organisation: standing.organisation)
      successors[fact.id] = [Successor(hash: successor, replaces: fact.author)]
    case .found, .approve, .revoke, .vouch, .remove, .succeed, .node, nil: break
    }
  }

  /// A key outside the prime-order subgroup is void: nothing can be signed under it.
  private mutating func grant(
    _ fact: Fact, _ key: PublicKey, _ role: Role, organisation: Digest, _ from: UInt64 = 0,
    _ to: UInt64 = 0
  ) {
    guard isValid(key), grants[fact.id] == nil else { return }
    let grant = Grant(
      operation: fact.id, key: key, role: role, organisation: organisation, from: from, to: to)
    grants[fact.id] = [grant]
    grantsByKey[key, default: []].append(grant)
  }

  private mutating func isValid(_ key: PublicKey) -> Bool {
    if validKeys.contains(key) { return true }
    guard key.isValidPoint else { return false }
    validKeys.insert(key)
    return true
  }

  /// Judges everything that has been added.
  ///
  /// `history` gives all held operations of a key that has been cut; it is asked for few keys.
  package mutating func evaluate(
    history: (PublicKey) throws -> KeyHistory
  ) rethrows {
    evaluation = try Evaluation(self, history: history)
    nodes = presentNodes
    erasures = ErasureOrders(self)
  }

  /// As above, over keys that sign nothing but charter operations and orders.
  package mutating func evaluate() {
    var byAuthor: [PublicKey: [KeyHistory.Entry]] = [:]
    for fact in facts.values { byAuthor[fact.author, default: []].append(fact.entry) }
    // The keys of the council follow the founding operation.
    let founding = KeyHistory.Entry(
      id: region, delegation: region, timestamp: founded, prev: [])
    evaluate { KeyHistory(of: $0, (byAuthor[$0] ?? []) + [founding]) }
  }
}

extension Charter.Fact {
  var entry: KeyHistory.Entry {
    KeyHistory.Entry(id: id, delegation: delegation, timestamp: timestamp, prev: prev)
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

  var end: UInt64 { to == 0 ? .max : to }

  package func covers(_ time: Timestamp) -> Bool {
    (from..<Swift.max(from, end)).contains(time.milliseconds)
  }
}

extension Operation {
  /// Whether it may follow one under `other`: `Protocol/operation.md#prev`.
  ///
  /// A key has one graph for each of its roles, so that whoever judges one operation of a graph
  /// judges all of it.
  package func mayFollow(_ other: Grant, under own: Grant) -> Bool {
    !header.isRotation && own.key == other.key && own.organisation == other.organisation
      && own.role == other.role
  }
}

/// Under which grant a held operation stands.
package struct Standing: Sendable, Equatable {
  package let grant: Grant
  /// The grant is accepted and covers the claimed time; cuts of the key's own operations apart.
  package let isAuthorised: Bool

  package var organisation: Digest { grant.organisation }
  package var role: Role { grant.role }

  package init(grant: Grant, isAuthorised: Bool) {
    self.grant = grant
    self.isAuthorised = isAuthorised
  }
}
