/// The constants of Negentropy V1 (`Protocol/reconciliation.md#constants`).
package enum Negentropy {
  /// The first byte of every message.
  package static let version: UInt8 = 0x61
  /// First bytes that are some version; a responder answers them with its own.
  package static let versions: ClosedRange<UInt8> = 0x60...0x6f
  /// Ranges a differing range is split into.
  package static let bucketCount = 16
  /// A range of fewer items than this is sent as a list of ids.
  package static let idListBelow = 32
  /// The smallest frame size limit other than 0, "none".
  package static let frameSizeLimitMin = 4096
  /// Bytes of a limited frame kept free for the range that closes it.
  package static let closingReserveBytes = 200
}
