/// A hybrid timestamp: 48 bits of milliseconds since 1970 (UTC), then a 16-bit counter.
///
/// It orders what people see (the displayed side of a conflict, dates); no rule of acceptance or
/// merge compares timestamps. `Protocol/operation.md#time`.
public struct Timestamp: Hashable, Comparable, Sendable {
  package let rawValue: UInt64

  package static let millisecondsMax: UInt64 = (1 << 48) - 1

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  package init(milliseconds: UInt64, counter: UInt16 = 0) {
    rawValue = min(milliseconds, Self.millisecondsMax) << 16 | UInt64(counter)
  }

  /// Milliseconds since 1970-01-01 UTC, as claimed by the author.
  public var milliseconds: UInt64 { rawValue >> 16 }

  /// The time that reconciliation orders by: min(seconds, 2^32 − 2).
  package var reconciliationSeconds: UInt64 { min(milliseconds / 1000, (1 << 32) - 2) }

  /// The timestamp of a new operation: max(clock, own last + 1, those it supersedes).
  ///
  /// Stamps more than `aheadMax` milliseconds ahead of the clock are not followed, so that one
  /// wrong clock does not spread; the sum saturates instead of overflowing.
  package static func next(
    clock: UInt64, last: Timestamp?, superseding: [Timestamp], aheadMax: UInt64
  ) -> Timestamp {
    let now = Timestamp(milliseconds: clock)
    let ceiling = greatestFollowed(clock: clock, aheadMax: aheadMax)
    var result = now
    if let last, last <= ceiling { result = max(result, last.successor) }
    for other in superseding where other <= ceiling { result = max(result, other) }
    return result
  }

  /// The greatest timestamp that a new one follows.
  package static func greatestFollowed(clock: UInt64, aheadMax: UInt64) -> Timestamp {
    Timestamp(
      milliseconds: min(clock, millisecondsMax) + min(aheadMax, millisecondsMax), counter: .max)
  }

  private var successor: Timestamp {
    rawValue == .max ? self : Timestamp(rawValue: rawValue + 1)
  }

  /// Earlier milliseconds, then the smaller counter.
  public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
