import Signatures

/// Judges the operations of one key, given what of its authority is accepted and where it is cut
/// (`Protocol/charter.md#acceptance`).
struct KeyJudge {
  private struct Judged {
    let cut: Cut
    /// The heads and what they follow.
    let inside: Set<Digest>
    /// What is vouched for against the cut, by the organisation that it belongs to; nil: any other.
    let vouched: [Digest?: VouchedFor]
  }

  private struct VouchedFor {
    let operations: Set<Digest>
    /// These and what they follow.
    let ancestry: Set<Digest>
  }

  private let cuts: [Judged]
  /// Outside already, under a delegation that is, or following such an operation.
  private let void: Set<Digest>

  init(
    _ history: KeyHistory, cuts: [Cut], vouches: [Digest: [Vouch]],
    isOutside: (Digest) -> Bool
  ) {
    let entries = history.entries
    let roots = entries.values.filter {
      isOutside($0.id) || $0.delegation != $0.id && isOutside($0.delegation)
    }
    let void = history.descendants(of: Set(roots.map(\.id)))
    let own = entries.keys.filter { vouches[$0] != nil && !void.contains($0) }
    let scopes = Set(own.flatMap { vouches[$0] ?? [] }.map(\.organisation)).union([nil])
    self.void = void
    self.cuts = cuts.map { cut in
      let vouched = scopes.map { scope in
        let ids = own.filter { vouches[$0]?.contains { $0.overrides(cut, in: scope) } ?? false }
        return (
          scope,
          VouchedFor(operations: Set(ids), ancestry: history.ancestry(of: ids, without: void))
        )
      }
      return Judged(
        cut: cut, inside: history.ancestry(of: cut.heads, without: void),
        vouched: Dictionary(uniqueKeysWithValues: vouched))
    }
  }

  /// Nil when no cut speaks against the operation.
  func objection(to id: Digest, under grant: Grant) -> Verdict? {
    if void.contains(id) { return .outsideCut }
    let judging = cuts.filter { $0.cut.judges(grant) }
    // What one cut keeps stays exchanged, for others to see what that cut's heads follow.
    var isKept = judging.isEmpty
    var isDisowned = false
    for judged in judging {
      let vouched = judged.vouched[.some(grant.organisation)] ?? judged.vouched[.none]
      if vouched?.operations.contains(id) ?? false {
        isKept = true
        continue
      }
      let isInside = judged.inside.contains(id)
      if !isInside || judged.cut.disowned.contains(id) { isDisowned = true }
      isKept = isKept || isInside || vouched?.ancestry.contains(id) ?? false
    }
    return isKept ? isDisowned ? .disowned : nil : .outsideCut
  }
}
