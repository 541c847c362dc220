import Logging
import OperationStore
import Operations
import PeerTransport
import Signatures

/// Counts refusals in memory and writes them once a second at most: a port scan must not keep the
/// writer lock busy, nor fill the disk with lines of the audit log.
actor RefusalLog {
  private let store: OperationStore
  private let audit: AuditLog
  private let logger: Logger
  private var pending: [(refusal: IngestReport.Refusal, origin: RefusalOrigin)] = []
  private var budget = AuditBudget()
  /// What exceeds this in one second is not counted.
  private static let pendingMax = 1000

  init(store: OperationStore, audit: AuditLog, logger: Logger) {
    self.store = store
    self.audit = audit
    self.logger = logger
  }

  func add(_ refusal: IngestReport.Refusal, _ origin: RefusalOrigin) {
    guard pending.count < Self.pendingMax else { return }
    pending.append((refusal, origin))
    guard pending.count == 1 else { return }
    Task {
      try? await Task.sleep(for: .seconds(1))
      flush()
    }
  }

  /// Writes what is pending.
  func flush() {
    guard !pending.isEmpty else { return }
    let batch = pending
    pending = []
    audit.append(budget.entries(for: batch.map(\.origin), now: SystemClock.now))
    do {
      try store.count(batch.map(\.refusal), now: SystemClock.now)
    } catch {
      logger.error("refusals could not be counted", metadata: ["reason": "\(error)"])
    }
  }

  /// The last thing before the process ends.
  func finish() {
    flush()
    audit.append(budget.rest())
  }
}

/// Who was refused and why, as far as is known.
package struct RefusalOrigin: Sendable, Equatable {
  package let cause: RefusalCause
  package let peer: PublicKey?
  /// Without the port, which is new for every call.
  package let host: String

  package init(_ cause: RefusalCause, peer: PublicKey?, address: String) {
    self.cause = cause
    self.peer = peer
    host = PeerAddress(address)?.host ?? address
  }
}

/// How many lines refusals may cost: alike ones of a second are one line, and beyond some lines a
/// minute the rest are one more.
package struct AuditBudget {
  package static let linesPerMinute = 16
  private var minute: UInt64 = 0
  private var lines = 0
  private var unwritten = 0

  package init() {}

  package mutating func entries(for origins: [RefusalOrigin], now: UInt64) -> [AuditEntry] {
    var entries: [AuditEntry] = []
    if now / 60_000 != minute {
      entries = rest()
      (minute, lines) = (now / 60_000, 0)
    }
    var groups: [(origin: RefusalOrigin, count: Int)] = []
    for origin in origins {
      if let index = groups.firstIndex(where: { $0.origin == origin }) {
        groups[index].count += 1
      } else if lines + groups.count < Self.linesPerMinute {
        groups.append((origin, 1))
      } else {
        unwritten += 1
      }
    }
    lines += groups.count
    return entries
      + groups.map {
        .refusal(
          $0.origin.cause, peer: $0.origin.peer, address: $0.origin.host, count: $0.count)
      }
  }

  /// What has had no line of its own.
  package mutating func rest() -> [AuditEntry] {
    guard unwritten > 0 else { return [] }
    defer { unwritten = 0 }
    return [.refusals(unwritten)]
  }
}
