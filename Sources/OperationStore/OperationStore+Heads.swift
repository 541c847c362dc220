import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

/// A held operation of one key, for whoever decides what of the key stays.
package struct KeyOperation: Sendable, Equatable {
  package let id: Digest
  package let header: Header
  package let record: RecordKey?
  package let verdict: Verdict
  package let isExchanged: Bool
  package let isSignedHere: Bool
  /// Milliseconds since 1970, own clock.
  package let received: Int64
}

// What a key has signed, and which of it this device goes on from.
extension OperationStore {
  /// Every held operation of a key, in arrival order; of an erased or restored one the header only.
  package func operations(of key: PublicKey) throws -> [KeyOperation] {
    try file.read { try Self.operations(of: key, $0) }
  }

  /// What follows what among the operations of a key.
  package func history(of key: PublicKey) throws -> KeyHistory {
    try file.read { try KeyHistory.read(of: key, $0) }
  }

  /// The ids of every held operation about a record, in arrival order: also those that do not count.
  package func operations(ofRecord key: RecordKey) throws -> [Digest] {
    try file.read { db in
      let writers = try [key.organisation] + charter(db).successors(of: key.organisation)
      return try writers.flatMap { writer in
        try Row.fetchAll(
          db,
          sql: "SELECT id FROM operation WHERE organisation = ? AND record = ? ORDER BY arrival",
          arguments: [writer.data, key.record.data]
        ).map { try $0.digest("id") }
      }
    }
  }

  /// Held operations of an organisation that may be about a record, for they are of a later version;
  /// those without a body left out.
  package func recordsNotUnderstood(of organisation: Digest) throws -> [Digest] {
    try file.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT id FROM operation WHERE understood = 0 AND organisation = ? AND body IS NOT NULL
            AND class IN (\(OperationClass.record.rawValue), \(OperationClass.review.rawValue))
          ORDER BY id
          """, arguments: [organisation.data]
      ).map { try $0.digest("id") }
    }
  }

  /// Heads of a key of this device that it did not sign and has not adopted: another device has the
  /// key too, be it a clone, a lost store that was fetched again, or a thief.
  package func foreignHeads(of key: PublicKey) throws -> [KeyOperation] {
    try file.read { try Self.foreignHeads(of: key, $0) }
  }

  /// Lets this device go on from all heads of a key; returns those that were foreign.
  ///
  /// Only for a person to decide: from then on the next operation says that it has seen them. Own
  /// heads that they follow are no longer heads; those set aside by a cut stay, for they may return.
  ///
  /// `shown` are those that the person has seen; what has come since stays foreign.
  package func adoptHeads(of key: PublicKey, shown: Set<Digest>) throws -> [Digest] {
    try file.write { db in
      let foreign = try Self.foreignHeads(of: key, db).map(\.id).filter(shown.contains)
      let heads = Set(try Self.heads(of: key, db))
      let followed = try Data.fetchAll(
        db,
        sql: """
          SELECT operation FROM own_head JOIN operation ON operation.id = own_head.operation
          WHERE own_head.author = ? AND exchanged = 1
          """, arguments: [Data(key.bytes)]
      ).compactMap { Digest($0) }.filter { !heads.contains($0) }
      for id in followed {
        try db.execute(
          sql: "DELETE FROM own_head WHERE author = ? AND operation = ?",
          arguments: [Data(key.bytes), id.data])
      }
      for head in foreign {
        try db.execute(
          sql: "INSERT INTO own_head (author, operation) VALUES (?, ?)",
          arguments: [Data(key.bytes), head.data])
      }
      return foreign
    }
  }

  /// Heads that cuts vouch for and that are not held yet, by key.
  package func awaitedHeads() throws -> [PublicKey: [Digest]] {
    try file.read { db in
      let charter = try charter(db)
      var awaited: [PublicKey: [Digest]] = [:]
      for key in charter.keys where !charter.cuts(of: key).isEmpty {
        let missing = charter.awaited(of: key, in: try KeyHistory.read(of: key, db))
        if !missing.isEmpty { awaited[key] = missing }
      }
      return awaited
    }
  }

  /// The organisation that may write a record now, which differs from its key's after a succession.
  package func owner(of key: RecordKey) throws -> Digest {
    let charter = try charter()
    guard !charter.successions.isEmpty else { return key.organisation }
    let isOwn = try file.read { db in
      try Row.fetchOne(
        db, sql: "SELECT 1 FROM operation WHERE id = ? AND organisation = ?",
        arguments: [key.record.data, key.organisation.data]) != nil
    }
    return charter.owner(of: key, isCreatedByOwner: isOwn)
  }

  private static func foreignHeads(
    of key: PublicKey, _ db: Database
  ) throws -> [KeyOperation] {
    let own = Set(
      try Data.fetchAll(
        db, sql: "SELECT operation FROM own_head WHERE author = ?", arguments: [Data(key.bytes)]
      ).compactMap { Digest($0) })
    let heads = Set(try heads(of: key, db)).subtracting(own)
    return try operations(of: key, db).filter { heads.contains($0.id) }
  }

  private static func operations(of key: PublicKey, _ db: Database) throws -> [KeyOperation] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT envelope, organisation, record, verdict, exchanged, source, received FROM operation
        WHERE author = ? ORDER BY arrival
        """, arguments: [Data(key.bytes)]
    ).map { row in
      let envelope: Data = row["envelope"]
      let operation: Operation
      do {
        operation = try Operation(stored: Array(envelope), body: [])
      } catch {
        throw StoreError.corrupt("a stored operation does not decode: \(error)")
      }
      let organisation = try row.digest("organisation")
      return KeyOperation(
        id: operation.id, header: operation.header,
        record: (row["record"] as Data?).flatMap { Digest($0) }.map {
          RecordKey(organisation: organisation, record: $0)
        },
        verdict: Verdict(rawValue: UInt64(row["verdict"] as Int64)) ?? .notAuthorised,
        isExchanged: row["exchanged"] == 1, isSignedHere: (row["source"] as Data?) == nil,
        received: row["received"])
    }
  }
}

extension [KeyOperation] {
  /// The exchanged operations that no other of them follows; `before` leaves out what came later.
  package func heads(before: Int64? = nil) -> [Digest] {
    let own = filter { $0.isExchanged && $0.received < before ?? .max }
    let followed = Set(own.flatMap(\.header.prev))
    return own.map(\.id).filter { !followed.contains($0) }.sorted()
  }

  /// The given operations and all that they follow.
  package func ancestry(of heads: some Sequence<Digest>) -> Set<Digest> {
    let byID = Dictionary(map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var found: Set<Digest> = []
    var frontier = Array<Digest>(heads)
    while let id = frontier.popLast() {
      guard let operation = byID[id], found.insert(id).inserted else { continue }
      frontier += operation.header.prev
    }
    return found
  }
}
