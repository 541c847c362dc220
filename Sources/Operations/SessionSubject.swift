import Signatures

/// What a session is about (`Protocol/session.md#exchange`): what a store held at its start, and what
/// the peer has delivered or repeated since.
package struct SessionSubject: Sendable {
  /// The number of the last arrival at the start.
  package let last: UInt64
  /// Organisations whose records are no subject.
  package let paused: Set<Digest>
  /// What the session itself has stored, by arrival number: after `last`, ascending, apart.
  package private(set) var stored: [ClosedRange<UInt64>] = []
  /// What the peer has repeated or delivered too early, and what may arrive by another way.
  package private(set) var named: Set<Digest> = []

  package init(last: UInt64, paused: Set<Digest> = []) {
    self.last = last
    self.paused = paused
  }

  /// Everything that is held.
  package static let everything = SessionSubject(last: .max)

  package mutating func store(_ arrivals: ClosedRange<UInt64>) {
    guard let latest = stored.last, latest.upperBound + 1 == arrivals.lowerBound else {
      return stored.append(arrivals)
    }
    stored[stored.count - 1] = latest.lowerBound...arrivals.upperBound
  }

  package mutating func name(_ ids: some Sequence<Digest>) { named.formUnion(ids) }

  /// The arrival numbers after `last` that the session has not stored: each span lies between two
  /// numbers that do not belong to it.
  package var spansOfOthers: [(after: UInt64, before: UInt64)] {
    let ends = [last] + stored.map(\.upperBound)
    let starts = stored.map(\.lowerBound) + [.max]
    return zip(ends, starts).map { (after: $0, before: $1) }.filter { $0.after < $0.before }
  }
}
