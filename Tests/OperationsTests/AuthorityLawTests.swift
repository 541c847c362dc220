import class Foundation.ProcessInfo
import Operations
import Signatures
import TestSupport
import Testing

/// What holds of every history, whoever signs what.
struct AuthorityLawTests {
  /// One history, and what a node that holds all of it says.
  private struct Case {
    var history: RandomAuthority
    let bench: Bench
    let verdicts: [Digest: Verdict]
  }

  /// `AUTHORITY_SEEDS=5000 AUTHORITY_FIRST=300` for a longer night.
  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment["AUTHORITY_\(name)"].flatMap { Int($0) } ?? standard
  }

  static let acts = setting("ACTS", 45)
  private static let first = setting("FIRST", 0)

  private static let cases = Result {
    try (first..<first + setting("SEEDS", 300)).map { seed in
      let history = try RandomAuthority(seed: UInt64(seed), acts: acts)
      let bench = try Bench(founding: history.founding, delivering: history.operations)
      return Case(history: history, bench: bench, verdicts: bench.verdicts)
    }
  }

  private func histories(
    _ check: (_ history: inout RandomAuthority, Bench, [Digest: Verdict]) throws -> String?
  ) throws {
    for var one in try Self.cases.get() {
      if let problem = try check(&one.history, one.bench, one.verdicts) {
        Issue.record("seed \(one.history.seed): \(problem)")
      }
    }
  }

  @Test func `every order of arrival gives the same verdicts`() throws {
    try histories { history, bench, verdicts in
      let operations = history.operations
      for _ in 0..<2 {
        let shuffled = (operations + operations.prefix(9)).shuffled(using: &history.generator)
        var other = try Bench(founding: history.founding)
        let half = shuffled.count / 2
        other.deliver(Array(shuffled[..<half]))
        other.deliver(Array(shuffled[half...]))
        if let problem = difference(verdicts, other.verdicts, history) { return problem }
        if bench.roster != other.roster { return "another roster" }
      }
      return nil
    }
  }

  @Test func `the product and the text agree on every operation`() throws {
    try histories { history, bench, verdicts in
      try disagreement(bench, verdicts, history.operations, history)
    }
  }

  @Test func `they agree as well where operations are missing`() throws {
    try histories { history, _, _ in
      let some = history.operations.filter { _ in history.pick(7) > 0 }
      let bench = try Bench(founding: history.founding, delivering: some)
      return try disagreement(bench, bench.verdicts, some, history)
    }
  }

  private func disagreement(
    _ bench: Bench, _ verdicts: [Digest: Verdict], _ operations: [Operation],
    _ history: RandomAuthority
  ) throws -> String? {
    let naive = NaiveCharter(founding: history.founding, operations: operations)
    var others = naive.verdicts.mapValues(\.verdict)
    others[history.founding.id] = nil
    if let problem = difference(verdicts, others, history) { return problem }
    let exchanged = naive.exchanged.subtracting([history.founding.id])
    if let first = bench.exchanged(verdicts).symmetricDifference(exchanged).min() {
      return "exchanged: \(exchanged.contains(first) ? "text only" : "product only") "
        + describe(first, history)
    }
    return bench.roster == naive.roster ? nil : "another roster"
  }

  @Test func `whoever holds only what is exchanged judges it alike`() throws {
    try histories { history, bench, verdicts in
      let exchanged = bench.exchanged(verdicts)
      let kept = history.operations.filter { exchanged.contains($0.id) }
      let more = history.operations.filter { exchanged.contains($0.id) || history.pick(2) == 0 }
      for operations in [kept, more] {
        let other = try Bench(founding: history.founding, delivering: operations)
        let again = other.verdicts
        for id in exchanged {
          if again[id] == nil { return "not held by others: \(describe(id, history))" }
          if again[id] != verdicts[id] {
            return "\(String(describing: verdicts[id])) became "
              + "\(String(describing: again[id])): \(describe(id, history))"
          }
        }
        if other.exchanged(again) != exchanged { return "another exchanged set" }
        if other.roster != bench.roster { return "another roster" }
      }
      return nil
    }
  }

  @Test func `what is exchanged brings along what it acts under and follows`() throws {
    try histories { history, bench, verdicts in
      let exchanged = bench.exchanged(verdicts).union([history.founding.id])
      for operation in history.operations where exchanged.contains(operation.id) {
        let needs = operation.header.prev + [operation.header.delegation].compactMap(\.self)
        if let missing = needs.first(where: { !exchanged.contains($0) }) {
          return "\(describe(operation.id, history)) needs \(describe(missing, history))"
        }
      }
      return nil
    }
  }
}

// MARK: - What nobody can do

extension AuthorityLawTests {
  @Test func `whatever is accepted stands on accepted grants down to the founding operation`()
    throws
  {
    try histories { history, bench, verdicts in
      for (operation, grant) in bench.held.values where verdicts[operation.id] == .accepted {
        let above = grant.operation
        // What the council has once taken up stays, and nothing else does.
        let isCouncil = grant.role == .council
        guard isCouncil || above == history.founding.id || verdicts[above] == .accepted,
          grant.key == operation.header.author, grant.covers(operation.header.timestamp)
        else { return "accepted without a right: \(describe(operation.id, history))" }
      }
      return nil
    }
  }

  @Test func `a key that is cut without heads from above has nothing left but what is vouched for`()
    throws
  {
    try histories { history, bench, verdicts in
      for (act, signer) in bench.held.values where verdicts[act.id] == .accepted {
        guard case .act(.revoke(let key, let heads, _)) = act.header.content, heads.isEmpty,
          let power = bench.charter.power(of: act.id)
        else { continue }
        for (operation, grant) in bench.held.values where verdicts[operation.id] == .accepted {
          let isInScope = signer.role == .council || signer.organisation == grant.organisation
          if grant.key == key, isInScope, grant.role.power < power,
            !bench.charter.vouched.contains(operation.id), !Self.isAboutCouncil(operation, grant)
          {
            return "\(describe(operation.id, history)) in spite of \(describe(act.id, history))"
          }
        }
      }
      return nil
    }
  }

  /// What two council keys take up against each other at once stays.
  private static func isAboutCouncil(_ operation: Operation, _ grant: Grant) -> Bool {
    guard grant.role == .council, case .act(let act) = operation.header.content else {
      return false
    }
    return switch act {
    case .revoke, .vouch: true
    default: false
    }
  }

  @Test func `a stolen key changes nothing of other organisations and of higher strata`() throws {
    try histories { history, before, _ in
      let holders = history.holders.filter { before.verdictOfGrant($0.delegation) != nil }
      let council = Set(holders.filter { $0.role == .council }.map(\.key.publicKey))
      let candidates = holders.filter { !council.contains($0.key.publicKey) }
      guard let thief = history.choose(candidates) else { return nil }
      let stolen = holders.filter { $0.key.publicKey == thief.key.publicKey }
      let count = history.operations.count
      for _ in 0..<12 {
        if let holder = history.choose(stolen) { try history.act(as: holder) }
      }
      var after = before
      after.deliver(Array(history.operations[count...]))
      return Self.change(before, after, stolen, history)
    }
  }

  /// What the holders of these rights have changed that they must not.
  private static func change(
    _ before: Bench, _ after: Bench, _ stolen: [RandomAuthority.Holder],
    _ history: RandomAuthority
  ) -> String? {
    var power: [Digest: Power] = [:]
    for holder in stolen {
      power[holder.organisation] = max(holder.role.power, power[holder.organisation] ?? .device)
    }
    let (old, new) = (before.verdicts, after.verdicts)
    let (exchanged, now) = (before.exchanged(old), after.exchanged(new))
    for (operation, grant) in before.held.values {
      let id = operation.id
      if let power = power[grant.organisation], grant.role.power < power { continue }
      if old[id] != new[id] {
        return "\(String(describing: old[id])) became \(String(describing: new[id])): "
          + describe(id, history)
      }
      if exchanged.contains(id) && !now.contains(id) {
        return "no longer exchanged: \(describe(id, history))"
      }
    }
    return nil
  }
}

// MARK: - Telling what differs

func difference(
  _ one: [Digest: Verdict], _ other: [Digest: Verdict], _ history: RandomAuthority
) -> String? {
  for operation in history.operations where one[operation.id] != other[operation.id] {
    return "\(String(describing: one[operation.id])) against "
      + "\(String(describing: other[operation.id])): \(describe(operation.id, history))"
  }
  return nil
}

/// The number of an operation in its history, and what it does.
func describe(_ id: Digest, _ history: RandomAuthority) -> String {
  guard let index = history.operations.firstIndex(where: { $0.id == id }) else {
    return id == history.founding.id ? "the founding operation" : "\(id)"
  }
  let content = String(describing: history.operations[index].header.content)
  return "#\(index) \(content.prefix(content.firstIndex(of: "(") == nil ? 20 : 30))"
}
