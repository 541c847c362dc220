import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// One region for all tests of this target, and short ways to sign in it.
enum Sample {
  /// Two organisations of three officers.
  static func region() throws -> SampleRegion { try shared.get() }

  private static let shared = Result {
    try SampleRegion(seed: 1, organisations: 2, officersPerOrganisation: 3)
  }

  /// The mixed-order key of speccheck number 3: a signature under it verifies, yet it is void.
  static func mixedOrderKey() throws -> PublicKey {
    try PublicKey(hex: "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d")
  }
}

/// Signs record operations of the first organisation, one line each.
struct Desk {
  let region: SampleRegion
  let organisation: SampleRegion.Organisation
  private var generator: SeededGenerator

  init(seed: UInt64 = 0) throws {
    region = try Sample.region()
    organisation = region.organisations[0]
    generator = SeededGenerator(seed: seed)
  }

  /// Signs changes at `time` milliseconds into the region's life.
  mutating func sign(
    _ changes: ChangeDraft..., record: Digest? = nil, by officer: Int = 0, at time: UInt64 = 1000,
    after prev: [Digest] = []
  ) throws -> Operation {
    try region.author(
      changes, record: record, by: organisation.officers[officer], after: prev,
      at: SampleRegion.time(time), using: &generator)
  }

  /// What accepted operations say of the record that the first of them creates.
  func state(_ operations: Operation...) -> RecordState? {
    state(operations.map { HeldOperation($0, isAccepted: true) })
  }

  func state(_ held: [HeldOperation]) -> RecordState? {
    guard let first = held.first, let record = HeldOperation.record(of: first.operation) else {
      return nil
    }
    return RecordState(
      folding: held, of: RecordKey(organisation: organisation.id, record: record))
  }
}

extension ChangeDraft {
  static func set(_ path: String, _ text: String, over targets: AssignmentID...) -> ChangeDraft {
    ChangeDraft(type: .set, path: path, value: .text(text), targets: targets)
  }

  static func clear(_ path: String, over targets: AssignmentID...) -> ChangeDraft {
    ChangeDraft(type: .clear, path: path, targets: targets)
  }

  static func add(_ path: String, _ text: String, over targets: AssignmentID...) -> ChangeDraft {
    ChangeDraft(type: .add, path: path, value: .text(text), targets: targets)
  }

  static func remove(_ path: String, over targets: AssignmentID...) -> ChangeDraft {
    ChangeDraft(type: .remove, path: path, targets: targets)
  }
}

extension Operation {
  /// The assignment that a change of this operation makes.
  func change(_ index: Int = 0) -> AssignmentID { AssignmentID(operation: id, index: index) }

  /// The same operation after its body was overwritten.
  func erased() throws -> Operation { try Operation(stored: envelope.bytes, body: []) }
}

extension FieldState {
  /// The displayed value first; "erased" for an erased one.
  var texts: [String] { values.map(\.text) }
  var elementTexts: [String] { elements.map(\.text) }
}

extension LiveValue {
  var text: String {
    switch value {
    case .text(let text): text
    case nil: "erased"
    case let other?: other.kind
    }
  }
}
