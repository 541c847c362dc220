import CRDT
import FoundationEssentials
import GRDB
import Operations
import Reconciliation
import Signatures
import WireFormat

/// One transaction that adds operations: truth, verdicts, digests and projections move together.
struct Ingestion {
  let db: Database
  /// Milliseconds since 1970, own clock.
  let now: UInt64
  private(set) var charter: Charter
  private let former: Charter
  private var exchanged: ExchangedSet
  private var touched: Set<RecordKey> = []
  /// Keys whose operations have to be judged again.
  private var unjudged: Set<PublicKey> = []
  private var usage: [Digest: Int] = [:]
  /// What they took up before this transaction, as far as it has been asked for.
  private var formerUsage: [Digest: Int64] = [:]
  /// What this transaction has stored, decoded as it is.
  private var inserted: [Digest: Operation] = [:]
  /// Those of them that are exchanged, by record, in arrival order.
  private var added: [RecordKey: [HeldOperation]] = [:]
  /// Where this transaction begins.
  private var firstArrival: Int64?
  /// What was looked for and not found at its beginning.
  private var absent: Set<Digest> = []
  /// What of the charter counts against the limit; counted when it is first asked for.
  private var shares: [CharterShare: Int]?
  /// For a copy, of whose originals some have been erased.
  var bodiesMayBeMissing = false
  private(set) var hasCharterNews = false
  /// Whether all that has been stored was exchanged at once and stands as it was judged then.
  var isAsJudged: Bool { !hasCharterNews && unjudged.isEmpty }
  private(set) var isCharterStale = false

  init(db: Database, charter: Charter, now: UInt64) {
    self.db = db
    self.now = now
    self.charter = charter
    former = charter
    exchanged = ExchangedSet(db)
  }

  /// Stores an operation that is not held yet; it is judged at once, or by `finish`.
  mutating func insert(
    _ operation: Operation, _ standing: Standing, source: StoreID?
  ) throws {
    let header = operation.header
    let isCharter = Scope(header.operationClass) == .charter && operation.id != charter.region
    if isCharter {
      charter.add(operation, standing)
      hasCharterNews = true
      if let share = CharterShare(header, under: standing.grant) {
        shares?[share, default: 0] += 1
      }
    }
    let isJudgedLater = isCharter || hasCharterNews || charter.needsHistory(header.author)
    if isJudgedLater { unjudged.insert(header.author) }
    let verdict = charter.judge(nil).verdict(
      of: operation.id, under: standing.grant, at: header.timestamp)
    let record = HeldOperation.record(of: operation)
    try db.cachedStatement(
      sql: """
        INSERT INTO operation (id, envelope, body, source, received, class, author, organisation,
          timestamp, seconds, record, body_size, understood, verdict, exchanged)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      operation.id.data, Data(operation.envelope.bytes),
      operation.body.map { Packing.packed($0.bytes) },
      source.map { Data($0.bytes) }, Int64(clamping: now), Int64(header.operationClass.rawValue),
      Data(header.author.bytes), standing.organisation.data,
      Int64(bitPattern: header.timestamp.rawValue), Int64(header.timestamp.reconciliationSeconds),
      record?.data, header.bodySize, header.content == .unknown ? 0 : 1, Int64(verdict.rawValue),
      isJudgedLater ? 0 : 1,
    ])
    firstArrival = firstArrival ?? db.lastInsertedRowID
    inserted[operation.id] = operation
    usage[standing.organisation, default: 0] += operation.byteCount
    if !isJudgedLater {
      let item = ReconcilableItem(
        operation: operation.id, milliseconds: header.timestamp.milliseconds)
      try exchanged.insert(
        item, header.operationClass, of: standing.organisation)
    }
    guard let record else { return }
    let key = RecordKey(organisation: standing.organisation, record: record)
    touch(key)
    if !isJudgedLater {
      added[key, default: []].append(
        HeldOperation(
          operation, of: record, key.organisation, charter, isAccepted: verdict == .accepted))
    }
  }

  /// Whether the signer's stratum in its organisation has used up its share of the charter.
  mutating func hasNoRoom(for header: Header, under grant: Grant) -> Bool {
    guard let share = CharterShare(header, under: grant) else { return false }
    let counted = shares ?? charter.shares
    shares = counted
    return counted[share, default: 0] >= Limits.charterOperationsMax
  }

  /// What an organisation's operations take up, with what this transaction has added.
  mutating func bytes(of organisation: Digest) throws -> Int64 {
    let former: Int64
    if let known = formerUsage[organisation] {
      former = known
    } else {
      let statement = try db.cachedStatement(
        sql: "SELECT bytes FROM usage WHERE organisation = ?")
      former = try Int64.fetchOne(statement, arguments: [organisation.data]) ?? 0
      formerUsage[organisation] = former
    }
    return former + Int64(usage[organisation, default: 0])
  }

  /// Gives a held operation the body that it lacked.
  mutating func restoreBody(of operation: Operation) throws {
    try db.execute(
      sql: "UPDATE operation SET body = ? WHERE id = ?",
      arguments: [operation.body.map { Packing.packed($0.bytes) }, operation.id.data])
    inserted[operation.id] = operation
    unjudged.insert(operation.header.author)
    let organisation = try charter.standing(of: operation.header).organisation
    if let record = HeldOperation.record(of: operation) {
      touch(RecordKey(organisation: organisation, record: record))
    }
  }

  /// Marks a record, and those it may belong to by succession.
  mutating func touch(_ key: RecordKey) {
    touched.insert(key)
    for former in charter.predecessors(of: key.organisation) {
      touched.insert(RecordKey(organisation: former, record: key.record))
    }
    for heir in charter.successors(of: key.organisation) {
      touched.insert(RecordKey(organisation: heir, record: key.record))
    }
  }

  /// Looks for many at once, so that `presence` knows of most that they are absent.
  mutating func lookFor(_ ids: [Digest]) throws {
    absent.formUnion(ids)
    try db.forEachPart(of: ids) { part in
      let statement = try db.cachedStatement(
        sql: "SELECT id FROM operation WHERE id IN (\(databaseQuestionMarks(count: part.count)))")
      let found = try Data.fetchAll(statement, arguments: StatementArguments(part.map(\.data)))
      absent.subtract(found.compactMap { Digest($0) })
    }
  }

  /// What `id` is here: not held, held, or held without the body that it should have.
  func presence(of id: Digest) throws -> Presence {
    if absent.contains(id), inserted[id] == nil { return .absent }
    let statement = try db.cachedStatement(
      sql: """
        SELECT id, organisation, record, body IS NULL AND body_size > 0 AS bare FROM operation
        WHERE id = ?
        """)
    let row = try Row.fetchOne(statement, arguments: [id.data])
    guard let row else { return .absent }
    guard row["bare"] == 1 else { return .held }
    return try row.erasures(charter).isEmpty ? .bare : .held
  }

  enum Presence { case absent, held, bare }

  /// The first `prev` that is not held; throws when one is held but is of another graph.
  func missingPrev(of operation: Operation, under grant: Grant) throws -> Digest? {
    for prev in operation.header.prev {
      guard let former = try held(prev) else { return prev }
      guard let other = charter.grant(of: former), operation.mayFollow(other, under: grant) else {
        throw ForeignPrev(id: prev)
      }
    }
    return nil
  }

  /// A held operation; most follow one of the same transaction.
  private func held(_ id: Digest) throws -> Operation? {
    if let operation = inserted[id] { return operation }
    let statement = try db.cachedStatement(
      sql: "SELECT envelope, NULL AS body FROM operation WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id.data])?.operation()
  }

  struct ForeignPrev: Error {
    let id: Digest
  }

  /// Evaluates the charter in the middle of a transaction, for what is signed next.
  mutating func evaluate() throws {
    let db = db
    try charter.evaluate { try KeyHistory.read(of: $0, db) }
  }

  // MARK: - The end of the transaction

  /// Judges and writes what the inserts have touched.
  ///
  /// Must be called once, last.
  mutating func finish() throws {
    if hasCharterNews { try takeUpCharter() }
    for key in unjudged.sorted() { try judge(key) }
    try exchanged.flush()
    try project()
    for (organisation, bytes) in usage.sorted(by: { $0.key < $1.key }) {
      let statement = try db.cachedStatement(
        sql: """
          INSERT INTO usage (organisation, bytes) VALUES (?, ?)
          ON CONFLICT (organisation) DO UPDATE SET bytes = bytes + excluded.bytes
          """)
      try statement.execute(arguments: [organisation.data, bytes])
    }
  }

  /// Of a record that nothing was held of before, all is at hand.
  private mutating func project() throws {
    let isAtHand = isAsJudged && charter.successions.isEmpty
    let former = isAtHand ? try keysHeldBefore() : []
    var projection = Projection(charter, db)
    for key in touched.sorted() {
      if isAtHand, let held = added[key], !former.contains(key) {
        try projection.add(key, held)
      } else {
        try projection.update(key, decoded: inserted)
      }
    }
    try projection.finish()
    (touched, inserted, added) = ([], [:], [:])
  }

  /// Of the records that this transaction has added to, those of which something was held.
  private func keysHeldBefore() throws -> Set<RecordKey> {
    var held: Set<RecordKey> = []
    try db.forEachPart(of: added.keys.sorted()) { part in
      let pairs = Array(repeating: "(?, ?)", count: part.count).joined(separator: ", ")
      let statement = try db.cachedStatement(
        sql: """
          WITH asked (organisation, record) AS (VALUES \(pairs))
          SELECT organisation, record FROM asked WHERE EXISTS (
            SELECT 1 FROM operation AS earlier
            WHERE earlier.organisation = asked.organisation AND earlier.record = asked.record
              AND earlier.arrival < ?)
          """)
      let rows = try Row.fetchCursor(
        statement,
        arguments: StatementArguments(part.flatMap { [$0.organisation.data, $0.record.data] })
          + [firstArrival])
      while let row = try rows.next() {
        held.insert(
          RecordKey(
            organisation: try row.digest("organisation"), record: try row.digest("record")))
      }
    }
    return held
  }

  /// Evaluates the charter anew and finds whose operations may now be judged differently.
  private mutating func takeUpCharter() throws {
    let db = db
    try charter.evaluate { try KeyHistory.read(of: $0, db) }
    for key in charter.keys where charter.authority(of: key) != former.authority(of: key) {
      unjudged.insert(key)
    }
    let vouched = Set(charter.vouches.keys).union(former.vouches.keys)
    for id in vouched.sorted() where charter.vouches[id] != former.vouches[id] {
      if let author = try author(of: id) { unjudged.insert(author) }
    }
    for id in charter.changedVerdicts(since: former) {
      if let author = try author(of: id) { unjudged.insert(author) }
    }
    for row in try charter.changedErasures(since: former).flatMap({ try $0.named(db) }) {
      if let author = PublicKey(Array(row["author"] as Data)) { unjudged.insert(author) }
      guard let record = (row["record"] as Data?).flatMap({ Digest($0) }) else { continue }
      touch(RecordKey(organisation: try row.digest("organisation"), record: record))
    }
    if charter.successions != former.successions { try touchSuccession() }
    try ValidKeys.add(charter.validKeys.subtracting(former.validKeys), db)
    try db.execute(
      sql: """
        INSERT INTO setting (name, value) VALUES ('charter', ?)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """, arguments: [Data("\(try CharterEpoch.read(db) + 1)".utf8)])
  }

  /// A new succession may move any record of the two.
  private mutating func touchSuccession() throws {
    let organisations = Set(
      charter.successions.filter { !former.successions.contains($0) }.flatMap { [$0.from, $0.to] })
    for organisation in organisations.sorted() {
      let records = try Data.fetchAll(
        db,
        sql: "SELECT DISTINCT record FROM operation WHERE organisation = ? AND record IS NOT NULL",
        arguments: [organisation.data])
      for record in records.compactMap({ Digest($0) }) {
        touch(RecordKey(organisation: organisation, record: record))
      }
    }
  }

  private func author(of id: Digest) throws -> PublicKey? {
    try Data.fetchOne(
      db, sql: "SELECT author FROM operation WHERE id = ?", arguments: [id.data]
    ).flatMap { PublicKey(Array($0)) }
  }

  /// Judges every held operation of a key and moves those whose verdict has changed.
  private mutating func judge(_ key: PublicKey) throws {
    let rows = try StoredOperation.all(of: key, db)
    let history =
      charter.needsHistory(key) ? KeyHistory(of: key, rows.map(\.entry)) : nil
    let judge = charter.judge(history)
    for row in rows where row.id != charter.region {
      let (standing, verdict, isExchanged) = try row.state(charter, judge)
      guard verdict != row.verdict || isExchanged != row.isExchanged else { continue }
      try db.execute(
        sql: "UPDATE operation SET verdict = ?, exchanged = ? WHERE arrival = ?",
        arguments: [Int64(verdict.rawValue), isExchanged ? 1 : 0, row.arrival])
      if isExchanged != row.isExchanged {
        let item = ReconcilableItem(
          operation: row.id, milliseconds: row.header.timestamp.milliseconds)
        if isExchanged {
          try exchanged.insert(item, row.header.operationClass, of: standing.organisation)
        } else {
          try exchanged.remove(item, row.header.operationClass, of: standing.organisation)
        }
      }
      if let record = row.record {
        touch(RecordKey(organisation: standing.organisation, record: record))
      }
    }
  }

  /// Of the given operations, those that lie outside a cut that awaits nothing more, and what acts
  /// under them or follows them; they are not kept.
  ///
  /// Each stands after what it depends on.
  mutating func dropOutside(_ ids: [Digest]) throws -> [Digest] {
    var dropped: Set<Digest> = []
    var awaiting: [PublicKey: Bool] = [:]
    for id in ids {
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT organisation, envelope, body, length(envelope) + body_size AS bytes FROM operation
          WHERE id = ? AND exchanged = 0 AND verdict = ?
          """, arguments: [id.data, Int64(Verdict.outsideCut.rawValue)])
      guard let row else { continue }
      let header = try row.operation().header
      let isAwaited = try awaiting[header.author] ?? isAwaiting(header.author)
      awaiting[header.author] = isAwaited
      let needs = header.prev + [header.delegation].compactMap(\.self)
      guard !isAwaited || !dropped.isDisjoint(with: needs) else { continue }
      try db.execute(sql: "DELETE FROM operation WHERE id = ?", arguments: [id.data])
      try db.execute(
        sql: "UPDATE usage SET bytes = bytes - ? WHERE organisation = ?",
        arguments: [row["bytes"] as Int64, row["organisation"] as Data])
      dropped.insert(id)
    }
    if !dropped.isEmpty { try db.execute(sql: "DELETE FROM usage WHERE bytes = 0") }
    if !dropped.isEmpty, hasCharterNews {
      // The copy in memory knows operations that are not held after all.
      isCharterStale = true
    }
    return dropped.sorted()
  }

  /// Whether something is not held yet that would bring more of the key inside.
  private func isAwaiting(_ key: PublicKey) throws -> Bool {
    let heads = charter.cuts(of: key).flatMap(\.heads)
    for id in Set(heads).union(charter.vouched(forKey: key)).sorted() {
      if try Row.fetchOne(
        db, sql: "SELECT 1 FROM operation WHERE id = ?", arguments: [id.data]) == nil
      {
        return true
      }
    }
    return false
  }
}

/// Counts the changes of the charter, so that a copy in memory knows when it is old.
enum CharterEpoch {
  static func read(_ db: Database) throws -> Int {
    let value = try Data.fetchOne(db, sql: "SELECT value FROM setting WHERE name = 'charter'")
    return value.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
  }
}
