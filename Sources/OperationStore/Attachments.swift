import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

/// Files in a store: which records name them, and as much of them as is here
/// (`Protocol/attachments.md`).
enum Attachments {
  /// Keeps the rows of one record equal to what its live values name.
  ///
  /// A file that no live value names any more is kept until its time is over, for an order that hid
  /// the name may be cancelled.
  static func update(_ key: RecordKey, naming named: [Attachment], _ db: Database) throws {
    let record: StatementArguments = [key.organisation.data, key.record.data]
    let statement = try db.cachedStatement(
      sql: "SELECT 1 FROM attachment_use WHERE organisation = ? AND record = ?")
    let hasUses = try Row.fetchOne(statement, arguments: record) != nil
    guard hasUses || !named.isEmpty else { return }
    try db.execute(
      sql: """
        UPDATE attachment_use SET is_live = 0 WHERE organisation = ? AND record = ? AND is_live = 1
        """, arguments: record)
    for attachment in named {
      try db.execute(
        sql: """
          INSERT INTO attachment_use (attachment, organisation, record, is_live)
          VALUES (?, ?, ?, 1)
          ON CONFLICT DO UPDATE SET is_live = 1, unnamed_since = NULL
          """, arguments: [try row(of: attachment, db)] + record)
    }
  }

  /// Before every record says anew what it names; what none names any more keeps its time.
  static func unnameAll(_ db: Database) throws {
    try db.execute(sql: "UPDATE attachment_use SET is_live = 0 WHERE is_live = 1")
  }

  private static func row(of attachment: Attachment, _ db: Database) throws -> Int64 {
    let name: StatementArguments = [
      attachment.digest.data, Data(attachment.salt), attachment.size,
    ]
    try db.execute(
      sql: "INSERT INTO attachment (digest, salt, size) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      arguments: name)
    let row = try Int64.fetchOne(
      db, sql: "SELECT row FROM attachment WHERE digest = ? AND salt = ? AND size = ?",
      arguments: name)
    guard let row else { throw StoreError.corrupt("an attachment that was just written is gone") }
    return row
  }

  /// Stores chunks from `number` on; those before it are here, or nothing is stored.
  static func keep(
    _ chunks: [[UInt8]], from number: Int, of attachment: Attachment, chunkDigests: [Digest],
    _ db: Database
  ) throws {
    let row = try row(of: attachment, db)
    // Another session may have been quicker.
    let held = try Int.fetchOne(
      db, sql: "SELECT chunks FROM attachment WHERE row = ?", arguments: [row])
    guard let held, number <= held else { return }
    for (offset, bytes) in chunks.enumerated() {
      try db.cachedStatement(
        sql: """
          INSERT INTO attachment_chunk (attachment, number, bytes) VALUES (?, ?, ?)
          ON CONFLICT DO NOTHING
          """
      ).execute(arguments: [row, number + offset, Data(bytes)])
    }
    let count = max(held, number + chunks.count)
    try db.execute(
      sql: """
        UPDATE attachment SET chunk_digests = ?, chunks = ?, is_whole = ?, asked = 0 WHERE row = ?
        """,
      arguments: [
        Data(chunkDigests.flatMap(\.bytes)), count, count == attachment.chunkCount ? 1 : 0, row,
      ])
  }

  static func store(_ bytes: [UInt8], as attachment: Attachment, _ db: Database) throws {
    let chunks = Attachment.chunks(of: bytes)
    try keep(
      chunks, from: 0, of: attachment, chunkDigests: chunks.map(Attachment.digest(ofChunk:)), db)
  }

  /// Files here whose chunks are not what their names say.
  static func damaged(_ db: Database) throws -> [(row: Int64, digest: Digest)] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT row, digest, salt, size FROM attachment WHERE chunks > 0 ORDER BY digest")
    return try rows.compactMap { row in
      let attachment = try row.attachment()
      let file: Int64 = row["row"]
      let said = try chunkDigests(of: file, db)
      let found = try Row.fetchAll(
        db, sql: "SELECT number, bytes FROM attachment_chunk WHERE attachment = ? ORDER BY number",
        arguments: [file]
      ).map { chunk in
        let (number, bytes) = (chunk["number"] as Int, Array(chunk["bytes"] as Data))
        return (
          number,
          bytes.count == attachment.byteCount(ofChunk: number)
            ? Attachment.digest(ofChunk: bytes) : .zero
        )
      }
      let held = try Int.fetchOne(
        db, sql: "SELECT chunks FROM attachment WHERE row = ?", arguments: [file])
      let isSound =
        attachment.isMade(of: said) && found.count == held
        && found.allSatisfy { said.indices.contains($0.0) && said[$0.0] == $0.1 }
      return isSound ? nil : (file, attachment.digest)
    }
  }

  /// Forgets damaged files, so that they are fetched again.
  static func forgetDamaged(_ db: Database) throws {
    for (row, _) in try damaged(db) {
      try db.execute(
        sql: "DELETE FROM attachment_chunk WHERE attachment = ?", arguments: [row])
      try db.execute(
        sql: "UPDATE attachment SET chunk_digests = NULL, chunks = 0, is_whole = 0 WHERE row = ?",
        arguments: [row])
    }
  }

  static func chunkDigests(of row: Int64, _ db: Database) throws -> [Digest] {
    let bytes = try Data.fetchOne(
      db, sql: "SELECT chunk_digests FROM attachment WHERE row = ?", arguments: [row])
    return bytes.map(digests) ?? []
  }

  private static func digests(_ bytes: Data) -> [Digest] {
    let bytes = Array(bytes)
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(bytes[$0..<min($0 + Digest.byteCount, bytes.count)])
    }
  }

  // MARK: - Erasing

  /// Notes when a file was first found without a live name, and deletes those whose time is over or
  /// that nothing names; returns how many of the deleted had bytes here.
  static func sweep(now: UInt64, _ db: Database) throws -> Int {
    let time = Int64(clamping: now)
    try db.execute(
      sql: """
        UPDATE attachment_use SET unnamed_since = ? WHERE is_live = 0 AND unnamed_since IS NULL
        """, arguments: [time])
    guard try isSweepingDay(now: now, db) else { return 0 }
    try db.execute(
      sql: "DELETE FROM attachment_use WHERE is_live = 0 AND unnamed_since <= ?",
      arguments: [time - Int64(Limits.erasureGraceMilliseconds)])
    try OperationStore.set("swept", to: Data("\(now)".utf8), db)
    return try deleteUnused(db)
  }

  /// Deleting means rewriting the whole file, so that nobody may cause it at every hour.
  private static func isSweepingDay(now: UInt64, _ db: Database) throws -> Bool {
    let last = try OperationStore.setting("swept", db)
      .flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    return last.map { now >= $0 + 20 * 3_600_000 } ?? true
  }

  /// Deletes at once what the erased values of a record named.
  static func erase(unnamedBy key: RecordKey, _ db: Database) throws -> Int {
    try db.execute(
      sql: "DELETE FROM attachment_use WHERE is_live = 0 AND organisation = ? AND record = ?",
      arguments: [key.organisation.data, key.record.data])
    return db.changesCount == 0 ? 0 : try deleteUnused(db)
  }

  private static func deleteUnused(_ db: Database) throws -> Int {
    let unused = "row NOT IN (SELECT attachment FROM attachment_use)"
    let held = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM attachment WHERE chunks > 0 AND \(unused)")
    try db.execute(sql: "DELETE FROM attachment WHERE \(unused)")
    return held ?? 0
  }

  /// Whether `sweep` has something to do.
  static func needSweep(now: UInt64, _ db: Database) throws -> Bool {
    if try Row.fetchOne(
      db, sql: "SELECT 1 FROM attachment_use WHERE is_live = 0 AND unnamed_since IS NULL") != nil
    {
      return true
    }
    guard try isSweepingDay(now: now, db) else { return false }
    return try Row.fetchOne(
      db,
      sql: """
        SELECT 1 FROM attachment_use WHERE is_live = 0 AND unnamed_since <= ?
        UNION ALL
        SELECT 1 FROM attachment WHERE row NOT IN (SELECT attachment FROM attachment_use) LIMIT 1
        """,
      arguments: [Int64(clamping: now) - Int64(Limits.erasureGraceMilliseconds)]) != nil
  }
}

extension Row {
  func attachment() throws -> Attachment {
    guard
      let attachment = Attachment(
        digest: try digest("digest"), salt: Array(self["salt"] as Data), size: self["size"])
    else { throw StoreError.corrupt("an attachment of no possible size") }
    return attachment
  }
}
