import OperationStore
import Operations
import TestSupport
import Testing
import WireFormat

/// Operations that come before what they follow.
@Suite struct WaitingTests {
  private var office: Office
  private let store: OperationStore

  init() throws {
    office = try Office()
    store = try office.store()
  }

  @Test mutating func `an operation before its prev waits outside every digest`() throws {
    let chain = try office.chain(2)
    let before = try store.snapshot()
    let dump = try store.projectionDump()
    let report = try store.take([chain[1]])
    #expect(report.waiting == [chain[1].id])
    #expect(report.held.isEmpty && report.refusals.isEmpty)
    #expect(try store.status().waiting == 1)
    #expect(try store.snapshot().total == before.total)
    #expect(try store.projectionDump() == dump)
  }

  @Test mutating func `the prev that arrives releases all that waited for it, in one batch`() throws
  {
    let chain = try office.chain(6)
    for operation in chain.dropFirst().reversed() { try store.take([operation]) }
    #expect(try store.status().waiting == 5)
    let report = try store.take([chain[0]])
    #expect(report.held == chain.map(\.id))
    #expect(report.waiting.isEmpty)
    #expect(try store.status().waiting == 0)
    #expect(try store.ids(.records) == chain.map(\.id))
  }

  @Test mutating func `a batch in any order is held whole and nothing of it waits`() throws {
    let chain = try office.chain(4)
    try forEachPermutation(of: Array(0..<4)) { order in
      let store = try office.store()
      let report = try store.take(order.map { chain[$0] })
      #expect(Set(report.held) == Set(chain.map(\.id)), "order \(order)")
      #expect(report.waiting.isEmpty, "order \(order)")
      #expect(try store.status().waiting == 0)
    }
  }

  @Test mutating func `a batch of hundreds tells apart what is new, held, repeated and edited`()
    throws
  {
    let chain = try office.chain(350)
    // Of every third the first is held, and the others wait.
    let former = chain.enumerated().filter { $0.offset.isMultiple(of: 3) }.map(\.element)
    for operation in former { try store.take([operation]) }
    let edits = try [0, 149, 150, 299, 349].map { index in
      try office.region.author(
        [.set("title", "Ny \(index)")], record: chain[index].id, by: office.officer,
        after: [chain[349].id], at: SampleRegion.time(9000 + UInt64(index)),
        using: &office.generator)
    }
    let report = try store.take(chain.reversed() + edits + chain.suffix(120))
    #expect(Set(report.held) == Set((chain + edits).map(\.id)).subtracting([chain[0].id]))
    #expect(try store.status().waiting == 0)
    let other = try office.store()
    for operation in chain + edits { try other.take([operation]) }
    #expect(try other.projectionDump() == store.projectionDump())
    #expect(try other.snapshot().total == store.snapshot().total)
  }

  @Test mutating func `an operation with two prevs waits for both`() throws {
    let first = try office.entry("Ett")
    let second = try office.entry("Två")
    let last = try office.entry("Tre", after: [first.id, second.id])
    try store.take([last])
    #expect(try store.take([first]).held == [first.id])
    #expect(try store.status().waiting == 1)
    #expect(try store.take([second]).held == [second.id, last.id])
    #expect(try store.status().waiting == 0)
  }

  @Test mutating func `an operation that waits twice is kept once`() throws {
    let chain = try office.chain(2)
    try store.take([chain[1]])
    try store.take([chain[1], chain[1]])
    #expect(try store.status().waiting == 1)
  }

  @Test mutating func `what waited is refused when its prev is another key's`() throws {
    let foreign = try office.entry("Annans", by: office.organisation.officers[1])
    let follower = try office.entry("Egen", after: [foreign.id])
    #expect(try store.take([follower]).waiting == [follower.id])
    let report = try store.take([foreign])
    #expect(report.held == [foreign.id])
    #expect(report.refusals.map(\.code) == ["prev-foreign"])
    #expect(try store.status().waiting == 0)
  }

  @Test mutating func `the waiting area is bounded and the oldest make room`() throws {
    let root = try office.entry("Rot")
    var waiting: [Operation] = []
    for index in 0..<Limits.waitingOperationsMax + 10 {
      waiting.append(try office.entry("\(index)", after: [root.id], at: UInt64(2000 + index)))
    }
    let report = try store.take(waiting)
    #expect(report.waiting.count == waiting.count)
    #expect(try store.status().waiting == Limits.waitingOperationsMax)
    let released = try store.take([root])
    #expect(Set(released.held) == Set([root.id] + waiting.dropFirst(10).map(\.id)))
    #expect(try store.take(Array(waiting.prefix(10))).held == waiting.prefix(10).map(\.id))
  }
}
