import FoundationEssentials
import GRDB
import Operations
import Reconciliation
import Signatures
import WireFormat

// What a session asks of a store (`SyncSession.SyncStore`).
extension OperationStore {
  package func snapshot() throws -> StoreSnapshot {
    try file.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT arrival, id FROM operation ORDER BY arrival DESC LIMIT 1")
      guard let row else { throw StoreError.corrupt("no operation") }
      return StoreSnapshot(
        store: try Self.id(db),
        last: Arrival(number: UInt64(row["arrival"] as Int64), id: try row.digest("id")),
        charter: try SetDigests.read(SetDigests.charterScope, db) ?? .init(),
        records: try SetDigests.records(db), paused: try Self.pausedOrganisations(db))
    }
  }

  /// The digest of what a session is about, as verdicts now stand.
  package func digest(_ scope: Scope, of subject: SessionSubject) throws -> SetDigest {
    try file.read { db in
      var digest =
        scope == .charter
        ? try SetDigests.read(SetDigests.charterScope, db) ?? .init()
        : try SetDigests.records(without: subject.paused, db)
      try Self.forEachOther(scope, subject, db) { digest.remove($0.id) }
      return digest
    }
  }

  /// What has arrived since the session began and is not of it, but for paused organisations.
  private static func forEachOther(
    _ scope: Scope, _ subject: SessionSubject, _ db: Database,
    _ body: (ReconcilableItem) throws -> Void
  ) throws {
    for span in subject.spansOfOthers {
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT seconds, id, organisation FROM operation
          WHERE arrival > ? AND arrival < ? AND exchanged = 1 AND class IN \(scope.classes)
          """, arguments: [Int64(clamping: span.after), Int64(clamping: span.before)])
      while let row = try rows.next() {
        let item = try ReconcilableItem(row)
        if try !subject.named.contains(item.id) && !scope.isLeftOut(row, subject.paused) {
          try body(item)
        }
      }
    }
  }

  /// Organisations whose operations take up more than the quota, ascending.
  static func pausedOrganisations(_ db: Database) throws -> [Digest] {
    try Row.fetchAll(
      db, sql: "SELECT organisation FROM usage WHERE bytes > ? ORDER BY organisation LIMIT ?",
      arguments: [try quota(db), Limits.pausedMax]
    ).map { try $0.digest("organisation") }
  }

  static func quota(_ db: Database) throws -> Int64 {
    try setting("quota", db).flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
      ?? Int64(Limits.quotaBytes)
  }

  /// How many bytes one organisation may take up here.
  package func quota() throws -> Int64 { try file.read(Self.quota) }

  /// What each organisation's operations take up, in bytes as signed; the greatest first.
  package func usage() throws -> [(organisation: Digest, bytes: Int64)] {
    try file.read { db in
      try Row.fetchAll(
        db, sql: "SELECT organisation, bytes FROM usage ORDER BY bytes DESC, organisation"
      ).map { (try $0.digest("organisation"), $0["bytes"]) }
    }
  }

  package func paused() throws -> [Digest] { try file.read(Self.pausedOrganisations) }

  /// How many bytes one organisation may take up here before its records are no longer taken.
  package func setQuota(bytes: Int64) throws {
    try file.write { try Self.set("quota", to: Data("\(bytes)".utf8), $0) }
  }

  /// How far this store has everything of the store that a node key last spoke for.
  package func cursor(node: PublicKey) throws -> StoreCursor? {
    try peer("node = ? ORDER BY latest DESC LIMIT 1", [Data(node.bytes)])?.cursor
  }

  /// How far this store has everything of a store, as a node key has spoken for it.
  package func cursor(store: StoreID, node: PublicKey) throws -> StoreCursor? {
    try peer("store = ? AND node = ?", [Data(store.bytes), Data(node.bytes)])?.cursor
  }

  /// The own last arrival at the latest equal session with a store that a node key spoke for.
  package func equalNumber(with store: StoreID, node: PublicKey) throws -> UInt64? {
    try peer("store = ? AND node = ?", [Data(store.bytes), Data(node.bytes)])?.equalNumber
  }

  /// No arrival has the number 0: such a row says that the store has spoken, and no more.
  private func peer(
    _ condition: String, _ arguments: [Data]
  ) throws -> (cursor: StoreCursor?, equalNumber: UInt64?)? {
    try file.read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM peer WHERE \(condition)",
        arguments: StatementArguments(arguments))
      guard let row, let store = StoreID(Array(row["store"] as Data)) else { return nil }
      let number = UInt64(row["number"] as Int64)
      let cursor =
        number == 0
        ? nil
        : OperationMark(Array((row["operation"] as Data).prefix(OperationMark.byteCount))).map {
          StoreCursor(store: store, number: number, operation: $0)
        }
      let latestEqual: Int64? = row["latest_equal"]
      return (cursor, latestEqual.map { _ in UInt64(row["own_number"] as Int64) })
    }
  }

  /// Whether a peer's cursor fits this store: the operation stands at the number it names.
  package func matches(_ cursor: StoreCursor) throws -> Bool {
    try file.read { db in
      guard cursor.store == (try Self.id(db)) else { return false }
      return try Data.fetchOne(
        db, sql: "SELECT id FROM operation WHERE arrival = ?",
        arguments: [Int64(clamping: cursor.number)]
      )?.starts(with: cursor.operation.bytes) ?? false
    }
  }

  /// Operations of a scope that arrived in a range, in order, without those of one source.
  package func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?,
    without left: Set<Digest> = []
  ) throws -> [Arrival] {
    try file.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT arrival, id, organisation FROM operation
          WHERE arrival > ? AND arrival <= ? AND class IN \(scope.classes) AND exchanged = 1
            AND (? IS NULL OR source IS NOT ?)
          ORDER BY arrival
          """,
        arguments: [
          Int64(clamping: first), Int64(clamping: last), source.map { Data($0.bytes) },
          source.map { Data($0.bytes) },
        ])
      var arrivals: [Arrival] = []
      while let row = try rows.next() {
        if try scope.isLeftOut(row, left) { continue }
        arrivals.append(
          Arrival(number: UInt64(row["arrival"] as Int64), id: try row.digest("id")))
      }
      return arrivals
    }
  }

  /// The places of held operations, in arrival order; ids that are not held are left out.
  package func arrivals(of ids: [Digest]) throws -> [Arrival] {
    try file.read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT arrival FROM operation WHERE id = ? AND exchanged = 1")
      return try ids.compactMap { id in
        try Int64.fetchOne(statement, arguments: [id.data]).map {
          Arrival(number: UInt64($0), id: id)
        }
      }.sorted { $0.number < $1.number }
    }
  }

  /// The bytes of an operation, without a body that has been erased; nil when it is not held.
  package func parcel(arrival number: UInt64) throws -> Parcel? {
    try file.read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT id, organisation, record, envelope, body FROM operation WHERE arrival = ?
          """)
      return try Row.fetchOne(statement, arguments: [Int64(clamping: number)])
        .map { try parcel($0, charter(db)) }
    }
  }

  private func parcel(_ row: Row, _ charter: Charter) throws -> Parcel {
    let parcel = row.parcel()
    return try row.erasures(charter).isEmpty
      ? parcel : Parcel(envelope: parcel.envelope, body: [])
  }

  /// Held operations with their bodies: nil for one that is not here whole, that came after `number` and
  /// not from `source`, or that does not fit into `bytes` with those before it.
  package func bases(
    _ marks: [OperationMark], through number: UInt64, from source: StoreID?, bytes: Int
  ) throws -> [Parcel?] {
    try file.read { db in
      let charter = try charter(db)
      let statement = try db.cachedStatement(
        sql: """
          SELECT id, organisation, record, envelope, body FROM operation
          WHERE id BETWEEN ? AND ? AND (+arrival <= ? OR +source = ?) AND exchanged = 1
            AND (body IS NOT NULL OR body_size = 0)
          """)
      var left = bytes
      return try marks.map { mark -> Parcel? in
        let row = try Row.fetchOne(
          statement,
          arguments: [
            mark.least.data, mark.greatest.data, Int64(clamping: number),
            source.map { Data($0.bytes) },
          ])
        guard let row, try row.erasures(charter).isEmpty else { return nil }
        let parcel = row.parcel()
        guard parcel.byteCount <= left else { return nil }
        left -= parcel.byteCount
        return parcel
      }
    }
  }

  /// A charter operation after those it acts under, the founding one left out.
  package func chain(to act: Digest) throws -> [Parcel] {
    try file.read { db in
      var chain: [Parcel] = []
      var next: Digest? = act
      while let id = next, id != region {
        let row = try Row.fetchOne(
          db, sql: "SELECT envelope, body FROM operation WHERE id = ?", arguments: [id.data])
        guard let operation = try row?.operation() else { break }
        chain.insert(Parcel(operation), at: 0)
        next = operation.header.delegation
      }
      return chain
    }
  }

  /// Runs `body` on what a session is about, in V1's order and in one read transaction.
  package func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    try file.read { db in
      // What is no subject leaves a copy in memory only.
      var tree = try ExchangedSet.tree(scope, db)
      try Self.forEachOther(scope, subject, db) { try tree.remove($0) }
      for organisation in scope == .records ? subject.paused.sorted() : [] {
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT seconds, id FROM operation
            WHERE organisation = ? AND exchanged = 1 AND class IN \(scope.classes)
            """, arguments: [organisation.data])
        while let row = try rows.next() { try tree.remove(ReconcilableItem(row)) }
      }
      return try body(tree)
    }
  }

  /// A time before which this store and its peers probably hold the same, in seconds since 1970.
  ///
  /// Nothing that has arrived since its latest equal session with any of them is older, nor does that
  /// session lie before it; nil when there was none.
  package func checkpoint() throws -> UInt64? {
    try file.read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT own_number, latest_equal FROM peer WHERE latest_equal IS NOT NULL
          ORDER BY latest_equal DESC LIMIT 1
          """)
      guard let row else { return nil }
      let news = try Int64.fetchOne(
        db,
        sql: """
          SELECT min(seconds) FROM operation
          WHERE arrival > ? AND exchanged = 1 AND class IN \(Scope.records.classes)
          """, arguments: [row["own_number"] as Int64])
      let session = (row["latest_equal"] as Int64) / 1000
      return UInt64(clamping: min(news ?? session, session))
    }
  }

  /// Remembers what a session established about a peer's store.
  package func remember(_ peer: PeerCursor, now: UInt64) throws {
    try file.write { try peer.store($0, now: now) }
  }

  /// The bytes of held operations without erased bodies, in the order given; those not held are left
  /// out.
  package func parcels(of ids: [Digest]) throws -> [Parcel] {
    try file.read { db in
      let charter = try charter(db)
      let statement = try db.cachedStatement(
        sql: "SELECT id, organisation, record, envelope, body FROM operation WHERE id = ?")
      return try ids.compactMap { id in
        try Row.fetchOne(statement, arguments: [id.data]).map { try parcel($0, charter) }
      }
    }
  }
}

extension Scope {
  var classes: String {
    let list = OperationClass.allCases.filter { Scope($0) == self }.map { "\($0.rawValue)" }
    return "(" + list.joined(separator: ", ") + ")"
  }

  /// Records of organisations that one side has paused are no subject of a session.
  fileprivate func isLeftOut(_ row: Row, _ left: Set<Digest>) throws -> Bool {
    guard self == .records, !left.isEmpty else { return false }
    return left.contains(try row.digest("organisation"))
  }
}
