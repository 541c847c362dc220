import Operations
import TestSupport
import WireFormat

/// An act, order or receipt in which one field does not fit (`Protocol/charter.md#acts`).
struct ContentFault: Sendable {
  let title: String
  let code: String
  /// How the description of the error begins.
  let names: String
  let operationClass: OperationClass
  let content: [CBOR]

  init(
    _ title: String, _ code: String = "shape", names: String,
    as operationClass: OperationClass = .charter, _ content: [CBOR]
  ) {
    (self.title, self.code, self.names) = (title, code, names)
    (self.operationClass, self.content) = (operationClass, content)
  }

  /// Signed by whoever may sign the class.
  func raw() throws -> RawOperation {
    let region = try Sample.region()
    let organisation = region.organisations[0]
    let signer =
      switch operationClass {
      case .charter: region.council
      case .order: organisation.admin
      case .receipt: organisation.service
      case .record, .review: organisation.officers[0]
      }
    return RawOperation(operationClass, content, by: signer, in: region)
  }
}

enum ContentFaults {
  static let all =
    missing + found + admit + keysAndIDs + numbers + lists + removals + orders + others

  private static let id = CBOR.bytes([UInt8](repeating: 1, count: 32))
  private static let id31 = CBOR.bytes([UInt8](repeating: 1, count: 31))
  private static let id33 = CBOR.bytes([UInt8](repeating: 1, count: 33))
  private static let key = id
  private static let none = CBOR.array([])
  private static let pair = CBOR.array([key, id])

  private static func act(
    _ title: String, _ code: String = "shape", names: String, _ number: UInt64, _ fields: [CBOR]
  ) -> ContentFault {
    ContentFault("act \(title)", code, names: names, [.array([.unsigned(number)] + fields)])
  }

  /// Each act as it should be, by its number.
  static let whole: [(name: String, fields: [CBOR])] = [
    ("found", [.array([pair]), .unsigned(1)]),
    ("admit", [key, id, key, .text("nod.example:7441"), .text("kommun:1441")]),
    ("approve", [id]), ("rotate", [none, id]),
    ("delegate", [key, .unsigned(1), .unsigned(0), .unsigned(0)]), ("revoke", [key, none, none]),
    ("vouch", [none]), ("remove", [id, none]), ("succeed", [id, id, none]),
    ("node", [key, .text("nod.example:7441")]),
  ]

  private static let lastFields = [
    "threshold", "code", "operation", "successor", "to", "disowned", "operations", "cuts",
    "records", "address",
  ]

  /// A field too few; a field too many is of a later version.
  private static let missing: [ContentFault] =
    whole.enumerated().map { number, act in
      Self.act(
        "\(act.name) without \(lastFields[number])", names: "act.\(lastFields[number])",
        UInt64(number), act.fields.dropLast())
    }
    + whole.enumerated().filter { $0.element.fields.count > 1 }.map { number, act in
      Self.act(
        "\(act.name) of its number alone", names: "act.", UInt64(number), [])
    }

  private static let found: [ContentFault] = [
    act("found with an empty council", names: "found.council", 0, [none, .unsigned(1)]),
    act("found with threshold 0", names: "found.threshold", 0, [.array([pair]), .unsigned(0)]),
    act(
      "found with a threshold over the number of keys", names: "act.threshold", 0,
      [.array([pair]), .unsigned(2)]),
    act(
      "found with threshold 2^64-1", names: "act.threshold", 0, [.array([pair]), .unsigned(.max)]),
    act(
      "found with a negative threshold", names: "act.threshold", 0, [.array([pair]), .negative(0)]),
    act("found with a threshold in text", names: "act.threshold", 0, [.array([pair]), .text("1")]),
    act(
      "found with 17 council keys", "too-long", names: "act.council", 0,
      [
        .array(
          (0..<17).map { .array([.bytes([UInt8](repeating: $0, count: 32)), id]) }), .unsigned(1),
      ]),
    act("found with a council in bytes", names: "act.council", 0, [key, .unsigned(1)]),
    act(
      "found with a council key without its pair", names: "council key", 0,
      [.array([key]), .unsigned(1)]),
    act(
      "found with a council key without a successor", names: "council key.successor", 0,
      [.array([.array([key])]), .unsigned(1)]),
    act(
      "found with a council key of three fields", names: "council key", 0,
      [.array([.array([key, id, id])]), .unsigned(1)]),
    act(
      "found with a council key of 31 bytes", names: "council key.key", 0,
      [.array([.array([id31, id])]), .unsigned(1)]),
    act(
      "found with a successor of 33 bytes", names: "council key.successor", 0,
      [.array([.array([key, id33])]), .unsigned(1)]),
    act(
      "found with an empty successor", names: "council key.successor", 0,
      [.array([.array([key, .bytes([])])]), .unsigned(1)]),
  ]

  private static func admission(
    _ title: String, _ code: String = "shape", names: String, _ field: Int, _ item: CBOR
  ) -> ContentFault {
    var fields = whole[1].fields
    fields[field] = item
    return act("admit with \(title)", code, names: names, 1, fields)
  }

  private static func letters(_ count: Int) -> CBOR {
    .text(String(repeating: "a", count: count))
  }

  private static let admit: [ContentFault] = [
    admission("a root of 31 bytes", names: "act.root", 0, id31),
    admission("a root in text", names: "act.root", 0, letters(32)),
    admission("an empty successor", names: "act.successor", 1, .bytes([])),
    admission("a successor of 33 bytes", names: "act.successor", 1, id33),
    admission("a node of 33 bytes", names: "act.node", 2, id33),
    admission("no node", names: "act.node", 2, .bytes([])),
    admission("an address of 256 bytes", "too-long", names: "act.address", 3, letters(256)),
    admission(
      "an address of 128 letters and 256 bytes", "too-long", names: "act.address", 3,
      .text(String(repeating: "å", count: 128))),
    admission("an address in bytes", names: "act.address", 3, .bytes([])),
    admission(
      "an address and a port apart", names: "act.address", 3,
      .array([.text("nod.example"), .unsigned(7441)])),
    admission("a code of 65 bytes", "too-long", names: "act.code", 4, letters(65)),
    admission("a code in bytes", names: "act.code", 4, .bytes([])),
    admission("a code that is a number", names: "act.code", 4, .unsigned(1441)),
  ]

  private static let keysAndIDs: [ContentFault] = [
    act("approve of 31 bytes", names: "act.operation", 2, [id31]),
    act("approve of an empty id", names: "act.operation", 2, [.bytes([])]),
    act("approve of a list", names: "act.operation", 2, [.array([id])]),
    act("rotate with a successor of 31 bytes", names: "act.successor", 3, [none, id31]),
    act("rotate with an empty successor", names: "act.successor", 3, [none, .bytes([])]),
    act(
      "delegate a key of 31 bytes", names: "act.key", 4,
      [id31, .unsigned(1), .unsigned(0), .unsigned(0)]),
    act("revoke a key of 33 bytes", names: "act.key", 5, [id33, none, none]),
    act("remove an empty organisation", names: "act.organisation", 7, [.bytes([]), none]),
    act(
      "remove an organisation by its code", names: "act.organisation", 7,
      [.text("kommun:1441"), none]),
    act("succeed from an empty id", names: "act.from", 8, [.bytes([]), id, none]),
    act("succeed to 31 bytes", names: "act.to", 8, [id, id31, none]),
    act("node with a key of 31 bytes", names: "act.key", 9, [id31, .text("")]),
    act(
      "node with an address of 256 bytes", "too-long", names: "act.address", 9,
      [key, letters(256)]),
    act("node with an address in bytes", names: "act.address", 9, [key, .bytes([])]),
  ]

  private static func delegation(
    _ title: String, names: String, _ field: Int, _ item: CBOR
  ) -> ContentFault {
    var fields = whole[4].fields
    fields[field] = item
    return act("delegate with \(title)", names: names, 4, fields)
  }

  private static let numbers: [ContentFault] = [
    delegation("a negative role", names: "act.role", 1, .negative(0)),
    delegation("a role in text", names: "act.role", 1, .text("author")),
    delegation("a negative from", names: "act.from", 2, .negative(0)),
    delegation("from in text", names: "act.from", 2, .text("2025-01-01")),
    delegation("a negative to", names: "act.to", 3, .negative(0)),
    delegation("to in bytes", names: "act.to", 3, .bytes([])),
    act(
      "delegate to an unknown role with a key of 31 bytes", names: "act.key", 4,
      [id31, .unsigned(9), .unsigned(0), .unsigned(0)]),
    act(
      "delegate with a later field and a negative to", names: "act.to", 4,
      [key, .unsigned(1), .unsigned(0), .negative(0), .unsigned(0)]),
  ]

  private static let others: [ContentFault] = [
    ContentFault("act no array", names: "act", [.unsigned(9)]),
    ContentFault("act empty", names: "act.number", [.array([])]),
    ContentFault("act with a negative number", names: "act.number", [.array([.negative(0)])]),
    ContentFault("act with its number in text", names: "act.number", [.array([.text("node")])]),
    ContentFault(
      "act of an unknown number in bytes", names: "act.number", [.array([.bytes([10])])]),
    ContentFault("act in three fields", names: "act", [.unsigned(9), key, .text("")]),
    ContentFault("act left out", names: "header.act", []),
    ContentFault(
      "act in the class of a record", names: "header.family", as: .record,
      [.array([.unsigned(2), id])]),
    ContentFault(
      "act faulty before a field of a later version", names: "act.operation",
      [.array([.unsigned(2), id31]), .unsigned(0)]),
  ]
}

/// The lists of ids: in acts, orders and receipts.
extension ContentFaults {
  private static let two = [CBOR.bytes([UInt8](repeating: 2, count: 32)), id]

  /// The same faults for every list.
  private static func list(
    _ title: String, _ name: String, reader: String = "act", _ operationClass: OperationClass,
    _ content: (CBOR) -> [CBOR]
  ) -> [ContentFault] {
    let ids257 = (0..<257).map { index in
      CBOR.bytes([UInt8(index >> 8), UInt8(index & 0xff)] + [UInt8](repeating: 0, count: 30))
    }
    let faults: [(String, String, String, CBOR)] = [
      ("out of order", "shape", name, .array(two)),
      (
        "with an id twice", "shape", name,
        .array([id, id])
      ),
      ("of 257 ids", "too-long", "\(reader).\(name)", .array(ids257)),
      ("with an id of 31 bytes", "shape", name, .array([id31])),
      ("with text", "shape", name, .array([letters(32)])),
      ("in bytes", "shape", "\(reader).\(name)", id),
    ]
    return faults.map { fault, code, names, item in
      ContentFault("\(title) \(fault)", code, names: names, as: operationClass, content(item))
    }
  }

  private static func content(_ number: UInt64, _ fields: CBOR...) -> [CBOR] {
    [.array([.unsigned(number)] + fields)]
  }

  private static let lists: [ContentFault] = [
    list("act rotate: heads", "heads", .charter) { content(3, $0, id) },
    list("act revoke: heads", "heads", .charter) { content(5, key, $0, none) },
    list("act revoke: disowned", "disowned", .charter) { content(5, key, none, $0) },
    list("act vouch: operations", "operations", .charter) { content(6, $0) },
    list("act remove: heads of a cut", "heads", reader: "cut", .charter) {
      content(7, id, .array([.array([key, $0])]))
    },
    list("act succeed: records", "records", .charter) { content(8, id, id, $0) },
    list("order: operations", "operations", reader: "header", .order) {
      [.unsigned(0), .unsigned(1), $0]
    },
    list("receipt: orders", "orders", reader: "header", .receipt) { [$0] },
  ].flatMap { $0 }

  private static let removals: [ContentFault] = [
    act("remove with cuts in bytes", names: "act.cuts", 7, [id, id]),
    act("remove with a cut that is a key", names: "cut", 7, [id, .array([key])]),
    act("remove with a cut without heads", names: "cut.heads", 7, [id, .array([.array([key])])]),
    act(
      "remove with a cut of three fields", names: "cut", 7,
      [id, .array([.array([key, none, none])])]),
    act(
      "remove with a cut of a key of 31 bytes", names: "cut.key", 7,
      [id, .array([.array([id31, none])])]),
    act(
      "remove with 257 cuts", "too-long", names: "act.cuts", 7,
      [id, .array(.init(repeating: .array([key, none]), count: 257))]),
  ]

  private static func order(
    _ title: String, names: String, _ content: [CBOR]
  ) -> ContentFault {
    ContentFault("order \(title)", names: names, as: .order, content)
  }

  private static let orders: [ContentFault] = [
    order("of nothing", names: "header.kind", []),
    order("of its kind alone", names: "header.basis", [.unsigned(0)]),
    order("without operations", names: "header.operations", [.unsigned(0), .unsigned(1)]),
    order("of a negative kind", names: "header.kind", [.negative(0), .unsigned(1), none]),
    order("with its kind in text", names: "header.kind", [.text("erase"), .unsigned(1), none]),
    order("on a negative basis", names: "header.basis", [.unsigned(0), .negative(0), none]),
    order(
      "on a basis in text", names: "header.basis",
      [.unsigned(0), .text("GDPR art. 17"), none]),
    order(
      "of an unknown kind with operations in bytes", names: "header.operations",
      [.unsigned(9), .unsigned(1), id]),
    order("in one array", names: "header.kind", [.array([.unsigned(0), .unsigned(1), none])]),
    ContentFault("receipt of nothing", names: "header.orders", as: .receipt, []),
    ContentFault("receipt with a count", names: "header.orders", as: .receipt, [.unsigned(3)]),
    ContentFault("receipt in the class of an order", names: "header.kind", as: .order, [none]),
  ]
}

extension RejectVectors {
  static func contents() throws -> [Scenario] {
    try ContentFaults.all.map {
      let isAct = $0.operationClass == .charter || $0.operationClass == .record
      return try scenario(
        $0.title, $0.code, isAct ? "charter.md#acts" : "charter.md#orders", $0.raw())
    }
  }
}
