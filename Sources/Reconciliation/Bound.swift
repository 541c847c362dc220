import Signatures

/// The exclusive upper end of a range: a time and the first bytes of an id.
///
/// The missing bytes of the id are zero (`Protocol/reconciliation.md#bound`).
package struct Bound: Sendable {
  package let seconds: UInt64
  /// At most 32 bytes.
  package let prefix: [UInt8]

  /// Below every item; where the first range begins.
  package static let start = Bound(unchecked: 0, [])
  /// Above every item.
  package static let infinity = Bound(unchecked: .max, [])

  private init(unchecked seconds: UInt64, _ prefix: [UInt8]) {
    self.seconds = seconds
    self.prefix = prefix
  }

  /// Nil when the prefix is longer than an id.
  package init?(seconds: UInt64, prefix: [UInt8]) {
    guard prefix.count <= Digest.byteCount else { return nil }
    self.init(unchecked: seconds, prefix)
  }

  /// The bound just below `item`, with its whole id.
  package init(before item: ReconcilableItem) {
    self.init(unchecked: item.seconds, item.id.bytes)
  }

  /// The shortest bound above `lower` and not above `upper`, which are neighbours in order.
  package init(between lower: ReconcilableItem, and upper: ReconcilableItem) {
    guard lower.seconds == upper.seconds else {
      self.init(unchecked: upper.seconds, [])
      return
    }
    let id = upper.id.bytes
    let common = zip(lower.id.bytes, id).prefix { $0 == $1 }.count
    self.init(unchecked: upper.seconds, Array(id.prefix(common + 1)))
  }

  package var isInfinity: Bool { seconds == .max }

  /// The least item at or above the bound: what an index searches for.
  package var leastItem: ReconcilableItem {
    let zeros = [UInt8](repeating: 0, count: Digest.byteCount - prefix.count)
    return ReconcilableItem(seconds: seconds, id: Digest(prefix + zeros) ?? .zero)
  }

  /// Whether a range from `self` to `other` would run backwards.
  package func isAbove(_ other: Bound) -> Bool {
    // Ids mean nothing at infinity.
    !other.isInfinity && other.leastItem < leastItem
  }
}
