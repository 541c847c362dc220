import Operations
import Signatures

/// Who may do what, a second time: written from the text of `Protocol/charter.md` alone, with no
/// regard for speed and nothing in common with the evaluation in `Sources/Operations`.
///
/// Everything is computed anew from the whole set, from the highest stratum down.
package struct NaiveCharter {
  package enum Verdict: String, Sendable {
    case accepted
    case outsideCut = "outside a cut"
    case disowned
    case notAuthorised = "not authorised"
    case outsideDates = "outside the dates"
    case contested
    case needsApproval = "needs approval"
    case withoutEffect = "without effect"
  }

  /// Of every operation that is held; the others of the input have none.
  package internal(set) var verdicts: [Digest: Verdict] = [:]
  package internal(set) var exchanged: Set<Digest> = []

  let founding: Operation
  /// What is held, the founding operation among it.
  var held: [Digest: Operation] = [:]
  var conferred: [Digest: [NaiveGrant]] = [:]
  /// What each operation follows over `prev`, directly or indirectly, and itself.
  var history: [Digest: Set<Digest>] = [:]

  // What is known so far, from the top down.
  var outside: Set<Digest> = []
  var accepted: Set<Digest> = []
  var cuts: [NaiveCut] = []
  var vouches: [NaiveVouch] = []
  /// Revokes and vouches that the council has taken up.
  var takenUp: Set<Digest> = []

  package init(founding: Operation, operations: [Operation]) {
    self.founding = founding
    hold(operations)
    judgeCouncil()
    judgeRootRotations()
    for power in [2, 1, 0] { judgeStratum(power) }
    exchange()
  }
}

// MARK: - Below the council

extension NaiveCharter {
  /// Against a rotation speak only cuts from above, which are known.
  private mutating func judgeRootRotations() {
    let rotations = operations { $0.isRotation && self.grant($0)?.role == .root }
    growOutside(rotations)
    for rotation in rotations { verdicts[rotation.id] = rotationVerdict(rotation) }
    let remaining = rotations.filter { verdicts[$0.id] == .accepted }
    accepted.formUnion(remaining.map(\.id))
    cuts += remaining.flatMap { cuts(of: $0, power: 3) }
  }

  private mutating func judgeStratum(_ power: Int) {
    let stratum = operations { operation in
      guard let grant = self.grant(operation), !operation.isRotation else { return false }
      return grant.role != .council && grant.role.rank == power
    }
    growOutside(stratum)
    for operation in stratum {
      verdicts[operation.id] = standingVerdict(operation) ?? .accepted
    }
    let remaining = stratum.filter { verdicts[$0.id] == .accepted }
    accepted.formUnion(remaining.map(\.id))
    for operation in remaining {
      cuts += cuts(of: operation, power: power)
      vouches += vouches(of: operation, power: power)
    }
  }

  /// The verdicts that the table asks of every operation; nil when none of them applies.
  func standingVerdict(_ operation: Operation) -> Verdict? {
    guard let grant = grant(operation), let delegation = operation.header.delegation else {
      return nil
    }
    if outside.contains(operation.id) { return .outsideCut }
    if isDisowned(operation) { return .disowned }
    if !accepted.contains(delegation) { return .notAuthorised }
    return grant.covers(operation) ? nil : .outsideDates
  }
}

// MARK: - Rotation

extension NaiveCharter {
  /// Nothing but cuts speaks against it.
  private func remains(_ rotation: Operation) -> Bool {
    !outside.contains(rotation.id) && !isDisowned(rotation)
  }

  /// Other rotations of the same key that remain.
  private func isContested(_ rotation: Operation) -> Bool {
    held.values.contains {
      $0.isRotation && $0.id != rotation.id && remains($0)
        && $0.header.delegation == rotation.header.delegation
        && replacedKey(of: $0) == replacedKey(of: rotation)
    }
  }

  func isAcceptedRotation(_ rotation: Operation) -> Bool {
    rotationVerdict(rotation) == .accepted
  }

  func rotationVerdict(_ rotation: Operation) -> Verdict {
    if outside.contains(rotation.id) { return .outsideCut }
    if isDisowned(rotation) { return .disowned }
    guard let delegation = rotation.header.delegation, let fixing = held[delegation] else {
      return .notAuthorised
    }
    let isAuthorised =
      fixing.isRotation ? isAcceptedRotation(fixing) : accepted.contains(delegation)
    if !isAuthorised { return .notAuthorised }
    return isContested(rotation) ? .contested : .accepted
  }
}

// MARK: - Exchanged

extension NaiveCharter {
  private mutating func exchange() {
    exchanged = Set(held.keys).subtracting(outside)
    for operation in held.values where grant(operation)?.role == .council {
      exchanged.insert(operation.id)
    }
    for operation in held.values where operation.header.operationClass == .order {
      keepChain(of: operation)
    }
  }

  /// An order, and what it follows or acts under.
  private mutating func keepChain(of operation: Operation) {
    exchanged.insert(operation.id)
    for id in operation.header.prev + [operation.header.delegation].compactMap(\.self) {
      if let next = held[id] { keepChain(of: next) }
    }
  }
}
