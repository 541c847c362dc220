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

  package func chunkDigests(of attachment: Attachment) throws -> [Digest]? {
    try file.read { db in
      try Self.shownRow(of: attachment, db).map { try Attachments.chunkDigests(of: $0, db) }
    }
  }

  package func chunk(_ number: Int, of attachment: Attachment) throws -> [UInt8]? {
    try file.read { db in
      guard let row = try Self.shownRow(of: attachment, db) else { return nil }
      return try Data.fetchOne(
        db, sql: "SELECT bytes FROM attachment_chunk WHERE attachment = ? AND number = ?",
        arguments: [row, number]
      ).map { Array($0) }
    }
  }

  /// The row of a file that is here in full and that a live value names; nil before a restored node
  /// may show anything.
  private static func shownRow(of attachment: Attachment, _ db: Database) throws -> Int64? {
    guard try setting("unsynced", db) == nil else { return nil }
    return try Int64.fetchOne(
      db,
      sql: """
        SELECT row FROM attachment WHERE digest = ? AND salt = ? AND size = ? AND is_whole = 1
          AND EXISTS
            (SELECT 1 FROM attachment_use WHERE attachment = attachment.row AND is_live = 1)
        """,
      arguments: [attachment.digest.data, Data(attachment.salt), attachment.size])
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
      let row = try Self.shownRow(of: attachment, db)
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

  private static func attachmentQuota(_ db: Database) throws -> Int64 {
    try setting("attachment-quota", db).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      ?? Int64(Limits.attachmentQuotaBytes)
  }

  /// The first files that are not here in full and that an organisation within its quota names.
  ///
  /// Names cost a member little, so no more are looked at than some sessions ask for.
  private static func wantedAttachments(
    _ db: Database
  ) throws -> [(row: Int64, attachment: Attachment, firstChunk: Int)] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT attachment.*,
          (SELECT organisation FROM attachment_use
            WHERE attachment = attachment.row AND is_live = 1 LIMIT 1) AS organisation
        FROM attachment WHERE is_whole = 0 AND EXISTS
          (SELECT 1 FROM attachment_use WHERE attachment = attachment.row AND is_live = 1)
        ORDER BY asked, size, row LIMIT ?
        """, arguments: [4 * Limits.attachmentsPerSessionMax])
    guard !rows.isEmpty else { return [] }
    let quota = try attachmentQuota(db)
    var used = try attachmentUsage(db)
    return try rows.compactMap { row in
      let organisation = try row.digest("organisation")
      let attachment = try row.attachment()
      let held: Int = row["chunks"]
      // What has begun is in the sum already.
      let total = used[organisation, default: 0] + (held > 0 ? 0 : Int64(attachment.size))
      guard total <= quota else { return nil }
      used[organisation] = total
      return (row["row"], attachment, held)
    }
  }

  /// What each organisation's files take up, as soon as a chunk is here, until they are deleted.
  private static func attachmentUsage(_ db: Database) throws -> [Digest: Int64] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT organisation, sum(size) AS bytes FROM
          (SELECT DISTINCT row, size, organisation FROM attachment
            JOIN attachment_use ON attachment = attachment.row WHERE chunks > 0)
        GROUP BY organisation
        """)
    return Dictionary(
      try rows.map { (try $0.digest("organisation"), $0["bytes"] as Int64) },
      uniquingKeysWith: { first, _ in first })
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
