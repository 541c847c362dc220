import Signatures
import TestSupport
import Testing
import WireFormat

/// Signed headers outside the CBOR profile, rule by rule (`Protocol/operation.md#cbor`).
extension RejectVectors {
  private typealias Row = (title: String, code: String, payload: [UInt8])

  static func profile() throws -> [Scenario] {
    let raw = try sample()
    let rows =
      widths(raw) + indefinite(raw) + unsupported(raw) + maps(raw) + truncated(raw)
      + lengths(raw) + trailing(raw) + bounds(raw)
    return try rows.map { title, code, payload in
      var changed = raw
      changed.payloadOverride = payload
      return try scenario(title, code, "operation.md#cbor", changed)
    }
  }

  /// A head whose argument takes `width` bytes, be it the shortest or not.
  static func head(major: UInt8, _ argument: UInt64, width: Int) -> [UInt8] {
    let bytes = stride(from: 56, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: argument >> UInt64($0))
    }
    let info = UInt8(24 + width.trailingZeroBitCount)
    return [major << 5 | info] + bytes.suffix(width)
  }

  private static func widths(_ raw: RawOperation) -> [Row] {
    let names = [1: "two", 2: "three", 4: "five", 8: "nine"]
    func rows(
      _ what: String, _ field: RawOperation.Field, _ major: UInt8, _ argument: UInt64,
      _ content: [UInt8] = [], in widths: [Int]
    ) -> [Row] {
      widths.map { width in
        let bytes = head(major: major, argument, width: width) + content
        return (
          "\(what) in \(names[width] ?? "") bytes", "cbor-not-shortest",
          raw.payload(field, as: bytes)
        )
      }
    }
    let (author, family) = (raw.key.publicKey.bytes, Array("entry".utf8))
    return [
      rows("timestamp 23", .timestamp, 0, 23, in: [1]),
      rows("timestamp 255", .timestamp, 0, 255, in: [2]),
      rows("timestamp 65535", .timestamp, 0, 65_535, in: [4]),
      rows("timestamp 4294967295", .timestamp, 0, 4_294_967_295, in: [8]),
      rows("negative integer -1", .timestamp, 1, 0, in: [1, 2, 4, 8]),
      rows("body size 256", .bodySize, 0, 256, in: [4, 8]),
      rows("author: length 32", .author, 2, 32, author, in: [2, 4, 8]),
      rows("record: length 0 of bytes", .record, 2, 0, in: [1, 2]),
      rows("family: length 5 of text", .family, 3, 5, family, in: [1, 2, 4, 8]),
      rows("prev: count 0", .prev, 4, 0, in: [1, 2, 4, 8]),
    ].flatMap { $0 }
      + [2, 4, 8].map { width in
        (
          "header with its count in \(names[width] ?? "") bytes", "cbor-not-shortest",
          head(major: 4, 11, width: width) + raw.payload.dropFirst()
        )
      }
  }

  private static func indefinite(_ raw: RawOperation) -> [Row] {
    let author = CBOR.bytes(raw.key.publicKey.bytes).encoded
    let family = CBOR.text("entry").encoded
    let rows: [(String, RawOperation.Field, [UInt8])] = [
      ("author of indefinite length", .author, [0x5f] + author + [0xff]),
      ("author of indefinite length in two pieces", .author, pieces(author)),
      ("family of indefinite length", .family, [0x7f] + family + [0xff]),
      ("prev of indefinite length", .prev, [0x9f, 0xff]),
      ("changes of indefinite length", .changes, [0x9f] + RawOperation.change().encoded + [0xff]),
      ("record a map of indefinite length", .record, [0xbf, 0xff]),
      ("version a break", .version, [0xff]),
    ]
    return rows.map { ($0.0, "cbor-unsupported", raw.payload($0.1, as: $0.2)) }
  }

  private static func pieces(_ author: [UInt8]) -> [UInt8] {
    let bytes = author.suffix(32)
    return [0x5f, 0x50] + bytes.prefix(16) + [0x50] + bytes.suffix(16) + [0xff]
  }

  /// Additional information 28 to 31, and major types 6 and 7 but for the booleans.
  private static func unsupported(_ raw: RawOperation) -> [Row] {
    var rows: [(String, [UInt8])] = []
    for major in UInt8(0)...7 {
      for info in UInt8(28)...30 {
        rows.append(
          (
            "reserved additional information \(info) of major type \(major)",
            [major << 5 | info]
          ))
      }
    }
    rows += [
      ("unsigned integer with additional information 31", [0x1f]),
      ("negative integer with additional information 31", [0x3f]),
      ("tag with additional information 31", [0xdf]),
      ("half float minus zero", [0xf9, 0x80, 0x00]), ("half float not a number", [0xf9, 0x7e, 0]),
      ("half float infinite", [0xf9, 0x7c, 0x00]), ("single float 1", [0xfa, 0x3f, 0x80, 0, 0]),
      ("double float 1", [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
      ("tag 0 date as text", [0xc0] + CBOR.text("2025-01-01T00:00:00Z").encoded),
      ("tag 1 epoch time", [0xc1, 0x01]), ("tag 3 negative bignum", [0xc3, 0x41, 0x01]),
      ("tag 4 decimal fraction", [0xc4, 0x82, 0x00, 0x01]),
      ("tag 24 encoded item", [0xd8, 0x18, 0x41, 0x01]),
      ("tag of three bytes", [0xd9, 0x01, 0x00, 0x01]),
      ("tag of nine bytes", [0xdb, 1, 0, 0, 0, 0, 0, 0, 0, 0x01]),
      ("simple value 0", [0xe0]), ("simple value 19", [0xf3]),
      ("simple value 255", [0xf8, 0xff]), ("false as a simple value in two bytes", [0xf8, 0x14]),
    ]
    return rows.map { ("version: \($0.0)", "cbor-unsupported", raw.payload(.version, as: $0.1)) }
      + [
        ("delegation null", "cbor-unsupported", raw.payload(.delegation, as: [0xf6])),
        ("record undefined", "cbor-unsupported", raw.payload(.record, as: [0xf7])),
        ("header tagged as CBOR", "cbor-unsupported", [0xd9, 0xd9, 0xf7] + raw.payload),
        ("header null", "cbor-unsupported", [0xf6]),
      ]
  }

  private static func maps(_ raw: RawOperation) -> [Row] {
    let fields = raw.fields.enumerated().flatMap { index, field in
      CBOR.unsigned(UInt64(index)).encoded + field.encoded
    }
    return [
      ("record a map", raw.payload(.record, as: [0xa1, 0x01, 0x01])),
      ("record a map with keys out of order", raw.payload(.record, as: [0xa2, 2, 0, 1, 0])),
      ("record a map with a key twice", raw.payload(.record, as: [0xa2, 1, 0, 1, 1])),
      ("header a map", [0xa0 | UInt8(raw.fields.count)] + fields),
    ].map { ($0.0, "cbor-unsupported", $0.1) }
  }

  /// The header cut at the start of each field, and within heads and strings.
  private static func truncated(_ raw: RawOperation) -> [Row] {
    let payload = raw.payload
    let starts = raw.fields.indices.map { index in
      1 + raw.fields[..<index].map(\.encoded.count).reduce(0, +)
    }
    var rows: [(String, Int)] = zip(RawOperation.Field.allCases, starts).map { field, start in
      ("header cut before \(field)", start)
    }
    func inside(_ field: RawOperation.Field, _ count: Int) -> Int { starts[field.rawValue] + count }
    rows += [
      ("header cut inside the length of author", inside(.author, 1)),
      ("header cut inside author", inside(.author, 20)),
      ("header cut inside timestamp", inside(.timestamp, 4)),
      ("header cut inside body size", inside(.bodySize, 2)),
      ("header cut inside family", inside(.family, 3)),
      ("header cut inside the list of changes", inside(.changes, 1)),
      ("header cut inside a change", inside(.changes, 3)),
    ]
    return rows.map { ($0.0, "cbor-truncated", Array(payload.prefix($0.1))) }
  }

  /// Lengths and counts that promise more than there is.
  private static func lengths(_ raw: RawOperation) -> [Row] {
    let payload = raw.payload
    let huge = UInt64.max
    return [
      ("header with a count of one more", [payload[0] + 1] + payload.dropFirst()),
      ("header with its count missing", [0x98]),
      ("header with half of its count", [0x99, 0x01]),
      ("record of 2^64-1 bytes", raw.payload(.record, as: head(major: 2, huge, width: 8))),
      ("record of 2^63 bytes", raw.payload(.record, as: head(major: 2, 1 << 63, width: 8))),
      ("family of 2^63-1 bytes", raw.payload(.family, as: head(major: 3, huge >> 1, width: 8))),
      ("changes of 2^64-1 items", raw.payload(.changes, as: head(major: 4, huge, width: 8))),
      ("changes of 2^32 items", raw.payload(.changes, as: head(major: 4, 1 << 32, width: 8))),
    ].map { ($0.0, "cbor-truncated", $0.1) }
  }

  private static func trailing(_ raw: RawOperation) -> [Row] {
    [
      ("header twice", raw.payload + raw.payload), ("header and a break", raw.payload + [0xff]),
      ("header and 256 zeros", raw.payload + [UInt8](repeating: 0, count: 256)),
      ("header with a count of one less", [raw.payload[0] - 1] + raw.payload.dropFirst()),
    ].map { ($0.0, "cbor-trailing", $0.1) }
  }

  private static func bounds(_ raw: RawOperation) -> [Row] {
    func nested(_ levels: Int) -> [UInt8] {
      [UInt8](repeating: 0x81, count: levels - 1) + [0x80]
    }
    // 1 + (2 + 2,048) + (1 + 2,045) items.
    let many = CBOR.array([.array(.init(repeating: .bool(true), count: 2048))]).encoded
    return [
      ("nine levels in a change", "cbor-depth", raw.payload(.changes, as: [0x81] + nested(7))),
      ("1,000 levels", "cbor-depth", nested(1000)),
      ("16,000 levels that never close", "cbor-depth", [UInt8](repeating: 0x81, count: 16_000)),
      (
        "4,097 items in several lists", "cbor-items",
        [0x82] + many + CBOR.array(.init(repeating: .bool(true), count: 2045)).encoded
      ),
    ]
  }
}

/// Text outside the profile (`Protocol/operation.md#text`).
extension RejectVectors {
  private static let malformed: [(String, [UInt8])] = [
    ("an overlong NUL", [0xc0, 0x80]), ("an overlong letter", [0xc1, 0xa1]),
    ("an overlong slash of three bytes", [0xe0, 0x80, 0xaf]),
    ("an overlong letter of four bytes", [0xf0, 0x80, 0x81, 0xa1]),
    ("a code point over U+10FFFF", [0xf4, 0x90, 0x80, 0x80]),
    ("a lead byte f5", [0xf5, 0x80, 0x80, 0x80]),
    ("a sequence of five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]),
    ("a continuation byte alone", [0x61, 0x80]), ("a lead byte at the end", [0x61, 0xc3]),
    ("a lead byte before a letter", [0xc3, 0x61]),
    ("a sequence of three bytes cut", [0xe2, 0x82]), ("a low surrogate", [0xed, 0xb0, 0x80]),
    ("a surrogate pair", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
    ("a byte fe", [0x61, 0xfe]), ("Latin-1", [0x61, 0xe5, 0x61]),
  ]

  private static let forbidden: [UInt32] = [
    0x00, 0x09, 0x0b, 0x0d, 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9f, 0x202a, 0x202b, 0x202c, 0x202d,
    0x2066, 0x2067, 0x2068, 0x2069, 0xfdd0, 0xfdef, 0xfffe, 0x1fffe, 0x1ffff, 0x10fffe, 0x10ffff,
  ]

  static func texts() throws -> [Scenario] {
    let raw = try sample()
    let points = try forbidden.map { point in
      let hex = String(point, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
      let scalar = try #require(Unicode.Scalar(point))
      return (name, Array("a\(Character(scalar))b".utf8))
    }
    return try (malformed + points).map { name, bytes in
      var changed = raw
      changed.payloadOverride = raw.payload(
        .family, as: [0x60 | UInt8(bytes.count)] + bytes)
      return try scenario("family with \(name)", "text-invalid", "operation.md#text", changed)
    }
  }
}
