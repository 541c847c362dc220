import FoundationEssentials
import GRDB
import Operations
import Practice

/// Finding records by words, as a Swede expects (`design.md` §6).
///
/// The index keeps å, ä and ö apart. A query word is looked up among the distinct words as written,
/// folded, and as a part of a compound, and becomes the OR of what was found.
enum Search {
  private static let batch = 500
  private static let candidatesMax = 1000
  private static let wordsMax = 200

  static func isComplete(_ db: Database) throws -> Bool {
    try Row.fetchOne(db, sql: "SELECT 1 FROM record WHERE is_indexed = 0") == nil
  }

  /// Indexes up to one batch of records; returns whether more are left.
  static func indexBatch(_ db: Database) throws -> Bool {
    let rows = try Row.fetchAll(
      db, sql: "SELECT row, title, text FROM record WHERE is_indexed = 0 ORDER BY row LIMIT ?",
      arguments: [batch])
    let insertWord = try db.cachedStatement(
      sql: """
        INSERT INTO word (word, folded, records) VALUES (?, ?, 1)
        ON CONFLICT (word) DO UPDATE SET records = records + 1
        """)
    for row in rows {
      let title: String = row["title"]
      let text: String = row["text"]
      try db.execute(
        sql: "INSERT INTO record_text (rowid, title, text) VALUES (?, ?, ?)",
        arguments: [row["row"] as Int64, title, text])
      for word in distinctWords(in: text) {
        try insertWord.execute(arguments: [word, SwedishOrder.folded(word)])
      }
      try db.execute(
        sql: "UPDATE record SET is_indexed = 1 WHERE row = ?", arguments: [row["row"] as Int64])
    }
    return rows.count == batch
  }

  /// Takes a record out of the index, and the words that no other record has.
  ///
  /// An index over outside content can only forget the text that it was given.
  static func remove(row: Int64, title: String, text: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO record_text (record_text, rowid, title, text) VALUES ('delete', ?, ?, ?)",
      arguments: [row, title, text])
    let decrement = try db.cachedStatement(
      sql: "UPDATE word SET records = records - 1 WHERE word = ?")
    let delete = try db.cachedStatement(sql: "DELETE FROM word WHERE word = ? AND records = 0")
    for word in distinctWords(in: text) {
      try decrement.execute(arguments: [word])
      try delete.execute(arguments: [word])
    }
  }

  /// The words of a text as the index sees them: runs of letters and digits, lower case.
  ///
  /// Told apart by code points: a `Character` may hide a quotation mark behind a letter.
  private static func words(in text: String) -> [String] {
    text.lowercased().unicodeScalars.split { !isPartOfWord($0) }.map {
      String(String.UnicodeScalarView($0))
    }
  }

  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
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

  /// The rows that hold every word of the query, the best first; newest first beyond the most
  /// that are ranked.
  static func rows(matching query: String, _ db: Database) throws -> [Int64] {
    let groups = try words(in: query).map { try variants(of: $0, db) }
    guard !groups.isEmpty, groups.allSatisfy({ !$0.isEmpty }) else { return [] }
    let match = groups.map { group in
      "(" + group.map { "\"\($0)\"" }.joined(separator: " OR ") + ")"
    }.joined(separator: " AND ")
    return try Int64.fetchAll(
      db,
      sql: """
        WITH candidate AS (
          SELECT rowid FROM record_text WHERE record_text MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
        SELECT rowid FROM record_text WHERE record_text MATCH ?1 AND rowid IN candidate
        ORDER BY bm25(record_text, 10.0, 1.0), rowid DESC
        """, arguments: [match, candidatesMax])
  }

  /// Known words that a query word may mean: itself, without diacritics, within a compound.
  private static func variants(of word: String, _ db: Database) throws -> [String] {
    let folded = SwedishOrder.folded(word)
    // A word typed with å, ä or ö means them; one typed without may be either.
    let column = folded == word ? "folded" : "word"
    let needle = folded == word ? folded : word
    if needle.count < 3 {
      return try String.fetchAll(
        db, sql: "SELECT word FROM word WHERE \(column) = ? LIMIT ?", arguments: [needle, wordsMax])
    }
    return try String.fetchAll(
      db, sql: "SELECT word FROM word WHERE instr(\(column), ?) > 0 ORDER BY length(word) LIMIT ?",
      arguments: [needle, wordsMax])
  }
}
