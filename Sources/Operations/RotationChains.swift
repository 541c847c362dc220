import Signatures

/// Who replaces whom: from each key that is granted by something other than a rotation, the single
/// rotation by the key that was committed to, and so on (`Protocol/charter.md#rotation`).
///
/// Two rotations of one key stand against each other, and neither acts. What decides between them
/// is a revocation that leaves one of them inside its cut, so only revocations speak against one.
struct RotationChains {
  private(set) var verdicts: [Digest: Verdict] = [:]
  /// The replaced keys'.
  private(set) var cuts: [Cut] = []
  /// Rotations that act, with the grant at the beginning of their chain.
  private(set) var origins: [Digest: Grant] = [:]

  /// `origins` are accepted grants; `isOutside` says which operations other than rotations are
  /// outside a cut.
  init(
    _ facts: [Charter.Fact], from origins: [Grant], _ charter: Charter,
    isOutside: (Digest) -> Bool, objection: (Charter.Fact) throws -> Verdict?
  ) rethrows {
    var byDelegation: [Digest: [Charter.Fact]] = [:]
    for fact in facts {
      if case .rotate = fact.act { byDelegation[fact.delegation, default: []].append(fact) }
    }
    guard !byDelegation.isEmpty else { return }
    for origin in origins {
      var current = origin
      while let next = try step(from: current, byDelegation, charter, objection) {
        self.origins[next.id] = origin
        current = Grant(
          operation: next.id, key: next.author, role: origin.role,
          organisation: origin.organisation, from: 0, to: 0)
      }
    }
    for fact in byDelegation.values.joined() {
      try judgeUnauthorised(fact, charter, isOutside, objection)
    }
  }

  /// A rotation under something that does not act goes the way of what it acts under.
  ///
  /// A thief can make such chains as long as he likes, so there is no recursion.
  private mutating func judgeUnauthorised(
    _ fact: Charter.Fact, _ charter: Charter, _ isOutside: (Digest) -> Bool,
    _ objection: (Charter.Fact) throws -> Verdict?
  ) rethrows {
    var chain: [Charter.Fact] = []
    var current: Charter.Fact? = fact
    while let rotation = current, case .rotate = rotation.act, verdicts[rotation.id] == nil {
      chain.append(rotation)
      current = charter.facts[rotation.delegation]
    }
    for rotation in chain.reversed() {
      let above = rotation.delegation
      let isUnderOutside = verdicts[above] == .outsideCut || isOutside(above)
      verdicts[rotation.id] =
        isUnderOutside ? .outsideCut : try objection(rotation) ?? .notAuthorised
    }
  }

  /// The rotation that replaces a grant's key, and its cut.
  private mutating func step(
    from grant: Grant, _ byDelegation: [Digest: [Charter.Fact]], _ charter: Charter,
    _ objection: (Charter.Fact) throws -> Verdict?
  ) rethrows -> Charter.Fact? {
    let hashes = (charter.successors[grant.operation] ?? []).filter { $0.replaces == grant.key }
      .map(\.hash)
    var candidates: [Charter.Fact] = []
    for fact in byDelegation[grant.operation] ?? []
    where hashes.contains(Act.successorHash(of: fact.author)) && fact.author.isValidPoint {
      if let verdict = try objection(fact) {
        verdicts[fact.id] = verdict
      } else {
        candidates.append(fact)
      }
    }
    guard let only = candidates.first, candidates.count == 1,
      case .rotate(let heads, _) = only.act
    else {
      for fact in candidates { verdicts[fact.id] = .contested }
      return nil
    }
    verdicts[only.id] = .accepted
    cuts.append(
      Cut(
        act: only.id, key: grant.key,
        organisation: grant.role == .council ? nil : grant.organisation, heads: heads,
        disowned: [], power: grant.role == .council ? .council : .councilKey))
    return only
  }
}
