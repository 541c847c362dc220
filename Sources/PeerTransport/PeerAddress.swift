import NIOCore
import WireFormat

/// Where a node listens: `host:port`, `192.0.2.7:port` or `[2001:db8::7]:port`.
package struct PeerAddress: Hashable, Sendable {
  /// Without brackets, also for IPv6.
  package let host: String
  /// 0 only makes sense for listening: the system picks a free port.
  package let port: Int

  /// Nil unless `text` has both parts.
  ///
  /// An IPv6 address needs its brackets: without them
  /// nobody can tell its last group from the port.
  package init?(_ text: String) {
    guard text.utf8.count <= Limits.addressBytesMax,
      let colon = text.lastIndex(of: ":"),
      let port = Self.port(text[text.index(after: colon)...]),
      let host = Self.host(text[..<colon])
    else { return nil }
    self.host = host
    self.port = port
  }

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  private static func port(_ digits: Substring) -> Int? {
    // `Int` alone would take "+7000" as well.
    guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let port = UInt16(digits)
    else { return nil }
    return Int(port)
  }

  private static func host(_ text: Substring) -> String? {
    guard text.hasPrefix("[") else {
      return !text.isEmpty && text.utf8.allSatisfy(isNameByte) ? String(text) : nil
    }
    let inner = String(text.dropFirst().dropLast())
    guard text.hasSuffix("]"), inner.contains(":"),
      (try? SocketAddress(ipAddress: inner, port: 0)) != nil
    else { return nil }
    return inner
  }

  /// The bytes of host names; international names are written in their ASCII form.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension PeerAddress: CustomStringConvertible {
  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
