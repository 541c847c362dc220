import CRDT
import Operations
import Reconciliation
import Signatures
import TestSupport
import WireFormat

/// The parts of taking an operation in, and of answering about a set, one after another.
struct Micro {
  private static let million = 1_000_000

  private let region: SampleRegion
  private let operations: [Operation]
  private var generator = SeededGenerator(seed: 1)

  init() throws {
    region = try SampleRegion(seed: 1)
    let officer = region.organisations[0].officers[0]
    var operations: [Operation] = []
    let summary = String(repeating: "Vi prövade en ny arbetsgång. ", count: 20)
    for number in 0..<1000 {
      let changes = [
        ChangeDraft(type: .set, path: "title", value: .text("Försök nummer \(number)")),
        ChangeDraft(type: .set, path: "summary", value: .text(summary)),
        ChangeDraft(type: .set, path: "stage", value: .text("PILOT")),
        ChangeDraft(type: .add, path: "themes", value: .text("EDUC")),
      ]
      operations.append(
        try region.author(
          changes, record: operations.first?.id, by: officer,
          after: operations.last.map { [$0.id] } ?? [],
          at: SampleRegion.time(UInt64(number + 1) * 1000), using: &generator))
    }
    self.operations = operations
  }

  func run() throws {
    print("| part | CPU each |\n|---|---:|")
    try row("decode an operation, no signature checked", count: operations.count) {
      for operation in operations {
        _ = try Operation(stored: operation.envelope.bytes, body: operation.body?.bytes ?? [])
      }
    }
    try row("decode and verify one", count: operations.count) {
      for operation in operations {
        _ = try Operation(
          envelope: operation.envelope.bytes, body: operation.body?.bytes ?? [],
          region: region.id, bodyMayBeMissing: false)
      }
    }
    let (key, message) = (region.council.key, operations[0].envelope.bytes)
    let signature = key.sign(message)
    row("Ed25519 alone: verify", count: 1000) {
      for _ in 0..<1000 { precondition(key.publicKey.verifies(signature, of: message)) }
    }
    row("Ed25519 alone: sign", count: 1000) { for _ in 0..<1000 { _ = key.sign(message) } }
    var digest = SetDigest()
    row("add an id to a set digest (LtHash)", count: 10_000) {
      for index in 0..<10_000 { digest.insert(operations[index % 1000].id) }
    }
    try fold(10)
    try fold(100)
    try tree()
  }

  private func fold(_ count: Int) throws {
    let held = operations.prefix(count).map {
      HeldOperation($0, isAccepted: true, isErased: false)
    }
    let key = RecordKey(organisation: region.organisations[0].id, record: operations[0].id)
    row("fold a record of \(count) operations", count: 1000) {
      for _ in 0..<1000 { _ = RecordState(folding: held, of: key) }
    }
  }

  private func tree() throws {
    var generator = SeededGenerator(seed: 2)
    let items = (0..<Self.million).map {
      ReconcilableItem(seconds: UInt64($0) * 60, id: SHA256.hash(generator.bytes(8)))
    }
    let pages = EncodedPages()
    var tree = try SumTree(pages)
    // Stored a thousand at a time, as transactions do.
    try row("insert into the tree of sums, in order, with storing", count: items.count) {
      for (index, item) in items.enumerated() {
        try tree.insert(item)
        if index % 1000 == 999 { tree = try pages.store(tree) }
      }
    }
    var sum = IDSum()
    try row("any range's sum of 1 000 000 items", count: 10_000) {
      for _ in 0..<10_000 {
        let bound = Int.random(in: 1...Self.million, using: &generator)
        sum += try tree.sum(Int.random(in: 0..<bound, using: &generator)..<bound)
      }
    }
    try row("a search among them", count: 10_000) {
      for _ in 0..<10_000 {
        let item = items[Int.random(in: 0..<Self.million, using: &generator)]
        let index = try tree.lowerBound(from: 0, Bound(before: item))
        precondition(index < Self.million)
      }
    }
    try row("a split of them into 16 parts", count: 200) {
      for _ in 0..<200 {
        var reconciler = try Reconciler()
        _ = try reconciler.initiate(over: tree)
      }
    }
    precondition(sum != IDSum())
  }

  private func row(_ name: String, count: Int, _ body: () throws -> Void) rethrows {
    let seconds = try cpuSeconds(body)
    print("| \(name) | \(fixed(seconds / Double(count) * 1e6)) µs |")
  }
}

/// Pages as bytes, decoded as a store decodes them.
final class EncodedPages: SumPages {
  private var contents: [Int64: [UInt8]] = [:]
  private var cache = SumPageCache()

  func page(_ number: Int64) throws -> SumPage? {
    cache.page(number) { contents[number].flatMap(SumPage.init(bytes:)) }
  }

  func nextNumber() throws -> Int64 { Int64(contents.count) }

  /// Keeps the changes and gives the tree without them.
  func store(_ tree: SumTree<EncodedPages>) throws -> SumTree<EncodedPages> {
    for (number, page) in tree.changes { contents[number] = page?.bytes }
    cache = SumPageCache()
    return try SumTree(self)
  }
}
