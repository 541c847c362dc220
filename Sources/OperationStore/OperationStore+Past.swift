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
  /// `end` is in milliseconds since 1970. A body that has been erased since is not in it; what follows
  /// such an operation is. Two stores of one set give equal copies, whatever else each keeps.
  package func copy(signedBefore end: UInt64) throws -> OperationStore {
    let id = try id()
    let copy = try OperationStore.create(path: nil, founding: foundingOperation, id: id)
    try copy.setQuota(bytes: .max)
    let limit = Timestamp(milliseconds: end).rawValue
    for scope in Scope.allCases {
      let arrivals = try file.read { db in
        try demandSynced(db)
        return try Int64.fetchAll(
          db,
          sql: """
            SELECT arrival FROM operation
            WHERE timestamp BETWEEN 0 AND ? - 1 AND class IN \(scope.classes) AND id <> ?
              AND exchanged = 1 ORDER BY arrival
            """, arguments: [Int64(bitPattern: limit), region.data])
      }
      for first in stride(from: 0, to: arrivals.count, by: Self.perTransaction) {
        let parcels = try arrivals[first...].prefix(Self.perTransaction).compactMap {
          try parcel(arrival: UInt64($0))
        }
        _ = try copy.ingest(
          parcels, in: scope, from: id, cursor: nil, now: end, bodiesMayBeMissing: true)
      }
    }
    return copy
  }

  /// When each organisation has signed its latest accepted operation about a record, its own or one
  /// that it has succeeded to; in milliseconds since 1970, as claimed.
  package func latestSigned() throws -> [Digest: Int64] {
    try file.read { db in
      try demandSynced(db)
      // The latest of each key is found at once, however much it has signed.
      let statement = try db.cachedStatement(
        sql: """
          SELECT timestamp FROM operation
          WHERE author = ? AND organisation = ? AND timestamp >= 0
            AND class IN \(Scope.records.classes) AND exchanged = 1 AND verdict = 0
          ORDER BY timestamp DESC LIMIT 1
          """)
      var latest: [Digest: Int64] = [:]
      for (key, organisation) in try charter(db).signers {
        let value = try Int64.fetchOne(
          statement, arguments: [Data(key.bytes), organisation.data])
        guard let value else { continue }
        let time = Timestamp(rawValue: UInt64(bitPattern: value)).milliseconds
        latest[organisation] = max(latest[organisation] ?? 0, Int64(clamping: time))
      }
      return latest
    }
  }

  /// Does all of `body` over one state of the store: again, when it has become another meanwhile.
  package func consistently<Result>(_ body: () throws -> Result) throws -> Result {
    while true {
      let before = try mark()
      let result = try body()
      if try mark() == before { return result }
    }
  }
}
