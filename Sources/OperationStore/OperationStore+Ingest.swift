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
    try ingest(
      parcels, in: scope, from: source, cursor: cursor, now: now, bodiesMayBeMissing: false)
  }

  /// With `bodiesMayBeMissing` also operations without their bodies are held, of which no order is
  /// here.
  func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64,
    bodiesMayBeMissing: Bool
  ) throws -> IngestReport {
    var report = IngestReport()
    let fresh = try unheld(parcels, &report)
    let verified = verify(fresh, scope, &report)
    if verified.isEmpty, report.refusals.isEmpty, cursor == nil { return report }
    return try ingesting(now: now) { ingestion in
      ingestion.bodiesMayBeMissing = bodiesMayBeMissing
      let quota = try Self.quota(ingestion.db)
      let last = try Self.lastArrival(ingestion.db)
      try takeAll(verified, source, quota, &ingestion, &report)
      try ingestion.finish()
      try settle(&report, &ingestion)
      try count(report.refusals, now, ingestion.db)
      if let cursor, report.refusals.isEmpty, report.waiting.isEmpty {
        try cursor.store(ingestion.db, now: now)
      }
      let latest = try Self.lastArrival(ingestion.db)
      if latest > last { report.arrivals = UInt64(last) + 1...UInt64(latest) }
      return report
    }
  }

  static func lastArrival(_ db: Database) throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT max(arrival) FROM operation") ?? 0
  }

  /// Reads and verifies on all cores, for this is most of the work.
  private func verify(
    _ parcels: [Parcel], _ scope: Scope, _ report: inout IngestReport
  ) -> [Operation] {
    let region = region
    let results = parcels.concurrentMap { parcel in
      Result { () throws(OperationError) in
        try Operation(
          envelope: parcel.envelope, body: parcel.body, region: region, bodyMayBeMissing: true)
      }
    }
    var verified: [Operation] = []
    for (parcel, result) in zip(parcels, results) {
      switch result {
      case .success(let operation) where Scope(operation.header.operationClass) == scope:
        verified.append(operation)
      case .success:
        report.refuse(parcel.id, code: "wrong-scope", "not one of the \(scope) operations")
      case .failure(let error):
        report.refuse(parcel.id, code: error.code, error.description)
      }
    }
    return verified
  }

  /// Leaves out what is held already, before any signature is checked.
  private func unheld(_ parcels: [Parcel], _ report: inout IngestReport) throws -> [Parcel] {
    try file.read { db in
      var fresh: [Parcel] = []
      try db.forEachPart(of: parcels.map { (parcel: $0, id: $0.id) }) { part in
        let held = Set(
          try Data.fetchAll(
            db.cachedStatement(
              sql: """
                SELECT id FROM operation WHERE id IN (\(databaseQuestionMarks(count: part.count)))
                  AND (body IS NOT NULL OR body_size = 0 OR exchanged = 1)
                """), arguments: StatementArguments(part.map(\.id.data))
          ).compactMap { Digest($0) })
        report.duplicates += part.map(\.id).filter(held.contains)
        fresh += part.filter { !held.contains($0.id) }.map(\.parcel)
      }
      return fresh
    }
  }

  /// Takes what can be held, in whatever order it came.
  private func takeAll(
    _ verified: [Operation], _ source: StoreID, _ quota: Int64,
    _ ingestion: inout Ingestion, _ report: inout IngestReport
  ) throws {
    try ingestion.lookFor(verified.map(\.id))
    var mayRelease = try isAnyWaiting(ingestion.db)
    var queue = verified.map { (operation: $0, source: source) }[...]
    var unauthorised: [(operation: Operation, source: StoreID)] = []
    while let (operation, source) = queue.popFirst() {
      do {
        let isTaken = try take(operation, source, quota, &ingestion, &report)
        mayRelease = mayRelease || !report.waiting.isEmpty
        guard isTaken else { continue }
      } catch AuthorityError.delegationNotHeld {
        unauthorised.append((operation: operation, source: source))
        continue
      }
      if mayRelease { queue += try released(by: operation.id, ingestion.db)[...] }
      guard operation.header.operationClass == .charter else { continue }
      queue += unauthorised.filter { $0.operation.header.delegation == operation.id }[...]
      unauthorised.removeAll { $0.operation.header.delegation == operation.id }
    }
    for (operation, _) in unauthorised {
      let error = AuthorityError.delegationNotHeld(operation.header.delegation ?? .zero)
      report.refuse(operation.id, code: error.code, error.description)
    }
    // What waited for an operation that stood behind it in the batch waits no longer.
    var settled = Set(report.held)
    report.waiting = report.waiting.filter { settled.insert($0).inserted }
  }

  /// Returns whether the operation is held now and was not before.
  ///
  /// Throws `delegationNotHeld`, which an operation later in the batch may cure.
  private func take(
    _ operation: Operation, _ source: StoreID, _ quota: Int64,
    _ ingestion: inout Ingestion, _ report: inout IngestReport
  ) throws -> Bool {
    let id = operation.id
    let presence = try ingestion.presence(of: id)
    guard presence != .held else {
      report.duplicates.append(id)
      return false
    }
    do {
      let standing = try ingestion.charter.standing(of: operation.header)
      if Scope(operation.header.operationClass) == .records,
        try ingestion.bytes(of: standing.organisation) > quota
      {
        report.refuse(
          id, code: "organisation-paused", "its organisation has used up its quota on this node")
        return false
      }
      let erasures = ingestion.charter.erasures(
        of: id, about: HeldOperation.record(of: operation), ownedBy: standing.organisation)
      guard !operation.isBare || !erasures.isEmpty || ingestion.bodiesMayBeMissing else {
        report.refuse(id, code: "body-missing", "its body is missing and no order has erased it")
        return false
      }
      if presence == .bare {
        try ingestion.restoreBody(of: operation)
        report.held.append(id)
        report.restored.append(id)
        return false
      }
      guard !ingestion.hasNoRoom(for: operation.header, under: standing.grant) else {
        report.refuse(
          id, code: "charter-full",
          "\(standing.organisation) has signed as many charter operations as are held")
        return false
      }
      let isOverwritten = try isDone(erasures.map(\.id), ingestion.db)
      let kept = isOverwritten ? operation.withoutBody : operation
      if let missing = try ingestion.missingPrev(of: operation, under: standing.grant) {
        try wait(kept, for: missing, source, ingestion.db)
        report.waiting.append(id)
        return false
      }
      try ingestion.insert(kept, standing, source: source)
      report.held.append(id)
      return true
    } catch AuthorityError.delegationNotHeld(let id) {
      throw AuthorityError.delegationNotHeld(id)
    } catch let error as AuthorityError {
      report.refuse(id, code: error.code, error.description)
    } catch let error as Ingestion.ForeignPrev {
      report.refuse(
        id, code: "prev-foreign",
        "follows \(error.id), which another key signed, or this one in another role")
    }
    return false
  }

  /// Tells apart what is new in the exchanged set, what is only kept, and what is not kept.
  private func settle(_ report: inout IngestReport, _ ingestion: inout Ingestion) throws {
    if ingestion.isAsJudged { return }
    let statement = try ingestion.db.cachedStatement(
      sql: "SELECT exchanged FROM operation WHERE id = ?")
    let apart = try report.held.filter {
      try Int.fetchOne(statement, arguments: [$0.data]) == 0
    }
    guard !apart.isEmpty else { return }
    let dropped = Set(try ingestion.dropOutside(apart))
    for id in apart where dropped.contains(id) {
      report.refuse(
        id, code: "outside-cut", "lies outside what a revocation of its key vouches for")
    }
    report.setAside += apart.filter { !dropped.contains($0) }
    let left = Set(apart)
    report.held.removeAll { left.contains($0) }
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

  private func isAnyWaiting(_ db: Database) throws -> Bool {
    try Row.fetchOne(db, sql: "SELECT 1 FROM waiting LIMIT 1") != nil
  }

  /// Operations that waited for `id` and may wait no longer, each with the store it came from.
  private func released(
    by id: Digest, _ db: Database
  ) throws -> [(operation: Operation, source: StoreID)] {
    let waiting = try db.cachedStatement(
      sql: "SELECT envelope, body, source FROM waiting WHERE missing = ? ORDER BY rowid")
    let rows = try Row.fetchAll(waiting, arguments: [id.data])
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

extension IngestReport {
  fileprivate mutating func refuse(_ id: Digest, code: String, _ reason: String) {
    refusals.append(Refusal(id: id, code: code, reason: reason))
  }
}

extension PeerCursor {
  func store(_ db: Database, now: UInt64) throws {
    try db.execute(
      sql: """
        INSERT INTO peer (store, node, number, operation, own_number, latest, latest_equal)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (store, node) DO UPDATE SET number = excluded.number,
          operation = excluded.operation, latest = excluded.latest,
          own_number = coalesce(?, own_number), latest_equal = coalesce(?, latest_equal)
        """,
      arguments: [
        Data(cursor.store.bytes), Data(node.bytes), Int64(clamping: cursor.number),
        Data(cursor.operation.bytes), Int64(clamping: equalAt ?? 0), Int64(clamping: now),
        equalAt.map { _ in Int64(clamping: now) }, equalAt.map { Int64(clamping: $0) },
        equalAt.map { _ in Int64(clamping: now) },
      ])
  }
}
