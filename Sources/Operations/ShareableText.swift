import Signatures
import WireFormat

/// Bytes as one line that survives a mail client (`Protocol/charter.md#links`).
///
///     text = prefix ":" base64url(bytes ‖ first 4 bytes of SHA-256(bytes))
///
/// Line breaks, spaces and `>` quoting are ignored when reading; the checksum names a typo.
package enum ShareableText {
  package enum Failure: Error, Equatable {
    case prefix(expected: String)
    case alphabet(Character)
    case checksum
  }

  private static let checksumByteCount = 4
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  package static func encode(_ bytes: [UInt8], prefix: String) -> String {
    prefix + ":" + base64(bytes + SHA256.hash(bytes).bytes.prefix(checksumByteCount))
  }

  package static func decode(_ text: String, prefix: String) throws(Failure) -> [UInt8] {
    let compact = text.filter { !$0.isWhitespace && $0 != ">" }
    guard compact.hasPrefix(prefix + ":") else { throw .prefix(expected: prefix) }
    let bytes = try unbase64(compact.dropFirst(prefix.count + 1))
    let content = Array(bytes.dropLast(checksumByteCount))
    guard bytes.count > checksumByteCount,
      bytes.suffix(checksumByteCount).elementsEqual(
        SHA256.hash(content).bytes.prefix(checksumByteCount))
    else { throw .checksum }
    return content
  }

  private static func base64(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    var buffer = 0
    var bits = 0
    for byte in bytes {
      buffer = (buffer << 8 | Int(byte)) & 0xffff
      bits += 8
      while bits >= 6 {
        bits -= 6
        out.append(alphabet[buffer >> bits & 63])
      }
    }
    if bits > 0 { out.append(alphabet[buffer << (6 - bits) & 63]) }
    return String(decoding: out, as: UTF8.self)
  }

  private static func unbase64(_ text: Substring) throws(Failure) -> [UInt8] {
    var out: [UInt8] = []
    var buffer = 0
    var bits = 0
    for character in text {
      guard let ascii = character.asciiValue, let value = alphabet.firstIndex(of: ascii) else {
        throw .alphabet(character)
      }
      buffer = (buffer << 6 | value) & 0xffff
      bits += 6
      if bits >= 8 {
        bits -= 8
        out.append(UInt8(buffer >> bits & 0xff))
      }
    }
    // What is left of the last character is padding: less than a character, and zero.
    guard bits < 6, buffer & (1 << bits - 1) == 0 else { throw .checksum }
    return out
  }
}

extension ShareableText.Failure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .prefix(let expected): "the line does not begin with \(expected):"
    case .alphabet(let character): "the line holds “\(character)”, which cannot belong there"
    case .checksum: "the checksum of the line does not hold: a character is missing or mistyped"
    }
  }
}
