import CRDT
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Files that records name (`Protocol/attachments.md#name`).
@Suite struct AttachmentTests {
  private static let salt = [UInt8](0..<16)

  private static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    return generator.bytes(count)
  }

  @Test(arguments: [
    1, 2, Attachment.chunkByteCount - 1, Attachment.chunkByteCount, Attachment.chunkByteCount + 1,
    3 * Attachment.chunkByteCount + 17, Limits.attachmentBytesMax,
  ])
  func `the chunks of a file are the file, and their digests make its name`(count: Int) throws {
    let bytes = Self.bytes(count)
    let attachment = try #require(Attachment(of: bytes, salt: Self.salt))
    let chunks = Attachment.chunks(of: bytes)
    #expect(chunks.flatMap(\.self) == bytes)
    #expect(chunks.count == attachment.chunkCount && attachment.size == count)
    for (number, chunk) in chunks.enumerated() {
      #expect(chunk.count == attachment.byteCount(ofChunk: number))
    }
    #expect(attachment.isMade(of: chunks.map(Attachment.digest(ofChunk:))))
  }

  @Test func `another byte, salt, size, order or number of chunks is another file`() throws {
    let bytes = Self.bytes(2 * Attachment.chunkByteCount + 1)
    let attachment = try #require(Attachment(of: bytes, salt: Self.salt))
    let digests = Attachment.chunks(of: bytes).map(Attachment.digest(ofChunk:))
    for wrong in [
      Array(digests.reversed()), Array(digests.dropLast()), digests + [digests[0]], [],
    ] {
      #expect(!attachment.isMade(of: wrong))
    }
    var flipped = bytes
    flipped[70_000] ^= 1
    #expect(Attachment(of: flipped, salt: Self.salt)?.digest != attachment.digest)
    #expect(Attachment(of: bytes, salt: Self.salt.reversed())?.digest != attachment.digest)
    let longer = Attachment(
      digest: attachment.digest, salt: Self.salt, size: attachment.size + 1)
    #expect(longer?.isMade(of: digests) == false)
  }

  @Test func `an empty file, one over the limit and a salt of another length have no name`() {
    #expect(Attachment(of: [], salt: Self.salt) == nil)
    #expect(Attachment(of: Self.bytes(8), salt: [1]) == nil)
    let size = Limits.attachmentBytesMax + 1
    #expect(Attachment(digest: .zero, salt: Self.salt, size: size) == nil)
    #expect(Attachment(digest: .zero, salt: Self.salt, size: .max) == nil)
  }

  // MARK: Rows

  private func state(_ operations: [Operation]) -> RecordState? {
    let key = RecordKey(organisation: .zero, record: operations[0].id)
    return RecordState(
      folding: operations.map { HeldOperation($0, isAccepted: true) }, of: key)
  }

  private func changes(
    _ attachment: Operations.Attachment, over former: Operation? = nil
  ) -> [ChangeDraft] {
    let values: [(String, CBOR)] = [
      ("digest", .text("\(attachment.digest)")), ("salt", .text(Hex.encode(attachment.salt))),
      ("size", .unsigned(UInt64(attachment.size))),
    ]
    return values.enumerated().map { index, cell in
      ChangeDraft(
        type: .set, path: "attachments/0a0b0c0d/\(cell.0)", value: cell.1,
        targets: former.map { [AssignmentID(operation: $0.id, index: index)] } ?? [])
    }
  }

  @Test func `a row names its file, whatever the family, and an edit names another`() throws {
    var office = try RowOffice()
    let (first, second) = (try office.file(1), try office.file(2))
    let creating = try office.sign(changes(first), family: "of_a_later_version", record: nil)
    let rows = try #require(state([creating])?.attachments)
    #expect(rows.map(\.path) == ["attachments/0a0b0c0d"] && rows.map(\.attachment) == [first])
    let edit = try office.sign(
      changes(second, over: creating), family: "of_a_later_version", record: creating.id)
    #expect(state([creating, edit])?.attachments.map(\.attachment) == [second])
  }

  @Test func `two edits that could not see each other name two files, each with its own salt`()
    throws
  {
    var office = try RowOffice()
    let files = [try office.file(1), try office.file(2)]
    let creating = try office.sign([], title: "Titel", family: "entry", record: nil)
    let edits = try files.map {
      try office.sign(changes($0), family: "entry", record: creating.id)
    }
    for order in [[creating] + edits, [creating] + edits.reversed()] {
      #expect(
        Set(state(order)?.attachments.map(\.attachment) ?? []) == Set(files))
    }
  }

  @Test func `a row with a cell that is missing or of another shape names nothing`() throws {
    var office = try RowOffice()
    let whole = changes(try office.file(1))
    for left in whole.indices {
      var changes = whole
      changes.remove(at: left)
      let operation = try office.sign(changes, family: "entry", record: nil)
      #expect(state([operation])?.attachments == [])
      for value in [CBOR.text("x"), .bytes([1]), .unsigned(0), .bool(true), .array([])] {
        var odd = whole
        odd[left] = ChangeDraft(type: .set, path: whole[left].path, value: value)
        let operation = try office.sign(odd, family: "entry", record: nil)
        #expect(state([operation])?.attachments == [], "\(whole[left].path) = \(value)")
      }
    }
  }

  /// Signs changes of records, one after the other.
  private struct RowOffice {
    var region: SampleRegion
    var generator = SeededGenerator(seed: 5)
    var time: UInt64 = 1000

    init() throws { region = try SampleRegion(seed: 3, organisations: 1) }

    mutating func file(_ seed: UInt64) throws -> Operations.Attachment {
      try #require(
        Attachment(of: AttachmentTests.bytes(900, seed: seed), salt: generator.bytes(16)))
    }

    mutating func sign(
      _ changes: [ChangeDraft], title: String? = nil, family: String, record: Digest?
    ) throws -> Operation {
      time += 1
      let all =
        changes + (title.map { [ChangeDraft(type: .set, path: "title", value: .text($0))] } ?? [])
      return try region.author(
        all, family: family, record: record, by: region.organisations[0].officers[0], after: [],
        at: SampleRegion.time(time), using: &generator)
    }
  }
}
