import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

extension OperationStore {
  /// What is to be signed with the store's own knowledge of heads, time and delegation.
  package enum Draft: Sendable {
    case record([ChangeDraft], family: String, record: Digest?)
    case act(Act, name: String?)
    case order(Order)
    case receipt(Receipt)

    var superseded: [Digest] {
      guard case .record(let changes, _, _) = self else { return [] }
      return changes.flatMap(\.targets).map(\.operation)
    }
  }

  /// A file that goes with the drafts that name it.
  package struct NewFile: Sendable {
    package let attachment: Attachment
    package let bytes: [UInt8]

    /// Nil when the file is empty or too large for an attachment.
    package init?(_ bytes: [UInt8], salt: [UInt8]) {
      guard let attachment = Attachment(of: bytes, salt: salt) else { return nil }
      self.attachment = attachment
      self.bytes = bytes
    }
  }

  /// Signs drafts one after the other and stores them in one durable transaction.
  ///
  /// The first of `roles` that the key has an accepted grant for is used. `files` are those that the
  /// drafts name. `clock` is milliseconds since 1970; `random` gives 16 fresh bytes a call.
  package func publish(
    _ drafts: [Draft], with key: SigningKey, as roles: [Role], naming files: [NewFile] = [],
    clock: UInt64, random: () -> [UInt8]
  ) throws -> [Operation] {
    try ingesting(now: clock) { ingestion in
      let db = ingestion.db
      for file in files { try Attachments.store(file.bytes, as: file.attachment, db) }
      var published: [Operation] = []
      for draft in drafts {
        let aheadMax = UInt64(Limits.clockAheadMillisecondsMax)
        let last = try Self.lastTimestamp(
          of: key.publicKey,
          notAbove: .greatestFollowed(clock: clock, aheadMax: aheadMax), db)
        let timestamp = Timestamp.next(
          clock: clock, last: last, superseding: try Self.timestamps(of: draft.superseded, db),
          aheadMax: aheadMax)
        let charter = ingestion.charter
        guard
          let grant = roles.lazy.compactMap({
            charter.grant(to: key.publicKey, as: $0, at: timestamp)
          }).first
        else { throw StoreError.noGrant(role: roles.map { "\($0)" }.joined(separator: " or ")) }
        try Self.demandNotErased(draft, by: grant.organisation, charter)
        let heads = try Self.ownHeads(
          of: key.publicKey, under: grant, charter, signedNow: Set(published.map(\.id)), db)
        let signer = Operation.Signer(
          key: key, delegation: grant.operation, region: region, prev: heads, timestamp: timestamp,
          random: random())
        let operation = try Self.sign(draft, signer, as: grant.role)
        guard !ingestion.hasNoRoom(for: operation.header, under: grant) else {
          throw StoreError.charterFull(organisation: grant.organisation)
        }
        try ingestion.insert(
          operation, try ingestion.charter.standing(of: operation.header), source: nil)
        try Self.replaceOwnHeads(of: key.publicKey, heads, with: operation.id, db)
        published.append(operation)
        // The next draft may act under this one.
        if case .act = draft { try ingestion.evaluate() }
      }
      try ingestion.finish()
      return published
    }
  }

  /// Signs the rotation that replaces a key by the one it has committed to.
  ///
  /// `old` is nil when the replaced key is lost; what is held of it is vouched for. Signing the same
  /// rotation again returns the one that is held; another one by the same key would contest it, and
  /// is not signed.
  package func rotate(
    to next: SigningKey, from old: PublicKey?, successor: Digest, clock: UInt64,
    random: () -> [UInt8]
  ) throws -> Operation {
    try ingesting(now: clock) { ingestion in
      let db = ingestion.db
      if let held = try Self.rotation(by: next.publicKey, db) {
        guard case .act(.rotate(_, successor)) = held.header.content else {
          throw StoreError.rotated(key: next.publicKey, operation: held.id)
        }
        return held
      }
      guard let (grant, delegation) = ingestion.charter.rotatable(by: next.publicKey),
        old == nil || old == grant.key
      else { throw StoreError.notCommitted(key: next.publicKey) }
      let timestamp = Timestamp.next(
        clock: clock, last: nil, superseding: [],
        aheadMax: UInt64(Limits.clockAheadMillisecondsMax))
      let operation = try Operation.charter(
        .rotate(oldHeads: try Self.heads(of: grant.key, db), successor: successor),
        by: Operation.Signer(
          key: next, delegation: delegation, region: region, prev: [], timestamp: timestamp,
          random: random()))
      guard !ingestion.hasNoRoom(for: operation.header, under: grant) else {
        throw StoreError.charterFull(organisation: grant.organisation)
      }
      try ingestion.insert(
        operation, try ingestion.charter.standing(of: operation.header), source: nil)
      try Self.replaceOwnHeads(of: next.publicKey, [], with: operation.id, db)
      try ingestion.finish()
      return operation
    }
  }

  /// The rotation that a key has signed, whatever has become of it.
  package func rotation(by key: PublicKey) throws -> Operation? {
    try file.read { try Self.rotation(by: key, $0) }
  }

  private static func rotation(by key: PublicKey, _ db: Database) throws -> Operation? {
    try StoredOperation.all(of: key, db).first {
      if case .act(.rotate) = $0.header.content { true } else { false }
    }.flatMap { row in
      try Row.fetchOne(
        db, sql: "SELECT envelope, body FROM operation WHERE id = ?", arguments: [row.id.data]
      )?.operation()
    }
  }

  /// The exchanged operations of a key that nothing of the key follows.
  static func heads(of key: PublicKey, _ db: Database) throws -> [Digest] {
    let own = try StoredOperation.all(of: key, db).filter(\.isExchanged)
    let followed = Set(own.flatMap(\.header.prev))
    return own.map(\.id).filter { !followed.contains($0) }.sorted()
  }

  /// What a revocation of a key would vouch for: its heads, as this node knows them.
  package func heads(of key: PublicKey) throws -> [Digest] {
    try file.read { try Self.heads(of: key, $0) }
  }

  /// What is said about a record that an order erases would be erased with it.
  private static func demandNotErased(
    _ draft: Draft, by organisation: Digest, _ charter: Charter
  ) throws {
    guard case .record(_, _, let record?) = draft,
      let order = charter.erasures(ofRecord: record, ownedBy: organisation).first
    else { return }
    throw StoreError.erased(record: record, order: order.id)
  }

  private static func sign(
    _ draft: Draft, _ signer: Operation.Signer, as role: Role
  ) throws -> Operation {
    switch draft {
    case .record(let changes, let family, let record):
      try Operation.record(
        changes, family: family, record: record,
        operationClass: role == .reviewer ? .review : .record, by: signer)
    case .act(let act, let name): try Operation.charter(act, name: name, by: signer)
    case .order(let order): try Operation.sign(.order, .order(order), values: [], by: signer)
    case .receipt(let receipt):
      try Operation.sign(.receipt, .receipt(receipt), values: [], by: signer)
    }
  }

  /// The greatest that the key has signed, be it on another device; one too far ahead is not
  /// followed and must not hide the others.
  private static func lastTimestamp(
    of key: PublicKey, notAbove ceiling: Timestamp, _ db: Database
  ) throws -> Timestamp? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT max(timestamp) FROM operation WHERE author = ? AND timestamp BETWEEN 0 AND ?
        """,
      arguments: [Data(key.bytes), Int64(clamping: ceiling.rawValue)]
    ).map { Timestamp(rawValue: UInt64(bitPattern: $0)) }
  }

  private static func timestamps(of ids: [Digest], _ db: Database) throws -> [Timestamp] {
    try ids.compactMap { id in
      try Int64.fetchOne(
        db, sql: "SELECT timestamp FROM operation WHERE id = ?", arguments: [id.data]
      ).map { Timestamp(rawValue: UInt64(bitPattern: $0)) }
    }
  }

  /// Only heads that this device signed are named; a foreign head of the own key is a sign of a
  /// clone or a theft, and is adopted only on confirmation.
  ///
  /// Those of the same role in the same organisation, for a key has one graph for each. What was
  /// signed in this transaction is judged at its end, and followed all the same.
  private static func ownHeads(
    of key: PublicKey, under grant: Grant, _ charter: Charter, signedNow: Set<Digest>,
    _ db: Database
  ) throws -> [Digest] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT operation.id, envelope, body, exchanged
        FROM own_head JOIN operation ON operation.id = own_head.operation
        WHERE own_head.author = ? ORDER BY operation.id
        """,
      arguments: [Data(key.bytes)])
    let heads = try rows.compactMap { row -> Digest? in
      let operation = try row.operation()
      guard row["exchanged"] == 1 || signedNow.contains(operation.id),
        let other = charter.grant(of: operation), other.role == grant.role,
        other.organisation == grant.organisation
      else { return nil }
      return operation.id
    }
    return Array(heads.prefix(Limits.prevMax))
  }

  private static func replaceOwnHeads(
    of key: PublicKey, _ heads: [Digest], with id: Digest, _ db: Database
  ) throws {
    for head in heads {
      try db.execute(
        sql: "DELETE FROM own_head WHERE author = ? AND operation = ?",
        arguments: [Data(key.bytes), head.data])
    }
    try db.execute(
      sql: "INSERT INTO own_head (author, operation) VALUES (?, ?)",
      arguments: [Data(key.bytes), id.data])
  }
}
