/// Why bytes are not an item of the closed profile, or not of the expected shape.
///
/// `code` is the stable name listed in `Protocol/errors.md`; blame is always the sender's.
package enum WireError: Error, Equatable {
  case truncated(offset: Int)
  case trailingBytes(offset: Int)
  case notShortest(offset: Int)
  case unsupported(offset: Int, initialByte: UInt8)
  case tooDeep(offset: Int)
  case tooManyItems(offset: Int)
  case tooLong(what: String, limit: Int, found: Int)
  case invalidText(offset: Int, reason: String)
  case shape(field: String, expected: String, found: String)

  package var code: String {
    switch self {
    case .truncated: "cbor-truncated"
    case .trailingBytes: "cbor-trailing"
    case .notShortest: "cbor-not-shortest"
    case .unsupported: "cbor-unsupported"
    case .tooDeep: "cbor-depth"
    case .tooManyItems: "cbor-items"
    case .tooLong: "too-long"
    case .invalidText: "text-invalid"
    case .shape: "shape"
    }
  }
}

extension WireError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let offset): "ends early at byte \(offset)"
    case .trailingBytes(let offset): "bytes after the end, from byte \(offset)"
    case .notShortest(let offset): "an integer at byte \(offset) is not in its shortest form"
    case .unsupported(let offset, let initial):
      "byte \(offset) is 0x\(String(initial, radix: 16)), which the profile does not allow"
    case .tooDeep(let offset): "nested deeper than \(Limits.cborDepthMax) at byte \(offset)"
    case .tooManyItems(let offset): "more than \(Limits.cborItemsMax) items at byte \(offset)"
    case .tooLong(let what, let limit, let found): "\(what): \(found), at most \(limit) allowed"
    case .invalidText(let offset, let reason): "text at byte \(offset): \(reason)"
    case .shape(let field, let expected, let found):
      "\(field): expected \(expected), found \(found)"
    }
  }
}
