import Operations
import Signatures

/// What a session did, from one side.
package struct SessionReport: Sendable, Equatable {
  /// Operations that have come and were not held.
  package var received = 0
  /// Of these the acts of the charter and the orders.
  package var acts: [Digest] = []
  /// Operations that came although they were held.
  package var duplicates = 0
  /// Operations that follow one which is not here yet.
  package var waiting = 0
  /// At most as many as a session bears.
  package var refusals: [IngestReport.Refusal] = []
  package var sent = 0
  /// Times the initiator waited for an answer.
  package var roundTrips = 0
  /// True only when both set digests were equal after the durable commit.
  package var isEqual = false
  /// Operations that this side's digest covers at the end.
  package var count: UInt64 = 0
  package var digest = Digest.zero
  package var usedReconciliation = false
  /// Set digests differed though V1 found no difference: forged sums or damage.
  package var alarm = false
  /// Organisations that one of the sides takes nothing of at present; ascending.
  ///
  /// What is equal then is
  /// equal but for these.
  package var paused: [Digest] = []
  /// Both have the same of all other organisations.
  package var isEqualButForPaused = false
  /// Files that came in full, and that went.
  package var attachmentsReceived = 0
  package var attachmentsSent = 0
  /// The peer remembers more of this store than it holds: it is a copy, and has got a new id.
  package var isCopy = false
  /// The peer's clock minus the own, in milliseconds.
  package var clockSkew: Int64 = 0

  package init() {}
}

extension SessionReport {
  /// Takes up what became of a part of a delivery; of records no ids are kept, for there may be any
  /// number of them.
  mutating func add(_ batch: IngestReport, in scope: Scope) {
    received += batch.held.count
    if scope == .charter { acts += batch.held }
    duplicates += batch.duplicates.count
    waiting += batch.waiting.count
    refusals += batch.refusals
  }
}
