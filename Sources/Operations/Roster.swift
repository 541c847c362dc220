import CRDT
import Signatures

// What an evaluated charter says about organisations, keys and nodes.

extension Charter {
  /// All organisations, the council first, then by admission; also those that were removed.
  package var organisations: [Organisation] {
    let council = Organisation(
      id: region, codes: AdmissionCodes(""), name: councilName, admitted: founded, removals: [])
    let admitted = facts.values.compactMap { fact -> Organisation? in
      guard case .admit(let admission) = fact.act, isAccepted(fact.id) else { return nil }
      return organisation(fact, admission)
    }
    return [council] + admitted.sorted { ($0.admitted, $0.id) < ($1.admitted, $1.id) }
  }

  package func organisation(_ id: Digest) -> Organisation? {
    if id == region { return organisations.first }
    guard let fact = facts[id], isAccepted(id), case .admit(let admission) = fact.act else {
      return nil
    }
    return organisation(fact, admission)
  }

  private func organisation(_ fact: Fact, _ admission: Act.Admission) -> Organisation {
    Organisation(
      id: fact.id, codes: AdmissionCodes(admission.code), name: fact.name,
      admitted: fact.timestamp, removals: evaluation.removals[fact.id] ?? [])
  }

  /// The organisation that a code names; nil when none or several live admissions claim it.
  package func organisation(code: String) -> Organisation? {
    let claimants = organisations.filter { $0.codes.own.contains(code) && !$0.isRemoved }
    return claimants.count == 1 ? claimants.first : nil
  }

  /// The organisation whose company it is, as the council has admitted it.
  package func owner(of organisation: Organisation) -> Organisation? {
    organisation.codes.owner.flatMap { self.organisation(code: $0) }
  }

  package func isAccepted(_ id: Digest) -> Bool { evaluation.isAccepted(id, self) }

  // MARK: - Nodes

  var presentNodes: [NodeEntry] { latestNodes(isPresent) }

  /// Nodes that were in the roster and have been taken out, by key.
  package var formerNodes: [NodeEntry] { latestNodes { !isPresent($0) } }

  /// Where a node key belongs, should several organisations claim it: what the council has signed
  /// goes first, then the oldest claim.
  package func node(_ key: PublicKey) -> NodeEntry? {
    let claims = nodes.filter { $0.key == key }
    return claims.first { $0.act == $0.organisation || $0.organisation == region } ?? claims.first
  }

  /// The acts that took a node key out of the roster; empty when it never was in it, or still is.
  package func removal(ofNode key: PublicKey) -> [Digest] {
    guard node(key) == nil else { return [] }
    let former = latestNodes { $0.key == key }
    let revocations = (evaluation.cuts[key] ?? []).map(\.act)
    let acts = former.flatMap { evaluation.removals[$0.organisation] ?? [] } + revocations
    return former.isEmpty
      ? [] : Array(Set(acts + acts.flatMap { evaluation.approvals[$0] ?? [] })).sorted()
  }

  /// What shows a node that it was taken out, however little it holds: the acts, the claims that they
  /// end, and all that these follow, act under and, in cuts, keep; the nearest first, without the
  /// founding operation.
  package func proof(ofRemoval key: PublicKey) -> [Digest] {
    let claims = latestNodes { $0.key == key }.map(\.act)
    var proof: [Digest] = []
    var seen: Set<Digest> = [region]
    var frontier = (removal(ofNode: key) + claims)[...]
    while let id = frontier.popFirst() {
      guard seen.insert(id).inserted, let fact = facts[id] else { continue }
      proof.append(id)
      frontier += [fact.delegation] + fact.prev + (fact.act?.keptHeads ?? [])
    }
    return proof
  }

  private func isPresent(_ node: NodeEntry) -> Bool {
    evaluation.removals[node.organisation] == nil
      && !(evaluation.cuts[node.key] ?? []).contains {
        $0.organisation == nil || $0.organisation == node.organisation
      }
  }

  /// The latest accepted act of each organisation about each node key says where it is.
  private func latestNodes(_ isIncluded: (NodeEntry) -> Bool) -> [NodeEntry] {
    var latest: [NodeClaim: NodeEntry] = [:]
    for fact in facts.values {
      guard let node = fact.node, isAccepted(fact.id), validKeys.contains(node.key),
        isIncluded(node)
      else { continue }
      let claim = NodeClaim(organisation: node.organisation, key: node.key)
      if let held = latest[claim], (held.timestamp, held.act) > (node.timestamp, node.act) {
        continue
      }
      latest[claim] = node
    }
    return latest.values.sorted { ($0.key, $0.timestamp, $0.act) < ($1.key, $1.timestamp, $1.act) }
  }

  // MARK: - Keys

  /// Every grant, by the operation that confers it.
  package var allGrants: [Grant] {
    grants.values.flatMap { $0 }.sorted { ($0.operation, $0.key) < ($1.operation, $1.key) }
  }

  /// Grants that are accepted and not cut, so that something new may be signed under them.
  package func isOpen(_ grant: Grant) -> Bool {
    isAccepted(grant.operation)
      && !evaluation.cuts(of: grant.key, self).contains { $0.judges(grant) }
  }

  /// The open grant under which `key` acts in `role`; the one that lasts longest.
  package func grant(to key: PublicKey, as role: Role, at time: Timestamp) -> Grant? {
    (grantsByKey[key] ?? []).filter { $0.role == role && $0.covers(time) && isOpen($0) }
      .max { ($0.end, $0.operation) < ($1.end, $1.operation) }
  }

  /// The open grants of a key in an organisation, highest role first.
  package func grants(to key: PublicKey) -> [Grant] {
    (grantsByKey[key] ?? []).sorted {
      ($1.role.power, $0.operation) < ($0.role.power, $1.operation)
    }
  }

  /// Where a key has been cut, by the act.
  package func cuts(of key: PublicKey) -> [Cut] {
    evaluation.cuts(of: key, self).sorted { ($0.act, $0.power) < ($1.act, $1.power) }
  }

  /// The grant whose key a successor would replace: the last of its chain of rotations.
  package func rotatable(by next: PublicKey) -> (grant: Grant, delegation: Digest)? {
    let hash = Act.successorHash(of: next)
    for (operation, commitments) in successors.sorted(by: { $0.key < $1.key }) {
      guard let commitment = commitments.first(where: { $0.hash == hash }), isAccepted(operation),
        let grant = grants[operation]?.first(where: { $0.key == commitment.replaces })
      else { continue }
      return (grant, operation)
    }
    return nil
  }

  // MARK: - Verdicts

  /// What is said of a held operation of the classes charter and order; nil for others.
  package func verdict(of id: Digest) -> Verdict? {
    id == region ? .accepted : evaluation.verdicts[id]
  }

  /// The accepted approvals of an act, and how many seats it takes.
  package func approvals(of id: Digest) -> [Digest] { (evaluation.approvals[id] ?? []).sorted() }

  /// What an operation of the council can do with its approvals, and any other's signer alone.
  package func power(of id: Digest) -> Power? {
    evaluation.powers[id] ?? facts[id]?.grant.role.power
  }

  /// Whether a key's operations can only be judged together; asked before `history` is read.
  package func needsHistory(_ key: PublicKey) -> Bool { evaluation.needsHistory(key, self) }

  /// Judges operations of one key; `history` holds all that are held of it, or is nil when
  /// `needsHistory` says so.
  package func judge(_ history: KeyHistory?) -> Judge {
    let keyJudge = history.map {
      KeyJudge(
        $0, cuts: evaluation.cuts(of: $0.key, self), vouches: evaluation.vouches,
        isOutside: evaluation.isOutside)
    }
    return Judge(charter: self, keyJudge: keyJudge)
  }

  /// The verdicts on one key's operations.
  package struct Judge {
    fileprivate let charter: Charter
    fileprivate let keyJudge: KeyJudge?

    package func verdict(of id: Digest, under grant: Grant, at time: Timestamp) -> Verdict {
      if let known = charter.evaluation.verdicts[id] { return known }
      return charter.evaluation.verdict(of: id, under: grant, at: time, keyJudge, charter)
    }
  }

  /// Whether an operation belongs to the set that is exchanged (`Protocol/charter.md#exchanged`).
  package func isExchanged(
    _ id: Digest, _ verdict: Verdict, signedAs role: Role, _ operationClass: OperationClass
  ) -> Bool {
    verdict != .outsideCut || role == .council || operationClass == .order
      || evaluation.anchored.contains(id)
  }

  /// Heads and vouched operations of a key that are not held yet.
  package func awaited(of key: PublicKey, in history: KeyHistory) -> [Digest] {
    let heads = evaluation.cuts(of: key, self).flatMap(\.heads)
    return Set(heads.filter { history.entries[$0] == nil }).sorted()
  }

  /// Operations that somebody has vouched for who may for an organisation of the key.
  package func vouched(forKey key: PublicKey) -> Set<Digest> {
    let organisations = Set((grantsByKey[key] ?? []).map(\.organisation))
    return Set(
      evaluation.vouches.filter { $0.value.contains { $0.mayConcern(organisations) } }.keys)
  }

  /// Every operation that somebody has vouched for.
  package var vouched: Set<Digest> { Set(evaluation.vouches.keys) }

  package var successions: [Succession] {
    evaluation.successions.sorted { ($0.at, $0.act) < ($1.at, $1.act) }
  }

  /// Everything that decides how a key's operations are judged; equal: nothing has changed for it.
  package func authority(of key: PublicKey) -> KeyAuthority {
    let grants = (grantsByKey[key] ?? []).sorted { $0.operation < $1.operation }
    return KeyAuthority(
      grants: grants.map(\.operation), verdicts: grants.map { verdict(of: $0.operation) },
      cuts: cuts(of: key))
  }

  /// Every key to which something is granted, ascending.
  package var keys: [PublicKey] { grantsByKey.keys.sorted() }

  /// Who vouches for what, for telling what a new act has changed.
  package var vouches: [Digest: [Vouch]] { evaluation.vouches }
}

/// How a key stands; see `Charter.authority(of:)`.
package struct KeyAuthority: Sendable, Equatable {
  let grants: [Digest]
  let verdicts: [Verdict?]
  let cuts: [Cut]
}

extension Act {
  /// What its cuts keep: without these, what they keep would seem cut.
  fileprivate var keptHeads: [Digest] {
    switch self {
    case .rotate(let heads, _), .revoke(_, let heads, _): heads
    case .remove(_, let cuts): cuts.flatMap(\.heads)
    default: []
    }
  }
}

/// A publisher, named by the operation that admitted it.
package struct Organisation: Sendable, Equatable {
  package let id: Digest
  package let codes: AdmissionCodes
  package let name: String
  package let admitted: Timestamp
  /// The acts that removed it.
  package let removals: [Digest]

  package var isRemoved: Bool { !removals.isEmpty }
  /// The code that it is called by; empty for the council.
  package var code: String { codes.own.first ?? "" }
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

extension Charter.Fact {
  var node: NodeEntry? {
    switch act {
    case .admit(let admission):
      NodeEntry(
        key: admission.node, address: admission.address, organisation: id, act: id,
        timestamp: timestamp)
    case .node(let key, let address):
      NodeEntry(
        key: key, address: address, organisation: grant.organisation, act: id,
        timestamp: timestamp)
    default: nil
    }
  }
}

// MARK: - Successions

extension Charter {
  /// Organisations whose records an organisation may write, the nearest first.
  package func predecessors(of organisation: Digest) -> [Digest] {
    walk(from: organisation) { id in successions.filter { $0.to == id }.map(\.from) }
  }

  /// Organisations that may write records of an organisation, the nearest first.
  package func successors(of organisation: Digest) -> [Digest] {
    walk(from: organisation) { id in successions.filter { $0.from == id }.map(\.to) }
  }

  private func walk(from start: Digest, _ next: (Digest) -> [Digest]) -> [Digest] {
    guard !evaluation.successions.isEmpty else { return [] }
    var found: [Digest] = []
    var frontier = next(start)[...]
    while let id = frontier.popFirst() {
      guard id != start, !found.contains(id) else { continue }
      found.append(id)
      frontier += next(id)
    }
    return found
  }

  /// Whether `heir` may write a record of `owner`, through any number of successions.
  ///
  /// `isCreatedByOwner`: the record's id is that of a held operation of the owner; only such
  /// records pass by an act that lists none.
  package func passes(_ record: Digest, of owner: Digest, to heir: Digest, isCreatedByOwner: Bool)
    -> Bool
  {
    var reached: Set<Digest> = [owner]
    var frontier = [owner]
    while let id = frontier.popLast() {
      for succession in evaluation.successions
      where succession.from == id
        && (succession.records.isEmpty
          ? isCreatedByOwner : succession.records.contains(record))
      {
        if reached.insert(succession.to).inserted { frontier.append(succession.to) }
      }
    }
    return heir != owner && reached.contains(heir)
  }

  // MARK: - What has changed

  /// Operations of charter and orders whose verdict differs from an earlier state.
  package func changedVerdicts(since former: Charter) -> [Digest] {
    evaluation.verdicts.filter { former.evaluation.verdicts[$0.key] != $0.value }.keys.sorted()
  }

  /// Orders that newly erase, or no longer do, each once.
  package func changedErasures(since former: Charter) -> [ErasureOrder] {
    let (now, before) = (erasures.byID, former.erasures.byID)
    return Set(now.keys).union(before.keys).sorted().filter { now[$0] != before[$0] }
      .compactMap { now[$0] ?? before[$0] }
  }
}
