import CRDT
import Testing

/// Hybrid timestamps: their order, their parts, and what a new one is.
struct TimestampTests {
  private static let ahead: UInt64 = 15 * 60 * 1000

  private static func next(
    clock: UInt64, last: Timestamp? = nil, superseding: [Timestamp] = []
  ) -> Timestamp {
    .next(clock: clock, last: last, superseding: superseding, aheadMax: ahead)
  }

  @Test func `milliseconds come before the counter`() {
    #expect(Timestamp(milliseconds: 1, counter: .max) < Timestamp(milliseconds: 2))
    #expect(Timestamp(milliseconds: 1, counter: 1) < Timestamp(milliseconds: 1, counter: 2))
    #expect(Timestamp(milliseconds: 5, counter: 7).rawValue == 5 << 16 | 7)
    #expect(Timestamp(milliseconds: 5, counter: 7).milliseconds == 5)
  }

  @Test func `milliseconds past 48 bits saturate`() {
    #expect(Timestamp(milliseconds: .max).milliseconds == (1 << 48) - 1)
  }

  @Test func `without history a new timestamp is the clock`() {
    #expect(Self.next(clock: 1000) == Timestamp(milliseconds: 1000))
  }

  @Test func `a new timestamp follows the own last one, though the clock stands still`() {
    let last = Timestamp(milliseconds: 1000, counter: 4)
    #expect(Self.next(clock: 1000, last: last) == Timestamp(milliseconds: 1000, counter: 5))
    #expect(Self.next(clock: 900, last: last) == Timestamp(milliseconds: 1000, counter: 5))
  }

  @Test func `a full counter carries into the milliseconds`() {
    let last = Timestamp(milliseconds: 1000, counter: .max)
    #expect(Self.next(clock: 1000, last: last) == Timestamp(milliseconds: 1001))
  }

  @Test func `a new timestamp is not before what it supersedes`() {
    let seen = Timestamp(milliseconds: 1500, counter: 2)
    #expect(Self.next(clock: 1000, superseding: [seen]) == seen)
  }

  @Test func `a stamp just within fifteen minutes is followed and one past is not`() {
    let edge = Timestamp(milliseconds: 1000 + Self.ahead, counter: .max)
    let past = Timestamp(milliseconds: 1000 + Self.ahead + 1)
    #expect(Self.next(clock: 1000, superseding: [edge]) == edge)
    #expect(Self.next(clock: 1000, superseding: [past]) == Timestamp(milliseconds: 1000))
    #expect(Self.next(clock: 1000, last: past) == Timestamp(milliseconds: 1000))
  }

  @Test func `at the end of time a new timestamp saturates`() {
    let end = Timestamp(rawValue: .max)
    #expect(Self.next(clock: .max, last: end) == end)
    #expect(Self.next(clock: Timestamp.millisecondsMax, superseding: [end]) == end)
  }

  @Test func `reconciliation orders by seconds, bounded below infinity`() {
    #expect(Timestamp(milliseconds: 1999).reconciliationSeconds == 1)
    #expect(Timestamp(milliseconds: .max).reconciliationSeconds == (1 << 32) - 2)
    let last = UInt64((1 << 32) - 2) * 1000
    #expect(Timestamp(milliseconds: last - 1).reconciliationSeconds == (1 << 32) - 3)
    #expect(Timestamp(milliseconds: last + 1000).reconciliationSeconds == (1 << 32) - 2)
  }
}
