import CRDT
import Operations
import Signatures

/// A right, as an operation confers it on a key.
struct NaiveGrant: Equatable {
  let key: PublicKey
  let role: Role
  let organisation: Digest
  var from: UInt64 = 0
  var to: UInt64 = 0

  /// From ≤ milliseconds of the timestamp < to; no end when `to` is 0.
  func covers(_ operation: Operation) -> Bool {
    let time = operation.header.timestamp.milliseconds
    return from <= time && (to == 0 || time < to)
  }
}

extension Role {
  /// The power of an operation under a grant of this role; one council key has 3.
  var rank: Int {
    switch self {
    case .author, .reviewer, .service: 0
    case .admin: 1
    case .root: 2
    case .council: 3
    }
  }
}

extension Operation {
  var act: Act? {
    if case .act(let act) = header.content { act } else { nil }
  }

  var isRotation: Bool {
    if case .rotate = act { true } else { false }
  }
}

// MARK: - Grants

extension NaiveCharter {
  func operations(where condition: (Operation) -> Bool) -> [Operation] {
    held.values.filter { $0.id != founding.id && condition($0) }
  }

  /// The grants that a held operation confers; void ones left out.
  func grants(of id: Digest) -> [NaiveGrant] { conferred[id] ?? [] }

  private func grants(by operation: Operation) -> [NaiveGrant] {
    let id = operation.id
    let all: [NaiveGrant] =
      switch operation.act {
      case .found(let council, _):
        council.map { NaiveGrant(key: $0.key, role: .council, organisation: id) }
      case .admit(let admission):
        [NaiveGrant(key: admission.root, role: .root, organisation: id)]
      case .delegate(let key, let role, let from, let to):
        grant(operation).map {
          [
            NaiveGrant(
              key: key, role: role, organisation: $0.organisation, from: from, to: to)
          ]
        } ?? []
      case .rotate: grant(operation).map { [$0] } ?? []
      default: []
      }
    return all.filter(\.key.isValidPoint)
  }

  /// The grant that an operation acts under; a rotation takes over the role of the key it replaces.
  func grant(_ operation: Operation) -> NaiveGrant? {
    guard let delegation = operation.header.delegation else { return nil }
    let author = operation.header.author
    guard operation.isRotation else {
      return grants(of: delegation).first { $0.key == author }
    }
    guard let replaced = replacedKey(of: operation),
      let grant = grants(of: delegation).first(where: { $0.key == replaced })
    else { return nil }
    return NaiveGrant(key: author, role: grant.role, organisation: grant.organisation)
  }

  /// The key whose successor hash, in the operation that it acts under, is that of the author.
  func replacedKey(of rotation: Operation) -> PublicKey? {
    guard let fixing = rotation.header.delegation.flatMap({ held[$0] }) else { return nil }
    let hash = Act.successorHash(of: rotation.header.author)
    switch fixing.act {
    case .found(let council, _): return council.first { $0.successor == hash }?.key
    case .admit(let admission): return admission.successor == hash ? admission.root : nil
    case .rotate(_, let successor): return successor == hash ? fixing.header.author : nil
    default: return nil
    }
  }

  /// The key that the founding operation lists or that the council has delegated, which this council
  /// key is or has replaced by rotation.
  func seat(of operation: Operation) -> PublicKey? {
    if operation.isRotation {
      guard let fixing = operation.header.delegation.flatMap({ held[$0] }) else { return nil }
      return fixing.isRotation ? seat(of: fixing) : replacedKey(of: operation)
    }
    guard let granting = operation.header.delegation.flatMap({ held[$0] }) else { return nil }
    return granting.isRotation ? seat(of: granting) : operation.header.author
  }
}

// MARK: - Held

extension NaiveCharter {
  /// Judges those that can be judged and repeats with the rest until nothing changes.
  mutating func hold(_ operations: [Operation]) {
    held = [founding.id: founding]
    conferred = [founding.id: grants(by: founding)]
    history = [founding.id: [founding.id]]
    accepted = [founding.id]
    verdicts = [founding.id: .accepted]
    var rest = operations.filter { $0.id != founding.id }
    while true {
      let (now, later) = (rest.filter(isHeld), rest.filter { !isHeld($0) })
      for operation in now {
        held[operation.id] = operation
        conferred[operation.id] = grants(by: operation)
        history[operation.id] = operation.header.prev.reduce(into: [operation.id]) {
          $0.formUnion(history[$1] ?? [])
        }
      }
      rest = later
      if now.isEmpty { return }
    }
  }

  private func isHeld(_ operation: Operation) -> Bool {
    guard let grant = grant(operation) else { return false }
    if operation.isRotation { return operation.header.prev.isEmpty }
    return maySign(grant.role, operation)
      && operation.header.prev.allSatisfy { isOneLine($0, operation.header.author, grant) }
  }

  /// The operations of a key are one graph for each organisation and role.
  private func isOneLine(_ prev: Digest, _ author: PublicKey, _ grant: NaiveGrant) -> Bool {
    guard let operation = held[prev], operation.header.author == author else { return false }
    if prev == founding.id { return grant.role == .council }
    guard let other = self.grant(operation) else { return false }
    return other.role == grant.role && other.organisation == grant.organisation
  }

  private func maySign(_ role: Role, _ operation: Operation) -> Bool {
    switch operation.header.operationClass {
    case .record: return role == .author
    case .review: return role == .reviewer
    case .receipt: return role == .service
    case .order: return [.admin, .root, .council].contains(role)
    case .charter:
      guard [.admin, .root, .council].contains(role) else { return false }
      return operation.act.map { mayAct(role, $0) } ?? true
    }
  }

  private func mayAct(_ role: Role, _ act: Act) -> Bool {
    switch act {
    case .found, .rotate: false
    case .admit, .approve, .remove, .succeed: role == .council
    case .revoke, .vouch, .node: true
    case .delegate(_, let other, _, _):
      switch role {
      case .admin: [.author, .reviewer, .service].contains(other)
      case .root: [.admin, .author, .reviewer, .service].contains(other)
      case .council: [.admin, .author, .reviewer, .service, .council].contains(other)
      default: false
      }
    }
  }
}
