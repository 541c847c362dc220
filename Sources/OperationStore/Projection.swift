import CRDT
import FoundationEssentials
import GRDB
import Operations
import Practice
import Signatures
import WireFormat

/// Keeps the `record` and `facet` rows of records equal to what their folds say.
struct Projection {
  /// Longer values are text to read, not values to list by.
  private static let facetBytesMax = 64
  /// Cells of tables are listed and not found by, such as who has funded something.
  private static let cellBytesMax = 1024
  /// So many rows go into one statement, and so many are kept until they are sorted.
  private static let (facetsPerStatement, facetsMax) = (50, 20_000)
  /// Of so many records the values stand together.
  private static let recordsPerPart: Int64 = 4096

  let charter: Charter
  let db: Database
  /// Rows to come; in the order of their tree many are written in little time.
  private var facets: [(path: String, value: String, row: Int64)] = []

  init(_ charter: Charter, _ db: Database) {
    self.charter = charter
    self.db = db
  }

  /// Makes the row of a record anew, at most once; `decoded` are operations that need not be
  /// decoded again.
  mutating func update(_ key: RecordKey, decoded: [Digest: Operation] = [:]) throws {
    try remove(key)
    let held = try Self.operations(of: key, charter, db, decoded)
    let state = RecordState(folding: held, of: key)
    let named = Set(state?.attachments.map(\.attachment) ?? []).sorted()
    try Attachments.update(key, naming: named, db)
    try OperationStore.forgetLinks(of: key, besides: state?.webAddresses ?? [], db)
    if let state { try insert(state, held) }
  }

  /// Makes the row of a record of which nothing was held; `held` are all its exchanged operations.
  mutating func add(_ key: RecordKey, _ held: [HeldOperation]) throws {
    guard let state = RecordState(folding: held, of: key) else { return }
    let named = Set(state.attachments.map(\.attachment)).sorted()
    if !named.isEmpty { try Attachments.update(key, naming: named, db) }
    try insert(state, held)
  }

  /// Writes what is left.
  ///
  /// Must be called last.
  mutating func finish() throws { try writeFacets() }

  private mutating func writeFacets() throws {
    let byPart = Dictionary(grouping: facets) { $0.row / Self.recordsPerPart }
    for (part, facets) in byPart.sorted(by: { $0.key < $1.key }) {
      try db.cachedStatement(sql: "INSERT OR IGNORE INTO facet_part (part) VALUES (?)")
        .execute(arguments: [part])
      try write(facets.sorted { ($0.path, $0.value, $0.row) < ($1.path, $1.value, $1.row) }, part)
    }
    facets = []
  }

  private func write(
    _ facets: [(path: String, value: String, row: Int64)], _ part: Int64
  ) throws {
    var left = facets[...]
    while !left.isEmpty {
      let some = left.prefix(left.count < Self.facetsPerStatement ? 1 : Self.facetsPerStatement)
      let rows = Array(repeating: "(?, ?, ?, ?)", count: some.count).joined(separator: ", ")
      // Of one type, for a cast costs as much as writing what is cast.
      let values = some.flatMap {
        [
          part.databaseValue, $0.path.databaseValue, $0.value.databaseValue,
          $0.row.databaseValue,
        ]
      }
      let statement = try db.cachedStatement(
        sql: "INSERT OR IGNORE INTO facet_value (part, path, value, row) VALUES \(rows)")
      try statement.execute(arguments: StatementArguments(values))
      left = left.dropFirst(some.count)
    }
  }

  private mutating func insert(_ state: RecordState, _ held: [HeldOperation]) throws {
    let title = state.displayedText("title")
    let stated = Self.facets(of: state)
    try db.cachedStatement(
      sql: """
        INSERT INTO record (organisation, record, family, title, sort_key, created, updated,
          conflicts, withdrawn, version, is_review, facets, stages)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        state.key.organisation.data, state.key.record.data, state.family, title,
        SwedishOrder.sortKey(title), Int64(clamping: state.created.milliseconds),
        Int64(clamping: state.updated.milliseconds), state.conflicts.count,
        state.isWithdrawn ? 1 : 0, state.version.data,
        held.allSatisfy { $0.operation.header.operationClass == .review } ? 1 : 0, stated.packed,
        StageTime.packed(StageTime.all(in: held)),
      ])
    let row = db.lastInsertedRowID
    facets += stated.found.map { ($0.path, $0.value, row) }
    if facets.count > Self.facetsMax { try writeFacets() }
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
            try decoded[id] ?? row.operation(), of: key.record, writer, charter,
            isAccepted: row["verdict"] == Int64(Verdict.accepted.rawValue)))
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

  private func remove(_ key: RecordKey) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT row, facets FROM record WHERE organisation = ? AND record = ?
        """)
    guard
      let old = try Row.fetchOne(
        statement, arguments: [key.organisation.data, key.record.data])
    else { return }
    let row: Int64 = old["row"]
    try Search.remove(row, db)
    let facet = try db.cachedStatement(
      sql: "DELETE FROM facet_value WHERE part = ? AND path = ? AND value = ? AND row = ?")
    for (path, value) in Facets(packed: old["facets"]).found {
      try facet.execute(arguments: [row / Self.recordsPerPart, path, value, row])
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
}

extension HeldOperation {
  /// Of a record of an organisation.
  init(
    _ operation: Operation, of record: Digest, _ organisation: Digest, _ charter: Charter,
    isAccepted: Bool
  ) {
    let erasures = charter.erasures(of: operation.id, about: record, ownedBy: organisation)
    self.init(operation, isAccepted: isAccepted, isErased: !erasures.isEmpty)
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
}
