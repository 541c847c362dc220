import FoundationEssentials
import GRDB
import Operations
import Practice

/// The index of words: what is in it, and how it is kept equal to the records.
///
/// It keeps å, ä and ö apart. Beside it stand the distinct words with their folded form, and the
/// parts of those, so that a query word is found within compounds without reading every word.
enum Search {
  private static let batch = 500
  /// A longer word is found as a whole, and not by a part of it or with a slip in it.
  static let wordLettersMax = 60

  /// Rows are indexed in their order, and a new one is greater than all before.
  private static let missing = "row > (SELECT ifnull(max(row), 0) FROM searched_text)"

  static func isComplete(_ db: Database) throws -> Bool {
    try Row.fetchOne(db, sql: "SELECT 1 FROM record WHERE \(missing)") == nil
  }

  /// Indexes up to one batch of records; returns whether more are left.
  static func indexBatch(_ charter: Charter, _ db: Database) throws -> Bool {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT row, organisation, record, title FROM record WHERE \(missing) ORDER BY row LIMIT ?
        """, arguments: [batch])
    for row in rows {
      let key = RecordKey(
        organisation: try row.digest("organisation"), record: try row.digest("record"))
      let number: Int64 = row["row"]
      let text = try Self.text(of: key, charter, db)
      try db.cachedStatement(sql: "INSERT INTO searched_text (row, text) VALUES (?, ?)")
        .execute(arguments: [number, Packing.packed(Array(text.utf8))])
      let publisher = "\(key.organisation)"
      try db.cachedStatement(
        sql: "INSERT INTO record_title (rowid, title, publisher) VALUES (?, ?, ?)"
      ).execute(arguments: [number, row["title"] as String, publisher])
      try db.cachedStatement(
        sql: "INSERT INTO record_text (rowid, text, publisher) VALUES (?, ?, ?)"
      ).execute(arguments: [number, text, publisher])
      for word in distinctWords(in: text) { try count(word, db) }
    }
    return rows.count == batch
  }

  /// One damaged body is not to keep others from being found; the doctor tells of it.
  private static func text(of key: RecordKey, _ charter: Charter, _ db: Database) throws -> String {
    do {
      return try Projection.fold(key, charter, db)?.searchedText ?? ""
    } catch StoreError.corrupt {
      return ""
    }
  }

  /// Takes a record out of the index, and the words that no other record has.
  ///
  /// An index over outside content can only forget the text that it was given. When that is damaged,
  /// what the index holds of it goes when all of it is remade, as the file is opened next.
  static func remove(_ row: Int64, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT title, searched_text.text AS packed, lower(hex(organisation)) AS publisher
        FROM searched_text JOIN record USING (row) WHERE row = ?
        """)
    guard let old = try Row.fetchOne(statement, arguments: [row]) else { return }
    let forget = try db.cachedStatement(sql: "DELETE FROM searched_text WHERE row = ?")
    guard let bytes = Packing.unpacked(old["packed"]) else {
      try OperationStore.set("stale", to: Data([1]), db)
      return try forget.execute(arguments: [row])
    }
    let (text, publisher): (String, String) = (
      String(decoding: bytes, as: UTF8.self), old["publisher"]
    )
    try db.cachedStatement(
      sql: """
        INSERT INTO record_title (record_title, rowid, title, publisher)
        VALUES ('delete', ?, ?, ?)
        """
    ).execute(arguments: [row, old["title"] as String, publisher])
    try db.cachedStatement(
      sql: """
        INSERT INTO record_text (record_text, rowid, text, publisher) VALUES ('delete', ?, ?, ?)
        """
    ).execute(arguments: [row, text, publisher])
    for word in distinctWords(in: text) { try uncount(word, db) }
    try forget.execute(arguments: [row])
  }

  private static func count(_ word: String, _ db: Database) throws {
    try db.cachedStatement(sql: "UPDATE word SET records = records + 1 WHERE word = ?")
      .execute(arguments: [word])
    guard db.changesCount == 0 else { return }
    let folded = SwedishOrder.folded(word)
    try db.cachedStatement(sql: "INSERT INTO word (word, folded, records) VALUES (?, ?, 1)")
      .execute(arguments: [word, folded])
    try db.cachedStatement(sql: "INSERT INTO word_part (rowid, folded) VALUES (?, ?)")
      .execute(arguments: [db.lastInsertedRowID, folded])
  }

  private static func uncount(_ word: String, _ db: Database) throws {
    let counted = try Row.fetchOne(
      db.cachedStatement(
        sql: "UPDATE word SET records = records - 1 WHERE word = ? RETURNING id, folded, records"),
      arguments: [word])
    guard let counted, counted["records"] == 0 else { return }
    try db.cachedStatement(
      sql: "INSERT INTO word_part (word_part, rowid, folded) VALUES ('delete', ?, ?)"
    ).execute(arguments: [counted["id"] as Int64, counted["folded"] as String])
    try db.cachedStatement(sql: "DELETE FROM word WHERE id = ?")
      .execute(arguments: [counted["id"] as Int64])
  }

  /// The words of a text as the index sees them: runs of letters and digits, lower case.
  ///
  /// Told apart by code points: a `Character` may hide a quotation mark behind a letter.
  static func words(in text: some StringProtocol) -> [String] {
    text.lowercased().unicodeScalars.split { !isPartOfWord($0) }.map {
      String(String.UnicodeScalarView($0))
    }
  }

  static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: return true
    case 0..<0x80: return false
    default: break
    }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
  }

  /// Each word once, ascending, by bytes: `String ==` calls two encodings of é one word.
  private static func distinctWords(in text: String) -> [String] {
    Set(words(in: text).map { Array($0.utf8) })
      .sorted { $0.lexicographicallyPrecedes($1) }
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
