import Testing
import WireFormat

/// The frozen list of code points that text may hold.
struct TextProfileTests {
  static let forbidden: [UInt32] =
    Array(0x00...0x09) + Array(0x0b...0x1f) + Array(0x7f...0x9f) + Array(0x202a...0x202e)
    + Array(0x2066...0x2069) + Array(0xfdd0...0xfdef)
    + (0...16).flatMap { [$0 << 16 | 0xfffe, $0 << 16 | 0xffff] }

  private static func text(_ value: UInt32) throws -> String {
    "a" + String(try #require(Unicode.Scalar(value))) + "b"
  }

  @Test(arguments: forbidden)
  func `a forbidden code point is refused and left out of cleaned text`(value: UInt32) throws {
    let text = try Self.text(value)
    #expect(TextProfile.violation(in: text) != nil)
    #expect(TextProfile.cleaned(text) == "ab")
    let code = #expect(throws: WireError.self) {
      try CBOR(decoding: CBOR.text(text).encoded)
    }?.code
    #expect(code == "text-invalid")
  }

  @Test func `every other code point is allowed`() throws {
    let forbidden = Set(Self.forbidden)
    for value in UInt32(0)...0x10_ffff where !forbidden.contains(value) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      if TextProfile.violation(in: String(scalar)) != nil {
        Issue.record("U+\(String(value, radix: 16)) is refused")
      }
    }
  }

  @Test func `the reason names the code point and not the text`() {
    #expect(TextProfile.violation(in: "Anna\u{202e}") == "bidirectional control U+202E")
    #expect(TextProfile.violation(in: "Anna\u{7}") == "control character U+0007")
    #expect(TextProfile.violation(in: "Anna\u{1ffff}") == "noncharacter U+1FFFF")
  }

  @Test func `text is never normalised`() throws {
    for text in ["\u{e5}", "a\u{30a}", "\u{212b}"] {
      let decoded = try CBOR(decoding: CBOR.text(text).encoded)
      #expect(decoded == .text(text))
      guard case .text(let kept) = decoded else { continue }
      #expect(Array(kept.unicodeScalars) == Array(text.unicodeScalars))
    }
  }
}
