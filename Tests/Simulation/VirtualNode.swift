import CRDT
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import WireFormat

extension OperationStore: SyncStore {}

/// A node of the simulated region: the real store, a key, and a clock that may be wrong.
final class VirtualNode {
  let name: Int
  let key: PublicKey
  let officer: SampleRegion.Delegate
  private(set) var store: OperationStore
  /// Added to the world's clock, in milliseconds.
  let clockSkew: Int64
  /// Operations that `publish` returned, and so promised to keep.
  private(set) var acknowledged: [Digest] = []

  private let isOnDisk: Bool

  init(
    name: Int, key: PublicKey, officer: SampleRegion.Delegate, store: OperationStore,
    isOnDisk: Bool, clockSkew: Int64
  ) {
    self.isOnDisk = isOnDisk
    self.name = name
    self.key = key
    self.officer = officer
    self.store = store
    self.clockSkew = clockSkew
  }

  func now(_ world: UInt64) -> UInt64 { UInt64(clamping: Int64(world) + clockSkew) }

  /// The process is started again: nothing is left but the file.
  func reopen() throws {
    if isOnDisk { store = try OperationStore.open(path: store.path) }
  }

  /// The machine is lost: an empty store under a new id takes its place.
  func replaceStore(_ store: OperationStore) {
    self.store = store
    acknowledged = []
  }

  /// Publishes one draft; nothing when this node does not know of its delegation yet.
  func publish(
    _ draft: OperationStore.Draft, now: UInt64, using generator: inout SeededGenerator
  ) throws {
    let random = generator.bytes(Body.randomByteCount)
    do {
      acknowledged += try store.publish(
        [draft], with: officer.key, as: [.author], clock: self.now(now), random: { random }
      ).map(\.id)
    } catch StoreError.noGrant {}
  }

  /// Edits a random record of the own organisation, or creates one.
  func edit(now: UInt64, using generator: inout SeededGenerator) throws {
    let own = try store.charter().grant(
      to: officer.key.publicKey, as: .author, at: Timestamp(milliseconds: self.now(now)))
    let records = try store.records(family: "entry").filter {
      $0.key.organisation == own?.organisation
    }
    let text = CBOR.text("värde \(generator.next() % 1000)")
    guard let record = records.randomElement(using: &generator), generator.chance(80) else {
      return try publish(
        .record(
          [
            ChangeDraft(type: .set, path: "title", value: text),
            ChangeDraft(type: .add, path: "themes", value: .text("INNO")),
          ], family: "entry", record: nil), now: now, using: &generator)
    }
    let state = try store.record(record.key)
    let path = ["title", "summary", "stage"].randomElement(using: &generator) ?? "title"
    let targets = state?[path]?.liveAssignments ?? []
    var changes = [
      ChangeDraft(
        type: generator.chance(85) ? .set : .clear, path: path, value: nil,
        targets: Array(targets.prefix(Limits.targetsMax)))
    ]
    if changes[0].type == .set { changes[0].value = text }
    if generator.chance(30) {
      changes.append(ChangeDraft(type: .add, path: "themes", value: text))
    } else if let element = state?["themes"]?.elements.first {
      changes.append(
        ChangeDraft(type: .remove, path: "themes", targets: element.assignments))
    }
    try publish(
      .record(changes, family: "entry", record: record.key.record), now: now, using: &generator)
  }
}

extension SeededGenerator {
  /// True in `percent` of a hundred draws.
  mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }
}
