import Operations
import Signatures
import TestSupport
import WireFormat

/// Bodies that were signed as they are, and are none (`Protocol/operation.md#body`).
extension RejectVectors {
  private static let random = [UInt8](repeating: 5, count: 16)
  private static let title = CBOR.text("Titel")
  private static let bodySection = "operation.md#body"

  /// Parts as they stand, then zeros up to a multiple of 256; the padding's head has three bytes.
  private static func padded(_ parts: [[UInt8]], count: UInt8 = 3, to size: Int = 512) -> [UInt8] {
    let start = [0x80 | count] + parts.joined()
    let zeros = size - start.count - 3
    return start + [0x59, UInt8(zeros >> 8), UInt8(zeros & 0xff)]
      + [UInt8](repeating: 0, count: zeros)
  }

  private static func carrying(_ bytes: [UInt8]) throws -> RawOperation {
    var raw = try sample()
    raw.carry(bytes)
    return raw
  }

  private static func scenarios(_ rows: [(String, String, [UInt8])]) throws -> [Scenario] {
    try rows.map { try scenario("body \($0.0)", $0.1, bodySection, carrying($0.2)) }
  }

  /// The array of three around the values.
  static func bodyShapes() throws -> [Scenario] {
    let (head, values) = (CBOR.bytes(random).encoded, CBOR.array([title]).encoded)
    func randoms(_ count: Int) -> [UInt8] {
      CBOR.bytes([UInt8](repeating: 5, count: count)).encoded
    }
    let zeros = [UInt8](repeating: 0, count: 256)
    let honest = Body(values: [title], random: random).bytes
    let long = Body(values: [.text(String(repeating: "å", count: 200))], random: random).bytes
    return try scenarios([
      ("with 15 random bytes", "shape", padded([randoms(15), values])),
      ("with 17 random bytes", "shape", padded([randoms(17), values])),
      ("with 32 random bytes", "shape", padded([randoms(32), values])),
      ("without random bytes", "shape", padded([randoms(0), values])),
      ("with random text", "shape", padded([CBOR.text("aaaaaaaaaaaaaaaa").encoded, values])),
      ("with values in bytes", "shape", padded([head, CBOR.bytes(random).encoded])),
      ("with a value in place of the values", "shape", padded([head, title.encoded])),
      ("of four fields", "shape", padded([head, values, [0x40]], count: 4)),
      ("of two fields", "shape", [0x82] + head + [0x98, 236] + .init(repeating: 0, count: 236)),
      ("of its values alone", "shape", [0x98, 254] + .init(repeating: 0, count: 254)),
      ("that is bytes", "shape", [0x58, 254] + .init(repeating: 0, count: 254)),
      ("with padding in text", "shape", texts(padded([head, values], to: 256))),
      ("with padding in an array", "shape", arrays(padded([head, values], to: 256))),
      ("padded with a one at the end", "shape", honest.dropLast() + [1]),
      ("padded with a one at the start", "shape", ones(honest)),
      ("padded by 512 too much", "shape", padded([head, values], to: 768)),
      ("padded with its length in five bytes", "cbor-not-shortest", wide(head, values)),
      ("cut at 256 of 512 bytes", "cbor-truncated", Array(long.prefix(256))),
      ("of zeros", "cbor-trailing", zeros),
      ("of ones", "cbor-unsupported", [UInt8](repeating: 0xff, count: 256)),
      ("that is a map", "cbor-unsupported", [0xa3] + honest.dropFirst()),
      ("tagged", "cbor-unsupported", [0xc0] + honest.dropLast()),
      (
        "with its count in two bytes", "cbor-not-shortest",
        [0x98, 0x03] + honest.dropFirst().dropLast()
      ),
    ])
  }

  private static func texts(_ body: [UInt8]) -> [UInt8] { replacing(body, 0x78, letter: 0x61) }
  private static func arrays(_ body: [UInt8]) -> [UInt8] { replacing(body, 0x98, letter: 0xf4) }

  /// The padding with another head of two bytes, and one byte more.
  private static func replacing(_ body: [UInt8], _ head: UInt8, letter: UInt8) -> [UInt8] {
    let start = body.firstRange(of: [0x59, 0x00])?.lowerBound ?? 0
    let count = body.count - start - 2
    return body[..<start] + [head, UInt8(count)] + [UInt8](repeating: letter, count: count)
  }

  private static func ones(_ body: [UInt8]) -> [UInt8] {
    let start = body.firstRange(of: [UInt8](repeating: 0, count: 100))?.lowerBound ?? 0
    return body[..<start] + [1] + body[(start + 1)...]
  }

  private static func wide(_ random: [UInt8], _ values: [UInt8]) -> [UInt8] {
    let start = [0x83] + random + values
    let zeros = 256 - start.count - 5
    return start + [0x5a, 0, 0, 0, UInt8(zeros)] + [UInt8](repeating: 0, count: zeros)
  }

  /// One value outside the profile.
  static func bodyValues() throws -> [Scenario] {
    let deep = [UInt8](repeating: 0x81, count: 6) + [0x80]
    let many = CBOR.array(.init(repeating: .bool(true), count: 4093)).encoded
    let rows: [(String, String, [UInt8])] = [
      ("a float", "cbor-unsupported", [0xf9, 0x3c, 0x00]), ("null", "cbor-unsupported", [0xf6]),
      ("undefined", "cbor-unsupported", [0xf7]),
      ("a tagged date", "cbor-unsupported", [0xc0] + CBOR.text("2025-01-01").encoded),
      ("a map", "cbor-unsupported", [0xa1, 0x01, 0x02]),
      ("a simple value", "cbor-unsupported", [0xf8, 0x20]),
      ("text of indefinite length", "cbor-unsupported", [0x7f] + title.encoded + [0xff]),
      ("an array of indefinite length", "cbor-unsupported", [0x9f, 0xff]),
      ("an integer in a longer form", "cbor-not-shortest", [0x18, 0x17]),
      ("text with its length in a longer form", "cbor-not-shortest", [0x78, 1, 0x61]),
      ("nested to nine levels", "cbor-depth", deep),
      ("of 4,093 items", "cbor-items", many),
      ("text of 2^32 bytes", "cbor-truncated", head(major: 3, 1 << 32, width: 8)),
      ("text not UTF-8", "text-invalid", [0x62, 0xc3, 0x28]),
      ("text with an overlong letter", "text-invalid", [0x62, 0xc1, 0xa1]),
      ("text with a surrogate", "text-invalid", [0x63, 0xed, 0xa0, 0x80]),
      ("text over U+10FFFF", "text-invalid", [0x64, 0xf4, 0x90, 0x80, 0x80]),
      ("text with NUL", "text-invalid", CBOR.text("A\u{0}").encoded),
      ("text with a tabulator", "text-invalid", CBOR.text("A\tB").encoded),
      ("text with a carriage return", "text-invalid", CBOR.text("A\r\nB").encoded),
      ("text with an escape", "text-invalid", CBOR.text("\u{1b}[31mA").encoded),
      ("text with U+009F", "text-invalid", CBOR.text("A\u{9f}").encoded),
      ("text with U+2069", "text-invalid", CBOR.text("A\u{2069}").encoded),
      ("text with U+FDD0", "text-invalid", [0x64, 0x41, 0xef, 0xb7, 0x90]),
      ("text with U+10FFFF", "text-invalid", [0x65, 0x41, 0xf4, 0x8f, 0xbf, 0xbf]),
      (
        "an array that holds text with U+202E", "text-invalid",
        CBOR.array([.text("a"), .array([.text("\u{202e}")])]).encoded
      ),
    ]
    return try scenarios(
      rows.map { name, code, value in
        let size = value.count < 400 ? 512 : 4608
        let parts = [CBOR.bytes(random).encoded, [0x81] + value]
        return ("value \(name)", code, padded(parts, to: size))
      })
  }

  /// Digests, sizes and numbers of values.
  static func digestsAndSizes() throws -> [Scenario] {
    let raw = try sample()
    var plain = raw
    plain.bodyDigest = .bytes(SHA256.hash(raw.body).bytes)
    var identity = raw
    identity.bodyDigest = .bytes(Domain.operationID.hash(raw.body).bytes)
    var flipped = raw
    flipped.body[20] ^= 1
    var random = raw
    random.body = Body(values: [title], random: [UInt8](repeating: 6, count: 16)).bytes
    var half = try carrying(Body(values: [letters(300)], random: Self.random).bytes)
    half.body = Array(half.body.prefix(256))
    var twice = raw
    twice.body += raw.body
    var unannounced = raw
    unannounced.content[2] = .array([])
    (unannounced.bodyDigest, unannounced.bodySize) = (.bytes([]), .unsigned(0))
    let rows: [(String, String, RawOperation)] = [
      ("digest without its domain", "body-digest", plain),
      ("digest of another domain", "body-digest", identity),
      ("with a bit changed", "body-digest", flipped),
      ("with other random bytes", "body-digest", random),
      ("of the first 256 of 512 bytes", "body-size", half), ("twice", "body-size", twice),
      ("that nothing announces", "body-size", unannounced),
    ]
    return try rows.map { try scenario("body \($0.0)", $0.1, bodySection, $0.2) }
      + valueCounts() + overSized()
  }

  private static func letters(_ count: Int) -> CBOR {
    .text(String(repeating: "a", count: count))
  }

  private static func valueCounts() throws -> [Scenario] {
    let acts: [(String, Int, [CBOR])] = [
      ("admit without a name", 1, []), ("admit with two names", 1, [title, title]),
      ("found without a name", 0, []), ("found with two names", 0, [title, title]),
      ("node with a value", 9, [title]), ("delegate with a value", 4, [title]),
    ]
    func carrying(_ values: [CBOR], _ raw: RawOperation) -> RawOperation {
      var raw = raw
      raw.carry(Body(values: values, random: random).bytes)
      return raw
    }
    var rows = try acts.map { name, number, values in
      let fields = [.unsigned(UInt64(number))] + ContentFaults.whole[number].fields
      let raw = try ContentFault("", names: "", [.array(fields)]).raw()
      return ("act \(name)", carrying(values, raw))
    }
    let order = ContentFault(
      "", names: "", as: .order, [.unsigned(0), .unsigned(1), .array([])])
    let receipt = ContentFault("", names: "", as: .receipt, [.array([])])
    var changes = try sample()
    changes.content[2] = .array([
      RawOperation.change(), RawOperation.change(type: 1, path: "a"),
      RawOperation.change(type: 2, path: "b"), RawOperation.change(type: 3, path: "c"),
    ])
    var admission = try ContentFault(
      "", names: "", [.array([.unsigned(1)] + ContentFaults.whole[1].fields)]
    ).raw()
    admission.body = []
    rows += [
      ("order with a value", carrying([title], try order.raw())),
      ("receipt with a value", carrying([title], try receipt.raw())),
      (
        "a value for each of four changes, of which two carry one",
        carrying([title, title, title, title], changes)
      ),
      ("one value for two changes that carry one", carrying([title], changes)),
      ("admit without a body", admission),
    ]
    return try rows.map { try scenario("values: \($0.0)", "value-count", bodySection, $0.1) }
  }

  private static func overSized() throws -> [Scenario] {
    let raw = try sample()
    let filled = Array(raw.envelope.prefix(6)) + [0x5a, 0, 0, 0xff, 0xb4]
    let zeros = [UInt8](repeating: 0, count: 65_460)
    let envelope = filled + zeros + raw.envelope.suffix(66)
    let full = Body(values: [.bytes([UInt8](repeating: 7, count: 65_500))], random: random).bytes
    return [
      try scenario(
        "envelope of 65,537 bytes", "operation-too-large", "limits.md", envelope: envelope,
        body: raw.body),
      try scenario(
        "envelope of 65,537 zeros", "operation-too-large", "limits.md",
        envelope: [UInt8](repeating: 0, count: 65_537), body: []),
      try scenario("body of 65,536 bytes", "operation-too-large", "limits.md", carrying(full)),
      try scenario(
        "body of 513 values", "too-long", "limits.md",
        carrying(Body(values: .init(repeating: .bool(true), count: 513), random: random).bytes)),
    ]
  }
}
