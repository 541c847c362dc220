import Testing
import WireFormat

/// Fixed positions of an array, read one by one.
struct ArrayReaderTests {
  private static let sample = CBOR.array([
    .unsigned(7), .bytes([1, 2]), .text("å"), .bool(true), .array([]), .bytes([]),
  ])

  @Test func `fields of the expected shape are read in order`() throws {
    var reader = try ArrayReader(Self.sample, "sample")
    #expect(try reader.unsigned("n", max: 7) == 7)
    #expect(try reader.bytes("b", count: 2) == [1, 2])
    #expect(try reader.text("t", max: 2) == "å")
    #expect(try reader.bool("f"))
    #expect(try reader.array("a", max: 0).isEmpty)
    #expect(try reader.optionalBytes("o", count: 32) == nil)
    try reader.end()
  }

  @Test func `something else than an array is refused`() {
    #expect(throws: WireError.shape(field: "x", expected: "array", found: "boolean")) {
      try ArrayReader(.bool(true), "x")
    }
  }

  @Test func `a missing position is refused`() throws {
    var reader = try ArrayReader(.array([]), "x")
    #expect(throws: WireError.shape(field: "x.n", expected: "a value", found: "end of array")) {
      try reader.unsigned("n")
    }
  }

  @Test func `an unread position is refused at the end`() throws {
    let reader = try ArrayReader(.array([.bool(true)]), "x")
    #expect(
      throws: WireError.shape(field: "x", expected: "array of 0", found: "array of 1")
    ) { try reader.end() }
    #expect(reader.remaining == [.bool(true)])
  }

  @Test func `a value of another kind is refused by its kind and not by its content`() throws {
    func refusal(_ read: (inout ArrayReader) throws -> Void) throws -> String {
      var reader = try ArrayReader(.array([.text("Anna")]), "x")
      return try #require(#expect(throws: WireError.self) { try read(&reader) }).description
    }
    let all = [
      try refusal { _ = try $0.unsigned("n") }, try refusal { _ = try $0.bytes("n", count: 1) },
      try refusal { _ = try $0.bytes("n", max: 9) }, try refusal { _ = try $0.bool("n") },
      try refusal { _ = try $0.optionalBytes("n", count: 1) },
      try refusal { _ = try $0.array("n", max: 9) },
    ]
    #expect(all.allSatisfy { $0.contains("x.n") && $0.contains("text of 4 bytes") })
    #expect(!all.contains { $0.contains("Anna") })
  }

  @Test func `a value over its limit is refused with the limit`() throws {
    func reader(_ item: CBOR) throws -> ArrayReader { try ArrayReader(.array([item]), "x") }
    var number = try reader(.unsigned(8))
    #expect(throws: WireError.shape(field: "x.n", expected: "at most 7", found: "8")) {
      try number.unsigned("n", max: 7)
    }
    var bytes = try reader(.bytes([1, 2]))
    #expect(throws: WireError.tooLong(what: "x.n", limit: 1, found: 2)) {
      try bytes.bytes("n", max: 1)
    }
    var text = try reader(.text("å"))
    #expect(throws: WireError.tooLong(what: "x.n", limit: 1, found: 2)) {
      try text.text("n", max: 1)
    }
    var array = try reader(.array([.bool(true)]))
    #expect(throws: WireError.tooLong(what: "x.n", limit: 0, found: 1)) {
      try array.array("n", max: 0)
    }
  }
}
