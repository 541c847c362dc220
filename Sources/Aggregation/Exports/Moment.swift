import FoundationEssentials
import Signatures

/// A moment as machines write it, `2026-11-28T01:02:03Z`.
enum Moment {
  static func text(_ milliseconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(
      Date.ISO8601FormatStyle(timeZone: .gmt))
  }
}

/// A UUID of bytes that are random already; only its version and variant are set.
enum UUIDv8 {
  static func text(_ bytes: [UInt8]) -> String {
    var bytes = Array(bytes.prefix(16))
    bytes[6] = bytes[6] & 0x0f | 0x80
    bytes[8] = bytes[8] & 0x3f | 0x80
    var rest = Hex.encode(bytes)[...]
    return [8, 4, 4, 4, 12].map { length in
      defer { rest = rest.dropFirst(length) }
      return String(rest.prefix(length))
    }.joined(separator: "-")
  }
}
