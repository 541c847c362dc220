/// The frozen list of code points that text may hold (`Protocol/operation.md#text`).
///
/// It does not depend on the Unicode tables of a build, so every node judges text alike for ever.
package enum TextProfile {
  /// Why `text` is refused, or nil when it conforms.
  package static func violation(in text: String) -> String? {
    if text.utf8.withContiguousStorageIfAvailable(isPlain) == true { return nil }
    for scalar in text.unicodeScalars {
      if let name = forbidden(scalar.value) {
        return "\(name) U+\(hex(scalar.value))"
      }
    }
    return nil
  }

  /// Whether no byte can belong to a forbidden code point: of nearly every text, and found at once.
  ///
  /// The bytes 80 … df but for c2 make up U+00C0 … U+07FF.
  private static func isPlain(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    var isPlain = true
    // Without a way out early it runs over many bytes at a time.
    for byte in utf8 {
      let isASCII = byte == 0x0a || (byte >= 0x20 && byte < 0x7f)
      isPlain = isPlain && (isASCII || (byte >= 0x80 && byte <= 0xdf && byte != 0xc2))
    }
    return isPlain
  }

  /// `text` with every forbidden code point left out; for text typed by a person.
  package static func cleaned(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { forbidden($0.value) == nil }))
  }

  private static func forbidden(_ value: UInt32) -> String? {
    switch value {
    case 0x0a: nil
    case 0x00...0x1f, 0x7f...0x9f: "control character"
    case 0x202a...0x202e, 0x2066...0x2069: "bidirectional control"
    case 0xfdd0...0xfdef: "noncharacter"
    default: value & 0xfffe == 0xfffe ? "noncharacter" : nil
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
