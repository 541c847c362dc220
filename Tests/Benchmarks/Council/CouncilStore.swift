import CRDT
import Glibc
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import WireFormat

/// A council's store: entries of 311 organisations with their edits, adoptions and reviews.
struct CouncilStore {
  /// All municipalities and regions of Sweden.
  static let organisationCount = 311
  private static let perTransaction = 1000
  /// Some thousand words, the first of which are in most texts and the last in few, as in any language.
  static let words: [String] = {
    let (first, second) = (
      ["skol", "vård", "omsorg", "miljö", "trygg", "kultur", "äldre", "närings", "vatten", "före"],
      ["plan", "stöd", "lag", "dag", "metod", "möte", "väg", "kart", "råd", "bok"]
    )
    let third = ["en", "et", "are", "ning", "na", "s", "ens", "arna", "ingen", "ets", "or", "ar"]
    let all = third.flatMap { c in second.flatMap { b in first.map { $0 + b + c } } }
    return all + all.map { "sam" + $0 }
  }()
  static let themes = codes("theme").prefix(7)
  private static let obstacles = codes("obstacle").prefix(4)
  private static let stages = ["IDEA", "PREST", "PILOT", "IMPL", "ORD"]

  private static func codes(_ vocabulary: String) -> [String] {
    Schema.bundled.vocabularies[vocabulary]?.codes.map(\.code) ?? []
  }

  /// An entry that has been made, and what its next edit supersedes.
  private struct Made {
    let organisation: Int
    let record: Digest
    var stage: Int
    var stageAssignment: AssignmentID
    var confirmed: AssignmentID
  }

  let store: OperationStore
  private let region: SampleRegion
  private var generator: SeededGenerator
  private var heads: [PublicKey: Digest] = [:]
  private var time = SampleRegion.start.milliseconds
  private var made: [Made] = []
  private var parcels: [Parcel] = []

  private static func region() throws -> SampleRegion {
    try SampleRegion(seed: 311, organisations: organisationCount, officersPerOrganisation: 1)
  }

  static func create(_ path: String) throws -> CouncilStore {
    let region = try region()
    guard let id = StoreID([UInt8](repeating: 3, count: StoreID.byteCount)) else {
      fatalError("16 bytes")
    }
    let store = try OperationStore.create(path: path, founding: region.founding, id: id)
    for first in stride(from: 0, to: region.charterOperations.count, by: perTransaction) {
      _ = try store.ingest(
        region.charterOperations[first...].prefix(perTransaction).map(Parcel.init), in: .charter,
        from: id, cursor: nil, now: 1)
    }
    try store.setQuota(bytes: .max)
    return CouncilStore(store, region, seed: 1)
  }

  /// One that has been made, to add to it; `seed` is another each time.
  static func open(_ path: String, seed: UInt64) throws -> CouncilStore {
    CouncilStore(try OperationStore.open(path: path), try region(), seed: seed)
  }

  private init(_ store: OperationStore, _ region: SampleRegion, seed: UInt64) {
    (self.store, self.region) = (store, region)
    generator = SeededGenerator(seed: seed)
  }

  /// So many entries with, of each, some five edits, every second adopted and every third reviewed by
  /// another organisation: 6.4 operations for each.
  mutating func fill(_ count: Int) throws {
    for number in 0..<count {
      var entry = try create(by: number % Self.organisationCount)
      for _ in 0..<(number % 5 == 0 ? 4 : 5) { try edit(&entry) }
      if number.isMultiple(of: 2) { try relate(to: entry, "adoption") }
      if number.isMultiple(of: 3) { try relate(to: entry, "review") }
    }
    try flush()
  }

  /// A night's news: so many new entries, and an adoption of each.
  mutating func news(_ count: Int) throws {
    time += 86_400_000
    for _ in 0..<count {
      let entry = try create(by: Int.random(in: 0..<Self.organisationCount, using: &generator))
      try relate(to: entry, "adoption")
    }
    try flush()
  }

  // MARK: - Operations

  private mutating func create(by organisation: Int) throws -> Made {
    let stage = Int.random(in: 0..<3, using: &generator)
    let operation = try sign(
      [
        set("title", text(5)), set("summary", text(40)), set("stage", Self.stages[stage]),
        set("confirmed_at", day()), set("evidence", "\(Int.random(in: 1...5, using: &generator))"),
        set("kind", "example"), add("themes", Self.themes), add("obstacles", Self.obstacles),
      ], by: region.organisations[organisation].officers[0])
    return Made(
      organisation: organisation, record: operation.id, stage: stage,
      stageAssignment: AssignmentID(operation: operation.id, index: 2),
      confirmed: AssignmentID(operation: operation.id, index: 3))
  }

  /// Every second edit moves an entry on, the others confirm it.
  private mutating func edit(_ entry: inout Made) throws {
    let officer = region.organisations[entry.organisation].officers[0]
    if Bool.random(using: &generator), entry.stage + 1 < Self.stages.count {
      entry.stage += 1
      let operation = try sign(
        [set("stage", Self.stages[entry.stage], over: entry.stageAssignment)],
        record: entry.record, by: officer)
      entry.stageAssignment = AssignmentID(operation: operation.id, index: 0)
    } else {
      let operation = try sign(
        [set("confirmed_at", day(), over: entry.confirmed)], record: entry.record, by: officer)
      entry.confirmed = AssignmentID(operation: operation.id, index: 0)
    }
  }

  private mutating func relate(to entry: Made, _ family: String) throws {
    let other =
      (entry.organisation + 1 + Int.random(in: 0..<300, using: &generator))
      % Self.organisationCount
    let key = RecordKey(
      organisation: region.organisations[entry.organisation].id, record: entry.record)
    let reference = ChangeDraft(type: .set, path: "entry", value: key.reference)
    let organisation = region.organisations[other]
    if family == "review" {
      _ = try sign(
        [reference, set("decision", "APPROVED")], family: family, by: organisation.reviewer)
    } else {
      _ = try sign(
        [reference, set("state", "ADAPTED"), set("outcome", "SAME")], family: family,
        by: organisation.officers[0])
    }
  }

  private mutating func sign(
    _ changes: [ChangeDraft], family: String = "entry", record: Digest? = nil,
    by officer: SampleRegion.Delegate
  ) throws -> Operation {
    time += 60_000
    let operation = try region.author(
      changes, family: family, record: record, by: officer,
      after: [heads[officer.key.publicKey]].compactMap(\.self),
      at: Timestamp(milliseconds: time), using: &generator)
    heads[officer.key.publicKey] = operation.id
    parcels.append(Parcel(operation))
    if parcels.count == Self.perTransaction { try flush() }
    return operation
  }

  private mutating func flush() throws {
    let report = try store.ingest(
      parcels, in: .records, from: store.id(), cursor: nil, now: time)
    guard report.held.count == parcels.count else { fatalError("refused: \(report.refusals)") }
    parcels = []
  }

  // MARK: - Values

  private func set(_ path: String, _ value: String, over target: AssignmentID? = nil) -> ChangeDraft
  {
    ChangeDraft(
      type: .set, path: path, value: .text(value), targets: [target].compactMap(\.self))
  }

  private mutating func add(_ path: String, _ codes: ArraySlice<String>) -> ChangeDraft {
    ChangeDraft(
      type: .add, path: path, value: .text(codes.randomElement(using: &generator) ?? ""))
  }

  private mutating func text(_ count: Int) -> String {
    (0..<count).map { _ in word() }.joined(separator: " ")
  }

  /// One that stands twice as far back is half as frequent.
  private mutating func word() -> String {
    let place = pow(Double(Self.words.count), Double.random(in: 0..<1, using: &generator))
    return Self.words[Int(place) - 1]
  }

  private mutating func day() -> String {
    "202\(Int.random(in: 3...6, using: &generator))-0\(Int.random(in: 1...9, using: &generator))-15"
  }
}
