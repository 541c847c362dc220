import Operations
import Reconciliation
import Signatures
import SyncSession

/// A store that passes everything on, for stores that do one thing differently.
package protocol WrappedStore: SyncStore {
  associatedtype Wrapped: SyncStore
  var wrapped: Wrapped { get }
}

extension WrappedStore {
  package var region: Digest { wrapped.region }
  package func charter() throws -> Charter { try wrapped.charter() }
  package func snapshot() throws -> StoreSnapshot { try wrapped.snapshot() }
  package func cursor(node: PublicKey) throws -> StoreCursor? { try wrapped.cursor(node: node) }
  package func cursor(store: StoreID, node: PublicKey) throws -> StoreCursor? {
    try wrapped.cursor(store: store, node: node)
  }
  package func equalNumber(with store: StoreID, node: PublicKey) throws -> UInt64? {
    try wrapped.equalNumber(with: store, node: node)
  }
  package func matches(_ cursor: StoreCursor) throws -> Bool { try wrapped.matches(cursor) }

  package func digest(_ scope: Scope, of subject: SessionSubject) throws -> SetDigest {
    try wrapped.digest(scope, of: subject)
  }

  package func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?,
    without paused: Set<Digest>
  ) throws -> [Arrival] {
    try wrapped.arrivals(
      in: scope, after: first, through: last, notFrom: source, without: paused)
  }

  package func arrivals(of ids: [Digest]) throws -> [Arrival] { try wrapped.arrivals(of: ids) }
  package func parcel(arrival number: UInt64) throws -> Parcel? {
    try wrapped.parcel(arrival: number)
  }
  package func chain(to act: Digest) throws -> [Parcel] { try wrapped.chain(to: act) }

  package func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    try wrapped.withItems(of: scope, subject, body)
  }

  package func checkpoint() throws -> UInt64? { try wrapped.checkpoint() }

  package func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport {
    try wrapped.ingest(parcels, in: scope, from: source, cursor: cursor, now: now)
  }

  package func remember(_ peer: PeerCursor, now: UInt64) throws {
    try wrapped.remember(peer, now: now)
  }

  package func attachmentsMissing() throws -> UInt64 { try wrapped.attachmentsMissing() }
  package func attachmentRequests() throws -> [AttachmentRequest] {
    try wrapped.attachmentRequests()
  }
  package func chunkDigests(of attachment: Attachment) throws -> [Digest]? {
    try wrapped.chunkDigests(of: attachment)
  }
  package func chunk(_ number: Int, of attachment: Attachment) throws -> [UInt8]? {
    try wrapped.chunk(number, of: attachment)
  }
  package func keep(
    chunks: [[UInt8]], from number: Int, of attachment: Attachment, chunkDigests: [Digest]
  ) throws {
    try wrapped.keep(chunks: chunks, from: number, of: attachment, chunkDigests: chunkDigests)
  }

  package func parcels(of ids: [Digest]) throws -> [Parcel] { try wrapped.parcels(of: ids) }
  package func bases(
    _ marks: [OperationMark], through number: UInt64, from source: StoreID?, bytes: Int
  ) throws -> [Parcel?] {
    try wrapped.bases(marks, through: number, from: source, bytes: bytes)
  }
  package func isUnsynced() throws -> Bool { try wrapped.isUnsynced() }
  package func endUnsynced() throws { try wrapped.endUnsynced() }
  package func renewAsCopy(id: StoreID, now: UInt64) throws -> Bool {
    try wrapped.renewAsCopy(id: id, now: now)
  }
}

extension ReconcilableSet {
  /// Every item, in order.
  package func all() throws -> [ReconcilableItem] {
    var all: [ReconcilableItem] = []
    try forEach(in: 0..<count) { all.append($0) }
    return all
  }
}
