import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures

// What a report of an earlier day asks of a store.
extension OperationStore {
  private static let perTransaction = 1000

  /// A store in memory that holds what was signed before a moment, as its timestamps claim: what was
  /// known then, and nothing that has been said since.
  ///
  /// `end` is in milliseconds since 1970. A body that has been erased since is not in it.
  package func copy(signedBefore end: UInt64) throws -> OperationStore {
    let id = try id()
    let copy = try OperationStore.create(path: nil, founding: foundingOperation, id: id)
    let limit = Timestamp(milliseconds: end).rawValue
    for scope in Scope.allCases {
      let arrivals = try file.read { db in
        try demandSynced(db)
        return try Int64.fetchAll(
          db,
          sql: """
            SELECT arrival FROM operation
            WHERE timestamp < ? AND class IN \(scope.classes) AND id <> ? ORDER BY arrival
            """, arguments: [Int64(bitPattern: limit), region.data])
      }
      for first in stride(from: 0, to: arrivals.count, by: Self.perTransaction) {
        let parcels = try arrivals[first...].prefix(Self.perTransaction).compactMap {
          try parcel(arrival: UInt64($0))
        }
        _ = try copy.ingest(parcels, in: scope, from: id, cursor: nil, now: end)
      }
    }
    return copy
  }

  /// When the latest operation about a record of each organisation was signed, in milliseconds since
  /// 1970, as claimed.
  package func latestSigned() throws -> [Digest: Int64] {
    try file.read { db in
      try demandSynced(db)
      let rows = try Row.fetchAll(
        db, sql: "SELECT organisation, max(updated) AS latest FROM record GROUP BY organisation")
      return Dictionary(
        try rows.map { (try $0.digest("organisation"), $0["latest"] as Int64) },
        uniquingKeysWith: { first, _ in first })
    }
  }
}
