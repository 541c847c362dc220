import Operations
import Signatures
import TestSupport
import WireFormat

/// The scenarios of `Protocol/vectors/operation/reject`.
enum RejectVectors {
  static func all() throws -> [(name: String, file: VectorFile)] {
    try shared.get()
  }

  private static let shared = Result {
    [(name: String, file: VectorFile)].numbered(
      try envelopes() + payloads() + headers() + signatures() + bodies() + sizes()
        + openings() + parts() + profile() + texts() + fields() + contents() + forgeries()
        + craftedAuthors() + craftedNonces() + bodyShapes() + bodyValues() + digestsAndSizes())
  }

  typealias Scenario = (title: String, file: VectorFile)

  static func sample() throws -> RawOperation {
    let region = try Sample.region()
    return RawOperation(recordBy: region.organisations[0].officers[0], in: region)
  }

  static func scenario(
    _ title: String, _ code: String, _ section: String, envelope: [UInt8], body: [UInt8]
  ) throws -> Scenario {
    (
      title,
      VectorFile(
        head: [
          "expect": "reject", "error": code, "blame": "peer", "section": section,
          "region": "\(try Sample.region().id)", "comment": title,
        ],
        content: ["envelope": Hex.encode(envelope), "body": Hex.encode(body)])
    )
  }

  static func scenario(
    _ title: String, _ code: String, _ section: String, _ raw: RawOperation
  ) throws -> Scenario {
    try scenario(title, code, section, envelope: raw.envelope, body: raw.body)
  }

  private static func envelopes() throws -> [Scenario] {
    let raw = try sample()
    let envelope = raw.envelope
    let variants: [(String, String, [UInt8])] = [
      ("empty", "envelope", []),
      ("COSE tag 18", "envelope", [0xd2] + envelope),
      ("another algorithm", "envelope", [0x84, 0x43, 0xa1, 0x01, 0x26] + envelope.dropFirst(5)),
      (
        "protected header in a longer form", "envelope",
        [0x84, 0x58, 0x03, 0xa1, 0x01, 0x27] + envelope.dropFirst(5)
      ),
      (
        "algorithm in a longer form", "envelope",
        [0x84, 0x44, 0xa1, 0x01, 0x38, 0x07] + envelope.dropFirst(5)
      ),
      (
        "unprotected header not empty", "envelope",
        envelope.prefix(5) + [0xa1, 0x04, 0x40] + envelope.dropFirst(6)
      ),
      ("array of indefinite length", "envelope", [0x9f] + envelope.dropFirst() + [0xff]),
      ("envelope cut before its last byte", "cbor-truncated", Array(envelope.dropLast())),
      ("envelope with a byte more", "cbor-trailing", envelope + [0]),
      ("payload detached", "cbor-unsupported", envelope.prefix(6) + [0xf6] + envelope.suffix(66)),
      (
        "payload length in a longer form", "cbor-not-shortest",
        envelope.prefix(6) + [0x5a, 0, 0, 0, UInt8(raw.payload.count)] + envelope.dropFirst(8)
      ),
      (
        "signature of 63 bytes", "shape",
        envelope.dropLast(66) + [0x58, 0x3f] + envelope.suffix(63)
      ),
    ]
    return try variants.map {
      try scenario($0.0, $0.1, "operation.md#envelope", envelope: $0.2, body: raw.body)
    }
  }

  /// Signed payloads outside the CBOR profile.
  private static func payloads() throws -> [Scenario] {
    let raw = try sample()
    let payload = raw.payload
    // The version is the second byte; what it becomes is signed all the same.
    func version(_ bytes: [UInt8]) -> [UInt8] { payload.prefix(1) + bytes + payload.dropFirst(2) }
    let variants: [(String, String, [UInt8])] = [
      ("version in two bytes", "cbor-not-shortest", version([0x18, 0x01])),
      ("version in three bytes", "cbor-not-shortest", version([0x19, 0x00, 0x01])),
      ("version in five bytes", "cbor-not-shortest", version([0x1a, 0, 0, 0, 1])),
      ("version in nine bytes", "cbor-not-shortest", version([0x1b, 0, 0, 0, 0, 0, 0, 0, 1])),
      ("version as a float", "cbor-unsupported", version([0xf9, 0x3c, 0x00])),
      ("version as a bignum", "cbor-unsupported", version([0xc2, 0x41, 0x01])),
      ("version null", "cbor-unsupported", version([0xf6])),
      ("version undefined", "cbor-unsupported", version([0xf7])),
      ("version a map", "cbor-unsupported", version([0xa0])),
      ("version a simple value", "cbor-unsupported", version([0xf8, 0x20])),
      (
        "header of indefinite length", "cbor-unsupported", [0x9f] + payload.dropFirst() + [0xff]
      ),
      (
        "header with its length in two bytes", "cbor-not-shortest",
        [0x98, payload[0] & 0x1f] + payload.dropFirst()
      ),
      ("header cut", "cbor-truncated", Array(payload.dropLast())),
      ("header with a byte more", "cbor-trailing", payload + [0]),
      ("header empty", "cbor-truncated", []),
    ]
    return try variants.map { title, code, bytes in
      var changed = raw
      changed.payloadOverride = bytes
      return try scenario(title, code, "operation.md#cbor", changed)
    }
  }

  private static func headers() throws -> [Scenario] {
    let shapes = try HeaderShapeTests.faults.map { fault in
      var raw = try sample()
      fault.edit(&raw)
      return try scenario(fault.name, fault.code, "operation.md#header", raw)
    }
    let texts: [(String, [UInt8])] = [
      ("family not UTF-8", [0x61, 0xff]), ("family with a control character", [0x61, 0x07]),
      ("family with a bidirectional control", [0x63, 0xe2, 0x80, 0xae]),
      ("family with a noncharacter", [0x63, 0xef, 0xbf, 0xbf]),
      ("family with a surrogate", [0x63, 0xed, 0xa0, 0x80]),
    ]
    let family = CBOR.text("entry").encoded
    return try shapes
      + texts.map { title, bytes in
        var raw = try sample()
        let place = raw.payload.firstRange(of: family)?.lowerBound ?? 0
        raw.payloadOverride =
          raw.payload.prefix(place) + bytes
          + raw.payload.dropFirst(place + family.count)
        return try scenario(title, "text-invalid", "operation.md#text", raw)
      }
  }

  private static func signatures() throws -> [Scenario] {
    let raw = try sample()
    let region = try Sample.region()
    var key = raw
    key.key = region.organisations[0].officers[1].key
    var elsewhere = raw
    elsewhere.region = SHA256.hash([1])
    var zero = raw
    zero.region = .zero
    var purpose = raw
    purpose.domain = .joinRequest
    var author = raw
    author.author = .bytes([1] + [UInt8](repeating: 0, count: 31))
    let section = "operation.md#verification"
    var scenarios = try [
      ("signed by another key", key), ("signed for another region", elsewhere),
      ("signed for the zero region", zero), ("signed for another purpose", purpose),
      ("author of small order", author),
    ].map { try scenario($0.0, "signature", section, $0.1) }
    let envelope = raw.envelope
    let (r, s) = (Array(envelope.suffix(64).prefix(32)), Array(envelope.suffix(32)))
    let changed: [(String, [UInt8])] = [
      ("S plus L", r + plusGroupOrder(s)),
      ("S zero", r + [UInt8](repeating: 0, count: 32)),
      ("R the identity", [1] + [UInt8](repeating: 0, count: 31) + s),
      ("last bit of S changed", r + s.dropLast() + [s[31] ^ 1]),
    ]
    scenarios += try changed.map {
      try scenario(
        "signature: \($0.0)", "signature", section, envelope: envelope.dropLast(64) + $0.1,
        body: raw.body)
    }
    let byte = envelope.prefix(9) + [envelope[9] ^ 1] + envelope.dropFirst(10)
    scenarios.append(
      try scenario(
        "payload changed after signing", "signature", section, envelope: Array(byte),
        body: raw.body))
    return scenarios
  }

  /// S + L, little-endian: the same point, another encoding.
  static func plusGroupOrder(_ s: [UInt8]) -> [UInt8] {
    let order = Hex.decode("edd3f55c1a631258d69cf7a2def9de14" + "00000000000000000000000000000010")
    var carry = 0
    return zip(s, order ?? []).map { a, b in
      let sum = Int(a) + Int(b) + carry
      carry = sum >> 8
      return UInt8(sum & 0xff)
    }
  }

  private static func bodies() throws -> [Scenario] {
    let raw = try sample()
    let random = [UInt8](repeating: 5, count: 16)
    func carrying(_ bytes: [UInt8]) -> RawOperation {
      var other = raw
      other.carry(bytes)
      return other
    }
    func encoded(_ values: [CBOR], padding: [UInt8]) -> [UInt8] {
      CBOR.array([.bytes(random), .array(values), .bytes(padding)]).encoded
    }
    let value = [CBOR.text("Titel")]
    let honest = Body(values: value, random: random).bytes
    let padding = honest.count - encoded(value, padding: []).count - 1
    let zeros = [UInt8](repeating: 0, count: padding)
    var missing = raw
    missing.body = []
    var other = raw
    other.body = Body(values: [.text("Annan")], random: random).bytes
    var longer = raw
    longer.body += [0]
    var bodyless = raw
    (bodyless.bodyDigest, bodyless.bodySize, bodyless.body) = (.bytes([]), .unsigned(0), [])
    let scenarios: [(String, String, RawOperation)] = [
      ("another body of the same size", "body-digest", other),
      ("body missing", "body-size", missing), ("body a byte longer", "body-size", longer),
      ("no body for a value", "value-count", bodyless),
      (
        "two values for one", "value-count",
        carrying(
          Body(values: value + value, random: random).bytes)
      ),
      ("no value for one", "value-count", carrying(Body(values: [], random: random).bytes)),
      (
        "body padded with ones", "shape",
        carrying(
          encoded(value, padding: .init(repeating: 1, count: padding)))
      ),
      (
        "body padded by 256 too much", "shape",
        carrying(
          encoded(value, padding: zeros + .init(repeating: 0, count: 255)))
      ),
      (
        "body value with a bidirectional control", "text-invalid",
        carrying(
          Body(values: [.text("Anna\u{202e}")], random: random).bytes)
      ),
      (
        "body with bytes behind it", "cbor-trailing",
        carrying(
          honest + [UInt8](repeating: 0, count: 256))
      ),
    ]
    return try scenarios.map { try scenario($0.0, $0.1, "operation.md#body", $0.2) }
  }

  private static func sizes() throws -> [Scenario] {
    [
      try scenario(
        "operation a byte over 64 KiB", "operation-too-large", "limits.md",
        try Sized.operation(bytes: Limits.operationBytesMax + 1)),
      try scenario(
        "header a byte over 16 KiB", "too-long", "limits.md",
        try Sized.header(bytes: Limits.headerBytesMax + 1)),
    ]
  }
}
