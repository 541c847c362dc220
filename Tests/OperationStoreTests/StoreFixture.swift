import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

/// One region for all tests of this target, and operations signed in it by a seed.
struct Office {
  static let clock = SampleRegion.start.milliseconds + 86_400_000
  private static let shared = Result {
    try SampleRegion(seed: 11, organisations: 2, officersPerOrganisation: 3)
  }

  let region: SampleRegion
  var generator: SeededGenerator

  init(seed: UInt64 = 0) throws {
    region = try Self.shared.get()
    generator = SeededGenerator(seed: seed)
  }

  var organisation: SampleRegion.Organisation { region.organisations[0] }
  var officer: SampleRegion.Delegate { organisation.officers[0] }

  /// A store that holds the region's charter, in memory when `path` is nil.
  func store(path: String? = nil, withCharter: Bool = true) throws -> OperationStore {
    let store = try OperationStore.create(
      path: path, founding: region.founding, id: Self.storeID(1))
    if withCharter { try store.take(region.charterOperations, in: .charter) }
    return store
  }

  static func storeID(_ byte: UInt8) -> StoreID {
    guard let id = StoreID([UInt8](repeating: byte, count: StoreID.byteCount)) else {
      fatalError("16 bytes")
    }
    return id
  }

  /// An operation that creates an entry; it is not stored.
  mutating func entry(
    _ title: String = "Titel", by officer: SampleRegion.Delegate? = nil, after prev: [Digest] = [],
    at milliseconds: UInt64 = 1000
  ) throws -> Operation {
    try region.author(
      [.set("title", title)], by: officer ?? self.officer, after: prev,
      at: SampleRegion.time(milliseconds), using: &generator)
  }

  /// `count` entries, each following the one before.
  mutating func chain(_ count: Int) throws -> [Operation] {
    var operations: [Operation] = []
    for index in 0..<count {
      operations.append(
        try entry(
          "Titel \(index)", after: operations.last.map { [$0.id] } ?? [],
          at: UInt64(1000 + index)))
    }
    return operations
  }
}

extension OperationStore {
  @discardableResult
  func take(
    _ operations: [Operation], in scope: Scope = .records, from source: UInt8 = 9,
    cursor: PeerCursor? = nil
  ) throws -> IngestReport {
    try take(operations.map(Parcel.init), in: scope, from: source, cursor: cursor)
  }

  @discardableResult
  func take(
    _ parcels: [Parcel], in scope: Scope = .records, from source: UInt8 = 9,
    cursor: PeerCursor? = nil
  ) throws -> IngestReport {
    try ingest(
      parcels, in: scope, from: Office.storeID(source), cursor: cursor, now: Office.clock)
  }

  /// Publishes changes to a new record, or to `record`.
  @discardableResult
  func write(
    _ changes: ChangeDraft..., to record: Digest? = nil, family: String = "entry",
    by officer: SampleRegion.Delegate, clock: UInt64 = Office.clock, random: UInt8 = 1
  ) throws -> Operation {
    let operations = try publish(
      [.record(changes, family: family, record: record)], with: officer.key, as: [.author],
      clock: clock, random: { [UInt8](repeating: random, count: Body.randomByteCount) })
    return operations[0]
  }

  /// The ids of a scope in arrival order.
  func ids(_ scope: Scope) throws -> [Digest] {
    try arrivals(in: scope, after: 0, through: .max, notFrom: nil).map(\.id)
  }

  /// Everything but the counters of refusals.
  func content() throws -> [String] {
    let held = try Scope.allCases.flatMap { try ids($0).map(\.description) }
    return try held + projectionDump() + ["waiting \(status().waiting)"]
  }

  func refusalCounts() throws -> [String: Int] {
    try status().refusals.reduce(into: [:]) { $0[$1.code] = $1.count }
  }

  func titles(matching query: String) throws -> [String] {
    try search(query, family: "entry").map(\.title)
  }
}

extension ChangeDraft {
  static func set(_ path: String, _ text: String, over targets: AssignmentID...) -> ChangeDraft {
    ChangeDraft(type: .set, path: path, value: .text(text), targets: targets)
  }
}

extension Operation {
  func change(_ index: Int = 0) -> AssignmentID { AssignmentID(operation: id, index: index) }
}
