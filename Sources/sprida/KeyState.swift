import CRDT
import OperationStore
import Operations
import Signatures

/// How a key stands in a role, as the roster shows it.
enum KeyState {
  case accepted
  /// Its delegation does not count.
  case notAccepted(Verdict)
  /// Ended by acts: revoked, rotated or removed.
  case cut([Digest])
  /// Past its end, but nobody has cut it: whatever it signs with an earlier date still counts.
  case open(since: UInt64)
  case ending(at: UInt64)
  case later(from: UInt64)

  /// Days before its end in which a key is said to be ending.
  static let endingDays: UInt64 = 60

  init(_ grant: Grant, _ charter: Charter, now: UInt64) {
    let cuts = charter.cuts(of: grant.key).filter { $0.judges(grant) }
    if !charter.isAccepted(grant.operation) {
      self = .notAccepted(charter.verdict(of: grant.operation) ?? .notAuthorised)
    } else if !cuts.isEmpty {
      self = .cut(cuts.map(\.act))
    } else if grant.to != 0, grant.to <= now {
      self = .open(since: grant.to)
    } else if grant.from > now {
      self = .later(from: grant.from)
    } else if grant.to != 0, grant.to < now + Self.endingDays * 86_400_000 {
      self = .ending(at: grant.to)
    } else {
      self = .accepted
    }
  }

  var label: String {
    switch self {
    case .accepted: "accepted"
    case .notAccepted: "not-accepted"
    case .cut: "cut"
    case .open: "open"
    case .ending: "ending"
    case .later: "later"
    }
  }

  var acts: [Digest] {
    if case .cut(let acts) = self { acts } else { [] }
  }

  func words(_ console: Console, _ acts: ActText) -> String {
    switch self {
    case .accepted: console.text("gäller", "accepted")
    case .notAccepted(let verdict):
      console.text(
        "gäller inte: \(verdict.words(console))", "not accepted: \(verdict.words(console))")
    case .cut(let ids):
      console.text("avslutad: ", "ended: ")
        + ids.map { "\(acts.line(of: $0)) (\(short($0)))" }.joined(separator: ", ")
    case .open(let end):
      console.text(
        "ÖPPEN: slutade \(console.lastDay(before: end)) men är inte återkallad",
        "OPEN: ended \(console.lastDay(before: end)) but is not revoked")
    case .ending(let end):
      console.text(
        "slutar \(console.lastDay(before: end))", "ends \(console.lastDay(before: end))"
      )
    case .later(let start):
      console.text(
        "gäller från \(console.date(Int64(clamping: start)))",
        "accepted from \(console.date(Int64(clamping: start)))")
    }
  }
}
