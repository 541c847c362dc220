import TestSupport
import Testing
import WireFormat

/// Whatever arrives, the decoder answers; and what it accepts, it can give back byte for byte.
struct MalformedBytesTests {
  static let samples: [CBOR] =
    EncodingTests.accepted.map(\.item) + [
      .array([
        .bytes([UInt8](repeating: 3, count: 30)), .text("Räksmörgås\npå lördag"),
        .array([.negative(500), .array([.bool(true), .unsigned(70000)])]), .text(""),
      ])
    ]

  @Test(arguments: samples)
  func `an item that arrives byte by byte is whole only with its last byte`(item: CBOR) throws {
    let bytes = item.encoded
    for count in 0..<bytes.count {
      let code = #expect(throws: WireError.self) { try CBOR(decoding: bytes.prefix(count)) }?.code
      #expect(code == "cbor-truncated", "\(count) bytes")
    }
    #expect(try CBOR(decoding: bytes[...]) == item)
  }

  @Test(arguments: samples)
  func `a flipped bit is refused or encodes to the bytes that arrived`(item: CBOR) {
    let bytes = item.encoded
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let decoded = try? CBOR(decoding: changed) else { continue }
      #expect(decoded.encoded == changed, "bit \(bit)")
      #expect(decoded != item, "bit \(bit)")
    }
  }

  @Test(arguments: UInt64(0)..<200)
  func `random bytes are refused or encode to themselves`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var accepted = 0
    for _ in 0..<200 {
      // Heads with small arguments make deeper items likely.
      let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        [UInt8(0x80), 0x82, 0x41, 0x61, 0x18, 0xf4, UInt8.random(in: 0...255, using: &generator)]
          .randomElement(using: &generator) ?? 0
      }
      guard let item = try? CBOR(decoding: bytes) else { continue }
      accepted += 1
      #expect(item.encoded == bytes, "seed \(seed): \(bytes)")
    }
    #expect(accepted > 0, "seed \(seed) never reached the accepting side")
  }

  @Test(arguments: UInt64(0)..<200)
  func `any item of the profile survives a round trip`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let item = Self.item(depth: 1, &generator)
    #expect(try CBOR(decoding: item.encoded) == item, "seed \(seed)")
  }

  private static func item(depth: Int, _ generator: inout SeededGenerator) -> CBOR {
    switch UInt8.random(in: 0...(depth < Limits.cborDepthMax ? 5 : 4), using: &generator) {
    case 0: .unsigned(generator.next() >> generator.next() % 64)
    case 1: .negative(generator.next() >> generator.next() % 64)
    case 2: .bytes(generator.bytes(Int.random(in: 0...300, using: &generator)))
    case 3: .text(String(repeating: "åäö\n€😀", count: Int.random(in: 0...40, using: &generator)))
    case 4: .bool(generator.oneIn(2))
    default:
      .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in item(depth: depth + 1, &generator)
        })
    }
  }
}
