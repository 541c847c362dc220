import Signatures

extension Hex {
  package struct Malformed: Error, CustomStringConvertible {
    let text: String
    package var description: String { "not hexadecimal: \(text)" }
  }

  /// The bytes that `text` stands for; throws when it is not hexadecimal.
  package static func bytes(_ text: some StringProtocol) throws -> [UInt8] {
    guard let bytes = decode(text) else { throw Malformed(text: String(text)) }
    return bytes
  }
}

extension PublicKey {
  /// The key with these bytes; throws when they are not 64 hexadecimal digits.
  package init(hex text: String) throws {
    guard let key = PublicKey(try Hex.bytes(text)) else { throw Hex.Malformed(text: text) }
    self = key
  }
}

extension [UInt8] {
  /// The bytes that `text` stands for; throws when it is not hexadecimal.
  package init(hex text: String) throws {
    self = try Hex.bytes(text)
  }
}
