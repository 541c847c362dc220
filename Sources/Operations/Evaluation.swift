import CRDT
import Signatures

/// What follows from a set of charter operations, judged from the highest stratum down
/// (`Protocol/charter.md#acceptance`).
struct Evaluation: Sendable {
  typealias Fact = Charter.Fact

  private(set) var verdicts: [Digest: Verdict] = [:]
  /// What acts of council keys can do, with their approvals.
  private(set) var powers: [Digest: Power] = [:]
  /// The accepted approvals of an operation.
  private(set) var approvals: [Digest: [Digest]] = [:]
  private(set) var cuts: [PublicKey: [Cut]] = [:]
  private(set) var vouches: [Digest: [Vouch]] = [:]
  /// The acts that removed an organisation.
  private(set) var removals: [Digest: [Digest]] = [:]
  private(set) var successions: [Succession] = []
  /// What orders follow and act under, which is exchanged for ever.
  private(set) var anchored: Set<Digest> = []

  init() {}

  init(_ charter: Charter, history: (PublicKey) throws -> KeyHistory) rethrows {
    let facts = charter.facts.values.sorted { $0.id < $1.id }
    let council = try CouncilEvaluation(
      charter, facts.filter { $0.grant.role == .council }, history: history)
    verdicts = council.verdicts
    powers = council.powers
    approvals = council.approvals
    vouches = council.vouches
    for cut in council.cuts { cuts[cut.key, default: []].append(cut) }
    for fact in council.accepted where !council.takenUp.contains(fact.id) { takeUp(fact, charter) }
    for role in [Role.root, .admin] {
      try judge(facts.filter { $0.grant.role == role }, role, charter, history)
    }
    anchor(facts, charter)
  }

  /// Judges one stratum: what its keys have signed depends on higher strata only.
  private mutating func judge(
    _ facts: [Fact], _ role: Role, _ charter: Charter,
    _ history: (PublicKey) throws -> KeyHistory
  ) rethrows {
    // A delegation within the stratum is a rotation, judged before what is signed under it.
    let rotations = role == .root ? try judgeRotations(facts, charter, history) : [:]
    var judges: [PublicKey: KeyJudge?] = [:]
    for fact in facts where rotations[fact.id] == nil {
      let judge = try judges[fact.author] ?? judge(of: fact.author, charter, history)
      judges[fact.author] = .some(judge)
      verdicts[fact.id] = verdict(
        of: fact.id, under: fact.grant, at: fact.timestamp, judge, charter)
    }
    for fact in facts where verdicts[fact.id] == .accepted { takeUp(fact, charter) }
  }

  /// A rotation that is outside may take along heads that keep another, so until nothing changes.
  private mutating func judgeRotations(
    _ facts: [Fact], _ charter: Charter, _ history: (PublicKey) throws -> KeyHistory
  ) rethrows -> [Digest: Verdict] {
    while true {
      var judges: [PublicKey: KeyJudge?] = [:]
      let chains = try RotationChains(
        facts, from: rootGrants(charter), charter, isOutside: isOutside,
        objection: { fact in
          let known = try judges[fact.author] ?? judge(of: fact.author, charter, history)
          judges[fact.author] = .some(known)
          return known?.objection(to: fact.id, under: fact.grant)
        })
      let outside = chains.verdicts.filter { $0.value == .outsideCut }
      if outside.allSatisfy({ isOutside($0.key) }) {
        verdicts.merge(chains.verdicts) { $1 }
        for cut in chains.cuts { cuts[cut.key, default: []].append(cut) }
        return chains.verdicts
      }
      verdicts.merge(outside) { $1 }
    }
  }

  /// The roots that accepted admissions name.
  private func rootGrants(_ charter: Charter) -> [Grant] {
    charter.facts.values.compactMap { fact in
      guard case .admit = fact.act, isAccepted(fact.id, charter) else { return nil }
      return charter.grants[fact.id]?.first
    }.sorted { $0.operation < $1.operation }
  }

  /// What an accepted act means for others.
  private mutating func takeUp(_ fact: Fact, _ charter: Charter) {
    let power = powers[fact.id] ?? fact.grant.role.power
    let scope = fact.grant.role == .council ? nil : fact.grant.organisation
    switch fact.act {
    case .revoke(let key, let heads, let disowned):
      let cut = Cut(
        act: fact.id, key: key, organisation: scope, heads: heads, disowned: Set(disowned),
        power: power)
      cuts[key, default: []].append(cut)
    case .vouch(let operations):
      let vouch = Vouch(act: fact.id, organisation: scope, power: power)
      for id in operations { vouches[id, default: []].append(vouch) }
    case .remove(let organisation, let listed):
      removals[organisation, default: []].append(fact.id)
      for cut in listed {
        cuts[cut.key, default: []].append(
          Cut(
            act: fact.id, key: cut.key, organisation: organisation, heads: cut.heads, disowned: [],
            power: .council))
      }
    case .succeed(let from, let to, let records):
      successions.append(
        Succession(act: fact.id, from: from, to: to, records: Set(records), at: fact.timestamp))
    case .found, .admit, .approve, .rotate, .delegate, .node, nil: break
    }
  }

  /// Orders work for ever, so every node must be able to hold them.
  private mutating func anchor(_ facts: [Fact], _ charter: Charter) {
    var frontier = facts.filter { $0.isOrder && verdicts[$0.id] == .outsideCut }.map(\.id)
    while let id = frontier.popLast() {
      guard let fact = charter.facts[id], anchored.insert(id).inserted else { continue }
      frontier += fact.prev + [fact.delegation]
    }
  }
}

// MARK: - Judging

extension Evaluation {
  func isAccepted(_ id: Digest, _ charter: Charter) -> Bool {
    id == charter.region || verdicts[id] == .accepted
  }

  func isOutside(_ id: Digest) -> Bool { verdicts[id] == .outsideCut }

  /// All cuts that may speak against a key, with the one that a removal makes for keys that neither
  /// it nor anybody else has cut.
  func cuts(of key: PublicKey, _ charter: Charter) -> [Cut] {
    let explicit = cuts[key] ?? []
    guard !removals.isEmpty else { return explicit }
    let organisations = Set((charter.grantsByKey[key] ?? []).map(\.organisation))
    let implied = organisations.sorted().compactMap { organisation -> Cut? in
      guard let act = removals[organisation]?.min() else { return nil }
      // An admin who has cut the root's key has cut it below the root only.
      let named = explicit.filter { $0.organisation == nil || $0.organisation == organisation }
      return Cut(
        act: act, key: key, organisation: organisation, heads: [], disowned: [], power: .council,
        floor: named.map(\.power).max() ?? .device)
    }
    return explicit + implied
  }

  /// Nil when nothing speaks against anything that the key has signed.
  func judge(
    of key: PublicKey, _ charter: Charter, _ history: (PublicKey) throws -> KeyHistory
  ) rethrows -> KeyJudge? {
    guard needsHistory(key, charter) else { return nil }
    return KeyJudge(
      try history(key), cuts: cuts(of: key, charter), vouches: vouches, isOutside: isOutside)
  }

  func needsHistory(_ key: PublicKey, _ charter: Charter) -> Bool {
    !cuts(of: key, charter).isEmpty
      || (charter.grantsByKey[key] ?? []).contains { isOutside($0.operation) }
  }

  func verdict(
    of id: Digest, under grant: Grant, at time: Timestamp, _ judge: KeyJudge?, _ charter: Charter
  ) -> Verdict {
    if let objection = judge?.objection(to: id, under: grant) { return objection }
    if isOutside(grant.operation) { return .outsideCut }
    guard isAccepted(grant.operation, charter) else { return .notAuthorised }
    return grant.covers(time) ? .accepted : .outsideDates
  }
}

/// A council's statement that records of one organisation are another's now.
package struct Succession: Sendable, Equatable {
  package let act: Digest
  package let from: Digest
  package let to: Digest
  /// Empty: all of them.
  package let records: Set<Digest>
  package let at: Timestamp
}
