import FoundationEssentials
import GRDB
import Operations
import Signatures

/// A row of the truth, as far as judging needs it.
struct StoredOperation {
  let arrival: Int64
  let id: Digest
  let header: Header
  let record: Digest?
  let verdict: Verdict?
  let isExchanged: Bool
  let isBare: Bool

  var entry: KeyHistory.Entry {
    KeyHistory.Entry(
      id: id, delegation: header.delegation ?? id, timestamp: header.timestamp, prev: header.prev)
  }

  /// What the charter says of it.
  func state(
    _ charter: Charter, _ judge: Charter.Judge
  ) throws -> (standing: Standing, verdict: Verdict, isExchanged: Bool) {
    let standing = try charter.standing(of: header)
    let verdict = judge.verdict(of: id, under: standing.grant, at: header.timestamp)
    let isExchanged = charter.isExchanged(
      id, verdict, signedAs: standing.role, header.operationClass)
    let isWhole =
      !isBare
      || !charter.erasures(of: id, about: recordByHeader, ownedBy: standing.organisation).isEmpty
    return (standing, verdict, isExchanged && isWhole)
  }

  var recordByHeader: Digest? {
    guard case .changes(_, let record, _) = header.content else { return nil }
    return record ?? id
  }

  /// Every held operation of a key, in arrival order.
  static func all(of key: PublicKey, _ db: Database) throws -> [StoredOperation] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT arrival, id, envelope, record, verdict, exchanged,
          body IS NULL AND body_size > 0 AS bare
        FROM operation WHERE author = ? ORDER BY arrival
        """, arguments: [Data(key.bytes)]
    ).map { row in
      let envelope: Data = row["envelope"]
      let operation: Operation
      do {
        operation = try Operation(stored: Array(envelope), body: [], id: row.digest("id"))
      } catch {
        throw StoreError.corrupt("a stored operation does not decode: \(error)")
      }
      return StoredOperation(
        arrival: row["arrival"], id: operation.id, header: operation.header,
        record: (row["record"] as Data?).flatMap { Digest($0) },
        verdict: Verdict(rawValue: UInt64(row["verdict"] as Int64)),
        isExchanged: row["exchanged"] == 1, isBare: row["bare"] == 1)
    }
  }
}

extension KeyHistory {
  static func read(of key: PublicKey, _ db: Database) throws -> KeyHistory {
    KeyHistory(of: key, try StoredOperation.all(of: key, db).map(\.entry))
  }
}
