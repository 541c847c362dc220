import CRDT
import FoundationEssentials
import GRDB
import Operations
import Practice
import Signatures
import WireFormat

/// Keeps the `record` and `facet` rows of a record equal to what its fold says.
enum Projection {
  /// Longer values are text to read, not values to list by.
  private static let facetBytesMax = 64
  /// Cells of tables are listed and not found by, such as who has funded something.
  private static let cellBytesMax = 1024

  /// `decoded` are operations that need not be decoded again.
  static func update(
    _ key: RecordKey, _ charter: Charter, _ db: Database, decoded: [Digest: Operation] = [:]
  ) throws {
    try remove(key, db)
    let held = try operations(of: key, charter, db, decoded)
    let state = RecordState(folding: held, of: key)
    let named = Set(state?.attachments.map(\.attachment) ?? []).sorted()
    try Attachments.update(key, naming: named, db)
    try OperationStore.forgetLinks(of: key, besides: state?.webAddresses ?? [], db)
    guard let state else { return }
    let title = state.displayedText("title")
    let facets = facets(of: state)
    try db.cachedStatement(
      sql: """
        INSERT INTO record (organisation, record, family, title, sort_key, created, updated,
          conflicts, withdrawn, version, is_review, facets, stages, publisher, text)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        key.organisation.data, key.record.data, state.family, title, SwedishOrder.sortKey(title),
        Int64(clamping: state.created.milliseconds), Int64(clamping: state.updated.milliseconds),
        state.conflicts.count, state.isWithdrawn ? 1 : 0, state.version.data,
        held.allSatisfy { $0.operation.header.operationClass == .review } ? 1 : 0, facets.packed,
        StageTime.packed(StageTime.all(in: held)), "\(key.organisation)", text(of: state),
      ])
    let row = db.lastInsertedRowID
    let statement = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO facet (path, value, row) VALUES (?, ?, ?)")
    for (path, value) in facets.found {
      try statement.execute(arguments: [path, value, row])
    }
  }

  /// The state of a record from its exchanged operations.
  static func fold(_ key: RecordKey, _ charter: Charter, _ db: Database) throws -> RecordState? {
    RecordState(folding: try operations(of: key, charter, db), of: key)
  }

  /// The exchanged operations of a record, in arrival order: its owner's, and those of whoever has
  /// succeeded the owner.
  static func operations(
    of key: RecordKey, _ charter: Charter, _ db: Database, _ decoded: [Digest: Operation] = [:]
  ) throws -> [HeldOperation] {
    if try isPassedOn(key, charter, db) { return [] }
    var writers = [key.organisation]
    let heirs = charter.successors(of: key.organisation)
    if !heirs.isEmpty {
      let isOwn = try isCreated(key.record, by: key.organisation, db)
      writers += heirs.filter {
        charter.passes(key.record, of: key.organisation, to: $0, isCreatedByOwner: isOwn)
      }
    }
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, envelope, body, verdict FROM operation
        WHERE organisation = ? AND record = ? AND exchanged = 1 ORDER BY arrival
        """)
    return try writers.flatMap { writer in
      var held: [HeldOperation] = []
      let rows = try Row.fetchCursor(statement, arguments: [writer.data, key.record.data])
      while let row = try rows.next() {
        let id = try row.digest("id")
        held.append(
          HeldOperation(
            try decoded[id] ?? row.operation(),
            isAccepted: row["verdict"] == Int64(Verdict.accepted.rawValue),
            isErased: !charter.erasures(of: id, about: key.record, ownedBy: writer).isEmpty))
      }
      return held
    }
  }

  /// Whether what an organisation says about a record is about a record of one it has succeeded.
  private static func isPassedOn(
    _ key: RecordKey, _ charter: Charter, _ db: Database
  ) throws -> Bool {
    try charter.predecessors(of: key.organisation).contains { former in
      charter.passes(
        key.record, of: former, to: key.organisation,
        isCreatedByOwner: try isCreated(key.record, by: former, db))
    }
  }

  private static func isCreated(
    _ record: Digest, by organisation: Digest, _ db: Database
  ) throws -> Bool {
    try Row.fetchOne(
      db, sql: "SELECT 1 FROM operation WHERE id = ? AND organisation = ?",
      arguments: [record.data, organisation.data]) != nil
  }

  private static func remove(_ key: RecordKey, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT row, title, text, publisher, facets, is_indexed FROM record
        WHERE organisation = ? AND record = ?
        """)
    guard
      let old = try Row.fetchOne(
        statement, arguments: [key.organisation.data, key.record.data])
    else { return }
    let row: Int64 = old["row"]
    if old["is_indexed"] == 1 {
      try Search.remove(old, db)
    }
    let facet = try db.cachedStatement(
      sql: "DELETE FROM facet WHERE path = ? AND value = ? AND row = ?")
    for (path, value) in Facets(packed: old["facets"]).found {
      try facet.execute(arguments: [path, value, row])
    }
    try db.cachedStatement(sql: "DELETE FROM record WHERE row = ?").execute(arguments: [row])
  }

  private static func facets(of state: RecordState) -> Facets {
    Facets(
      state.fields.map { field in
        let most = field.path.utf8.contains(UInt8(ascii: "/")) ? cellBytesMax : facetBytesMax
        let values = (field.state.values.prefix(1) + field.state.elements).compactMap {
          $0.value?.facetValue(most)
        }
        let shown = values.filter { $0.utf8.count <= 2 * most + 1 }
        // A row of a table is there though none of its cells can be listed.
        return (path: field.path, values: shown.isEmpty && most == cellBytesMax ? [""] : shown)
      })
  }

  /// What people wrote in the record, and in both languages what its subject codes mean.
  ///
  /// Other codes are left out: a search for *idé* does not mean all that is at the stage IDEA.
  private static func text(of state: RecordState) -> String {
    let family = Schema.bundled.family(state.family)
    let texts = state.fields.flatMap { field -> [String] in
      let vocabulary = family?.definition(at: field.path).flatMap(Schema.bundled.vocabulary(of:))
      let texts = (field.state.values + field.state.elements).flatMap { $0.value?.texts ?? [] }
      let codes = texts.compactMap { vocabulary?[$0] }
      return texts.filter { vocabulary?[$0] == nil && !isDigest($0) }
        + (subjects.contains(field.path) ? codes.flatMap { [$0.sv, $0.en] } : [])
    }
    return texts.joined(separator: "\n")
  }

  private static let subjects = ["themes", "challenges", "procurement"]

  /// Nobody looks for a checksum by parts of it, as one does for a word.
  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count >= 32 && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }
}

extension RecordState {
  /// Whether its owner has taken it out of sight, which any later edit of the field can undo.
  public var isWithdrawn: Bool { !(self["withdrawn"]?.values.isEmpty ?? true) }

  /// Whether it is personal and its day has passed; `today` is a whole date.
  package func isExpired(today: String) -> Bool {
    Schema.bundled.family(family)?.isPersonal == true
      && PartialDate.isOver(displayedText("expires"), today: today)
  }

  /// The displayed text at a path; empty when there is none.
  public func displayedText(_ path: String) -> String {
    guard case .text(let text) = self[path]?.values.first?.value else { return "" }
    return text
  }
}

extension CBOR {
  /// How a short value stands in lists: codes and dates as they are, a reference as
  /// organisation/record, a pair by its first text.
  fileprivate func facetValue(_ bytesMax: Int) -> String? {
    switch self {
    case .text(let text): text.utf8.count <= bytesMax ? text : nil
    case .unsigned(let value): "\(value)"
    case .negative(let value): CBOR.decimal(negative: value)
    case .bool(let value): value ? "true" : "false"
    case .bytes: nil
    case .array(let items):
      if items.count == 2, case .bytes(let organisation) = items[0],
        case .bytes(let record) = items[1]
      {
        Hex.encode(organisation) + "/" + Hex.encode(record)
      } else {
        items.first?.facetValue(bytesMax)
      }
    }
  }

  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .array(let items): items.flatMap(\.texts)
    default: []
    }
  }
}
