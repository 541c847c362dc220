/// Unsigned integers in base 128, most significant group first, high bit set on all bytes but the
/// last (`Protocol/reconciliation.md#varint`).
package enum Varint {
  /// Appends the shortest form, the only one allowed.
  package static func append(_ value: UInt64, to out: inout [UInt8]) {
    var shift = (max(1, UInt64.bitWidth - value.leadingZeroBitCount) - 1) / 7 * 7
    while shift > 0 {
      out.append(0x80 | UInt8(truncatingIfNeeded: value >> UInt64(shift)))
      shift -= 7
    }
    out.append(UInt8(value & 0x7f))
  }

  /// Reads the integer at `offset` and moves past it.
  package static func read(
    _ bytes: [UInt8], at offset: inout Int
  ) throws(ReconciliationError) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      guard offset > start || byte != 0x80 else { throw .notShortest(offset: start) }
      guard value <= UInt64.max >> 7 else { throw .overflow(offset: start) }
      value = value << 7 | UInt64(byte & 0x7f)
      offset += 1
      guard byte >= 0x80 else { return value }
    }
    throw .truncated(offset: offset)
  }
}
