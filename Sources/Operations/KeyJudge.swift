import Signatures

/// Judges the operations of one key, given what of its authority is accepted and where it is cut
/// (`Protocol/charter.md#acceptance`).
///
/// A hostile member can sign thousands of operations and as many cuts, so that each cut costs a bit
/// for each operation, and no more.
struct KeyJudge {
  private struct Judged {
    let cut: Cut
    /// The heads and what they follow.
    let inside: Places
    /// What is vouched for against the cut, by the organisation that it belongs to; nil: any other.
    let vouched: [Digest?: VouchedFor]
  }

  private struct VouchedFor {
    let operations: Set<Digest>
    /// These and what they follow.
    let ancestry: Places
  }

  private let cuts: [Judged]
  private let lineage: Lineage
  /// Outside already, under a delegation that is, or following such an operation.
  private let void: Places

  init(
    _ history: KeyHistory, cuts: [Cut], vouches: [Digest: [Vouch]],
    isOutside: (Digest) -> Bool
  ) {
    let lineage = Lineage(history)
    let void = lineage.descendants {
      isOutside($0.id) || $0.delegation != $0.id && isOutside($0.delegation)
    }
    let own = history.entries.keys.filter { id in
      vouches[id] != nil && !void.contains(lineage.place(of: id))
    }
    let scopes =
      own.isEmpty ? [] : Set(own.flatMap { vouches[$0] ?? [] }.map(\.organisation) + [nil])
    self.lineage = lineage
    self.void = void
    self.cuts = cuts.map { cut in
      let vouched = scopes.map { scope in
        let ids = own.filter { vouches[$0]?.contains { $0.overrides(cut, in: scope) } ?? false }
        return (
          scope,
          VouchedFor(operations: Set(ids), ancestry: lineage.ancestry(of: ids, without: void))
        )
      }
      return Judged(
        cut: cut, inside: lineage.ancestry(of: cut.heads, without: void),
        vouched: Dictionary(uniqueKeysWithValues: vouched))
    }
  }

  /// Nil when no cut speaks against the operation.
  func objection(to id: Digest, under grant: Grant) -> Verdict? {
    let place = lineage.place(of: id)
    if void.contains(place) { return .outsideCut }
    // What one cut keeps stays exchanged, for others to see what that cut's heads follow.
    var (isKept, isDisowned, isJudged) = (false, false, false)
    for judged in cuts where judged.cut.judges(grant) {
      isJudged = true
      let vouched = judged.vouched[.some(grant.organisation)] ?? judged.vouched[.none]
      if vouched?.operations.contains(id) ?? false {
        isKept = true
        continue
      }
      let isInside = judged.inside.contains(place)
      if !isInside || judged.cut.disowned.contains(id) { isDisowned = true }
      isKept = isKept || isInside || vouched?.ancestry.contains(place) ?? false
    }
    return isKept || !isJudged ? isDisowned ? .disowned : nil : .outsideCut
  }
}

/// Some of the operations of one key, by their places.
private struct Places {
  private var words: [UInt64]

  init(count: Int) { words = [UInt64](repeating: 0, count: (count + 63) / 64) }

  /// An operation that is not held has no place.
  func contains(_ place: Int?) -> Bool {
    guard let place else { return false }
    return words[place / 64] & 1 << UInt64(place % 64) != 0
  }

  /// Whether it was new.
  mutating func insert(_ place: Int) -> Bool {
    if contains(place) { return false }
    words[place / 64] |= 1 << UInt64(place % 64)
    return true
  }
}

/// What follows what among the operations of one key.
private struct Lineage {
  private let entries: [KeyHistory.Entry]
  private let places: [Digest: Int]
  private let prev: [[Int]]

  init(_ history: KeyHistory) {
    let entries = Array(history.entries.values)
    let places = Dictionary(
      entries.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.entries = entries
    self.places = places
    prev = entries.map { $0.prev.compactMap { places[$0] } }
  }

  func place(of id: Digest) -> Int? { places[id] }

  /// The given operations and all that they follow; what is not held is left out.
  func ancestry(of heads: some Sequence<Digest>, without void: Places) -> Places {
    walk(from: heads.compactMap { places[$0] }.filter { !void.contains($0) }) { place in
      prev[place].filter { !void.contains($0) }
    }
  }

  /// What a condition holds of, and all that follows it.
  func descendants(where isRoot: (KeyHistory.Entry) -> Bool) -> Places {
    let roots = entries.indices.filter { isRoot(entries[$0]) }
    guard !roots.isEmpty else { return Places(count: entries.count) }
    var followers = [[Int]](repeating: [], count: entries.count)
    for (place, before) in prev.enumerated() {
      for ancestor in before { followers[ancestor].append(place) }
    }
    return walk(from: roots) { followers[$0] }
  }

  private func walk(from start: [Int], _ next: (Int) -> [Int]) -> Places {
    var found = Places(count: entries.count)
    var frontier = start
    while let place = frontier.popLast() {
      if found.insert(place) { frontier += next(place) }
    }
    return found
  }
}
