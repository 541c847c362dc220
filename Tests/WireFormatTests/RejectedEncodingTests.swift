import TestSupport
import Testing
import WireFormat

/// What the closed profile rejects, and why it says so.
struct RejectedEncodingTests {
  static let rejected: [(hex: String, error: WireError)] = [
    // Longer than shortest, of every width and major type.
    ("1800", .notShortest(offset: 0)), ("1817", .notShortest(offset: 0)),
    ("190000", .notShortest(offset: 0)), ("1900ff", .notShortest(offset: 0)),
    ("1a00000000", .notShortest(offset: 0)), ("1a0000ffff", .notShortest(offset: 0)),
    ("1b0000000000000000", .notShortest(offset: 0)),
    ("1b00000000ffffffff", .notShortest(offset: 0)),
    ("3800", .notShortest(offset: 0)), ("580100", .notShortest(offset: 0)),
    ("780161", .notShortest(offset: 0)), ("980100", .notShortest(offset: 0)),
    ("811800", .notShortest(offset: 1)),
    // Indefinite lengths and reserved additional information.
    ("5f42010243030405ff", .unsupported(offset: 0, initialByte: 0x5f)),
    ("7f657374726561646d696e67ff", .unsupported(offset: 0, initialByte: 0x7f)),
    ("9fff", .unsupported(offset: 0, initialByte: 0x9f)),
    ("1c", .unsupported(offset: 0, initialByte: 0x1c)),
    ("1d", .unsupported(offset: 0, initialByte: 0x1d)),
    ("1e", .unsupported(offset: 0, initialByte: 0x1e)),
    ("1f", .unsupported(offset: 0, initialByte: 0x1f)),
    ("ff", .unsupported(offset: 0, initialByte: 0xff)),
    // Maps, tags, null, undefined, simple values and floats.
    ("a0", .unsupported(offset: 0, initialByte: 0xa0)),
    ("a201020304", .unsupported(offset: 0, initialByte: 0xa2)),
    ("c074323031332d30332d32315432303a30343a30305a", .unsupported(offset: 0, initialByte: 0xc0)),
    ("c249010000000000000000", .unsupported(offset: 0, initialByte: 0xc2)),
    ("d2", .unsupported(offset: 0, initialByte: 0xd2)),
    ("f6", .unsupported(offset: 0, initialByte: 0xf6)),
    ("f7", .unsupported(offset: 0, initialByte: 0xf7)),
    ("f0", .unsupported(offset: 0, initialByte: 0xf0)),
    ("f818", .unsupported(offset: 0, initialByte: 0xf8)),
    ("f814", .unsupported(offset: 0, initialByte: 0xf8)),
    ("f90000", .unsupported(offset: 0, initialByte: 0xf9)),
    ("fa47c35000", .unsupported(offset: 0, initialByte: 0xfa)),
    ("fb3ff199999999999a", .unsupported(offset: 0, initialByte: 0xfb)),
    ("82f4f6", .unsupported(offset: 2, initialByte: 0xf6)),
    // Too short, too long.
    ("", .truncated(offset: 0)), ("18", .truncated(offset: 1)), ("1901", .truncated(offset: 2)),
    ("4201", .truncated(offset: 2)), ("6261", .truncated(offset: 2)),
    ("8201", .truncated(offset: 2)), ("820118", .truncated(offset: 3)),
    ("0000", .trailingBytes(offset: 1)), ("8000", .trailingBytes(offset: 1)),
    ("4000", .trailingBytes(offset: 1)),
    // Lengths that nobody could hold.
    ("5bffffffffffffffff", .truncated(offset: 9)), ("7b7fffffffffffffff", .truncated(offset: 9)),
    ("9bffffffffffffffff", .truncated(offset: 9)), ("9a80000000", .truncated(offset: 5)),
    // Text that is not UTF-8: a stray byte, an overlong form, a surrogate, past U+10FFFF, cut.
    ("61ff", .invalidText(offset: 0, reason: "not well-formed UTF-8")),
    ("62c080", .invalidText(offset: 0, reason: "not well-formed UTF-8")),
    ("63eda080", .invalidText(offset: 0, reason: "not well-formed UTF-8")),
    ("64f4908080", .invalidText(offset: 0, reason: "not well-formed UTF-8")),
    ("61c3", .invalidText(offset: 0, reason: "not well-formed UTF-8")),
  ]

  @Test(arguments: rejected)
  func `bytes outside the profile are refused with the offset`(
    hex: String, error: WireError
  ) throws {
    let bytes = try [UInt8](hex: hex)
    #expect(throws: error) { try CBOR(decoding: bytes) }
  }

  @Test func `every initial byte outside the profile is refused`() {
    for initial in UInt8.min ... .max {
      let isInside = initial >> 5 <= 4 && initial & 0x1f <= 27 || initial & 0xfe == 0xf4
      let failure = Result { try CBOR(decoding: [initial]) }.failure
      let refusal = WireError.unsupported(offset: 0, initialByte: initial)
      #expect((failure == refusal) == !isInside, "initial byte \(initial)")
    }
  }
}

extension Result where Failure == any Error {
  fileprivate var failure: WireError? {
    if case .failure(let error) = self { error as? WireError } else { nil }
  }
}
