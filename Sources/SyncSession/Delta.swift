import Operations
import Signatures
import WireFormat

/// Operations compressed against others that the receiver holds: the bases
/// (`Protocol/session.md#delta`).
///
/// An edit repeats most of what it edits, and every operation repeats whose it is.
package struct Delta: Equatable, Sendable {
  package var bases: [OperationMark]
  /// One Zstandard frame, to which the bases are what came before it.
  package var packed: [UInt8]
  package var through: Arrival?
  package var isLast: Bool

  package init(bases: [OperationMark], packed: [UInt8], through: Arrival?, isLast: Bool) {
    (self.bases, self.packed) = (bases, packed)
    (self.through, self.isLast) = (through, isLast)
  }

  /// Nil when it would be no shorter than the delivery as it is.
  init?(_ delivery: Message.Delivery, bases: [Parcel]) {
    let content = CBOR.parcels(delivery.parcels).encoded
    let packed = PrefixCompression.compress(content, after: Self.prefix(bases))
    guard let packed, packed.count + bases.count * OperationMark.byteCount < content.count else {
      return nil
    }
    self.init(
      bases: bases.map { OperationMark($0.id) }, packed: packed, through: delivery.through,
      isLast: delivery.isLast)
  }

  static let unreadable = WireError.shape(
    field: "delta.packed", expected: "a Zstandard frame that gives at most a frame", found: "other")

  /// The encoded operations; nil when the bases are not those that the sender meant, or `packed` is not
  /// what it should be, which cannot be told apart.
  func content(after bases: [Parcel]) -> [UInt8]? {
    PrefixCompression.decompress(packed, after: Self.prefix(bases), limit: Limits.frameBytesMax)
  }

  func delivery(of content: [UInt8]) throws(WireError) -> Message.Delivery {
    var reader = try ArrayReader(.array([try CBOR(decoding: content)]), "delta")
    return Message.Delivery(
      parcels: try reader.parcels("operations"), through: through, isLast: isLast)
  }

  private static func prefix(_ bases: [Parcel]) -> [UInt8] {
    bases.flatMap { $0.id.bytes + $0.envelope + $0.body }
  }
}

extension Message.Delivery {
  /// The same against what the receiver holds, which is everything up to its cursor and what came from
  /// it; nil when nothing of that helps.
  func delta(for receiver: StoreID, holdingThrough number: UInt64, _ store: any SyncStore) throws
    -> Delta?
  {
    // Where its bytes are likely to have stood before; what stands in the same frame is seen anyway.
    var seen = Set(parcels.map(\.id))
    let marks = parcels.flatMap(\.predecessors).filter { seen.insert($0).inserted }
      .prefix(Limits.deltaBasesMax).map { OperationMark($0) }
    let bases = try store.bases(
      marks, through: number, from: receiver, bytes: Limits.deltaBaseBytesMax)
    return bases.contains { $0 != nil } ? Delta(self, bases: bases.compactMap(\.self)) : nil
  }
}
