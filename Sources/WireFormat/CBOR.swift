/// One data item of the closed CBOR profile (`Protocol/operation.md#cbor`).
///
/// The profile is RFC 8949 §4.2.1 deterministic encoding, cut down to what Sprida needs: unsigned
/// and negative integers, byte strings, text, arrays and booleans. Tags, floats, maps, null,
/// indefinite lengths and every longer-than-shortest form are not representable and are rejected.
package enum CBOR: Sendable {
  case unsigned(UInt64)
  /// The integer −1 − n.
  case negative(UInt64)
  case bytes([UInt8])
  case text(String)
  case array([CBOR])
  case bool(Bool)
}

extension CBOR: Equatable {
  /// Equality of encodings.
  ///
  /// `String ==` would call "å" and "a" + U+030A the same text.
  package static func == (lhs: CBOR, rhs: CBOR) -> Bool {
    switch (lhs, rhs) {
    case (.unsigned(let a), .unsigned(let b)), (.negative(let a), .negative(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
    case (.array(let a), .array(let b)): a == b
    case (.bool(let a), .bool(let b)): a == b
    default: false
    }
  }
}

extension CBOR {
  /// −1 − n in decimal, for any n: the least such number does not fit any integer type.
  package static func decimal(negative n: UInt64) -> String {
    n == .max ? "-18446744073709551616" : "-\(n + 1)"
  }

  package init(_ value: Int64) {
    self = value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(-1 - value))
  }

  /// The item's name in error messages; never its content, which may name a person.
  package var kind: String {
    switch self {
    case .unsigned: "unsigned integer"
    case .negative: "negative integer"
    case .bytes(let bytes): "byte string of \(bytes.count)"
    case .text(let text): "text of \(text.utf8.count) bytes"
    case .array(let items): "array of \(items.count)"
    case .bool: "boolean"
    }
  }
}
