import OperationStore
import Operations
import SyncSession

/// What follows from a session that ended as it should: lines of the audit log, and orders that are
/// due at once.
package struct SessionAftermath: Sendable {
  private let store: OperationStore
  private let audit: AuditLog
  private let duty: ErasureDuty

  package init(store: OperationStore, audit: AuditLog, duty: ErasureDuty) {
    self.store = store
    self.audit = audit
    self.duty = duty
  }

  package func follow(_ outcome: SyncOutcome, _ direction: AuditEntry.Direction) throws {
    let charter = try store.charter()
    audit.append(outcome, direction, charter: charter)
    if let failure = outcome.filesFailure {
      audit.append(.refusal(RefusalCause(failure), peer: outcome.peer, address: outcome.address))
    }
    let news = try outcome.report.acts.filter { charter.signature(of: $0) != nil }
      .compactMap { try store.operation($0) }
    for operation in news {
      guard let standing = try? charter.standing(of: operation.header) else { continue }
      audit.append(acts: [operation], organisation: standing.organisation)
    }
    audit.append(orders: news)
    duty.carryOut()
  }
}
