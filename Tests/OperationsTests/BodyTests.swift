import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Bodies: padded to multiples of 256 bytes, in one way only.
struct BodyTests {
  private static let random = [UInt8](repeating: 9, count: 16)

  private static func encode(_ values: [CBOR], padding: [UInt8], random: [UInt8] = random)
    -> [UInt8]
  {
    CBOR.array([.bytes(random), .array(values), .bytes(padding)]).encoded
  }

  @Test func `a body of any length of text is a multiple of 256 and reads back`() throws {
    for count in 0...700 {
      let values = [CBOR.text(String(repeating: "x", count: count))]
      let body = Body(values: values, random: Self.random)
      #expect(body.bytes.count.isMultiple(of: 256), "\(count)")
      #expect(body.bytes.count < count + 256 + 32 + 256, "\(count)")
      #expect(try Body(decoding: body.bytes) == body, "\(count)")
    }
  }

  @Test func `the padding is the shortest that there is`() throws {
    for count in 0...1100 {
      let values = [CBOR.text(String(repeating: "x", count: count))]
      let shortest = (0...600).first {
        Self.encode(values, padding: [UInt8](repeating: 0, count: $0)).count.isMultiple(of: 256)
      }
      let expected = Self.encode(
        values, padding: [UInt8](repeating: 0, count: try #require(shortest)))
      #expect(Body(values: values, random: Self.random).bytes == expected, "\(count)")
    }
  }

  @Test func `the same values with other random bytes have another digest`() {
    let values = [CBOR.text("Anna")]
    #expect(
      Body(values: values, random: Self.random).digest
        != Body(values: values, random: [UInt8](repeating: 8, count: 16)).digest)
  }

  @Test func `padding that is not zero, too short or too long is refused`() throws {
    let body = Body(values: [], random: Self.random)
    let count = body.bytes.count - Self.encode([], padding: []).count - 1
    let zeros = [UInt8](repeating: 0, count: count)
    #expect(Self.encode([], padding: zeros) == body.bytes)
    let fault = WireError.shape(
      field: "body.padding", expected: "the shortest run of zeros", found: "other")
    let variants = [
      zeros.dropLast() + [1], Array(zeros.dropLast()), zeros + [0],
      zeros + [UInt8](repeating: 0, count: 256),
    ]
    for padding in variants {
      #expect(throws: fault) { try Body(decoding: Self.encode([], padding: padding)) }
    }
  }

  @Test func `random bytes of another number than 16 are refused`() {
    for count in [0, 15, 17] {
      #expect(throws: WireError.self) {
        try Body(
          decoding: Self.encode([], padding: [], random: [UInt8](repeating: 1, count: count)))
      }
    }
  }

  @Test func `a body that is no array of three is refused`() {
    for item in [CBOR.bool(true), .array([]), .array([.bytes(Self.random), .array([])])] {
      #expect(throws: WireError.self) { try Body(decoding: item.encoded) }
    }
    let four = CBOR.array([.bytes(Self.random), .array([]), .bytes([]), .bytes([])])
    #expect(throws: WireError.shape(field: "body", expected: "array of 3", found: "array of 4")) {
      try Body(decoding: four.encoded)
    }
  }
}
