extension CBOR {
  /// Decodes exactly one item that fills `bytes`.
  ///
  /// Never allocates more than a constant factor of `bytes`: every length is checked against what
  /// is left before anything is reserved.
  package init(decoding bytes: some Collection<UInt8>) throws(WireError) {
    var decoder = CBORDecoder(Array(bytes))
    self = try decoder.item(depth: 1)
    try decoder.end()
  }
}

/// A strict cursor over the closed profile; each rejection names the offset it was found at.
package struct CBORDecoder {
  /// What a count may reserve before its elements are seen: arrays nest.
  private static let reservedMax: UInt64 = 64

  package let bytes: [UInt8]
  package private(set) var offset = 0
  private var items = 0

  package init(_ bytes: [UInt8], from offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Throws unless everything has been read.
  package func end() throws(WireError) {
    guard offset == bytes.count else { throw .trailingBytes(offset: offset) }
  }

  package mutating func item(depth: Int) throws(WireError) -> CBOR {
    guard depth <= Limits.cborDepthMax else { throw .tooDeep(offset: offset) }
    items += 1
    guard items <= Limits.cborItemsMax else { throw .tooManyItems(offset: offset) }
    let start = offset
    let initial = try byte()
    switch initial >> 5 {
    case 0: return .unsigned(try argument(initial, at: start))
    case 1: return .negative(try argument(initial, at: start))
    case 2: return .bytes(try string(initial, at: start))
    case 3:
      guard let text = String(validating: try string(initial, at: start), as: UTF8.self) else {
        throw .invalidText(offset: start, reason: "not well-formed UTF-8")
      }
      if let reason = TextProfile.violation(in: text) {
        throw .invalidText(offset: start, reason: reason)
      }
      return .text(text)
    case 4: return .array(try array(initial, at: start, depth: depth))
    case 7 where initial == 0xf4: return .bool(false)
    case 7 where initial == 0xf5: return .bool(true)
    default: throw .unsupported(offset: start, initialByte: initial)
    }
  }

  private mutating func array(
    _ initial: UInt8, at start: Int, depth: Int
  ) throws(WireError) -> [CBOR] {
    let count = try argument(initial, at: start)
    // Each element takes at least one byte.
    guard count <= UInt64(bytes.count - offset) else { throw .truncated(offset: bytes.count) }
    var elements: [CBOR] = []
    elements.reserveCapacity(Int(min(count, Self.reservedMax)))
    for _ in 0..<count { elements.append(try item(depth: depth + 1)) }
    return elements
  }

  private mutating func string(
    _ initial: UInt8, at start: Int
  ) throws(WireError) -> ArraySlice<UInt8> {
    let length = try argument(initial, at: start)
    guard length <= UInt64(bytes.count - offset) else { throw .truncated(offset: bytes.count) }
    defer { offset += Int(length) }
    return bytes[offset..<offset + Int(length)]
  }

  private mutating func argument(_ initial: UInt8, at start: Int) throws(WireError) -> UInt64 {
    let short = initial & 0x1f
    guard short >= 24 else { return UInt64(short) }
    guard short <= 27 else { throw .unsupported(offset: start, initialByte: initial) }
    let width = 1 << (short - 24)
    var value: UInt64 = 0
    for _ in 0..<width { value = value << 8 | UInt64(try byte()) }
    let smallest: UInt64 = [24, 0x100, 0x1_0000, 0x1_0000_0000][Int(short - 24)]
    guard value >= smallest else { throw .notShortest(offset: start) }
    return value
  }

  private mutating func byte() throws(WireError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated(offset: offset) }
    defer { offset += 1 }
    return bytes[offset]
  }
}

extension CBOR {
  fileprivate static func bytes(_ slice: ArraySlice<UInt8>) -> CBOR { .bytes(Array(slice)) }
}
