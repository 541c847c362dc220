import TestSupport
import Testing
import WireFormat

/// What the closed profile accepts; RFC 8949 appendix A as far as it reaches.
struct EncodingTests {
  static let accepted: [(hex: String, item: CBOR)] = [
    ("00", .unsigned(0)), ("01", .unsigned(1)), ("0a", .unsigned(10)), ("17", .unsigned(23)),
    ("1818", .unsigned(24)), ("1819", .unsigned(25)), ("1864", .unsigned(100)),
    ("18ff", .unsigned(255)), ("190100", .unsigned(256)), ("1903e8", .unsigned(1000)),
    ("19ffff", .unsigned(65535)), ("1a00010000", .unsigned(65536)),
    ("1a000f4240", .unsigned(1_000_000)), ("1affffffff", .unsigned(4_294_967_295)),
    ("1b0000000100000000", .unsigned(4_294_967_296)),
    ("1b000000e8d4a51000", .unsigned(1_000_000_000_000)),
    ("1bffffffffffffffff", .unsigned(18_446_744_073_709_551_615)),
    ("20", .negative(0)), ("29", .negative(9)), ("3863", .negative(99)),
    ("3903e7", .negative(999)), ("3bffffffffffffffff", .negative(.max)),
    ("f4", .bool(false)), ("f5", .bool(true)),
    ("40", .bytes([])), ("4401020304", .bytes([1, 2, 3, 4])),
    ("60", .text("")), ("6161", .text("a")), ("6449455446", .text("IETF")),
    ("62225c", .text("\"\\")), ("62c3bc", .text("ü")), ("63e6b0b4", .text("水")),
    ("64f0908591", .text("\u{10151}")), ("610a", .text("\n")),
    ("80", .array([])), ("83010203", .array([.unsigned(1), .unsigned(2), .unsigned(3)])),
    (
      "8301820203820405",
      .array([
        .unsigned(1), .array([.unsigned(2), .unsigned(3)]), .array([.unsigned(4), .unsigned(5)]),
      ])
    ),
    (
      "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
      .array((1...25).map { .unsigned($0) })
    ),
  ]

  @Test(arguments: accepted)
  func `an item of the profile decodes and encodes to the same bytes`(
    hex: String, item: CBOR
  ) throws {
    let bytes = try [UInt8](hex: hex)
    #expect(try CBOR(decoding: bytes) == item)
    #expect(item.encoded == bytes)
  }

  @Test func `signed integers take the shortest of both kinds`() {
    #expect(CBOR(0) == .unsigned(0))
    #expect(CBOR(-1) == .negative(0))
    #expect(CBOR(.max) == .unsigned(UInt64(Int64.max)))
    #expect(CBOR(.min) == .negative(UInt64(Int64.max)))
  }

  @Test func `texts that look alike but differ in bytes are different`() {
    #expect(CBOR.text("\u{e5}") != .text("a\u{30a}"))
  }

  @Test func `byte strings and texts of every head width survive a round trip`() throws {
    for count in [0, 1, 23, 24, 255, 256, 65535, 65536] {
      let bytes = CBOR.bytes([UInt8](repeating: 7, count: count))
      let text = CBOR.text(String(repeating: "x", count: count))
      #expect(try CBOR(decoding: bytes.encoded) == bytes)
      #expect(try CBOR(decoding: text.encoded) == text)
    }
  }
}
