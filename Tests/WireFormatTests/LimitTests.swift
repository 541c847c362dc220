import Testing
import WireFormat

/// Each limit of the decoder at its edge and one past it.
struct LimitTests {
  private static func nested(_ levels: Int) -> [UInt8] {
    [UInt8](repeating: 0x81, count: levels - 1) + [0x80]
  }

  @Test func `eight levels are accepted and nine are not`() throws {
    #expect(try CBOR(decoding: Self.nested(8)).encoded == Self.nested(8))
    #expect(throws: WireError.tooDeep(offset: 8)) { try CBOR(decoding: Self.nested(9)) }
  }

  @Test func `an item inside the eighth level is too deep, whatever it is`() {
    #expect(throws: WireError.tooDeep(offset: 8)) {
      try CBOR(decoding: [UInt8](repeating: 0x81, count: 8) + [0x00])
    }
  }

  @Test func `a hundred thousand levels are refused at the ninth`() {
    #expect(throws: WireError.tooDeep(offset: 8)) { try CBOR(decoding: Self.nested(100_000)) }
  }

  @Test func `the last allowed item is accepted and the next is not`() throws {
    let full = CBOR.array(.init(repeating: .bool(true), count: Limits.cborItemsMax - 1))
    #expect(try CBOR(decoding: full.encoded) == full)
    let over = CBOR.array(.init(repeating: .bool(true), count: Limits.cborItemsMax))
    #expect(throws: WireError.tooManyItems(offset: 3 + Limits.cborItemsMax - 1)) {
      try CBOR(decoding: over.encoded)
    }
  }

  @Test func `each limit stands in the table once and is positive`() {
    #expect(Set(Limits.table.map(\.name)).count == Limits.table.count)
    #expect(Limits.table.allSatisfy { $0.value > 0 && !$0.unit.isEmpty })
  }

  @Test func `limits that hang together do`() {
    #expect(Limits.operationBytesMax < Limits.frameBytesMax)
    #expect(Limits.headerBytesMax < Limits.operationBytesMax)
    #expect(Limits.operationBytesMax.isMultiple(of: Limits.bodyPaddingBytes))
  }
}
