import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

/// A file that a record names, as it stands here.
package struct HeldAttachment: Sendable, Equatable {
  package let record: RecordKey
  package let attachment: Attachment
  /// Bytes that are here.
  package let heldBytes: Int

  package var isWhole: Bool { heldBytes == attachment.size }
}

// Files that records name: what a session asks about them (`SyncSession.AttachmentStore`), and what
// commands do.
extension OperationStore {
  package func attachmentsMissing() throws -> UInt64 {
    try file.read { db in
      UInt64(try Self.wantedAttachments(db).count)
    }
  }

  /// What to ask a peer for: what was asked for least often first, the small before the large.
  package func attachmentRequests() throws -> [AttachmentRequest] {
    let missing = try file.read { try Self.wantedAttachments($0) }
    var bytes = 0
    let chosen = missing.prefix(Limits.attachmentsPerSessionMax).prefix { item in
      bytes += item.attachment.size - item.firstChunk * Attachment.chunkByteCount
      return bytes <= Limits.attachmentBytesPerSessionMax
    }
    guard !chosen.isEmpty else { return [] }
    try file.write { db in
      for item in chosen {
        try db.execute(
          sql: "UPDATE attachment SET asked = asked + 1 WHERE row = ?", arguments: [item.row])
      }
    }
    return chosen.map { AttachmentRequest($0.attachment, firstChunk: $0.firstChunk) }
  }

  package func chunkDigests(ofAttachment digest: Digest) throws -> [Digest]? {
    try file.read { db in
      try Int64.fetchOne(
        db, sql: "SELECT row FROM attachment WHERE \(Self.isShown) AND digest = ?",
        arguments: [digest.data]
      ).map { try Attachments.chunkDigests(of: $0, db) }
    }
  }

  package func chunk(_ number: Int, ofAttachment digest: Digest) throws -> [UInt8]? {
    try file.read { db in
      try Data.fetchOne(
        db,
        sql: """
          SELECT bytes FROM attachment JOIN attachment_chunk ON attachment = attachment.row
          WHERE \(Self.isShown) AND digest = ? AND number = ?
          """, arguments: [digest.data, number]
      ).map { Array($0) }
    }
  }

  package func keep(
    chunks: [[UInt8]], from number: Int, of attachment: Attachment, chunkDigests: [Digest]
  ) throws {
    try file.write { db in
      // What has lost its name since it was asked for is not to come back.
      let isNamed = try Row.fetchOne(
        db,
        sql: """
          SELECT 1 FROM attachment JOIN attachment_use ON attachment = attachment.row
          WHERE digest = ? AND salt = ? AND size = ? AND is_live = 1
          """,
        arguments: [attachment.digest.data, Data(attachment.salt), attachment.size])
      guard isNamed != nil else { return }
      try Attachments.keep(chunks, from: number, of: attachment, chunkDigests: chunkDigests, db)
    }
  }

  /// The bytes of a file that a live value names; nil while they are not all here.
  package func bytes(of attachment: Attachment) throws -> [UInt8]? {
    try file.read { db in
      try demandSynced(db)
      let row = try Int64.fetchOne(
        db,
        sql: """
          SELECT row FROM attachment WHERE \(Self.isShown) AND digest = ? AND salt = ? AND size = ?
          """,
        arguments: [attachment.digest.data, Data(attachment.salt), attachment.size])
      return try row.map { row in
        try Data.fetchAll(
          db, sql: "SELECT bytes FROM attachment_chunk WHERE attachment = ? ORDER BY number",
          arguments: [row]
        ).flatMap { Array($0) }
      }
    }
  }

  /// How much is here of the files that the live values of a record name.
  package func attachments(of key: RecordKey) throws -> [HeldAttachment] {
    try file.read { db in
      try Self.held(
        try Row.fetchAll(
          db,
          sql: """
            SELECT * FROM attachment_use JOIN attachment ON attachment = attachment.row
            WHERE organisation = ? AND record = ? AND is_live = 1 ORDER BY digest
            """, arguments: [key.organisation.data, key.record.data]))
    }
  }

  /// All files that live values name and that are not here in full, with one record each.
  package func missingAttachments() throws -> [HeldAttachment] {
    try file.read { db in
      try Self.held(
        try Row.fetchAll(
          db,
          sql: """
            SELECT attachment.*, organisation, record FROM attachment
            JOIN attachment_use ON attachment = attachment.row
            WHERE is_whole = 0 AND is_live = 1
            GROUP BY attachment.row ORDER BY organisation, record, digest
            """))
    }
  }

  /// How many bytes of files one organisation may take up here; 0: none are fetched.
  package func attachmentQuota() throws -> Int64 { try file.read(Self.attachmentQuota) }

  package func setAttachmentQuota(bytes: Int64) throws {
    try file.write { try Self.set("attachment-quota", to: Data("\(bytes)".utf8), $0) }
  }

  /// Whole, and named by a live value.
  private static let isShown = """
    is_whole = 1 AND EXISTS
      (SELECT 1 FROM attachment_use WHERE attachment = attachment.row AND is_live = 1)
    """

  private static func attachmentQuota(_ db: Database) throws -> Int64 {
    try setting("attachment-quota", db).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      ?? Int64(Limits.attachmentQuotaBytes)
  }

  /// Files that are not here in full and that an organisation within its quota names.
  private static func wantedAttachments(
    _ db: Database
  ) throws -> [(row: Int64, attachment: Attachment, firstChunk: Int)] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT attachment.*, organisation FROM attachment
        JOIN attachment_use ON attachment = attachment.row
        WHERE is_whole = 0 AND is_live = 1 ORDER BY asked, size, attachment.row, organisation
        """)
    guard !rows.isEmpty else { return [] }
    let quota = try attachmentQuota(db)
    var used: [Digest: Int64] = [:]
    for row in try Row.fetchAll(
      db,
      sql: """
        SELECT organisation, sum(size) AS bytes FROM attachment_use
        JOIN attachment ON attachment = attachment.row WHERE is_whole = 1 GROUP BY organisation
        """)
    {
      used[try row.digest("organisation")] = row["bytes"]
    }
    var chosen: Set<Int64> = []
    return try rows.compactMap { row in
      let organisation = try row.digest("organisation")
      let attachment = try row.attachment()
      let total = used[organisation, default: 0] + Int64(attachment.size)
      guard total <= quota, chosen.insert(row["row"]).inserted else { return nil }
      used[organisation] = total
      return (row["row"], attachment, row["chunks"])
    }
  }

  private static func held(_ rows: [Row]) throws -> [HeldAttachment] {
    try rows.map { row in
      let attachment = try row.attachment()
      return HeldAttachment(
        record: RecordKey(
          organisation: try row.digest("organisation"), record: try row.digest("record")),
        attachment: attachment,
        heldBytes: min(attachment.size, row["chunks"] * Attachment.chunkByteCount))
    }
  }
}
