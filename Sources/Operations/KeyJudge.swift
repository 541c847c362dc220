import Signatures

/// Judges the operations of one key, given what of its authority is accepted and where it is cut
/// (`Protocol/charter.md#acceptance`).
struct KeyJudge {
  private struct Judged {
    let cut: Cut
    /// The heads and what they follow.
    let inside: Set<Digest>
  }

  private let history: KeyHistory
  private let cuts: [Judged]
  private let vouches: [Digest: [Vouch]]
  /// Under a delegation that is itself outside, or following such an operation.
  private let void: Set<Digest>

  init(
    _ history: KeyHistory, cuts: [Cut], vouches: [Digest: [Vouch]],
    isOutside: (Digest) -> Bool
  ) {
    let entries = history.entries
    let roots = entries.values.filter { $0.delegation != $0.id && isOutside($0.delegation) }
    let void = history.descendants(of: Set(roots.map(\.id)))
    self.history = history
    self.vouches = vouches.filter { entries[$0.key] != nil && !void.contains($0.key) }
    self.void = void
    self.cuts = cuts.map {
      Judged(cut: $0, inside: history.ancestry(of: $0.heads, without: void))
    }
  }

  /// Nil when no cut speaks against the operation.
  func objection(to id: Digest, under grant: Grant) -> Verdict? {
    if void.contains(id) { return .outsideCut }
    var isDisowned = false
    for judged in cuts where judged.cut.judges(grant) {
      let vouched = vouches.filter { $0.value.contains { $0.overrides(judged.cut, of: grant) } }
      if vouched[id] != nil { continue }
      if !judged.inside.contains(id) {
        guard history.ancestry(of: vouched.keys, without: void).contains(id) else {
          return .outsideCut
        }
        // Only carries what was vouched for.
        isDisowned = true
      } else if judged.cut.disowned.contains(id) {
        isDisowned = true
      }
    }
    return isDisowned ? .disowned : nil
  }
}
