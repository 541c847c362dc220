import Operations
import Reconciliation
import Signatures

/// What a session needs of a store.
///
/// All calls are synchronous; each write is durable on return.
package protocol SyncStore: AttachmentStore {
  var region: Digest { get }
  func charter() throws -> Charter
  func snapshot() throws -> StoreSnapshot

  /// The cursor for the store that a node key last spoke for.
  func cursor(node: PublicKey) throws -> StoreCursor?
  /// The cursor for a store that a node key has spoken for; what another key says of it is another.
  func cursor(store: StoreID, node: PublicKey) throws -> StoreCursor?
  /// The own last arrival at the latest equal session with a store that a node key spoke for.
  func equalNumber(with store: StoreID, node: PublicKey) throws -> UInt64?
  /// Whether a peer's cursor for this store names the operation that stands at its number.
  func matches(_ cursor: StoreCursor) throws -> Bool

  func digest(_ scope: Scope, of subject: SessionSubject) throws -> SetDigest

  func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?,
    without paused: Set<Digest>
  ) throws -> [Arrival]
  func arrivals(of ids: [Digest]) throws -> [Arrival]
  func parcel(arrival number: UInt64) throws -> Parcel?
  /// A charter operation after those it acts under, the founding one left out.
  func chain(to act: Digest) throws -> [Parcel]
  /// Runs `body` on what `digest` is about, in V1's order and as one snapshot.
  func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result
  /// A time, in seconds, before which this store and its peers probably hold the same records.
  func checkpoint() throws -> UInt64?

  func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport
  func remember(_ peer: PeerCursor, now: UInt64) throws

  /// Held operations as they travel, so without erased bodies; in the order given.
  func parcels(of ids: [Digest]) throws -> [Parcel]

  /// Held operations with their bodies, for a `Delta`.
  ///
  /// Nil for one that is not here whole, that came after `number` and not from `source`, or that does
  /// not fit into `bytes` with those before it.
  func bases(
    _ marks: [OperationMark], through number: UInt64, from source: StoreID?, bytes: Int
  ) throws -> [Parcel?]

  /// Whether this store has been restored and not met a peer since: it sends no records then.
  func isUnsynced() throws -> Bool
  /// Charter and orders are now as some peer has them.
  func endUnsynced() throws
  /// Gives the store a new id when a peer says that it is a copy, at most once a day; whether it did.
  func renewAsCopy(id: StoreID, now: UInt64) throws -> Bool
}
