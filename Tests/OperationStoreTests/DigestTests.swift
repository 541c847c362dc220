import OperationStore
import Operations
import Reconciliation
import Signatures
import TestSupport
import Testing

/// What a store says it holds: set digests, arrivals, and the set it reconciles.
@Suite struct DigestTests {
  private var office: Office

  init() throws {
    office = try Office()
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  mutating func `after any sequence the digests are those of a set counted anew`(
    seed: UInt64
  ) throws {
    var generator = SeededGenerator(seed: seed)
    let store = try office.store()
    let history = try Sequence(office: &office, count: 12)
    for step in 0..<30 {
      switch generator.next() % 4 {
      case 0:
        try store.write(
          .set("title", "Egen \(step)"), by: office.region.organisations[1].officers[0],
          random: UInt8(step))
      case 1: try store.rebuild()
      default: try store.take(history.batch(using: &generator))
      }
      try expectFreshDigests(store, "seed \(seed), step \(step)")
    }
  }

  private func expectFreshDigests(_ store: OperationStore, _ place: String) throws {
    let snapshot = try store.snapshot()
    var charter = SetDigest()
    for id in try store.ids(.charter) { charter.insert(id) }
    var total = charter
    for id in try store.ids(.records) { total.insert(id) }
    #expect(snapshot.charter == charter, "\(place)")
    #expect(snapshot.total == total, "\(place)")
  }

  @Test mutating func `duplicates change nothing, in one batch or in a later one`() throws {
    let store = try office.store()
    let chain = try office.chain(3)
    let report = try store.take(chain + chain)
    #expect(report.held == chain.map(\.id))
    #expect(report.duplicates == chain.map(\.id))
    let before = (try store.content(), try store.snapshot().last)
    let again = try store.take(chain.reversed())
    #expect(again.held.isEmpty)
    #expect(Set(again.duplicates) == Set(chain.map(\.id)))
    #expect(try store.content() == before.0)
    #expect(try store.snapshot().last == before.1)
    #expect(try store.refusalCounts().isEmpty)
  }

  @Test mutating func `arrivals are numbered without gaps and leave out one source`() throws {
    let store = try office.store(withCharter: false)
    try store.take(office.region.charterOperations, in: .charter, from: 7)
    let first = [try office.entry("Ett"), try office.entry("Två")]
    let second = try office.entry("Tre")
    try store.take(first, from: 8)
    try store.take([second], from: 9)
    let own = try store.write(.set("title", "Egen"), by: office.officer)
    let all = try store.arrivals(in: .records, after: 0, through: .max, notFrom: nil)
    #expect(all.map(\.id) == first.map(\.id) + [second.id, own.id])
    let start = UInt64(office.region.charterOperations.count) + 2
    #expect(all.map(\.number) == Array(start..<start + 4))
    let not8 = try store.arrivals(
      in: .records, after: 0, through: .max, notFrom: Office.storeID(8))
    #expect(not8.map(\.id) == [second.id, own.id])
    let middle = try store.arrivals(
      in: .records, after: start, through: start + 2, notFrom: nil)
    #expect(middle.map(\.id) == [first[1].id, second.id])
    #expect(try store.snapshot().last == all.last)
    #expect(try store.arrivals(of: [own.id, first[0].id, .zero]) == [all[0], all[3]])
    #expect(try store.parcel(arrival: start) == Parcel(first[0]))
    #expect(try store.parcel(arrival: start + 4) == nil)
  }

  @Test mutating func `the reconcilable set is a scope up to a number and what is added`() throws {
    let store = try office.store()
    let chain = try office.chain(4)
    try store.take(chain)
    let second = try store.arrivals(of: [chain[1].id])[0]
    func ids(_ named: Set<Digest>) throws -> [Digest] {
      var subject = SessionSubject(last: second.number)
      subject.name(named)
      return try store.withItems(of: .records, subject) {
        try $0.all().map(\.id)
      }
    }
    #expect(Set(try ids([])) == Set(chain[..<2].map(\.id)))
    let added = try ids([chain[3].id, chain[0].id, .zero])
    #expect(Set(added) == [chain[0].id, chain[1].id, chain[3].id])
    #expect(added.count == 3, "what is within the range is not added twice")
    let count = try store.withItems(of: .charter, .everything) {
      $0.count
    }
    #expect(count == office.region.charterOperations.count + 1)
  }
}

/// Operations of two officers, some of which follow others, to be taken in batches at random.
private struct Sequence {
  private let operations: [Operation]

  init(office: inout Office, count: Int) throws {
    operations = try office.chain(count) + (0..<count).map { _ in try office.entry("Fri") }
  }

  func batch(using generator: inout SeededGenerator) -> [Operation] {
    let count = Int(generator.next() % 5) + 1
    return (0..<count).compactMap { _ in operations.randomElement(using: &generator) }
  }
}
