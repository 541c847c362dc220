import CRDT
import FoundationEssentials
import GRDB
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Files in one store: named, kept, erased (`Protocol/attachments.md`).
@Suite struct AttachmentStoreTests {
  private static let grace = UInt64(Limits.erasureGraceMilliseconds)
  private var office: Office
  private let folder: Folder

  init() throws {
    office = try Office()
    folder = try Folder()
  }

  private struct Entry {
    let operation: Operation
    let file: OperationStore.NewFile
    let key: RecordKey
  }

  private mutating func publish(
    _ count: Int, in store: OperationStore, same: OperationStore.NewFile? = nil
  ) throws -> Entry {
    let bytes = office.generator.bytes(count)
    let file = try same ?? #require(OperationStore.NewFile(bytes, salt: office.generator.bytes(16)))
    let random = office.generator.bytes(Body.randomByteCount)
    let operations = try store.publish(
      [.record(Self.changes(file), family: "entry", record: nil)], with: office.officer.key,
      as: [.author], naming: [file], clock: Office.clock, random: { random })
    let key = RecordKey(organisation: office.organisation.id, record: operations[0].id)
    return Entry(operation: operations[0], file: file, key: key)
  }

  private static func changes(_ file: OperationStore.NewFile) -> [ChangeDraft] {
    let attachment = file.attachment
    return [
      ("digest", CBOR.text("\(attachment.digest)")), ("salt", .text(Hex.encode(attachment.salt))),
      ("size", .unsigned(UInt64(attachment.size))),
    ].map { ChangeDraft(type: .set, path: "attachments/00000001/\($0.0)", value: $0.1) }
  }

  private mutating func order(_ id: Digest, by signer: SampleRegion.Delegate) throws -> Operation {
    try office.region.sign(
      .order, .order(Order(kind: .erase, basis: 2, operations: [id])), by: signer, after: [],
      at: SampleRegion.time(5000), using: &office.generator)
  }

  @Test mutating func `a file is here with what names it, and after a rebuild`() throws {
    let store = try office.store(path: folder.store)
    let entry = try publish(100_000, in: store)
    #expect(try store.bytes(of: entry.file.attachment) == entry.file.bytes)
    #expect(try store.attachments(of: entry.key).map(\.isWhole) == [true])
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
    #expect(try store.bytes(of: entry.file.attachment) == entry.file.bytes)
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty)
  }

  @Test
  mutating func `an edit that leaves a file out hides it at once, and deletes it in its time`()
    throws
  {
    let store = try office.store(path: folder.store)
    let entry = try publish(100, in: store)
    let clears = (0..<3).map { index in
      ChangeDraft(
        type: .clear, path: Self.changes(entry.file)[index].path,
        targets: [entry.operation.change(index)])
    }
    try store.write(clears[0], clears[1], clears[2], to: entry.key.record, by: office.officer)
    #expect(try store.bytes(of: entry.file.attachment) == nil)
    #expect(try store.attachments(of: entry.key).isEmpty)
    #expect(try store.chunkDigests(of: entry.file.attachment) == nil)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try held() == 1, "its time begins when it is noticed")
    _ = try store.carryOutErasures(now: Office.clock + Self.grace - 1)
    #expect(try held() == 1)
    _ = try store.carryOutErasures(now: Office.clock + Self.grace)
    #expect(try held() == 0)
  }

  @Test
  mutating func `an order hides a file at once, and a cancel within the grace shows it again`()
    throws
  {
    let store = try office.store(path: folder.store)
    let entry = try publish(100, in: store)
    let order = try order(entry.operation.id, by: office.organisation.admin)
    try store.take([order], in: .charter)
    #expect(try store.bytes(of: entry.file.attachment) == nil)
    _ = try store.carryOutErasures(now: Office.clock + Self.grace - 1)
    let cancel = try office.region.sign(
      .order, .order(Order(kind: .cancel, basis: 2, operations: [order.id])),
      by: office.organisation.root, after: [], at: SampleRegion.time(6000),
      using: &office.generator)
    try store.take([cancel], in: .charter)
    #expect(try store.bytes(of: entry.file.attachment) == entry.file.bytes)
    _ = try store.carryOutErasures(now: Office.clock + 3 * Self.grace)
    #expect(try store.bytes(of: entry.file.attachment) == entry.file.bytes, "for good")
  }

  @Test mutating func `what is erased goes with the bodies that named it, from every byte on disk`()
    throws
  {
    let store = try office.store(path: folder.store)
    let entry = try publish(300_000, in: store)
    let kept = try publish(5000, in: store)
    try store.take([try order(entry.operation.id, by: office.organisation.root)], in: .charter)
    #expect(try folder.holds(Array(entry.file.bytes[100_000..<100_032])))
    #expect(try store.carryOutErasures(now: Office.clock).count == 1)
    #expect(try held() == 1)
    for part in Attachment.chunks(of: entry.file.bytes) {
      #expect(try !folder.holds(Array(part.prefix(32))))
    }
    #expect(try store.bytes(of: kept.file.attachment) == kept.file.bytes)
  }

  @Test mutating func `a file that another record names too stays until both are erased`() throws {
    let store = try office.store(path: folder.store)
    let first = try publish(100, in: store)
    let second = try publish(100, in: store, same: first.file)
    try store.take(
      [try order(first.operation.id, by: office.organisation.root)], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try store.bytes(of: first.file.attachment) == first.file.bytes)
    let region = office.region
    let another = try region.sign(
      .order, .order(Order(kind: .erase, basis: 2, operations: [second.operation.id])),
      by: office.region.council, after: [], at: SampleRegion.time(6000), using: &office.generator)
    try store.take([another], in: .charter)
    _ = try store.carryOutErasures(now: Office.clock)
    #expect(try held() == 0)
  }

  @Test
  mutating func `a damaged file is found by the deep check, and fetched again after a rebuild`()
    throws
  {
    let store = try office.store(path: folder.store)
    let entry = try publish(100_000, in: store)
    try folder.execute(
      "UPDATE attachment_chunk SET bytes = zeroblob(length(bytes)) WHERE number = 1")
    #expect(try store.damage(isDeep: false) { _, _ in }.isEmpty)
    #expect(
      try store.damage(isDeep: true) { _, _ in }.attachments == [entry.file.attachment.digest])
    try store.rebuild()
    #expect(try store.attachmentsMissing() == 1)
    #expect(try store.attachmentRequests().map(\.firstChunk) == [0])
  }

  @Test mutating func `a copy has the files, and a file no larger than the limit is all it needs`()
    throws
  {
    let store = try office.store(path: folder.store)
    let entry = try publish(Limits.attachmentBytesMax, in: store)
    let path = folder.path + "/copy"
    _ = try store.backUp(to: path, with: [], isReplacing: false, now: Office.clock) { _ in }
    #expect(try folder.holds(Array(entry.file.bytes.suffix(64)), in: "copy"))
  }

  /// How many files are on disk, whole or not.
  private func held() throws -> Int {
    try folder.database { try Int.fetchOne($0, sql: "SELECT count(*) FROM attachment") ?? -1 }
  }
}

extension Folder {
  fileprivate func database<T>(_ body: (Database) throws -> T) throws -> T {
    let queue = try DatabaseQueue(path: store)
    defer { try? queue.close() }
    return try queue.write(body)
  }

  fileprivate func execute(_ sql: String) throws {
    try database { try $0.execute(sql: sql) }
  }

  /// Whether the bytes stand in any file of the folder, or in the one named.
  fileprivate func holds(_ bytes: [UInt8], in name: String? = nil) throws -> Bool {
    let files = try name.map { [$0] } ?? FileManager.default.subpathsOfDirectory(atPath: path)
    return files.contains { file in
      FileManager.default.contents(atPath: path + "/" + file)?.firstRange(of: Data(bytes)) != nil
    }
  }
}
