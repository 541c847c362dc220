import Operations
import Signatures

/// What a session did, from one side.
package struct SessionReport: Sendable, Equatable {
  package var ingested = IngestReport()
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
  package var peerPaused: [Digest] = []
  /// The peer's clock minus the own, in milliseconds.
  package var clockSkew: Int64 = 0

  package init() {}
}
