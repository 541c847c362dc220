import OperationStore
import Operations
import Reconciliation
import Signatures
import SyncSession
import TestSupport

/// How a member lies about what it holds; each lie is off for some liars.
struct Lies: Sendable {
  /// Operations that a peer is not shown; each peer others.
  let hidden: UInt64
  let bare: UInt64
  let altered: UInt64
  let substituted: UInt64
  let refused: UInt64
  let digests: UInt64
  let snapshots: UInt64
  let cursors: UInt64
  let files: UInt64

  init(using generator: inout SeededGenerator) {
    func percent(_ chance: UInt64, _ most: UInt64) -> UInt64 {
      generator.chance(chance) ? 1 + generator.next() % most : 0
    }
    hidden = percent(40, 60)
    bare = percent(30, 40)
    altered = percent(30, 20)
    substituted = percent(40, 40)
    refused = percent(30, 60)
    digests = percent(30, 40)
    snapshots = percent(30, 60)
    cursors = percent(30, 60)
    files = percent(30, 60)
  }
}

/// The store of a member that speaks the protocol and lies to one peer about what it holds.
struct LyingStore: WrappedStore {
  let wrapped: OperationStore
  let peer: PublicKey
  let lies: Lies
  let whim: Whim
  /// Operations that no honest store would give.
  let forgeries: [Parcel]
  /// Store ids that belong to others.
  let otherStores: [StoreID]

  // MARK: - What it holds

  private func isShown(_ id: Digest) -> Bool {
    let mark = SHA256.hash(id.bytes + peer.bytes).bytes[0]
    return UInt64(mark) * 100 >= lies.hidden * 256
  }

  func parcel(arrival number: UInt64) throws -> Parcel? {
    guard let parcel = try wrapped.parcel(arrival: number), isShown(parcel.id) else { return nil }
    return change(parcel)
  }

  func parcels(of ids: [Digest]) throws -> [Parcel] {
    try wrapped.parcels(of: ids).filter { isShown($0.id) }.map(change)
  }

  private func change(_ parcel: Parcel) -> Parcel {
    if whim.chance(lies.bare) { return Parcel(envelope: parcel.envelope, body: []) }
    if whim.chance(lies.substituted) {
      return whim.draw { forgeries.randomElement(using: &$0) } ?? parcel
    }
    guard whim.chance(lies.altered) else { return parcel }
    return whim.draw { generator in
      generator.chance(50)
        ? Parcel(envelope: parcel.envelope.flippingBit(&generator), body: parcel.body)
        : Parcel(envelope: parcel.envelope, body: parcel.body.flippingBit(&generator))
    }
  }

  func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?,
    without paused: Set<Digest>
  ) throws -> [Arrival] {
    try wrapped.arrivals(in: scope, after: first, through: last, notFrom: source, without: paused)
      .filter { isShown($0.id) }
  }

  func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    try wrapped.withItems(of: scope, subject) { items in
      try body(try SortedItems(items.all().filter { isShown($0.id) }))
    }
  }

  // MARK: - Files

  func chunkDigests(of attachment: Attachment) throws -> [Digest]? {
    guard whim.chance(lies.files) else { return try wrapped.chunkDigests(of: attachment) }
    return whim.chance(50) ? nil : [randomID()]
  }

  func chunk(_ number: Int, of attachment: Attachment) throws -> [UInt8]? {
    let honest = try wrapped.chunk(number, of: attachment)
    guard whim.chance(lies.files) else { return honest }
    return whim.draw { generator in honest?.flippingBit(&generator) }
  }

  // MARK: - What it says of it

  func digest(_ scope: Scope, of subject: SessionSubject) throws -> SetDigest {
    var digest = try wrapped.digest(scope, of: subject)
    if whim.chance(lies.digests) { digest.insert(randomID()) }
    return digest
  }

  func snapshot() throws -> StoreSnapshot {
    let honest = try wrapped.snapshot()
    guard whim.chance(lies.snapshots) else { return honest }
    let store = whim.draw { generator in
      generator.chance(40) ? otherStores.randomElement(using: &generator) : nil
    }
    let last = whim.draw { $0.chance(50) ? $0.next() % 1000 : honest.last.number }
    var (charter, records) = (honest.charter, honest.records)
    if whim.chance(30) { charter = SetDigest() }
    if whim.chance(30) { records = SetDigest() }
    return StoreSnapshot(
      store: store ?? honest.store,
      last: Arrival(number: last, id: whim.chance(50) ? randomID() : honest.last.id),
      charter: charter, records: records, paused: whim.chance(30) ? [randomID()] : [])
  }

  func cursor(node: PublicKey) throws -> StoreCursor? {
    try forgedCursor ?? wrapped.cursor(node: node)
  }

  func cursor(store: StoreID, node: PublicKey) throws -> StoreCursor? {
    try forgedCursor ?? wrapped.cursor(store: store, node: node)
  }

  func matches(_ cursor: StoreCursor) throws -> Bool {
    try whim.chance(lies.cursors) ? whim.chance(50) : wrapped.matches(cursor)
  }

  /// Names a store that may be the peer's.
  private var forgedCursor: StoreCursor? {
    guard whim.chance(lies.cursors) else { return nil }
    let store = whim.draw { otherStores.randomElement(using: &$0) }
    return store.map {
      StoreCursor(
        store: $0, number: whim.draw { $0.next() % 200 },
        operation: randomID())
    }
  }

  private func randomID() -> Digest { SHA256.hash(whim.draw { $0.bytes(8) }) }

  // MARK: - What it takes

  func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport {
    try wrapped.ingest(
      parcels.filter { _ in !whim.chance(lies.refused) }, in: scope, from: source, cursor: cursor,
      now: now)
  }
}
