import Reconciliation
import Signatures
import Testing

struct PrimitiveTests {
  @Test(arguments: try Vectors.conformance().primitives.varint)
  func `an integer is written and read as the reference does`(
    vector: Primitives.VarintCase
  ) throws {
    let value = try #require(vector.value.flatMap { UInt64($0) })
    var bytes: [UInt8] = []
    Varint.append(value, to: &bytes)
    #expect(Hex.encode(bytes) == vector.hex)
    var offset = 0
    #expect(try Varint.read(bytes, at: &offset) == value)
    #expect(offset == bytes.count)
  }

  /// The reference also reads `8000` as 0 and 2^70 − 1 as 2^64 − 1.
  @Test(arguments: try Vectors.conformance().primitives.varintDecode)
  func `an integer in its shortest form is read and any other refused`(
    vector: Primitives.VarintCase
  ) throws {
    let refused: [String: ReconciliationError] = [
      "ff": .truncated(offset: 1),
      "8000": .notShortest(offset: 0),
      "ffffffffffffffffff7f": .overflow(offset: 0),
    ]
    let bytes = try #require(Hex.decode(vector.hex))
    var offset = 0
    if let error = refused[vector.hex] {
      #expect(throws: error) { try Varint.read(bytes, at: &offset) }
    } else {
      let value = try Varint.read(bytes, at: &offset)
      #expect(String(value) == vector.value)
      #expect(bytes.count - offset == vector.bytesLeft)
    }
  }

  @Test(arguments: [
    "8fffffffffffffffff7f", "82808080808080808000", "ffffffffffffffffffff7f",
  ])
  func `an integer beyond 64 bits is refused`(hex: String) throws {
    let bytes = try #require(Hex.decode(hex))
    var offset = 0
    #expect(throws: ReconciliationError.overflow(offset: 0)) {
      try Varint.read(bytes, at: &offset)
    }
  }

  @Test func `every width of integer survives writing and reading`() throws {
    for shift in 0..<64 {
      for value in [UInt64.max >> UInt64(shift), 1 << UInt64(shift)] {
        var bytes: [UInt8] = []
        Varint.append(value, to: &bytes)
        var offset = 0
        #expect(try Varint.read(bytes, at: &offset) == value)
      }
    }
  }

  @Test(arguments: try Vectors.conformance().primitives.fingerprint)
  func `ids have the sum and the fingerprint of the reference`(
    vector: Primitives.FingerprintCase
  ) throws {
    var ids = try (vector.ids ?? []).map { try #require(Digest(hex: $0)) }
    if let generated = vector.generated {
      ids = (0..<generated.count).map { SHA256.hash(Array("\(generated.label)/\($0)".utf8)) }
    }
    let sum = ids.reduce(into: IDSum()) { $0 += IDSum($1) }
    #expect(Hex.encode(sum.littleEndianBytes) == vector.sum)
    #expect(Hex.encode(sum.fingerprint(count: vector.count).bytes) == vector.fingerprint)
    #expect(IDSum(littleEndian: sum.littleEndianBytes) == sum)
  }

  @Test(arguments: try Vectors.conformance().primitives.negate)
  func `a sum is negated as the reference does`(vector: Primitives.NegateCase) throws {
    let sum = try #require(Hex.decode(vector.in).flatMap { IDSum(littleEndian: $0) })
    #expect(Hex.encode((-sum).littleEndianBytes) == vector.out)
  }

  @Test func `sums carry over all words and differences take it back`() throws {
    var generator = SeededGenerator(seed: 1)
    let ones = try #require(IDSum(littleEndian: [UInt8](repeating: 0xff, count: 32)))
    for _ in 0..<100 {
      let sum = IDSum(generator.digest())
      var total = sum
      total += ones
      #expect(total - ones == sum)
      #expect(total - sum == ones)
    }
  }

  @Test(arguments: try Vectors.conformance().primitives.minimalBound)
  func `the bound between neighbours is as short as that of the reference`(
    vector: Primitives.MinimalBound
  ) {
    let bound = Bound(between: vector.prev.item, and: vector.curr.item)
    #expect(String(bound.seconds) == vector.timestamp)
    #expect(Hex.encode(bound.prefix) == vector.prefix)
    #expect(vector.prev.item < bound.leastItem && bound.leastItem <= vector.curr.item)
  }

  @Test(arguments: try Vectors.conformance().primitives.boundSequence)
  func `bounds of one message are written and read relative to each other`(
    vector: Primitives.BoundSequence
  ) throws {
    var writer = MessageWriter()
    var hex = ""
    for pair in vector.bounds {
      let prefix = try #require(Hex.decode(pair[1]))
      let seconds = try #require(UInt64(pair[0]))
      let start = writer.bytes.count
      writer.skip(to: try #require(Bound(seconds: seconds, prefix: prefix)))
      hex += Hex.encode(writer.bytes[start...].dropLast())
    }
    #expect(hex == vector.hex)

    var reader = MessageReader(writer.bytes)
    #expect(try reader.version() == Negentropy.version)
    for pair in vector.bounds {
      let range = try #require(try reader.range())
      #expect([String(range.bound.seconds), Hex.encode(range.bound.prefix)] == pair)
    }
    let end = try reader.range()
    #expect(end == nil)
  }

  @Test func `a time that adds up beyond infinity is infinity`() throws {
    var reader = MessageReader(try #require(Hex.decode("610a000081ffffffffffffffff7f0000")))
    _ = try reader.version()
    #expect(try reader.range()?.bound.seconds == 9)
    #expect(try reader.range()?.bound.isInfinity == true)
  }

  @Test func `an operation is placed by whole seconds that end below 2^32 − 1`() {
    let id = Digest.zero
    #expect(ReconcilableItem(operation: id, milliseconds: 1999).seconds == 1)
    #expect(ReconcilableItem(operation: id, milliseconds: .max).seconds == 4_294_967_294)
  }

  @Test func `a prefix longer than an id makes no bound`() {
    #expect(Bound(seconds: 0, prefix: [UInt8](repeating: 0, count: 32)) != nil)
    #expect(Bound(seconds: 0, prefix: [UInt8](repeating: 0, count: 33)) == nil)
  }
}
