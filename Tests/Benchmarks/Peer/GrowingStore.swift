import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import WireFormat

/// Short entries by the thousand, so that a store of a million operations can be made in minutes.
struct GrowingStore {
  private static let perTransaction = 1000
  private static let words = [
    "skola", "vård", "omsorg", "digital", "samverkan", "upphandling", "bibliotek", "äldre", "miljö",
    "trygghet", "metod", "nämnd", "uppföljning", "medarbetare", "brukare", "vatten", "idé",
    "kultur",
  ]
  private static let themes = ["EDU", "CARE", "CLIMATE", "DIGITAL", "CULTURE"]

  let region: SampleRegion
  let store: OperationStore
  private var generator: SeededGenerator

  init(_ node: BenchmarkNode, seed: UInt64) throws {
    region = try BenchmarkNode.region()
    store = node.store
    generator = SeededGenerator(seed: seed)
  }

  /// Entries by the first officer of every organisation, evenly from the founding of the region until
  /// now, in the order of their times.
  mutating func fill(_ count: Int, now: UInt64) throws {
    let start = SampleRegion.start.milliseconds
    let step = (now - start) / UInt64(count + 1)
    var heads: [Digest?] = region.organisations.map { _ in nil }
    for first in stride(from: 0, to: count, by: Self.perTransaction) {
      var parcels: [Parcel] = []
      for number in first..<min(first + Self.perTransaction, count) {
        let author = number % region.organisations.count
        let operation = try region.author(
          changes(), by: region.organisations[author].officers[0],
          after: [heads[author]].compactMap(\.self),
          at: Timestamp(milliseconds: start + UInt64(number + 1) * step), using: &generator)
        heads[author] = operation.id
        parcels.append(Parcel(operation))
      }
      try take(parcels, now)
    }
  }

  /// One entry by the second officer of each of so many organisations, at any times there have been.
  mutating func scatter(_ count: Int, now: UInt64) throws {
    let parcels = try region.organisations.prefix(count).map { organisation in
      Parcel(
        try region.author(
          changes(), by: organisation.officers[1],
          at: Timestamp(
            milliseconds: UInt64.random(
              in: SampleRegion.start.milliseconds..<now, using: &generator)), using: &generator))
    }
    try take(parcels, now)
  }

  /// Entries of today by one officer, published as a command does.
  mutating func news(_ count: Int, now: UInt64) throws {
    guard let author = region.organisations.last?.officers[1] else { return }
    let drafts = (0..<count).map { _ in
      OperationStore.Draft.record(changes(), family: "entry", record: nil)
    }
    _ = try store.publish(
      drafts, with: author.key, as: [.author], clock: now, random: { Randomness.bytes(16) })
  }

  private func take(_ parcels: [Parcel], _ now: UInt64) throws {
    let report = try store.ingest(
      parcels, in: .records, from: store.id(), cursor: nil, now: now)
    guard report.held.count == parcels.count else { fatalError("refused: \(report.refusals)") }
  }

  private mutating func changes() -> [ChangeDraft] {
    func text(_ count: Int) -> CBOR {
      .text(
        (0..<count).map { _ in Self.words.randomElement(using: &generator) ?? "" }.joined(
          separator: " "))
    }
    return [
      ChangeDraft(type: .set, path: "title", value: text(5)),
      ChangeDraft(type: .set, path: "summary", value: text(30)),
      ChangeDraft(type: .set, path: "stage", value: .text("IDEA")),
      ChangeDraft(
        type: .add, path: "themes",
        value: .text(Self.themes.randomElement(using: &generator) ?? "")),
    ]
  }
}
