import Foundation
import Reconciliation
import Signatures
import Testing

struct ReconcilerTests {
  private let none: SortedItems

  init() throws {
    none = try SortedItems([])
  }

  @Test func `exact duplicates are held once and order does not matter`() throws {
    var generator = SeededGenerator(seed: 11)
    let items = (0..<50).map { ReconcilableItem(seconds: $0 % 5, id: generator.digest()) }
    let set = try SortedItems(items.reversed() + items)
    #expect(set.count == 50)
    #expect((0..<50).map { set.item(at: $0) } == items.sorted())
  }

  @Test func `an item at infinity is refused`() {
    #expect(throws: ReconciliationError.reservedTimestamp) {
      try SortedItems([ReconcilableItem(seconds: .max, id: .zero)])
    }
  }

  @Test func `a search finds the first item at or above every bound`() throws {
    var generator = SeededGenerator(seed: 12)
    let items = (0..<40).map { ReconcilableItem(seconds: $0 / 8, id: generator.digest()) }.sorted()
    let set = try SortedItems(items)
    #expect(set.lowerBound(from: 0, .start) == 0)
    #expect(set.lowerBound(from: 7, .infinity) == 40)
    for (index, item) in items.enumerated() {
      #expect(set.lowerBound(from: 0, Bound(before: item)) == index)
      guard index > 0 else { continue }
      #expect(set.lowerBound(from: 0, Bound(between: items[index - 1], and: item)) == index)
    }
  }

  @Test(arguments: [-1, 1, 4095])
  func `a frame limit too small to make progress is refused`(limit: Int) {
    #expect(throws: ReconciliationError.frameLimitTooSmall(limit)) {
      try Reconciler(frameSizeLimit: limit)
    }
  }

  @Test func `a second start and a message after the end are refused`() throws {
    var initiator = try Reconciler()
    _ = try initiator.initiate(over: none)
    #expect(throws: ReconciliationError.alreadyStarted) { try initiator.initiate(over: none) }
    #expect(try initiator.reconcile([Negentropy.version], over: none).next == .done)
    #expect(throws: ReconciliationError.finished) {
      try initiator.reconcile([Negentropy.version], over: none)
    }
    var responder = try Reconciler()
    _ = try responder.reconcile([Negentropy.version], over: none)
    #expect(throws: ReconciliationError.alreadyStarted) { try responder.initiate(over: none) }
  }

  @Test func `a responder asked for another version offers its own and then works`() throws {
    var responder = try Reconciler()
    #expect(
      try responder.reconcile([0x62, 0xff], over: none).next == .message([Negentropy.version]))
    var initiator = try Reconciler()
    let opening = try initiator.initiate(over: none)
    #expect(try responder.reconcile(opening, over: none).next == .message([0x61, 0, 0, 2, 0]))
  }

  @Test func `needed ids come in the order of the peer and listed twice count once`() throws {
    var initiator = try Reconciler()
    _ = try initiator.initiate(over: none)
    var generator = SeededGenerator(seed: 13)
    let ids = (0..<5).map { _ in generator.digest() }
    var writer = MessageWriter()
    writer.ids((ids + ids).flatMap(\.bytes), to: .infinity)
    let step = try initiator.reconcile(writer.bytes, over: none)
    #expect(step.need == ids)
    #expect(step.have.isEmpty && step.next == .done)
  }

  @Test(arguments: [0, 1, 10, 100], [false, true])
  func `from a checkpoint on, news cost 32 bytes each and one round trip`(
    news: Int, areOldOnesEqual: Bool
  ) throws {
    var generator = SeededGenerator(seed: UInt64(news))
    func items(_ count: Int, from seconds: UInt64) -> [ReconcilableItem] {
      (0..<count).map { ReconcilableItem(seconds: seconds + UInt64($0), id: generator.digest()) }
    }
    let old = items(20_000, from: 1000)
    let (here, there) = (items(news, from: 30_000), items(news, from: 30_000))
    let missing = areOldOnesEqual ? [] : [old[7], old[15_000]]
    let exchange = try Exchange(
      client: old + here, server: old.filter { !missing.contains($0) } + there,
      checkpoint: Bound(seconds: 30_000, prefix: []))
    #expect(exchange.isDone)
    #expect(exchange.have == Set((here + missing).map(\.id)))
    #expect(exchange.need == Set(there.map(\.id)))
    let byteCount = exchange.messages.map(\.count).reduce(0, +)
    if areOldOnesEqual {
      #expect(exchange.rounds.count == 1)
      #expect(byteCount <= 40 + 32 * news, "\(byteCount)")
    } else {
      #expect(exchange.rounds.count <= 3)
    }
  }

  @Test func `a checkpoint below everything is none`() throws {
    var (plain, checkpointed) = (try Reconciler(), try Reconciler())
    let items = try SortedItems([ReconcilableItem(seconds: 9, id: .zero)])
    #expect(
      try checkpointed.initiate(over: items, checkpoint: Bound(seconds: 9, prefix: []))
        == plain.initiate(over: items))
  }

  @Test func `an error of the storage reaches the caller unchanged`() throws {
    var initiator = try Reconciler()
    #expect(throws: BrokenSet.Failure.self) { try initiator.initiate(over: BrokenSet()) }
    var responder = try Reconciler()
    let fingerprint = Array(repeating: UInt8(0), count: 16)
    #expect(throws: BrokenSet.Failure.self) {
      try responder.reconcile([0x61, 0, 0, 1] + fingerprint, over: BrokenSet())
    }
  }

  /// Why the digests of the sets are compared afterwards.
  @Test func `forged sets with equal fingerprints have different set digests`() throws {
    let collision = try Vectors.load(Collision.self, "vectors/reconciliation/sum256-collision.json")
    let ids = collision.counters.enumerated().map { index, counter in
      SHA256.hash(Self.littleEndian(UInt64(index)) + Self.littleEndian(counter))
    }
    let sets = [0, 1].map { part in
      ids.indices.filter { $0 % 2 == part }.map { ids[$0] }
    }
    let fingerprints = sets.map { set in
      set.reduce(into: IDSum()) { $0 += IDSum($1) }.fingerprint(count: set.count)
    }
    let digests = sets.map { set in set.reduce(into: SetDigest()) { $0.insert($1) } }
    #expect(Set(ids).count == ids.count)
    for fingerprint in fingerprints {
      #expect(Hex.encode(fingerprint.bytes) == collision.fingerprint)
    }
    #expect(digests[0] != digests[1])
  }

  private static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }
}

private struct Collision: Decodable {
  let counters: [UInt64]
  let fingerprint: String
}

/// A store whose disk has failed.
private struct BrokenSet: ReconcilableSet {
  struct Failure: Error {}

  let count = 100

  func item(at index: Int) throws -> ReconcilableItem { throw Failure() }
  func lowerBound(from: Int, _ bound: Bound) throws -> Int { count }
  func sum(_ range: Range<Int>) throws -> IDSum { throw Failure() }
}
