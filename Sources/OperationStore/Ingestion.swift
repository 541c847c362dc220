import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

/// One transaction that adds operations: truth, digests and projections move together.
struct Ingestion {
  let db: Database
  private(set) var charter: Charter
  private var digests = SetDigests()
  private var touched: Set<RecordKey> = []

  init(db: Database, charter: Charter) {
    self.db = db
    self.charter = charter
  }

  /// Stores an operation that is not held yet.
  mutating func insert(
    _ operation: Operation, _ standing: Standing, source: StoreID?
  ) throws {
    let header = operation.header
    let record = HeldOperation.record(of: operation)
    try db.cachedStatement(
      sql: """
        INSERT INTO operation (id, envelope, body, source, class, author, organisation, timestamp,
          seconds, record, accepted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      operation.id.data, Data(operation.envelope.bytes), operation.body.map { Data($0.bytes) },
      source.map { Data($0.bytes) }, Int64(header.operationClass.rawValue),
      Data(header.author.bytes), standing.organisation.data,
      Int64(bitPattern: header.timestamp.rawValue), Int64(header.timestamp.reconciliationSeconds),
      record?.data, standing.isAccepted ? 1 : 0,
    ])
    try digests.insert(
      operation.id,
      scope: SetDigests.scope(header.operationClass, of: standing.organisation), db)
    if header.operationClass == .charter { charter.add(operation, standing) }
    if let record {
      touched.insert(RecordKey(organisation: standing.organisation, record: record))
    }
  }

  func holds(_ id: Digest) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT 1 FROM operation WHERE id = ?", arguments: [id.data]) ?? false
  }

  /// The first `prev` that is not held; throws when one is held but is another key's.
  func missingPrev(of operation: Operation) throws -> Digest? {
    for prev in operation.header.prev {
      let author = try Data.fetchOne(
        db, sql: "SELECT author FROM operation WHERE id = ?", arguments: [prev.data])
      guard let author else { return prev }
      guard Array(author) == operation.header.author.bytes else { throw ForeignPrev(id: prev) }
    }
    return nil
  }

  struct ForeignPrev: Error {
    let id: Digest
  }

  /// Writes what the inserts have touched.
  ///
  /// Must be called once, last.
  mutating func finish() throws {
    try digests.flush(db)
    for key in touched.sorted() { try Projection.update(key, db) }
    touched = []
  }
}
