import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

// Carrying out orders to erase (`Protocol/charter.md#orders`).
extension OperationStore {
  /// Whether one of the orders has been carried out here.
  func isDone(_ orders: [Digest], _ db: Database) throws -> Bool {
    try orders.contains { id in
      try Row.fetchOne(
        db, sql: "SELECT 1 FROM erasure WHERE order_id = ?", arguments: [id.data]) != nil
    }
  }

  /// Orders whose time has come and that have not been carried out here.
  package func dueErasures(now: UInt64) throws -> [ErasureOrder] {
    try file.read { db in
      try charter(db).erasureOrders.filter { order in
        guard !order.isCancelled, try !isDone([order.id], db) else { return false }
        let received = try Int64.fetchOne(
          db, sql: "SELECT received FROM operation WHERE id = ?", arguments: [order.id.data])
        let grace = order.isImmediate ? 0 : Int64(Limits.erasureGraceMilliseconds)
        return received.map { $0 + grace <= Int64(clamping: now) } ?? false
      }
    }
  }

  /// Overwrites what due orders name, and files that nothing names any more: bodies, projections,
  /// search index, attachments, free pages and the write-ahead log.
  ///
  /// An order counts as done only when the log has been emptied into the file; if a reader is in the
  /// way, that is tried again the next time. Returns the orders that are done now.
  package func carryOutErasures(now: UInt64) throws -> [Digest] {
    let due = try dueErasures(now: now)
    let needsSweep = try file.read { try Attachments.needSweep(now: now, $0) }
    guard try !due.isEmpty || needsSweep || isUncompacted() else { return [] }
    try file.write { db in
      let charter = try charter(db)
      let overwritten = try due.reduce(0) { $0 + (try overwrite($1, charter, db)) }
      if overwritten > 0 {
        for index in Migrations.wordIndexes {
          try db.execute(sql: "INSERT INTO \(index) (\(index)) VALUES ('optimize')")
        }
      }
      // In the same transaction: whatever happens now, the rest is done before an order counts.
      if try overwritten + Attachments.sweep(now: now, db) > 0 {
        try Self.set("uncompacted", to: Data([1]), db)
      }
    }
    // Perhaps an earlier try was kept from it.
    if try isUncompacted() {
      guard try file.compact() else { return [] }
      try file.write { try $0.execute(sql: "DELETE FROM setting WHERE name = 'uncompacted'") }
    }
    try file.write { db in
      for order in due {
        try db.execute(
          sql: "INSERT OR IGNORE INTO erasure (order_id, done) VALUES (?, ?)",
          arguments: [order.id.data, Int64(clamping: now)])
      }
    }
    return due.map(\.id)
  }

  /// Whether something was overwritten whose bytes may still stand in free pages or the log.
  private func isUncompacted() throws -> Bool {
    try file.read { try Self.setting("uncompacted", $0) != nil }
  }

  /// Returns how many bodies and files there were.
  private func overwrite(_ order: ErasureOrder, _ charter: Charter, _ db: Database) throws -> Int {
    var overwritten = try overwriteWaiting(order, charter, db)
    var touched: Set<RecordKey> = []
    for row in try order.named(db) {
      let organisation = try row.digest("organisation")
      guard order.acts(onOperationsOf: organisation) else { continue }
      try db.execute(
        sql: "UPDATE operation SET body = NULL WHERE id = ? AND body IS NOT NULL",
        arguments: [row["id"] as Data])
      overwritten += db.changesCount
      guard let record = (row["record"] as Data?).flatMap({ Digest($0) }) else { continue }
      for owner in [organisation] + charter.predecessors(of: organisation) {
        touched.insert(RecordKey(organisation: owner, record: record))
      }
    }
    var projection = Projection(charter, db)
    for key in touched.sorted() {
      try projection.update(key)
      overwritten += try Attachments.erase(unnamedBy: key, db)
    }
    try projection.finish()
    return overwritten
  }

  /// What waits for its `prev` is fetched again, then without its body.
  private func overwriteWaiting(
    _ order: ErasureOrder, _ charter: Charter, _ db: Database
  ) throws -> Int {
    let named = try Row.fetchAll(db, sql: "SELECT envelope, body FROM waiting ORDER BY rowid")
      .map { try $0.operation() }
      .filter { order.names($0.id, about: HeldOperation.record(of: $0)) }
      .filter { charter.grant(of: $0).map { order.acts(onOperationsOf: $0.organisation) } ?? false }
    for operation in named {
      try db.execute(sql: "DELETE FROM waiting WHERE id = ?", arguments: [operation.id.data])
    }
    return named.count
  }

  /// Orders carried out here that no receipt of a key names yet.
  package func unreceipted(by key: PublicKey) throws -> [Digest] {
    try file.read { db in
      let done = try Data.fetchAll(db, sql: "SELECT order_id FROM erasure ORDER BY order_id")
        .compactMap { Digest($0) }
      let named = Set(
        try StoredOperation.all(of: key, db).flatMap { row -> [Digest] in
          if case .receipt(let receipt) = row.header.content { receipt.orders } else { [] }
        })
      return Array(done.filter { !named.contains($0) }.prefix(Limits.cutHeadsMax))
    }
  }

  /// What is known about an order: here, elsewhere, and in copies.
  package func erasureStates() throws -> [ErasureState] {
    try file.read { db in
      let charter = try charter(db)
      var receipts: [Digest: [ErasureState.Receipt]] = [:]
      for row in try Row.fetchAll(
        db,
        sql: "SELECT envelope, body, organisation FROM operation WHERE class = ? AND verdict = 0",
        arguments: [Int64(OperationClass.receipt.rawValue)])
      {
        let operation = try row.operation()
        guard case .receipt(let receipt) = operation.header.content else { continue }
        for id in receipt.orders {
          receipts[id, default: []].append(
            ErasureState.Receipt(
              organisation: try row.digest("organisation"), key: operation.header.author,
              at: operation.header.timestamp.milliseconds))
        }
      }
      let backups = try Row.fetchAll(db, sql: "SELECT path, made FROM backup ORDER BY made, path")
        .map { (path: $0["path"] as String, made: UInt64(clamping: $0["made"] as Int64)) }
      return try charter.erasureOrders.map { order in
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT received, done FROM operation LEFT JOIN erasure ON order_id = id WHERE id = ?
            """, arguments: [order.id.data])
        let received = UInt64(clamping: row?["received"] as Int64? ?? 0)
        return ErasureState(
          order: order, received: received,
          doneHere: (row?["done"] as Int64?).map { UInt64(clamping: $0) },
          receipts: receipts[order.id] ?? [],
          // Until the bytes are overwritten, every copy has them.
          olderBackups: backups.filter {
            UInt64(clamping: row?["done"] as Int64? ?? .max) >= $0.made
          }
          .map(\.path))
      }
    }
  }
}

extension ErasureOrder {
  /// What is held of what it names, of whichever organisation and wherever it stands, be it kept as
  /// evidence: `id`, `author`, `organisation` and `record`.
  func named(_ db: Database) throws -> [Row] {
    let select = "SELECT id, author, organisation, record FROM operation WHERE "
    return try operations.flatMap { name in
      guard kind == .eraseRecord else {
        return try Row.fetchAll(db, sql: select + "id = ?", arguments: [name.data])
      }
      guard let organisation else {
        return try Row.fetchAll(
          db, sql: select + "record = ? ORDER BY arrival", arguments: [name.data])
      }
      return try Row.fetchAll(
        db, sql: select + "organisation = ? AND record = ? ORDER BY arrival",
        arguments: [organisation.data, name.data])
    }
  }
}

extension Row {
  /// The orders that erase the operation of a row with `id`, `organisation` and `record`.
  func erasures(_ charter: Charter) throws -> [ErasureOrder] {
    charter.erasures(
      of: try digest("id"), about: (self["record"] as Data?).flatMap { Digest($0) },
      ownedBy: try digest("organisation"))
  }
}

/// How far an order to erase has come.
package struct ErasureState: Sendable {
  /// A server's service key says that it is done, and when.
  package struct Receipt: Sendable {
    package let organisation: Digest
    package let key: PublicKey
    package let at: UInt64
  }

  package let order: ErasureOrder
  /// Milliseconds since 1970, own clock.
  package let received: UInt64
  package let doneHere: UInt64?
  package let receipts: [Receipt]
  /// Copies made here before the order came.
  package let olderBackups: [String]
}
