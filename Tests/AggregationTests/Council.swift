import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

/// A store in memory with the charter of a region, and officers whose clients write what they like.
struct Council {
  private(set) var region: SampleRegion
  let store: OperationStore
  private var generator = SeededGenerator(seed: 6)
  private var heads: [PublicKey: Digest] = [:]
  private var time: UInt64 = 1000

  init(organisations: Int = 3) throws {
    region = try SampleRegion(seed: 6, organisations: organisations)
    guard let id = StoreID([UInt8](repeating: 6, count: StoreID.byteCount)) else {
      fatalError("16 bytes")
    }
    store = try OperationStore.create(path: nil, founding: region.founding, id: id)
    try take(region.charterOperations, .charter)
  }

  var organisations: [SampleRegion.Organisation] { region.organisations }

  private func take(_ operations: [Operation], _ scope: Scope) throws {
    let report = try store.ingest(
      operations.map(Parcel.init), in: scope, from: store.id(), cursor: nil, now: 1)
    guard report.refusals.isEmpty else { fatalError("\(report.refusals)") }
  }

  /// An entry, or an edit of one, by an officer of an organisation.
  @discardableResult
  mutating func write(
    _ values: [(path: String, value: String)], by organisation: Int, officer: Int = 0,
    record: Digest? = nil, over targets: [AssignmentID] = []
  ) throws -> Operation {
    try sign(
      values.map {
        ChangeDraft(
          type: $0.path == "themes" ? .add : .set, path: $0.path, value: .text($0.value),
          targets: targets)
      }, by: organisation, officer, record)
  }

  /// Adds an element to a set of a record.
  mutating func add(
    _ path: String, _ value: CBOR, to record: Digest, by organisation: Int
  ) throws {
    _ = try sign([ChangeDraft(type: .add, path: path, value: value)], by: organisation, 0, record)
  }

  private mutating func sign(
    _ changes: [ChangeDraft], by organisation: Int, _ officer: Int, _ record: Digest?
  ) throws -> Operation {
    time += 1000
    let author = organisations[organisation].officers[officer]
    let operation = try region.author(
      changes, record: record, by: author,
      after: [heads[author.key.publicKey]].compactMap(\.self), at: SampleRegion.time(time),
      using: &generator)
    heads[author.key.publicKey] = operation.id
    try take([operation], .records)
    return operation
  }

  /// All records of one organisation pass to another.
  mutating func succeed(from: Int, to: Int) throws {
    time += 1000
    try take(
      [
        try region.act(
          .succeed(from: organisations[from].id, to: organisations[to].id, records: []),
          by: region.council, at: SampleRegion.time(time), using: &generator)
      ], .charter)
  }

  /// Admits another organisation under the code of one; gives its id.
  mutating func admitAgain(_ organisation: Int) throws -> Digest {
    time += 1000
    let keys = ["root", "next", "node"].map {
      SampleRegion.key("again/\($0)", seed: time).publicKey
    }
    let admission = try region.act(
      .admit(
        Act.Admission(
          root: keys[0], successor: Act.successorHash(of: keys[1]), node: keys[2], address: "",
          code: organisations[organisation].code)), name: "En till", by: region.council,
      at: SampleRegion.time(time), using: &generator)
    try take([admission], .charter)
    return admission.id
  }

  /// Takes an organisation out of the region.
  mutating func remove(_ organisation: Digest) throws {
    time += 1000
    try take(
      [
        try region.act(
          .remove(organisation: organisation, cuts: []), by: region.council,
          at: SampleRegion.time(time), using: &generator)
      ], .charter)
  }
}
