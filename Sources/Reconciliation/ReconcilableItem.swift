import Signatures

/// One element of a set that is reconciled, ordered by time, then id.
package struct ReconcilableItem: Hashable, Comparable, Sendable {
  /// Below 2^64 − 1, which is infinity.
  package let seconds: UInt64
  package let id: Digest

  /// The greatest time of an operation; implementations that keep 32 bits can hold it.
  package static let operationSecondsMax: UInt64 = 0xffff_fffe

  package init(seconds: UInt64, id: Digest) {
    self.seconds = seconds
    self.id = id
  }

  /// The item that stands for an operation.
  package init(operation id: Digest, milliseconds: UInt64) {
    self.init(seconds: min(milliseconds / 1000, Self.operationSecondsMax), id: id)
  }

  package static func < (lhs: ReconcilableItem, rhs: ReconcilableItem) -> Bool {
    lhs.seconds == rhs.seconds ? lhs.id < rhs.id : lhs.seconds < rhs.seconds
  }
}
