import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

extension VirtualNode {
  /// Signs what the key may sign here; nothing when this node knows of no right to it yet.
  func publish(
    _ drafts: [OperationStore.Draft], with key: SigningKey, as role: Role,
    naming files: [OperationStore.NewFile] = [], now: UInt64,
    using generator: inout SeededGenerator
  ) throws -> [Operation] {
    let random = generator.bytes(Body.randomByteCount)
    do {
      if bug == .acknowledgesTooEarly, generator.chance(10) {
        return [try forget(drafts[0], key, role, now, random)]
      }
      return try store.publish(
        drafts, with: key, as: [role], naming: files, clock: self.now(now), random: { random })
    } catch StoreError.noGrant, StoreError.erased {
      return []
    }
  }

  /// Signs in a store that is thrown away.
  private func forget(
    _ draft: OperationStore.Draft, _ key: SigningKey, _ role: Role, _ now: UInt64,
    _ random: [UInt8]
  ) throws -> Operation {
    guard let id = StoreID([UInt8](repeating: 0, count: StoreID.byteCount)) else {
      throw StoreError.noGrant(role: "\(role)")
    }
    let other = try OperationStore.create(path: nil, founding: store.foundingOperation, id: id)
    let charter = try store.arrivals(in: .charter, after: 0, through: .max, notFrom: nil)
      .compactMap { try store.parcel(arrival: $0.number) }
    _ = try other.ingest(charter, in: .charter, from: id, cursor: nil, now: now)
    return try other.publish(
      [draft], with: key, as: [role], clock: self.now(now), random: { random })[0]
  }

  /// Edits a random record of the own organisation, or creates one; `text` is what is typed, and
  /// now and then what a file holds.
  func edit(
    _ text: String, now: UInt64, using generator: inout SeededGenerator
  ) throws -> [Operation] {
    let isCreation = try generator.chance(20) || store.isUnsynced()
    let key = isCreation ? nil : try ownRecords(now).randomElement(using: &generator)
    let file = Self.file(of: text)
    let draft =
      try key.map { try changes(to: $0, .text(text), file, &generator) }
      ?? creation(.text(text), file)
    return try publish(
      [draft], with: officer, as: .author, naming: file.map { [$0] } ?? [], now: now,
      using: &generator)
  }

  /// A file of one to four chunks for one text in four, drawn from the text alone.
  private static func file(of text: String) -> OperationStore.NewFile? {
    let hash = SHA256.hash(Array(text.utf8)).bytes
    guard hash[0] < 64 else { return nil }
    let length = 1 + Int(hash[1]) * 1000
    let line = Array((text + "\n").utf8)
    let bytes = (0..<length).map { line[$0 % line.count] }
    return OperationStore.NewFile(bytes, salt: Array(hash.prefix(Attachment.saltByteCount)))
  }

  /// The row of a record that names a file; another one takes its place.
  private static func row(
    of file: OperationStore.NewFile, over state: RecordState?
  ) -> [ChangeDraft] {
    let cells: [(String, CBOR)] = [
      ("digest", .text("\(file.attachment.digest)")),
      ("salt", .text(Hex.encode(file.attachment.salt))),
      ("size", .unsigned(UInt64(file.attachment.size))),
    ]
    return cells.map { column, value in
      let path = "attachments/00000001/\(column)"
      let targets = state?[path]?.liveAssignments ?? []
      return ChangeDraft(
        type: .set, path: path, value: value, targets: Array(targets.prefix(Limits.targetsMax)))
    }
  }

  private func ownRecords(_ now: UInt64) throws -> [RecordKey] {
    let grant = try store.charter().grant(
      to: officer.publicKey, as: .author, at: Timestamp(milliseconds: self.now(now)))
    return try store.records(family: "entry").map(\.key).filter {
      $0.organisation == grant?.organisation
    }
  }

  private func creation(
    _ text: CBOR, _ file: OperationStore.NewFile?
  ) -> OperationStore.Draft {
    .record(
      [
        ChangeDraft(type: .set, path: "title", value: text),
        ChangeDraft(type: .add, path: "themes", value: .text("INNO")),
      ] + (file.map { Self.row(of: $0, over: nil) } ?? []), family: "entry", record: nil)
  }

  private func changes(
    to key: RecordKey, _ text: CBOR, _ file: OperationStore.NewFile?,
    _ generator: inout SeededGenerator
  ) throws -> OperationStore.Draft {
    let state = try store.record(key)
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
    if let file { changes += Self.row(of: file, over: state) }
    return .record(changes, family: "entry", record: key.record)
  }
}
