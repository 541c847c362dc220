import Operations
import Signatures

/// What needs somebody's attention, as a pure function of what is known.
///
/// A finding says what is wrong and for how long it may go unnoticed, not how a node feels: a
/// refused port scan is none, a peer that nobody has met for two nights is one.
package enum Health {
  /// Two nights and some hours: a single missed night mends itself.
  package static let silenceMilliseconds: UInt64 = 50 * 3_600_000
  /// Time for a council or a root to be fetched from its safe and sign.
  package static let renewalMilliseconds: UInt64 = 60 * 86_400_000
  /// Stamps further ahead are not followed (`Protocol/operation.md#time`).
  package static let skewMilliseconds: Int64 = 15 * 60_000
  /// A night for what a reader or a full disk was in the way of.
  package static let erasureMilliseconds: UInt64 = 26 * 3_600_000
  package static let freeBytesMin: Int64 = 1 << 30
  /// What is measured in sessions counts this long.
  package static let skewWindowMilliseconds: UInt64 = 3 * 86_400_000
  package static let alarmWindowMilliseconds: UInt64 = 7 * 86_400_000

  package struct Facts: Sendable {
    /// Milliseconds since 1970, own clock, as all times here.
    package var now: UInt64
    package var peers: [Peer] = []
    package var keys: [Key] = []
    package var disk: Disk?
    /// The clocks of recently met peers minus the own, one number a peer, in milliseconds.
    package var skews: [Int64] = []
    /// Recent sessions that raised the alarm.
    package var alarms = 0
    package var overdueErasures = 0
    /// Own contact records whose day has passed.
    package var expiredContacts = 0
    /// Some organisation is over its quota, so that no session can end equal.
    package var hasPaused = false
    /// Bodies and attachments that are held by name only.
    package var missingContents = 0
    /// Restored from a backup, and not yet synced since.
    package var isQuarantined = false

    package init(now: UInt64) { self.now = now }
  }

  /// A node that this one should meet.
  package struct Peer: Sendable {
    package let name: String
    package let node: PublicKey
    /// Since when this node could have met it.
    package let knownSince: UInt64
    /// The latest session that ended as it should.
    package let latest: UInt64?
    /// The latest session after which both held the same.
    package let latestEqual: UInt64?

    package init(
      name: String, node: PublicKey, knownSince: UInt64, latest: UInt64?, latestEqual: UInt64? = nil
    ) {
      self.name = name
      self.node = node
      self.knownSince = knownSince
      self.latest = latest
      self.latestEqual = latestEqual
    }
  }

  /// A key of this node or of its organisation that has an end.
  package struct Key: Sendable {
    package let key: PublicKey
    package let role: Role
    /// The first moment at which it may sign no more.
    package let end: UInt64

    package init(key: PublicKey, role: Role, end: UInt64) {
      self.key = key
      self.role = role
      self.end = end
    }
  }

  /// Bytes.
  package struct Disk: Sendable {
    package let free: Int64
    package let total: Int64
    package let store: Int64

    package init(free: Int64, total: Int64, store: Int64) {
      self.free = free
      self.total = total
      self.store = store
    }
  }

  /// The gravest first, else in the order of the rules.
  package static func findings(_ facts: Facts) -> [Finding] {
    let all =
      quarantine(facts) + alarms(facts) + keys(facts) + disk(facts) + clock(facts)
      + erasures(facts) + contacts(facts) + silence(facts) + inequality(facts) + contents(facts)
    return all.filter { $0.severity == .critical } + all.filter { $0.severity == .warning }
  }
}

// MARK: - The rules

extension Health {
  private static func quarantine(_ facts: Facts) -> [Finding] {
    facts.isQuarantined ? [.quarantined] : []
  }

  private static func alarms(_ facts: Facts) -> [Finding] {
    facts.alarms > 0 ? [.alarm(sessions: facts.alarms)] : []
  }

  private static func keys(_ facts: Facts) -> [Finding] {
    facts.keys.compactMap { key in
      if key.end <= facts.now { return .keyEnded(key.key, key.role, end: key.end) }
      return key.end - facts.now <= renewalMilliseconds
        ? .keyEnds(key.key, key.role, end: key.end) : nil
    }
  }

  private static func disk(_ facts: Facts) -> [Finding] {
    guard let disk = facts.disk else { return [] }
    // A copy for a backup, and one for what SQLite writes beside.
    let needed = max(disk.total / 10, freeBytesMin, 2 * disk.store)
    return disk.free < needed ? [.diskLow(free: disk.free, needed: needed)] : []
  }

  private static func clock(_ facts: Facts) -> [Finding] {
    guard let median = median(facts.skews), abs(median) > skewMilliseconds else { return [] }
    return [.clockOff(milliseconds: median, peers: facts.skews.count)]
  }

  private static func erasures(_ facts: Facts) -> [Finding] {
    facts.overdueErasures > 0 ? [.erasureOverdue(orders: facts.overdueErasures)] : []
  }

  private static func contacts(_ facts: Facts) -> [Finding] {
    facts.expiredContacts > 0 ? [.contactExpired(contacts: facts.expiredContacts)] : []
  }

  private static func silence(_ facts: Facts) -> [Finding] {
    facts.peers.filter { peer in
      let since = peer.latest ?? peer.knownSince
      return facts.now > since && facts.now - since > silenceMilliseconds
    }.map { .peerSilent($0.name, $0.node, latest: $0.latest) }
  }

  /// Met, and yet the sets have differed for as long as a silence would be told.
  private static func inequality(_ facts: Facts) -> [Finding] {
    guard !facts.hasPaused else { return [] }
    return facts.peers.filter { peer in
      guard let latest = peer.latest, facts.now <= latest + silenceMilliseconds else {
        return false
      }
      let since = peer.latestEqual ?? peer.knownSince
      return facts.now > since && facts.now - since > silenceMilliseconds
    }.map { .peerUnequal($0.name, $0.node, latestEqual: $0.latestEqual) }
  }

  private static func contents(_ facts: Facts) -> [Finding] {
    facts.missingContents > 0 ? [.contentMissing(contents: facts.missingContents)] : []
  }

  /// Of an even number the mean of the middle two; one lying peer among three moves nothing.
  private static func median(_ values: [Int64]) -> Int64? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    return low / 2 + high / 2 + (low % 2 + high % 2) / 2
  }
}

/// One thing that needs attention.
package enum Finding: Sendable, Equatable {
  case quarantined
  case alarm(sessions: Int)
  case keyEnded(PublicKey, Role, end: UInt64)
  case keyEnds(PublicKey, Role, end: UInt64)
  case diskLow(free: Int64, needed: Int64)
  /// How much the peers' clocks are ahead of the own.
  case clockOff(milliseconds: Int64, peers: Int)
  case erasureOverdue(orders: Int)
  case contactExpired(contacts: Int)
  case peerSilent(String, PublicKey, latest: UInt64?)
  case peerUnequal(String, PublicKey, latestEqual: UInt64?)
  case contentMissing(contents: Int)

  package enum Severity: String, Sendable {
    case warning
    case critical
  }

  /// Stable names, for monitoring.
  package enum Code: String, Sendable, CaseIterable {
    case quarantined
    case alarm
    case keyEnded = "key-ended"
    case keyEnds = "key-ends"
    case diskLow = "disk-low"
    case clockOff = "clock-off"
    case erasureOverdue = "erasure-overdue"
    case contactExpired = "contact-expired"
    case peerSilent = "peer-silent"
    case peerUnequal = "peer-unequal"
    case contentMissing = "content-missing"
  }

  package var code: Code {
    switch self {
    case .quarantined: .quarantined
    case .alarm: .alarm
    case .keyEnded: .keyEnded
    case .keyEnds: .keyEnds
    case .diskLow: .diskLow
    case .clockOff: .clockOff
    case .erasureOverdue: .erasureOverdue
    case .contactExpired: .contactExpired
    case .peerSilent: .peerSilent
    case .peerUnequal: .peerUnequal
    case .contentMissing: .contentMissing
    }
  }

  package var severity: Severity {
    switch self {
    case .quarantined, .alarm, .keyEnded, .erasureOverdue: .critical
    case .diskLow(let free, _): free < Health.freeBytesMin ? .critical : .warning
    case .keyEnds, .clockOff, .peerSilent, .peerUnequal, .contentMissing, .contactExpired: .warning
    }
  }
}
