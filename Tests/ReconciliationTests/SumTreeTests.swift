import Reconciliation
import Signatures
import Testing

/// The tree against a sorted array, which answers the same without pages.
struct SumTreeTests {
  @Test(arguments: UInt64(0)..<12)
  func `a tree answers as the sorted array of its items does, whatever came and went`(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    // Few times make many ids share one, as in a flood under one timestamp.
    let times = UInt64([1, 40, 4000, 100_000][Int(seed % 4)])
    var tree = try SumTree(PagesInMemory())
    var held: Set<ReconcilableItem> = []
    for step in 0..<3000 {
      let isLeaving = generator.next() % 5 == 0
      if isLeaving, let item = held.randomElement(using: &generator) {
        #expect(try tree.remove(item), "seed \(seed)")
        held.remove(item)
      } else {
        let seconds = seed.isMultiple(of: 3) ? UInt64(step) : generator.next() % times
        let item = ReconcilableItem(seconds: seconds, id: generator.digest())
        #expect(try tree.insert(item), "seed \(seed)")
        held.insert(item)
      }
      // As each transaction of a store does.
      if step % 97 == 0 { tree = try tree.stored() }
    }
    try expectEqual(try tree.stored(), try SortedItems(held), &generator, seed)
  }

  @Test func `an item that is there is not inserted, and one that is not there not removed`() throws
  {
    var generator = SeededGenerator(seed: 20)
    let items = (0..<500).map { ReconcilableItem(seconds: $0 / 7, id: generator.digest()) }
    var tree = try SumTree(PagesInMemory())
    for item in items { try tree.insert(item) }
    let total = tree.total
    for item in items { #expect(try !tree.insert(item)) }
    #expect(try !tree.remove(ReconcilableItem(seconds: 3, id: generator.digest())))
    #expect(tree.total == total)
    #expect(try tree.isSound())
  }

  @Test(arguments: UInt64(0)..<4)
  func `a tree that has lost all its items is as it was at first`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let items = (0..<6000).map {
      ReconcilableItem(seconds: $0 / 3, id: generator.digest())
    }
    let pages = PagesInMemory()
    var tree = try SumTree(pages)
    for item in items { try tree.insert(item) }
    tree = try tree.stored()
    for item in items.shuffled(using: &generator) { #expect(try tree.remove(item)) }
    tree = try tree.stored()
    #expect(tree.count == 0 && tree.total.sum == IDSum())
    #expect(pages.contents.count == 1, "an empty root")
    try tree.insert(items[0])
    #expect(try tree.item(at: 0) == items[0])
  }

  @Test func `news at the end leave full pages behind`() throws {
    let pages = PagesInMemory()
    var tree = try SumTree(pages)
    var generator = SeededGenerator(seed: 21)
    for index in 0..<20_000 {
      try tree.insert(ReconcilableItem(seconds: UInt64(index), id: generator.digest()))
    }
    tree = try tree.stored()
    #expect(pages.contents.count <= 20_000 / 100 + 20)
    #expect(pages.contents.values.allSatisfy { $0.count <= 4061 }, "each fits beside its row")
  }

  @Test func `a sum, a search and a split of a large tree read a few pages`() throws {
    let pages = PagesInMemory()
    var tree = try SumTree(pages)
    var generator = SeededGenerator(seed: 22)
    for index in 0..<60_000 {
      try tree.insert(ReconcilableItem(seconds: UInt64(index), id: generator.digest()))
    }
    tree = try tree.stored()
    func reads(_ body: () throws -> Void) rethrows -> Int {
      pages.reads = []
      try body()
      return pages.reads.count
    }
    #expect(try reads { _ = try SumTree(pages) } == 1)
    #expect(try reads { _ = try tree.sum(12_345..<54_321) } <= 2 * 3)
    #expect(
      try reads { _ = try tree.lowerBound(from: 0, Bound(before: tree.item(at: 777))) } <= 2 * 3)
    var reconciler = try Reconciler()
    // Each of 16 parts has a sum, and a bound between two items.
    #expect(try reads { _ = try reconciler.initiate(over: tree) } <= 16 * 2 * 2 * 3)
    #expect(Set(pages.reads).count <= 16 * 2 + 16)
  }

  @Test func `reconciliation over trees sends what it sends over arrays`() throws {
    for session in try Vectors.conformance().sessions.prefix(30) {
      let (client, server) = (try tree(session.items.client), try tree(session.items.server))
      var initiator = try Reconciler(frameSizeLimit: session.limits.client)
      var responder = try Reconciler(frameSizeLimit: session.limits.server)
      let exchange = try Exchange(
        client: session.items.client, server: session.items.server,
        clientLimit: session.limits.client, serverLimit: session.limits.server)
      var message = try initiator.initiate(over: client)
      for round in exchange.rounds {
        #expect(message == round.toServer)
        let answer = try responder.reconcile(message, over: server)
        #expect(answer.next == .message(round.toClient))
        let step = try initiator.reconcile(round.toClient, over: client)
        #expect(step.have == round.have && step.need == round.need)
        if case .message(let next) = step.next { message = next }
      }
    }
  }

  private func tree(_ items: [ReconcilableItem]) throws -> SumTree<PagesInMemory> {
    var tree = try SumTree(PagesInMemory())
    for item in items { try tree.insert(item) }
    return tree
  }

  // MARK: - Damage

  @Test(arguments: UInt64(0)..<40)
  func `a page that is lost or changed is told and never answers for another`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pages = PagesInMemory()
    var tree = try SumTree(pages)
    for index in 0..<5000 {
      try tree.insert(ReconcilableItem(seconds: UInt64(index / 3), id: generator.digest()))
    }
    _ = try tree.stored()
    let number = try #require(pages.contents.keys.sorted().randomElement(using: &generator))
    if seed.isMultiple(of: 4), number != SumTree<PagesInMemory>.root {
      pages.contents[number] = nil
    } else {
      let index = Int.random(in: 0..<pages.contents[number]!.count, using: &generator)
      pages.contents[number]![index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    }
    let isFound: Bool
    do {
      let damaged = try SumTree(pages)
      isFound = try !damaged.isSound()
      // Whatever it answers, it ends.
      _ = try? damaged.all()
      _ = try? damaged.sum(0..<damaged.count / 2)
      _ = try? damaged.lowerBound(from: 0, Bound(seconds: 900, prefix: [3])!)
    } catch is SumTreeError {
      isFound = true
    }
    // What a child's least says is no more than a lower bound: the item itself is not changed.
    #expect(isFound || changesABoundOnly(pages), "seed \(seed), page \(number)")
  }

  /// Whether every item is still there, in its place.
  private func changesABoundOnly(_ pages: PagesInMemory) -> Bool {
    guard let tree = try? SumTree(pages), let items = try? tree.all() else { return false }
    return items == items.sorted() && items.allSatisfy { (try? tree.contains($0)) == true }
  }

  // MARK: - Checks

  private func expectEqual(
    _ tree: SumTree<PagesInMemory>, _ items: SortedItems, _ generator: inout SeededGenerator,
    _ seed: UInt64
  ) throws {
    #expect(try tree.isSound(), "seed \(seed)")
    #expect(tree.count == items.count)
    #expect(try tree.all() == items.all(), "seed \(seed)")
    for _ in 0..<200 {
      let bounds = (0..<2).map { _ in Int.random(in: 0...items.count, using: &generator) }.sorted()
      let range = bounds[0]..<bounds[1]
      #expect(try tree.fingerprint(range) == items.fingerprint(range), "seed \(seed), \(range)")
      guard !range.isEmpty else { continue }
      let item = items.item(at: range.lowerBound)
      #expect(try tree.item(at: range.lowerBound) == item, "seed \(seed)")
      #expect(try tree.contains(item))
      let prefix = Array(item.id.bytes.prefix(Int.random(in: 0...32, using: &generator)))
      let bound = try #require(Bound(seconds: item.seconds, prefix: prefix))
      #expect(
        try tree.lowerBound(from: bounds[0] / 2, bound)
          == items.lowerBound(from: bounds[0] / 2, bound),
        "seed \(seed)")
    }
    #expect(try tree.lowerBound(from: 0, .infinity) == items.count)
    #expect(try tree.lowerBound(from: 0, .start) == 0)
  }
}

/// Pages as bytes, as a table keeps them.
private final class PagesInMemory: SumPages {
  var contents: [Int64: [UInt8]] = [:]
  /// Which were asked for.
  var reads: [Int64] = []

  func page(_ number: Int64) throws -> SumPage? {
    reads.append(number)
    guard let content = contents[number] else { return nil }
    guard let page = SumPage(bytes: content) else { throw SumTreeError.damaged(page: number) }
    return page
  }

  func nextNumber() throws -> Int64 { (contents.keys.max() ?? -1) + 1 }
}

extension SumTree<PagesInMemory> {
  /// What a later transaction finds.
  fileprivate func stored() throws -> SumTree {
    for (number, page) in changes { pages.contents[number] = page?.bytes }
    return try SumTree(pages)
  }
}

extension ReconcilableSet {
  fileprivate func all() throws -> [ReconcilableItem] {
    var all: [ReconcilableItem] = []
    try forEach(in: 0..<count) { all.append($0) }
    return all
  }
}
