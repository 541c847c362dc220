import OperationStore
import Operations
import Reconciliation
import Signatures
import SyncSession
import TestSupport

/// A bug put into every node on purpose: a simulator that does not find it would not find a real one.
package enum PlantedBug: String, CaseIterable, Sendable {
  /// Revocations are not taken up.
  case skipsCuts
  /// Of two operations over one `prev`, only the first to arrive is kept.
  case firstToArriveWins
  /// A publisher is told that an operation is kept before it is.
  case acknowledgesTooEarly
  /// One operation in some is not passed on, and digests agree that it is not.
  case dropsOperations
  /// Nodes call themselves equal whatever they hold.
  case equalWithoutLooking
  /// Orders to erase hide bytes and do not overwrite them.
  case keepsErasedBytes
  /// A restored store shows what may have been erased elsewhere.
  case showsRestoredBodies
  /// Removed nodes are still served.
  case servesRemovedNodes
  /// Files are not passed on.
  case withholdsFiles
}

/// A store with a planted bug.
struct BuggyStore: WrappedStore {
  let wrapped: OperationStore
  let bug: PlantedBug

  func ingest(
    _ parcels: [Parcel], in scope: Scope, from source: StoreID, cursor: PeerCursor?, now: UInt64
  ) throws -> IngestReport {
    try wrapped.ingest(
      parcels.filter { try takes($0) }, in: scope, from: source, cursor: cursor, now: now)
  }

  private func takes(_ parcel: Parcel) throws -> Bool {
    guard bug == .skipsCuts || bug == .firstToArriveWins,
      let operation = try? Operation(stored: parcel.envelope, body: parcel.body)
    else { return true }
    if bug == .skipsCuts, case .act(.revoke) = operation.header.content { return false }
    guard bug == .firstToArriveWins else { return true }
    let held = try wrapped.operations(of: operation.header.author)
    return !held.contains { other in
      other.id != operation.id && other.header.prev.contains(where: operation.header.prev.contains)
    }
  }

  // MARK: - Digests

  func snapshot() throws -> StoreSnapshot {
    let honest = try wrapped.snapshot()
    switch bug {
    case .equalWithoutLooking:
      return StoreSnapshot(
        store: honest.store, last: honest.last, charter: SetDigest(), records: SetDigest())
    case .dropsOperations:
      return StoreSnapshot(
        store: honest.store, last: honest.last, charter: honest.charter,
        records: try without(honest.records, through: honest.last.number))
    default: return honest
    }
  }

  func digest(_ scope: Scope, of subject: SessionSubject) throws -> SetDigest {
    let honest = try wrapped.digest(scope, of: subject)
    guard bug == .dropsOperations, scope == .records else { return honest }
    return try without(honest, through: subject.last)
  }

  private func without(_ digest: SetDigest, through last: UInt64) throws -> SetDigest {
    var digest = digest
    let all = try wrapped.arrivals(in: .records, after: 0, through: last, notFrom: nil)
    for arrival in all where isDropped(arrival.id) { digest.remove(arrival.id) }
    return digest
  }

  // MARK: - What is passed on

  private func isDropped(_ id: Digest) -> Bool { bug == .dropsOperations && id.bytes[0] < 16 }

  func arrivals(
    in scope: Scope, after first: UInt64, through last: UInt64, notFrom source: StoreID?,
    without paused: Set<Digest>
  ) throws -> [Arrival] {
    try wrapped.arrivals(in: scope, after: first, through: last, notFrom: source, without: paused)
      .filter { scope == .charter || !isDropped($0.id) }
  }

  func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    try wrapped.withItems(of: scope, subject) { items in
      guard scope == .records else { return try body(items) }
      return try body(try SortedItems(items.all().filter { !isDropped($0.id) }))
    }
  }

  func chunkDigests(of attachment: Attachment) throws -> [Digest]? {
    bug == .withholdsFiles ? nil : try wrapped.chunkDigests(of: attachment)
  }

  // MARK: - Who is known

  func charter() throws -> Charter {
    let honest = try wrapped.charter()
    guard bug == .servesRemovedNodes else { return honest }
    return try honest.withoutRemovals(wrapped)
  }
}

extension Charter {
  /// As if nobody had ever been taken out of the roster.
  fileprivate func withoutRemovals(_ store: OperationStore) throws -> Charter {
    let arrivals = try store.arrivals(in: .charter, after: 0, through: .max, notFrom: nil)
    let operations = try arrivals.compactMap { try store.parcel(arrival: $0.number) }
      .compactMap { try? Operation(stored: $0.envelope, body: $0.body) }
    return try Charter(
      founding: store.foundingOperation,
      operations: operations.filter { operation in
        switch operation.header.content {
        case .act(.remove), .act(.revoke): false
        default: true
        }
      })
  }
}
