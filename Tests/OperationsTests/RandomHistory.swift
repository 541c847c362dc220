import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// Operations of several officers on two records, as badly intertwined as signatures allow:
/// concurrent edits, equal stamps, targets that dangle or lie on another path or record,
/// operations that are not accepted, and erased bodies.
struct RandomHistory {
  private(set) var held: [HeldOperation] = []
  let organisation: Digest
  private let region: SampleRegion
  private let officers: [SampleRegion.Delegate]
  private var generator: SeededGenerator
  private var places: [Place] = []

  private struct Place {
    let record: Digest
    let path: String
    let id: AssignmentID
  }

  private static let paths = ["title", "tags", "costs/r1/amount", "costs/r2/amount"]

  init(seed: UInt64, operations count: Int) throws {
    region = try Sample.region()
    organisation = region.organisations[0].id
    officers = region.organisations[0].officers
    generator = SeededGenerator(seed: seed)
    for _ in 0..<count { try append() }
  }

  /// Both records, one of which may have no operation.
  var keys: [RecordKey] {
    records.map { RecordKey(organisation: organisation, record: $0) }
  }

  var records: [Digest] {
    [Domain.record.hash([1])] + (held.first.map { [$0.operation.id] } ?? [])
  }

  private mutating func append() throws {
    let record = held.isEmpty ? nil : records.randomElement(using: &generator)
    let changes = (0..<Int.random(in: 1...3, using: &generator)).map { _ in change(of: record) }
    let officer = officers.randomElement(using: &generator) ?? officers[0]
    var operation = try region.author(
      changes, record: record, by: officer, at: stamp(), using: &generator)
    for (index, change) in changes.enumerated() {
      places.append(
        Place(record: record ?? operation.id, path: change.path, id: operation.change(index)))
    }
    if generator.oneIn(8) { operation = try operation.erased() }
    held.append(HeldOperation(operation, isAccepted: !generator.oneIn(5)))
  }

  /// Few milliseconds, so that ties are common, and now and then the far future.
  private mutating func stamp() -> Timestamp {
    generator.oneIn(15)
      ? Timestamp(rawValue: .max) : SampleRegion.time(generator.next() % 4)
  }

  private mutating func change(of record: Digest?) -> ChangeDraft {
    let path = Self.paths.randomElement(using: &generator) ?? "title"
    let types: [ChangeType] = [.set, .set, .clear, .add, .add, .remove]
    let type = types.randomElement(using: &generator) ?? .set
    let value: CBOR? = type.carriesValue ? .unsigned(generator.next() % 3) : nil
    var targets: Set<AssignmentID> = []
    for place in places {
      let isNear = place.record == record && place.path == path
      if generator.oneIn(isNear ? 2 : 20) { targets.insert(place.id) }
    }
    if generator.oneIn(10) {
      targets.insert(AssignmentID(operation: SHA256.hash(generator.bytes(4)), index: 0))
    }
    return ChangeDraft(
      type: type, path: path, value: value, targets: targets.sorted().suffix(Limits.targetsMax))
  }
}

extension RandomHistory {
  /// The canonical dump of both records, from what `operations` hold of each.
  func dump(_ operations: [HeldOperation]) -> [String] {
    keys.flatMap { key in
      RecordState.dump(Self.part(of: operations, key), of: key)
    }
  }

  func naiveDump(_ operations: [HeldOperation]) -> [String] {
    keys.flatMap { key in NaiveFold.dump(Self.part(of: operations, key), of: key) }
  }

  private static func part(of operations: [HeldOperation], _ key: RecordKey) -> [HeldOperation] {
    operations.filter { HeldOperation.record(of: $0.operation) == key.record }
  }
}
