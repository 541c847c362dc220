/// Text within addresses (RFC 3986).
package enum PercentEncoding {
  private static let unreserved = "-._~"
  private static let reserved = ":/?#[]@!$&'()*+,;=%"

  /// A part of an address: everything but letters, digits and `-._~` encoded.
  package static func component(_ text: String) -> String { encoded(text, keeping: unreserved) }

  /// A whole address: what no address may hold encoded.
  package static func address(_ text: String) -> String {
    encoded(text, keeping: unreserved + reserved)
  }

  private static func encoded(_ text: String, keeping kept: String) -> String {
    let kept = Set(kept.utf8)
    return text.utf8.map { byte in
      let isWord =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      guard !isWord, !kept.contains(byte) else { return String(UnicodeScalar(byte)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.count == 1 ? "0" : "") + hex
    }.joined()
  }
}
