import Operations
import Signatures

/// “Nobody stands above the council, so its acts about itself are taken up in steps.”
extension NaiveCharter {
  mutating func judgeCouncil() {
    let council = operations { self.grant($0)?.role == .council }
    while true {
      step(council)
      let new = council.filter { isAboutCouncilKeys($0) && isValid($0) && power($0) == 4 }
        .filter { !takenUp.contains($0.id) }
      if new.isEmpty { break }
      takenUp.formUnion(new.map(\.id))
    }
    for operation in council { verdicts[operation.id] = councilVerdict(operation) }
    let remaining = council.filter { verdicts[$0.id] == .accepted }
    let confirmed = remaining.filter { !takenUp.contains($0.id) && !$0.isRotation }
    for operation in confirmed {
      let power = power(operation)
      cuts += cuts(of: operation, power: power)
      vouches += vouches(of: operation, power: power)
    }
    accepted.formUnion(remaining.map(\.id))
  }

  /// Steps 1 to 3, given what has been taken up so far.
  private mutating func step(_ council: [Operation]) {
    let taken = council.filter { takenUp.contains($0.id) }
    outside = []
    accepted = takenUp.union([founding.id])
    cuts = taken.flatMap { cuts(of: $0, power: 4) }
    vouches = taken.flatMap { vouches(of: $0, power: 4) }
    growOutside(council.filter(\.isRotation))
    let rotations = council.filter { $0.isRotation && isAcceptedRotation($0) }
    accepted.formUnion(rotations.map(\.id))
    cuts += rotations.flatMap { cuts(of: $0, power: 4) }
    growOutside(council.filter { !$0.isRotation })
    acceptDelegations(council)
  }

  private mutating func acceptDelegations(_ council: [Operation]) {
    let delegations = council.filter {
      if case .delegate(_, .council, _, _) = $0.act { true } else { false }
    }
    while true {
      let new = delegations.filter {
        !accepted.contains($0.id) && isValid($0) && power($0) == 4
      }
      if new.isEmpty { return }
      accepted.formUnion(new.map(\.id))
    }
  }

  private func isValid(_ operation: Operation) -> Bool {
    standingVerdict(operation) == nil
  }

  private func isAboutCouncilKeys(_ operation: Operation) -> Bool {
    switch operation.act {
    case .revoke(let key, _, _):
      held.keys.contains { grants(of: $0).contains { $0.key == key && $0.role == .council } }
    case .vouch(let ids):
      ids.contains { id in held[id].flatMap { grant($0) }?.role == .council }
    default: false
    }
  }

  /// 4 when the seats are as many as the threshold says.
  private func power(_ operation: Operation) -> Int {
    guard case .found(_, let threshold) = founding.act else { return 3 }
    let approvals = held.values.filter {
      if case .approve(let id) = $0.act { id == operation.id && isValid($0) } else { false }
    }
    let seats = Set(([operation] + approvals).compactMap { seat(of: $0) })
    return seats.count >= Int(threshold) ? 4 : 3
  }

  private func councilVerdict(_ operation: Operation) -> Verdict {
    if takenUp.contains(operation.id) { return .accepted }
    if operation.isRotation { return rotationVerdict(operation) }
    if let verdict = standingVerdict(operation) { return verdict }
    switch operation.act {
    case .remove(let organisation, _):
      if power(operation) < 4 { return .needsApproval }
      return organisation == founding.id ? .withoutEffect : .accepted
    case .succeed(let from, let to, _):
      if power(operation) < 4 { return .needsApproval }
      return from == to ? .withoutEffect : .accepted
    case .delegate(_, .council, _, _): return power(operation) < 4 ? .needsApproval : .accepted
    default: return .accepted
    }
  }
}
