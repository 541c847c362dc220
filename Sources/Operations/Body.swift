import Signatures
import WireFormat

/// What people entered: `[16 random bytes, [values], padding]` (`Protocol/operation.md#body`).
///
/// The random bytes make the digest in the header useless for guessing an erased text; the padding
/// fills to a multiple of 256 bytes, so that a length says little.
package struct Body: Equatable, Sendable {
  package static let randomByteCount = 16

  package let bytes: [UInt8]
  package let values: [CBOR]

  package var digest: Digest { Domain.body.hash(bytes) }

  package init(values: [CBOR], random: [UInt8]) {
    precondition(random.count == Self.randomByteCount)
    self.values = values
    let unpadded = Self.encode(values, random, padding: 0).count - Self.headByteCount(0)
    bytes = Self.encode(values, random, padding: Self.paddingCount(after: unpadded))
  }

  package init(decoding bytes: [UInt8]) throws(WireError) {
    var reader = try ArrayReader(try CBOR(decoding: bytes), "body")
    _ = try reader.bytes("random", count: Self.randomByteCount)
    values = try reader.array("values", max: Limits.changesMax)
    let padding = try reader.bytes("padding", max: Limits.operationBytesMax)
    try reader.end()
    let unpadded = bytes.count - padding.count - Self.headByteCount(padding.count)
    guard padding.allSatisfy({ $0 == 0 }), padding.count == Self.paddingCount(after: unpadded)
    else {
      throw .shape(field: "body.padding", expected: "the shortest run of zeros", found: "other")
    }
    self.bytes = bytes
  }

  private static func encode(_ values: [CBOR], _ random: [UInt8], padding: Int) -> [UInt8] {
    CBOR.array([
      .bytes(random), .array(values), .bytes([UInt8](repeating: 0, count: padding)),
    ]).encoded
  }

  /// The smallest padding that makes the body a multiple of 256 bytes.
  ///
  /// A byte string's head grows at 24 and 256 bytes, so one length in each step cannot be reached
  /// and the next multiple is.
  private static func paddingCount(after unpadded: Int) -> Int {
    let step = Limits.bodyPaddingBytes
    let missing = (step - unpadded % step) % step
    // With heads of 1, 2 and 3 bytes; the head of 2 may also complete the step after.
    let candidates = [missing - 1, missing - 2, missing + step - 2, missing + step - 3]
    let fitting = candidates.first { padding in
      padding >= 0 && (unpadded + headByteCount(padding) + padding).isMultiple(of: step)
    }
    return fitting ?? 0
  }

  private static func headByteCount(_ count: Int) -> Int {
    count < 24 ? 1 : count < 256 ? 2 : 3
  }
}
