import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

extension OperationStore {
  /// Takes in parcels from a peer: reads, verifies, stores, folds, in one transaction.
  ///
  /// Order within the batch does not matter. What cannot be held, or is not of `scope`, is reported
  /// and counted, and leaves no trace in any digest. `source` is the peer's store, so that its own
  /// operations are not offered back to it. `cursor` says what this batch completes; it moves in the
  /// same transaction, and only if every parcel is held. `now` is milliseconds since 1970.
  package func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport {
    var report = IngestReport()
    let fresh = try unheld(parcels, &report)
    var verified: [Operation] = []
    for parcel in fresh {
      do throws(OperationError) {
        let operation = try Operation(
          envelope: parcel.envelope, body: parcel.body, region: region)
        if Scope(operation.header.operationClass) == scope {
          verified.append(operation)
        } else {
          report.refusals.append(
            IngestReport.Refusal(
              id: parcel.id, code: "wrong-scope", reason: "not one of the \(scope) operations"))
        }
      } catch {
        report.refusals.append(
          IngestReport.Refusal(id: parcel.id, code: error.code, reason: error.description))
      }
    }
    if verified.isEmpty, report.refusals.isEmpty, cursor == nil { return report }
    try file.write { db in
      var ingestion = Ingestion(db: db, charter: try charter(db))
      try takeAll(verified, source, &ingestion, &report)
      try ingestion.finish()
      try count(report.refusals, now, db)
      if let cursor, report.refusals.isEmpty, report.waiting.isEmpty {
        try cursor.store(db, now: now)
      }
    }
    return report
  }

  /// Leaves out what is held already, before any signature is checked.
  private func unheld(_ parcels: [Parcel], _ report: inout IngestReport) throws -> [Parcel] {
    try file.read { db in
      var fresh: [Parcel] = []
      for parcel in parcels {
        let id = parcel.id
        if try Bool.fetchOne(
          db, sql: "SELECT 1 FROM operation WHERE id = ?", arguments: [id.data]) != nil
        {
          report.duplicates.append(id)
        } else {
          fresh.append(parcel)
        }
      }
      return fresh
    }
  }

  /// Takes what can be held, in whatever order it came.
  private func takeAll(
    _ verified: [Operation], _ source: StoreID, _ ingestion: inout Ingestion,
    _ report: inout IngestReport
  ) throws {
    var queue = verified.map { (operation: $0, source: source) }[...]
    var unauthorised: [(operation: Operation, source: StoreID)] = []
    while let (operation, source) = queue.popFirst() {
      do {
        guard try take(operation, source, &ingestion, &report) else { continue }
      } catch AuthorityError.delegationNotHeld {
        unauthorised.append((operation: operation, source: source))
        continue
      }
      queue += try released(by: operation.id, ingestion.db)[...]
      guard operation.header.operationClass == .charter else { continue }
      queue += unauthorised.filter { $0.operation.header.delegation == operation.id }[...]
      unauthorised.removeAll { $0.operation.header.delegation == operation.id }
    }
    for (operation, _) in unauthorised {
      let error = AuthorityError.delegationNotHeld(operation.header.delegation ?? .zero)
      report.refusals.append(
        IngestReport.Refusal(id: operation.id, code: error.code, reason: error.description))
    }
    // What waited for an operation that stood behind it in the batch waits no longer.
    var settled = Set(report.held)
    report.waiting = report.waiting.filter { settled.insert($0).inserted }
  }

  /// Returns whether the operation is held now and was not before.
  ///
  /// Throws `delegationNotHeld`, which an operation later in the batch may cure.
  private func take(
    _ operation: Operation, _ source: StoreID, _ ingestion: inout Ingestion,
    _ report: inout IngestReport
  ) throws -> Bool {
    let id = operation.id
    guard try !ingestion.holds(id) else {
      report.duplicates.append(id)
      return false
    }
    do {
      let standing = try ingestion.charter.standing(of: operation.header)
      if let missing = try ingestion.missingPrev(of: operation) {
        try wait(operation, for: missing, source, ingestion.db)
        report.waiting.append(id)
        return false
      }
      try ingestion.insert(operation, standing, source: source)
      report.held.append(id)
      return true
    } catch AuthorityError.delegationNotHeld(let id) {
      throw AuthorityError.delegationNotHeld(id)
    } catch let error as AuthorityError {
      report.refusals.append(
        IngestReport.Refusal(id: id, code: error.code, reason: error.description))
    } catch let error as Ingestion.ForeignPrev {
      report.refusals.append(
        IngestReport.Refusal(
          id: id, code: "prev-foreign", reason: "follows \(error.id), which another key signed"))
    }
    return false
  }

  /// Keeps an operation aside until what it follows is here; the oldest make room.
  private func wait(
    _ operation: Operation, for missing: Digest, _ source: StoreID, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO waiting (id, envelope, body, source, missing) VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        operation.id.data, Data(operation.envelope.bytes), Data(operation.body?.bytes ?? []),
        Data(source.bytes), missing.data,
      ])
    try db.execute(
      sql: """
        DELETE FROM waiting WHERE rowid IN
          (SELECT rowid FROM waiting ORDER BY rowid DESC LIMIT -1 OFFSET ?)
        """,
      arguments: [Limits.waitingOperationsMax])
  }

  /// Operations that waited for `id` and may wait no longer, each with the store it came from.
  private func released(
    by id: Digest, _ db: Database
  ) throws -> [(operation: Operation, source: StoreID)] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT envelope, body, source FROM waiting WHERE missing = ? ORDER BY rowid",
      arguments: [id.data])
    guard !rows.isEmpty else { return [] }
    try db.execute(sql: "DELETE FROM waiting WHERE missing = ?", arguments: [id.data])
    return try rows.map { row in
      guard let source = StoreID(Array(row["source"] as Data)) else {
        throw StoreError.corrupt("a waiting operation of no store")
      }
      return (operation: try row.operation(), source: source)
    }
  }

  /// Counts refusals made elsewhere, such as a frame or a handshake.
  package func count(_ refusals: [IngestReport.Refusal], now: UInt64) throws {
    guard !refusals.isEmpty else { return }
    try file.write { try count(refusals, now, $0) }
  }

  private func count(_ refusals: [IngestReport.Refusal], _ now: UInt64, _ db: Database) throws {
    for refusal in refusals {
      try db.execute(
        sql: """
          INSERT INTO refusal (code, count, latest, reason) VALUES (?, 1, ?, ?)
          ON CONFLICT (code) DO UPDATE SET count = count + 1, latest = excluded.latest,
            reason = excluded.reason
          """,
        arguments: [refusal.code, Int64(now), refusal.reason])
    }
  }
}

extension PeerCursor {
  func store(_ db: Database, now: UInt64) throws {
    try db.execute(
      sql: """
        INSERT INTO peer (store, node, number, operation, own_number, latest, latest_equal)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (store) DO UPDATE SET node = excluded.node, number = excluded.number,
          operation = excluded.operation, latest = excluded.latest,
          own_number = coalesce(?, own_number), latest_equal = coalesce(?, latest_equal)
        """,
      arguments: [
        Data(cursor.store.bytes), Data(node.bytes), Int64(clamping: cursor.number),
        cursor.operation.data, Int64(clamping: equalAt ?? 0), Int64(clamping: now),
        equalAt.map { _ in Int64(clamping: now) }, equalAt.map { Int64(clamping: $0) },
        equalAt.map { _ in Int64(clamping: now) },
      ])
  }
}
