import Reconciliation
import Signatures
import Testing

struct MalformedMessageTests {
  @Test(arguments: [
    ("", ReconciliationError.truncated(offset: 0)),
    ("00", .invalidVersion(0)),
    ("70", .invalidVersion(0x70)),
    ("6100", .truncated(offset: 2)),
    ("610001ab", .truncated(offset: 4)),
    ("61000001aabb", .truncated(offset: 6)),
    ("61000081", .truncated(offset: 4)),
    ("61000002", .truncated(offset: 4)),
    ("6100000201ab", .truncated(offset: 6)),
    ("610000028fffffffffffffff7f", .truncated(offset: 13)),
    ("61000002818080808080808000", .truncated(offset: 13)),
    ("6100008001", .notShortest(offset: 3)),
    ("61018000", .notShortest(offset: 2)),
    ("6100000280", .notShortest(offset: 4)),
    ("61ffffffffffffffffffff00", .overflow(offset: 1)),
    ("6101ffffffffffffffffffff", .overflow(offset: 2)),
    ("6100210000", .prefixTooLong(offset: 1, found: 33)),
    ("610081ffffffffffffffff7f", .prefixTooLong(offset: 1, found: .max)),
    ("61000003", .unknownMode(offset: 3, mode: 3)),
    ("61020000010004", .unknownMode(offset: 6, mode: 4)),
    ("610101010001000000", .boundOrder(offset: 5)),
    ("61050201020001010100", .boundOrder(offset: 6)),
  ])
  func `a malformed message is refused with its reason and offset`(
    hex: String, expected: ReconciliationError
  ) throws {
    var responder = try Reconciler()
    let message = try #require(Hex.decode(hex))
    #expect(throws: expected) { try responder.reconcile(message, over: SortedItems([])) }
  }

  @Test(arguments: ["61000000000000", "61020000010000000000", "61000000050000"])
  func `equal bounds and bounds after infinity are empty ranges`(hex: String) throws {
    var responder = try Reconciler()
    let step = try responder.reconcile(try #require(Hex.decode(hex)), over: SortedItems([]))
    #expect(step.next == .message([Negentropy.version]))
  }

  @Test func `a message cut short is accepted only between two ranges`() throws {
    let sets = try MessageSource(seed: 3)
    for message in sets.messages {
      var ends: Set<Int> = [1]
      var probe = MessageReader(message)
      _ = try probe.version()
      while try probe.range() != nil { ends.insert(probe.offset) }
      for length in 0..<message.count {
        let isAccepted = try sets.accepts(Array(message.prefix(length)))
        #expect(isAccepted == ends.contains(length), "length \(length)")
      }
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `messages with flipped bits are answered or refused`(seed: UInt64) throws {
    let sets = try MessageSource(seed: seed)
    var generator = SeededGenerator(seed: seed)
    for message in sets.messages {
      for _ in 0..<50 {
        var flipped = message
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let index = Int.random(in: 0..<min(message.count, 400), using: &generator)
          flipped[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        try sets.expectAnswerOrRefusal(flipped, seed)
      }
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func `random bytes are answered or refused`(seed: UInt64) throws {
    let sets = try MessageSource(seed: seed)
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      // Small bytes make many short valid parts.
      let top: UInt8 = Bool.random(using: &generator) ? 3 : 255
      let length = Int.random(in: 0..<80, using: &generator)
      let body = (0..<length).map { _ in UInt8.random(in: 0...top, using: &generator) }
      try sets.expectAnswerOrRefusal([Negentropy.version] + body, seed)
    }
  }
}
