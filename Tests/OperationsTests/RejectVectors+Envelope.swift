import Signatures
import TestSupport
import WireFormat

/// Envelopes that another COSE library could make, and cut ones (`Protocol/operation.md#envelope`).
extension RejectVectors {
  private typealias Row = (title: String, code: String, envelope: [UInt8])

  /// Everything before the payload: there is one opening.
  static func openings() throws -> [Scenario] {
    let raw = try sample()
    let (opening, rest) = (Array(raw.envelope.prefix(6)), Array(raw.envelope.dropFirst(6)))
    let alg: [UInt8] = [0xa1, 0x01, 0x27]
    let rows: [(String, [UInt8])] = [
      ("COSE tag 18 in a longer form", [0xd8, 0x12] + opening),
      ("COSE tag 98 of several signatures", [0xd8, 0x62] + opening),
      ("COSE tag 17 of a MAC", [0xd1] + opening), ("tagged as CBOR", [0xd9, 0xd9, 0xf7] + opening),
      ("array of three", [0x83] + opening.dropFirst()),
      ("array of five", [0x85] + opening.dropFirst()),
      ("array with its count in two bytes", [0x98, 0x04] + opening.dropFirst()),
      ("map instead of an array", [0xa2] + opening.dropFirst()),
      ("protected header empty", [0x84, 0x40, 0xa0]),
      ("protected header an empty map", [0x84, 0x41, 0xa0, 0xa0]),
      ("protected header a map and no bytes", [0x84] + alg + [0xa0]),
      ("protected header in three bytes of length", [0x84, 0x59, 0x00, 0x03] + alg + [0xa0]),
      ("protected header of indefinite length", [0x84, 0x5f, 0x43] + alg + [0xff, 0xa0]),
      (
        "protected header a map of indefinite length",
        [0x84, 0x45, 0xbf, 0x01, 0x27, 0xff, 0x00, 0xa0]
      ),
      (
        "protected header with a key identifier",
        [0x84, 0x45, 0xa2, 0x01, 0x27, 0x04, 0x40, 0xa0]
      ),
      (
        "protected header with crit",
        [0x84, 0x47, 0xa2, 0x01, 0x27, 0x02, 0x81, 0x18, 0x2a, 0xa0]
      ),
      ("protected header text", [0x84, 0x63] + alg + [0xa0]),
      ("algorithm Ed25519 of RFC 9864", [0x84, 0x43, 0xa1, 0x01, 0x32, 0xa0]),
      ("algorithm Ed448 of RFC 9864", [0x84, 0x44, 0xa1, 0x01, 0x38, 0x34, 0xa0]),
      ("algorithm as text", [0x84, 0x48, 0xa1, 0x01, 0x65] + Array("EdDSA".utf8) + [0xa0]),
      ("algorithm unprotected", [0x84, 0x40] + alg),
      ("algorithm protected and unprotected", opening.prefix(5) + alg),
      ("unprotected header of indefinite length", opening.prefix(5) + [0xbf, 0xff]),
      ("unprotected header an empty array", opening.prefix(5) + [0x80]),
      ("unprotected header empty bytes", opening.prefix(5) + [0x40]),
      ("unprotected header null", opening.prefix(5) + [0xf6]),
      ("unprotected header with its count in two bytes", opening.prefix(5) + [0xb8, 0x00]),
      ("unprotected header left out", Array(opening.prefix(5))),
    ]
    return try rows.map {
      try scenario(
        "envelope: \($0.0)", "envelope", "operation.md#envelope", envelope: $0.1 + rest,
        body: raw.body)
    }
      + [
        scenario(
          "envelope: the header alone", "envelope", "operation.md#envelope", envelope: raw.payload,
          body: raw.body),
        scenario(
          "envelope: cut inside the opening", "envelope", "operation.md#envelope",
          envelope: Array(opening.prefix(5)), body: raw.body),
        scenario(
          "envelope: in hexadecimal", "envelope", "operation.md#envelope",
          envelope: Array(Hex.encode(raw.envelope).utf8), body: raw.body),
      ]
  }

  /// Payload and signature: two byte strings, one way each.
  static func parts() throws -> [Scenario] {
    let raw = try sample()
    let opening = Array(raw.envelope.prefix(6))
    let payload = CBOR.bytes(raw.payload).encoded
    let signature = Array(raw.envelope.suffix(66))
    func payloads(_ code: String, _ rows: [(String, [UInt8])]) -> [Row] {
      rows.map { ("payload \($0.0)", code, opening + $0.1 + signature) }
    }
    func signatures(_ code: String, _ rows: [(String, [UInt8])]) -> [Row] {
      rows.map { ("signature \($0.0)", code, opening + payload + $0.1) }
    }
    let bytes = signature.suffix(64)
    let rows =
      payloads("cbor-not-shortest", longer(raw.payload, widths: [2, 8]))
      + payloads(
        "shape",
        [
          ("text", CBOR.text("a").encoded), ("an unsigned integer", [0x00]),
          ("an array that is not in bytes", raw.payload), ("a boolean", [0xf5]),
        ])
      + payloads(
        "cbor-unsupported",
        [
          ("undefined", [0xf7]), ("tagged", [0xd8, 0x18] + payload),
          ("of indefinite length", [0x5f] + payload + [0xff]), ("a map", [0xa0]),
        ])
      + signatures("cbor-not-shortest", longer(Array(bytes), widths: [2, 4, 8]))
      + signatures(
        "shape",
        [
          ("empty", [0x40]), ("of 32 bytes", [0x58, 0x20] + bytes.prefix(32)),
          ("of 65 bytes", [0x58, 0x41] + bytes + [0]),
          ("of 128 bytes", [0x58, 0x80] + bytes + bytes),
          ("text", CBOR.text(String(repeating: "a", count: 64)).encoded),
          ("an array", [0x81] + signature), ("an unsigned integer", [0x00]),
        ])
      + signatures(
        "cbor-unsupported",
        [("null", [0xf6]), ("of indefinite length", [0x5f] + signature + [0xff])])
      + cuts(raw, opening, payload, signature)
    return try rows.map {
      try scenario(
        "envelope: \($0.title)", $0.code, "operation.md#envelope", envelope: $0.envelope,
        body: raw.body)
    }
  }

  private static func longer(_ bytes: [UInt8], widths: [Int]) -> [(String, [UInt8])] {
    let names = [2: "three", 4: "five", 8: "nine"]
    return widths.map { width in
      (
        "with its length in \(names[width] ?? "") bytes",
        head(major: 2, UInt64(bytes.count), width: width) + bytes
      )
    }
  }

  private static func cuts(
    _ raw: RawOperation, _ opening: [UInt8], _ payload: [UInt8], _ signature: [UInt8]
  ) -> [Row] {
    [
      ("cut after the opening", "cbor-truncated", opening),
      ("cut inside the length of the payload", "cbor-truncated", opening + payload.prefix(1)),
      ("cut inside the payload", "cbor-truncated", opening + payload.prefix(100)),
      ("cut before the signature", "cbor-truncated", opening + payload),
      ("cut inside the signature", "cbor-truncated", opening + payload + signature.prefix(40)),
      ("payload left out", "cbor-truncated", opening + signature),
      ("a second signature", "cbor-trailing", raw.envelope + signature),
      ("a fifth element null", "cbor-trailing", raw.envelope + [0xf6]),
      ("twice", "cbor-trailing", raw.envelope + raw.envelope),
      ("the body behind it", "cbor-trailing", raw.envelope + raw.body),
    ]
  }
}
