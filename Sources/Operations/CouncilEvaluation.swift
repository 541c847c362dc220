import CRDT
import Signatures

/// Judges what council keys have signed (`Protocol/charter.md#council`).
///
/// Nobody stands above the council, so its acts about its own keys are taken up step by step: each
/// step takes up every such act that has the threshold behind it under what the steps before have
/// cut, all at once, until there are no more. What has once been taken up stays. None of these
/// operations ever leaves the exchanged set, so every node takes the same steps.
struct CouncilEvaluation {
  typealias Fact = Charter.Fact

  private(set) var verdicts: [Digest: Verdict] = [:]
  private(set) var powers: [Digest: Power] = [:]
  private(set) var approvals: [Digest: [Digest]] = [:]
  /// Those of rotations, and those of revocations of council keys.
  private(set) var cuts: [Cut] = []
  private(set) var vouches: [Digest: [Vouch]] = [:]
  private(set) var accepted: [Fact] = []
  /// Acts about council keys, whose cuts and vouches are among these already.
  private(set) var takenUp: Set<Digest> = []

  init(
    _ charter: Charter, _ facts: [Fact], history: (PublicKey) throws -> KeyHistory
  ) rethrows {
    var revocations: [Cut] = []
    while true {
      let step = try CouncilStep(charter, facts, revocations, vouches, history)
      let news = facts.filter {
        !takenUp.contains($0.id) && isAboutCouncil($0, charter) && step.isEffective($0)
      }
      for fact in news {
        takenUp.insert(fact.id)
        switch fact.act {
        case .revoke(let key, let heads, let disowned):
          revocations.append(
            Cut(
              act: fact.id, key: key, organisation: nil, heads: heads, disowned: Set(disowned),
              power: .council))
        case .vouch(let operations):
          let vouch = Vouch(act: fact.id, organisation: nil, power: .council)
          for id in operations { vouches[id, default: []].append(vouch) }
        default: break
        }
      }
      guard news.isEmpty else { continue }
      cuts = revocations + step.chains.cuts
      powers = step.powers
      approvals = step.approvals
      let judged = step.verdicts(of: facts)
      for fact in facts {
        let verdict = takenUp.contains(fact.id) ? .accepted : judged[fact.id]
        verdicts[fact.id] = verdict
        if takenUp.contains(fact.id) { powers[fact.id] = .council }
        if verdict == .accepted { accepted.append(fact) }
      }
      return
    }
  }

  private func isAboutCouncil(_ fact: Fact, _ charter: Charter) -> Bool {
    switch fact.act {
    case .revoke(let key, _, _):
      (charter.grantsByKey[key] ?? []).contains { $0.role == .council }
    case .vouch(let operations):
      operations.contains { charter.facts[$0]?.grant.role == .council }
    default: false
    }
  }
}

/// The council under a given set of revocations of its own keys.
private struct CouncilStep {
  typealias Fact = Charter.Fact

  let chains: RotationChains
  private(set) var powers: [Digest: Power] = [:]
  private(set) var approvals: [Digest: [Digest]] = [:]
  private let charter: Charter
  private let cuts: [Cut]
  private var judges: [PublicKey: KeyJudge] = [:]
  /// Operations that make council keys, and act.
  private var grantors: Set<Digest>

  init(
    _ charter: Charter, _ facts: [Fact], _ revocations: [Cut], _ vouches: [Digest: [Vouch]],
    _ history: (PublicKey) throws -> KeyHistory
  ) rethrows {
    func judge(_ key: PublicKey, _ cuts: [Cut]) throws -> KeyJudge? {
      let own = cuts.filter { $0.key == key }
      guard !own.isEmpty else { return nil }
      return KeyJudge(try history(key), cuts: own, vouches: vouches, isOutside: { _ in false })
    }
    var revoked: [PublicKey: KeyJudge?] = [:]
    self.charter = charter
    chains = try RotationChains(
      facts, from: charter.grants[charter.region] ?? [], charter, isOutside: { _ in false },
      objection: { fact in
        let known = try revoked[fact.author] ?? judge(fact.author, revocations)
        revoked[fact.author] = .some(known)
        return known?.objection(to: fact.id, under: fact.grant)
      })
    cuts = revocations + chains.cuts
    grantors = Set([charter.region] + chains.origins.keys)
    for key in Set(cuts.map(\.key)) { judges[key] = try judge(key, cuts) }
    enlarge(facts)
    count(facts)
  }

  /// Whether an operation's signer sits in the council and nothing speaks against the operation.
  private func isValid(_ fact: Fact) -> Bool {
    if chains.verdicts[fact.id] != nil { return chains.verdicts[fact.id] == .accepted }
    return grantors.contains(fact.delegation) && fact.grant.covers(fact.timestamp)
      && judges[fact.author]?.objection(to: fact.id, under: fact.grant) == nil
  }

  /// New council keys need the threshold; each may be what the next one needs.
  private mutating func enlarge(_ facts: [Fact]) {
    let delegations = facts.filter {
      if case .delegate(_, .council, _, _) = $0.act { true } else { false }
    }
    guard !delegations.isEmpty else { return }
    while true {
      count(facts)
      let news = delegations.filter { !grantors.contains($0.id) && isEffective($0) }
      guard !news.isEmpty else { return }
      grantors.formUnion(news.map(\.id))
    }
  }

  private mutating func count(_ facts: [Fact]) {
    approvals = [:]
    var seats: [Digest: Set<PublicKey>] = [:]
    for fact in facts where isValid(fact) {
      seats[fact.id, default: []].insert(seat(of: fact))
      guard case .approve(let operation) = fact.act else { continue }
      approvals[operation, default: []].append(fact.id)
      seats[operation, default: []].insert(seat(of: fact))
    }
    // Approvals give nothing to those who do not sit here.
    for fact in facts {
      let count = seats[fact.id]?.count ?? 0
      powers[fact.id] = count >= charter.threshold ? .council : .councilKey
    }
  }

  /// The founded or delegated key whose place in the council it is, kept through rotations.
  private func seat(of fact: Fact) -> PublicKey {
    chains.origins[fact.delegation]?.key ?? fact.author
  }

  func isEffective(_ fact: Fact) -> Bool { isValid(fact) && powers[fact.id] == .council }

  /// Judges what others act under first; chains of delegations may be long, so without recursion.
  func verdicts(of facts: [Fact]) -> [Digest: Verdict] {
    var known = chains.verdicts
    for fact in facts {
      var chain: [Fact] = []
      var current: Fact? = fact
      while let next = current, known[next.id] == nil {
        chain.append(next)
        current = charter.facts[next.delegation]
      }
      for fact in chain.reversed() {
        known[fact.id] = verdict(of: fact, isUnderOutside: known[fact.delegation] == .outsideCut)
      }
    }
    return known
  }

  private func verdict(of fact: Fact, isUnderOutside: Bool) -> Verdict {
    if isUnderOutside { return .outsideCut }
    if let objection = judges[fact.author]?.objection(to: fact.id, under: fact.grant) {
      return objection
    }
    guard grantors.contains(fact.delegation) else { return .notAuthorised }
    guard fact.grant.covers(fact.timestamp) else { return .outsideDates }
    return problem(with: fact) ?? .accepted
  }

  private func problem(with fact: Fact) -> Verdict? {
    switch fact.act {
    case .remove, .succeed, .delegate(_, .council, _, _):
      guard powers[fact.id] == .council else { return .needsApproval }
    default: return nil
    }
    return switch fact.act {
    case .remove(charter.region, _): .withoutEffect
    case .succeed(let from, let to, _) where from == to: .withoutEffect
    default: nil
    }
  }
}
