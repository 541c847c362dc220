import Operations
import TestSupport
import WireFormat

/// A signed header in which one field does not fit, and what the error must name.
struct FieldFault: Sendable {
  let title: String
  let code: String
  /// How the description of the error begins: the field, as the reader calls it.
  let names: String
  let edit: @Sendable (inout RawOperation) -> Void

  init(
    _ title: String, _ code: String = "shape", names: String,
    _ edit: @escaping @Sendable (inout RawOperation) -> Void
  ) {
    (self.title, self.code, self.names, self.edit) = (title, code, names, edit)
  }
}

/// The faults of the first eight fields and of a record's content (`Protocol/operation.md#header`).
enum FieldFaults {
  static let all = wrongTypes + others + contents + changes + laterVersions

  private static let id = [UInt8](repeating: 1, count: 32)
  private static let id31 = CBOR.bytes([UInt8](repeating: 1, count: 31))
  private static let id33 = CBOR.bytes([UInt8](repeating: 1, count: 33))
  private static let ascii = CBOR.text(String(repeating: "a", count: 32))

  private static let items: [(name: String, item: CBOR)] = [
    ("an unsigned integer", .unsigned(1)), ("a negative integer", .negative(0)),
    ("bytes", .bytes(id)), ("text", ascii), ("an array", .array([])), ("a boolean", .bool(true)),
  ]

  /// Each field as each item it must not be; the author's other types are read before the signature.
  private static let wrongTypes: [FieldFault] = {
    typealias Edit = @Sendable (inout RawOperation, CBOR) -> Void
    let fields: [(String, String, Set<String>, Edit)] = [
      ("version", "header.version", ["an unsigned integer", "text"], { $0.version = $1 }),
      ("class", "header.class", ["an unsigned integer"], { $0.operationClass = $1 }),
      ("author", "header.author", ["bytes"], { $0.author = $1 }),
      ("delegation", "header.delegation", ["bytes"], { $0.delegation = $1 }),
      ("prev", "header.prev", ["an array"], { $0.prev = $1 }),
      (
        "timestamp", "header.timestamp", ["an unsigned integer", "a negative integer"],
        { $0.timestamp = $1 }
      ),
      ("body digest", "header.body digest", ["bytes"], { $0.bodyDigest = $1 }),
      ("body size", "header.body size", ["an unsigned integer"], { $0.bodySize = $1 }),
    ]
    return fields.flatMap { field, names, fitting, edit in
      items.filter { !fitting.contains($0.name) }.map { name, item in
        FieldFault("\(field) \(name)", names: names) { edit(&$0, item) }
      }
    }
  }()

  private static let others: [FieldFault] = [
    FieldFault("class 255", names: "class") { $0.operationClass = .unsigned(255) },
    FieldFault("class 2^64-1", names: "class") { $0.operationClass = .unsigned(.max) },
    FieldFault("author empty", names: "header.author") { $0.author = .bytes([]) },
    FieldFault("author of 33 bytes", names: "header.author") { $0.author = id33 },
    FieldFault("author of 64 bytes", names: "header.author") { $0.author = .bytes(id + id) },
    FieldFault("delegation of 33 bytes", names: "header.delegation") { $0.delegation = id33 },
    FieldFault("delegation of 1 byte", names: "header.delegation") { $0.delegation = .bytes([1]) },
    FieldFault("prev holds 31 bytes", names: "prev") { $0.prev = .array([id31]) },
    FieldFault("prev holds 33 bytes", names: "prev") { $0.prev = .array([id33]) },
    FieldFault("prev holds empty bytes", names: "prev") { $0.prev = .array([.bytes([])]) },
    FieldFault("prev holds text", names: "prev") { $0.prev = .array([ascii]) },
    FieldFault("prev holds an array", names: "prev") { $0.prev = .array([.array([.bytes(id)])]) },
    FieldFault("prev out of order in the last byte", names: "prev") {
      $0.prev = .array([.bytes(id), .bytes(id.dropLast() + [0])])
    },
    FieldFault("prev out of order as unsigned bytes", names: "prev") {
      $0.prev = .array([.bytes([0x80] + id.dropFirst()), .bytes([0x7f] + id.dropFirst())])
    },
    FieldFault("prev named twice at the end of 16", names: "prev") {
      $0.prev = .array((0..<16).map { .bytes([UInt8](repeating: min($0, 14), count: 32)) })
    },
    FieldFault("body digest of 31 bytes", names: "header.body digest") { $0.bodyDigest = id31 },
    FieldFault("body digest of 33 bytes", names: "header.body digest") { $0.bodyDigest = id33 },
    FieldFault("body size 1", names: "body size") { $0.bodySize = .unsigned(1) },
    FieldFault("body size 257", names: "body size") { $0.bodySize = .unsigned(257) },
    FieldFault("body size 65,535", names: "body size") { $0.bodySize = .unsigned(65_535) },
    FieldFault("body size 65,537", names: "header.body size") { $0.bodySize = .unsigned(65_537) },
    FieldFault("body size 2^64-1", names: "header.body size") { $0.bodySize = .unsigned(.max) },
    FieldFault("body size 2^32 more than it is", names: "header.body size") {
      $0.bodySize = .unsigned(1 << 32 + 256)
    },
    FieldFault("header bytes", names: "header") { $0.payloadOverride = CBOR.bytes(id).encoded },
    FieldFault("header text", names: "header") { $0.payloadOverride = ascii.encoded },
    FieldFault("header an unsigned integer", names: "header") { $0.payloadOverride = [0x01] },
    FieldFault("header a boolean", names: "header") { $0.payloadOverride = [0xf5] },
    FieldFault("header an empty array", names: "header.version") { $0.payloadOverride = [0x80] },
    FieldFault("header of the version alone", names: "header.class") {
      $0.payloadOverride = [0x81, 0x01]
    },
    FieldFault("header that ends after the author", names: "header.delegation") {
      $0.payloadOverride = CBOR.array(Array($0.fields.prefix(3))).encoded
    },
    FieldFault("header in an array of one", names: "header.version") {
      $0.payloadOverride = CBOR.array([.array($0.fields)]).encoded
    },
    FieldFault("header without prev", names: "header.prev") {
      $0.payloadOverride = CBOR.array($0.fields.enumerated().filter { $0.0 != 4 }.map(\.1)).encoded
    },
  ]

  private static let contents: [FieldFault] =
    [
      FieldFault("family bytes", names: "header.family") { $0.content[0] = .bytes([0x61]) },
      FieldFault("family an unsigned integer", names: "header.family") {
        $0.content[0] = .unsigned(1)
      },
      FieldFault("record of 33 bytes", names: "header.record") { $0.content[1] = id33 },
      FieldFault("record of 16 bytes", names: "header.record") {
        $0.content[1] = .bytes([UInt8](repeating: 1, count: 16))
      },
      FieldFault("record text", names: "header.record") { $0.content[1] = ascii },
      FieldFault("record an array", names: "header.record") { $0.content[1] = .array([]) },
      FieldFault("changes text", names: "header.changes") { $0.content[2] = .text("title") },
      FieldFault("changes bytes", names: "header.changes") { $0.content[2] = .bytes([]) },
      FieldFault("changes left out", names: "header.changes") { $0.content.removeLast() },
      FieldFault("record and changes left out", names: "header.record") {
        $0.content.removeLast(2)
      },
      FieldFault("record and changes exchanged", names: "header.record") {
        $0.content.swapAt(1, 2)
      },
      FieldFault("class charter with the content of a record", names: "act") {
        $0.operationClass = .unsigned(0)
      },
      FieldFault("class order with the content of a record", names: "header.kind") {
        $0.operationClass = .unsigned(3)
      },
      FieldFault("class receipt with the content of a record", names: "header.orders") {
        $0.operationClass = .unsigned(4)
      },
    ]
    + ["a-b", "a.b", "a b", " a", "å", "Åa", "a\n", "entrY", "a:b"].map { family in
      FieldFault("family “\(name(family))”", names: "header.family") {
        $0.content[0] = .text(family)
      }
    }

  /// What a file name can say of a text.
  private static func name(_ text: String) -> String {
    let words = [
      "-": " hyphen ", ".": " dot ", " ": " space ", "\n": " line feed ", ":": " colon ",
      "å": " a ring ", "Å": " capital a ring ", "/": " slash ", "\\": " backslash ",
      "é": " e acute ",
      "*": " star ", "?": " question mark ",
    ]
    return text.map { words[String($0)] ?? ($0.isUppercase ? " capital \($0)" : String($0)) }
      .joined()
  }
}

extension FieldFaults {
  private static func change(
    _ title: String, _ code: String = "shape", names: String, _ item: @autoclosure () -> CBOR
  ) -> FieldFault {
    let item = item()
    return FieldFault("change \(title)", code, names: names) { $0.content[2] = .array([item]) }
  }

  private static let paths = [
    "/title", "title/", "/", "costs/R1/amount", "costs/r1/Amount", "a-b", "a.b", "a b", "å",
    "a/b/c/", "a/b/c/d/e", "../a", "costs/r\u{e9}/x", "a\\b", "costs/*/x", "title\n", "a:b",
  ]

  private static let changes: [FieldFault] =
    paths.map {
      change("with the path “\(name($0))”", names: "change.path", RawOperation.change(path: $0))
    }
    + [
      change("empty", names: "change.type", .array([])),
      change("of its type alone", names: "change.path", .array([.unsigned(0)])),
      change("bytes", names: "change", .bytes([0])),
      change("text", names: "change", .text("title")),
      change(
        "with a negative type", names: "change.type",
        .array([.negative(0), .text("title"), .array([])])),
      change(
        "with a type in text", names: "change.type",
        .array([.text("set"), .text("title"), .array([])])),
      change("of an unknown type in bytes", names: "change.type", .array([.bytes([4])])),
      change(
        "with a path in bytes", names: "change.path",
        .array([.unsigned(0), .bytes(Array("title".utf8)), .array([])])),
      change(
        "with a path in an array", names: "change.path",
        .array([.unsigned(0), .array([.text("title")]), .array([])])),
      change(
        "with a middle segment of 33 bytes", names: "change.path",
        RawOperation.change(path: "a/\(String(repeating: "b", count: 33))/c")),
      change(
        "with targets in bytes", names: "change.targets",
        .array([.unsigned(0), .text("title"), .bytes([])])),
      change(
        "with its value in the header", names: "change",
        .array([.unsigned(0), .text("title"), .array([]), .text("Titel")])),
      change(
        "clear with targets left out", names: "change.targets",
        .array([.unsigned(1), .text("title")])),
      change(
        "with a target of an id alone", names: "target.index",
        RawOperation.change(targets: [.array([.bytes(id)])])),
      change(
        "with an empty target", names: "target.operation",
        RawOperation.change(targets: [.array([])])),
      change(
        "with a target that is an id", names: "target",
        RawOperation.change(targets: [.bytes(id)])),
      change(
        "with a target of 31 bytes", names: "target.operation",
        RawOperation.change(targets: [.array([id31, .unsigned(0)])])),
      change(
        "with a target of an empty id", names: "target.operation",
        RawOperation.change(targets: [.array([.bytes([]), .unsigned(0)])])),
      change(
        "with a negative target index", names: "target.index",
        RawOperation.change(targets: [.array([.bytes(id), .negative(0)])])),
      change(
        "with a target index in text", names: "target.index",
        RawOperation.change(targets: [.array([.bytes(id), .text("0")])])),
      change(
        "with a target index 2^64-1", names: "target.index",
        RawOperation.change(targets: [RawOperation.target(1, index: .max)])),
      change(
        "with targets out of order by index", names: "change.targets",
        RawOperation.change(
          targets: [RawOperation.target(1, index: 2), RawOperation.target(1, index: 1)])),
      change(
        "with the last of three targets out of order", names: "change.targets",
        RawOperation.change(targets: [1, 3, 2].map { RawOperation.target($0) })),
      FieldFault("a faulty change after a good one", names: "change.path") {
        $0.content[2] = .array([RawOperation.change(), RawOperation.change(path: "A")])
      },
      FieldFault("a faulty change beside one of an unknown type", names: "change.path") {
        $0.content[2] = .array([.array([.unsigned(9)]), RawOperation.change(path: "A")])
      },
      FieldFault("a faulty change before a field of a later version", names: "change.path") {
        $0.content[2] = .array([RawOperation.change(path: "A")])
        $0.content.append(.bool(true))
      },
    ]

  private static func later(
    _ title: String, _ code: String = "shape", names: String,
    _ edit: @escaping @Sendable (inout RawOperation) -> Void
  ) -> FieldFault {
    FieldFault("version 2 with \(title)", code, names: names) {
      $0.version = .unsigned(2)
      edit(&$0)
    }
  }

  /// What no later version may change either.
  private static let laterVersions: [FieldFault] = [
    later("class 5", names: "class") { $0.operationClass = .unsigned(5) },
    later("a delegation of 31 bytes", names: "header.delegation") { $0.delegation = id31 },
    later("prev out of order", names: "prev") {
      $0.prev = .array([.bytes([2] + id.dropFirst()), .bytes(id)])
    },
    later("17 prev", "too-long", names: "header.prev") {
      $0.prev = .array((0..<17).map { .bytes([UInt8](repeating: $0, count: 32)) })
    },
    later("a body digest without a size", names: "body size") { $0.bodySize = .unsigned(0) },
    later("a body size that is no multiple of 256", names: "body size") {
      $0.bodySize = .unsigned(300)
    },
    later("seven fields", names: "header.body size") {
      $0.payloadOverride = CBOR.array(Array($0.fields.prefix(7))).encoded
    },
  ]

  static func scenarios() throws -> [RejectVectors.Scenario] {
    try all.map { fault in
      var raw = try RejectVectors.sample()
      fault.edit(&raw)
      return try RejectVectors.scenario(
        "header: \(fault.title)", fault.code, "operation.md#header", raw)
    }
  }
}

extension RejectVectors {
  static func fields() throws -> [Scenario] { try FieldFaults.scenarios() }
}
