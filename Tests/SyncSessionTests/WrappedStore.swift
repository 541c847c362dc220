import Operations
import OperationStore
import Reconciliation
import Signatures
import Simulation
import SyncSession

/// A store that passes everything on, for stores that do one thing differently.
protocol WrappedStore: SyncStore {
  var wrapped: OperationStore { get }
}

extension WrappedStore {
  var region: Digest { wrapped.region }
  func charter() throws -> Charter { try wrapped.charter() }
  func snapshot() throws -> StoreSnapshot { try wrapped.snapshot() }
  func cursor(node: PublicKey) throws -> StoreCursor? { try wrapped.cursor(node: node) }
  func cursor(store: StoreID) throws -> StoreCursor? { try wrapped.cursor(store: store) }
  func equalNumber(with store: StoreID) throws -> UInt64? {
    try wrapped.equalNumber(with: store)
  }
  func matches(_ cursor: StoreCursor) throws -> Bool { try wrapped.matches(cursor) }

  func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?
  ) throws -> [Arrival] {
    try wrapped.arrivals(in: scope, after: first, through: last, notFrom: source)
  }

  func arrivals(of ids: [Digest]) throws -> [Arrival] { try wrapped.arrivals(of: ids) }
  func parcel(arrival number: UInt64) throws -> Parcel? { try wrapped.parcel(arrival: number) }
  func chain(to act: Digest) throws -> [Parcel] { try wrapped.chain(to: act) }

  func reconcilable(
    _ scope: Scope, through last: UInt64, adding ids: [Digest]
  ) throws -> SortedItems {
    try wrapped.reconcilable(scope, through: last, adding: ids)
  }

  func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport {
    try wrapped.ingest(parcels, in: scope, from: source, cursor: cursor, now: now)
  }

  func remember(_ peer: PeerCursor, now: UInt64) throws {
    try wrapped.remember(peer, now: now)
  }
}
