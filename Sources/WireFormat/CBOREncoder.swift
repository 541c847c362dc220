extension CBOR {
  /// The one encoding of this item.
  package var encoded: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  package func append(to out: inout [UInt8]) {
    switch self {
    case .unsigned(let value): Self.appendHead(major: 0, value, to: &out)
    case .negative(let value): Self.appendHead(major: 1, value, to: &out)
    case .bytes(let bytes):
      Self.appendHead(major: 2, UInt64(bytes.count), to: &out)
      out += bytes
    case .text(let text):
      let utf8 = Array(text.utf8)
      Self.appendHead(major: 3, UInt64(utf8.count), to: &out)
      out += utf8
    case .array(let items):
      Self.appendHead(major: 4, UInt64(items.count), to: &out)
      for item in items { item.append(to: &out) }
    case .bool(let value): out.append(value ? 0xf5 : 0xf4)
    }
  }

  /// Appends the shortest head for `argument` (RFC 8949 §3).
  package static func appendHead(major: UInt8, _ argument: UInt64, to out: inout [UInt8]) {
    let type = major << 5
    switch argument {
    case 0...23: out.append(type | UInt8(argument))
    case 24...0xff: out += [type | 24, UInt8(argument)]
    case 0x100...0xffff: out += [type | 25, UInt8(argument >> 8), UInt8(argument & 0xff)]
    case 0x1_0000...0xffff_ffff: appendWide(type | 26, argument, bytes: 4, to: &out)
    default: appendWide(type | 27, argument, bytes: 8, to: &out)
    }
  }

  private static func appendWide(
    _ initial: UInt8, _ argument: UInt64, bytes: Int, to out: inout [UInt8]
  ) {
    out.append(initial)
    for shift in stride(from: (bytes - 1) * 8, through: 0, by: -8) {
      out.append(UInt8(truncatingIfNeeded: argument >> UInt64(shift)))
    }
  }
}
