import CRDT
import Operations
import Signatures
import SyncSession
import TestSupport
import Testing
import WireFormat

/// `session.md`: its tables against the messages of the code, its examples against the functions.
struct SessionPageTests {
  private static let id = SHA256.hash([])
  private static let idItem = CBOR.bytes(id.bytes)
  private static let operations = CBOR.array([.array([.bytes([1]), .bytes([])])])
  private static let store = CBOR.bytes([UInt8](repeating: 7, count: StoreID.byteCount))
  private static let mark = CBOR.bytes(OperationMark(id).bytes)

  private static let salt = CBOR.bytes([UInt8](0..<16))

  /// The items of one of each message, in the order of their numbers.
  private static let samples: [[CBOR]] = [
    hello(nodeAct: [], cursor: []), [.unsigned(1)], [.unsigned(2), operations],
    [.unsigned(3), .text("too-much"), .text("more"), operations],
    [.unsigned(4), .unsigned(1), .unsigned(0), .bool(true), .bytes([UInt8](0..<16))],
    [.unsigned(5), .unsigned(1), .bytes([0x80])],
    [.unsigned(6), .unsigned(1), operations, .unsigned(7), idItem, .bool(true)],
    [.unsigned(7), .unsigned(0), idItem, idItem],
    [.unsigned(8), .unsigned(1), .unsigned(1), .bool(true), .bytes([0x61])],
    [.unsigned(9), .unsigned(1), .bool(true), idItem],
    [.unsigned(10), .array([.array([idItem, salt, .unsigned(9), .unsigned(3)])])],
    [.unsigned(11), .unsigned(0), .unsigned(3), idItem, .bytes([1, 2])],
    [.unsigned(12), .unsigned(1), mark, .bytes([0x28]), .unsigned(7), idItem, .bool(true)],
  ]

  private static func hello(nodeAct: [UInt8], cursor: [CBOR]) -> [CBOR] {
    [
      .unsigned(0), .unsigned(1), idItem, .bytes(nodeAct), store,
      .bytes([UInt8](repeating: 9, count: 16)), .unsigned(1), mark, .unsigned(1), .unsigned(1),
      idItem, idItem, .array(cursor), .unsigned(0), .array([]), .unsigned(2),
    ]
  }

  // MARK: Messages

  @Test func `the table of messages has the numbers and names of the code`() throws {
    let rows = try Self.messageRows().map { "\($0[0]) \($0[1])" }
    let names = try Self.samples.map { try Self.name(of: Self.message($0)) }
    #expect(rows == names.enumerated().map { "\($0.offset) \($0.element)" })
  }

  @Test func `each message has the fields of the table, with their types`() throws {
    let types = try Self.fieldTypes()
    for (row, sample) in zip(try Self.messageRows(), Self.samples).dropFirst() {
      let fields = sample.dropFirst()
      #expect(row[2].quoted.count == fields.count, "\(row[1])")
      for (name, item) in zip(row[2].quoted, fields) {
        let type = try #require(types[name], "\(row[1]) has the field \(name) of no row")
        #expect(Self.fits(item, type), "\(row[1]).\(name) is \(item.kind), not \(type)")
      }
    }
  }

  @Test func `every field of the table belongs to a message`() throws {
    let used = Set(try Self.messageRows().flatMap { $0[2].quoted })
    #expect(Set(try Self.fieldTypes().keys) == used)
  }

  @Test func `hello has the fields of its table, with their types`() throws {
    let rows = try MarkdownPage("session.md")
      .table(under: "Hello", columns: "position", "field", "type", "rule")
    for sample in [
      Self.hello(nodeAct: [], cursor: []),
      Self.hello(nodeAct: Self.id.bytes, cursor: [Self.store, .unsigned(1), Self.mark]),
    ] {
      #expect(rows.map { $0[0] } == sample.indices.dropFirst().map { "\($0)" })
      #expect(try Self.items(of: Self.message(sample)) == sample)
      for (row, item) in zip(rows, sample.dropFirst()) {
        #expect(Self.fits(item, row[2]), "\(row[1]) is \(item.kind), not \(row[2])")
      }
    }
  }

  @Test func `every message of the table encodes to what it was decoded from`() throws {
    for sample in Self.samples {
      #expect(try Self.items(of: Self.message(sample)) == sample)
    }
  }

  @Test func `the number after the last row, a field less and a field more are refused`() throws {
    let after = CBOR.unsigned(UInt64(try Self.messageRows().count))
    #expect(throws: WireError.self) { try Self.message([after]) }
    for sample in Self.samples {
      #expect(throws: WireError.self) { try Self.message(Array(sample.dropLast())) }
      #expect(throws: WireError.self) { try Self.message(sample + [.unsigned(0)]) }
    }
  }

  @Test func `the table of scopes has the classes of the code`() throws {
    let rows = try MarkdownPage("session.md")
      .table(under: "Exchange", columns: "scope", "name", "classes")
    #expect(rows.map { "\($0[0]) \($0[1])" } == Scope.allCases.map { "\($0.rawValue) \($0)" })
    for (row, scope) in zip(rows, Scope.allCases) {
      let classes = OperationClass.allCases.filter { Scope($0) == scope }.map { "\($0)" }
      #expect(row[2] == classes.joined(separator: ", "))
    }
  }

  // MARK: Codes and limits

  @Test func `every session error has its row under session and transport`() throws {
    let rows = try MarkdownPage("errors.md")
      .table(under: "Session and transport", columns: "code", "meaning", "blame", "what to do")
    let listed = Set(rows.map { $0[0] })
    let errors: [SessionError] = [
      .malformed(.truncated(offset: 0)), .unexpected(""), .frameTooLarge(limit: 1, found: 2),
      .otherRegion, .unknownNode, .reconciliation(""), .attachment(Self.id, ""),
      .tooMuch(what: "", limit: 1),
      .refusedByPeer(code: "", reason: ""),
    ]
    #expect(errors.map(\.code).filter { !listed.contains("`\($0)`") } == [])
  }

  @Test func `every code that the page names has a row`() throws {
    let codes = Set(
      try MarkdownPage("errors.md").rows(ofTablesWith: "code").flatMap { $0[0].quoted })
    let page = try ProtocolFiles.text("session.md")
    let tables = try MarkdownPage("session.md")
    let named =
      page.matches(of: /\(else `([a-z-]+)`\)/).map { String($0.1) }
      + (tables.rows(ofTablesWith: "rule") + tables.rows(ofTablesWith: "bound")
      + tables.rows(ofTablesWith: "check") + tables.rows(ofTablesWith: "time"))
      .flatMap { $0.last?.quoted ?? [] }
    try #require(named.count > 10, "the page no longer looks as this test expects")
    #expect(named.filter { !codes.contains($0) } == [])
  }

  @Test func `every limit that the page names is in the table of limits`() throws {
    let limits = Set(Limits.table.map(\.name))
    let page = try ProtocolFiles.text("session.md")
    let named = page.matches(
      of: /(?:at most|over|1 …|receives at most|×) `([a-z-]+)`/
    ).map { String($0.1) }
    try #require(named.count > 5, "the page no longer looks as this test expects")
    #expect(named.filter { !limits.contains($0) } == [])
  }

  // MARK: Examples

  @Test func `the certificate is signed by the key at the offset that the page gives`() throws {
    let bytes = try #require(Hex.decode(try MarkdownPage("session.md").hexBlock("certificate")))
    let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    #expect(bytes.count == 211)
    #expect(Array(bytes[105..<137]) == key.publicKey.bytes)
    #expect(key.publicKey.verifies(Array(bytes[147...]), of: Array(bytes[3..<137])))
  }

  @Test func `the hello of the page decodes and encodes to the same bytes`() throws {
    let bytes = try #require(Hex.decode(try MarkdownPage("session.md").hexBlock("hello")))
    let message = try Message(decoding: bytes)
    guard case .hello(let hello) = message else {
      Issue.record("not a hello")
      return
    }
    #expect(message.encoded == bytes)
    #expect(hello.recordsCount == 300 && hello.cursor == nil && hello.clock == 1_764_000_000_000)
  }

  @Test func `the short and keyed ids of the page are those of the code`() throws {
    let block = try MarkdownPage("session.md").hexBlock("short-id")
    let bytes = try #require(Hex.decode(block))
    try #require(bytes.count == 16 + 16 + 32 + 8 + 32)
    let key = ShortIDKey(initiatorNonce: Array(bytes[..<16]), responderNonce: Array(bytes[16..<32]))
    let id = try #require(Digest(bytes[32..<64]))
    let inventory = try Self.message(
      Array(Self.samples[4].dropLast()) + [.bytes(Array(bytes[64..<72]))])
    guard case .inventory(_, let listed) = inventory else {
      Issue.record("not an inventory")
      return
    }
    #expect(listed.shortIDs == [key.shortID(of: id)])
    #expect(key.keyedID(of: id).bytes == Array(bytes[72...]))
  }

  @Test func `the delta of the page unpacks to what it says`() throws {
    let bytes = try #require(Hex.decode(try MarkdownPage("session.md").hexBlock("delta")))
    try #require(bytes.count == 43 + 28 + 42)
    let (prefix, packed) = (Array(bytes[..<43]), Array(bytes[43..<71]))
    let unpacked = PrefixCompression.decompress(packed, after: prefix, limit: 42)
    #expect(unpacked == Array(bytes[71...]))
    #expect(PrefixCompression.decompress(packed, after: prefix, limit: 41) == nil)
    #expect(PrefixCompression.decompress(packed, after: Array(prefix.reversed()), limit: 42) == nil)
  }

  @Test func `the set digests of the page are those of the code`() throws {
    let bytes = try #require(Hex.decode(try MarkdownPage("session.md").hexBlock("set-digest")))
    let first = try #require(Digest([UInt8](0..<32)))
    var digest = SetDigest()
    var expected = digest.summary(region: first).bytes
    for id in [first, Self.id] {
      digest.insert(id)
      expected += digest.summary(region: first).bytes + digest.stateBytes.prefix(16)
    }
    #expect(bytes == expected)
  }
}

// MARK: - Reading

extension SessionPageTests {
  private static func messageRows() throws -> [[String]] {
    try MarkdownPage("session.md")
      .table(under: "Messages", columns: "number", "message", "fields", "sent by", "when")
  }

  /// The type of each field of the messages after hello.
  private static func fieldTypes() throws -> [String: String] {
    let rows = try MarkdownPage("session.md")
      .table(under: "Messages", columns: "field", "type", "rule")
    let pairs = rows.flatMap { row in row[0].split(separator: ", ").map { (String($0), row[1]) } }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private static func message(_ items: [CBOR]) throws -> Message {
    try Message(decoding: CBOR.array(items).encoded)
  }

  private static func items(of message: Message) throws -> [CBOR] {
    guard case .array(let items) = try CBOR(decoding: message.encoded) else {
      Issue.record("a message is not an array")
      return []
    }
    return items
  }

  /// The case's name, as the pages write names: `chainRequest` is chain-request.
  private static func name(of message: Message) -> String {
    let label = "\(message)".prefix { $0 != "(" }
    return label.map { $0.isUppercase ? "-" + $0.lowercased() : String($0) }.joined()
  }

  private static func fits(_ item: CBOR, _ type: String) -> Bool {
    switch item {
    case .unsigned: type == "unsigned"
    case .text: type == "text"
    case .bool: type == "boolean"
    case .array: type == "array"
    case .bytes(let bytes):
      switch type {
      case "id": bytes.count == Digest.byteCount
      case "id or empty": bytes.isEmpty || bytes.count == Digest.byteCount
      case "byte string of 16": bytes.count == 16
      default: type == "byte string"
      }
    case .negative: false
    }
  }
}
