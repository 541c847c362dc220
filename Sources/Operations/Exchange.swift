import Signatures
import WireFormat

// What stores and sessions say to each other about operations in transit.

/// The random 16 bytes that name one store; a restored or cloned file gets a new one.
package struct StoreID: Hashable, Sendable {
  package static let byteCount = 16
  package let bytes: [UInt8]

  /// Nil unless `bytes` are 16.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }
}

/// The first 16 bytes of an operation's id, which tell it from the others of one store.
///
/// Whoever made two operations of one mark would only hide from its own cursor that its store was rolled
/// back, or make a delta unreadable: whether two sets are equal is said by digests.
package struct OperationMark: Hashable, Sendable {
  package static let byteCount = 16
  package let bytes: [UInt8]

  package init(_ id: Digest) { bytes = Array(id.bytes.prefix(Self.byteCount)) }

  /// Nil unless `bytes` are 16.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// The ids that have this mark lie between these two.
  package var least: Digest { id(filledWith: 0) }
  package var greatest: Digest { id(filledWith: 0xff) }

  private func id(filledWith byte: UInt8) -> Digest {
    Digest(bytes + [UInt8](repeating: byte, count: Digest.byteCount - Self.byteCount)) ?? .zero
  }
}

/// How far a receiver has everything that a store holds: that store's arrival number and the
/// operation that has it.
///
/// A store that does not find the operation at the number was rolled back or cloned
/// (`Protocol/session.md#cursor`).
package struct StoreCursor: Hashable, Sendable {
  package let store: StoreID
  package let number: UInt64
  package let operation: OperationMark

  package init(store: StoreID, number: UInt64, operation: OperationMark) {
    self.store = store
    self.number = number
    self.operation = operation
  }

  package init(store: StoreID, number: UInt64, operation id: Digest) {
    self.init(store: store, number: number, operation: OperationMark(id))
  }
}

/// The two sets that are exchanged one after the other, so that authority arrives first.
package enum Scope: UInt64, Sendable, CaseIterable {
  /// Classes charter and order.
  case charter = 0
  /// Classes record, review and receipt.
  case records = 1

  package init(_ operationClass: OperationClass) {
    switch operationClass {
    case .charter, .order: self = .charter
    case .record, .review, .receipt: self = .records
    }
  }
}

/// An operation as it travels; not yet read.
package struct Parcel: Hashable, Sendable {
  package let envelope: [UInt8]
  /// Empty when the operation has no body.
  package let body: [UInt8]

  package init(envelope: [UInt8], body: [UInt8]) {
    self.envelope = envelope
    self.body = body
  }

  package init(_ operation: Operation) {
    envelope = operation.envelope.bytes
    body = operation.body?.bytes ?? []
  }

  package var id: Digest { Operation.id(of: envelope) }
  package var byteCount: Int { envelope.count + body.count }

  /// What it follows and what it supersedes; empty when it cannot be read.
  package var predecessors: [Digest] {
    guard let envelope = try? Envelope(decoding: envelope),
      let item = try? CBOR(decoding: envelope.payload), let header = try? Header(item)
    else { return [] }
    guard case .changes(_, _, let changes) = header.content else { return header.prev }
    return header.prev + changes.flatMap { $0.targets.map(\.operation) }
  }
}

/// A held operation's place in its store.
package struct Arrival: Hashable, Sendable {
  package let number: UInt64
  package let id: Digest

  package init(number: UInt64, id: Digest) {
    self.number = number
    self.id = id
  }
}

/// What became of a batch of parcels, in the order they came.
package struct IngestReport: Sendable, Equatable {
  package struct Refusal: Sendable, Equatable {
    package let id: Digest
    /// A code of `Protocol/errors.md`.
    package let code: String
    package let reason: String
    package init(id: Digest, code: String, reason: String) {
      self.id = id
      self.code = code
      self.reason = reason
    }
  }

  /// New in the exchanged set.
  package var held: [Digest] = []
  /// Of these those that were here without their bodies, and have kept their arrival numbers.
  package var restored: [Digest] = []
  /// Stored outside the exchanged set, until what a cut awaits is here.
  package var setAside: [Digest] = []
  package var duplicates: [Digest] = []
  /// Their `prev` is not here yet.
  package var waiting: [Digest] = []
  package var refusals: [Refusal] = []
  /// The arrival numbers that the transaction has given; nil: none.
  package var arrivals: ClosedRange<UInt64>?

  package init() {}
}

/// What a store holds at one moment: the subject of a session.
package struct StoreSnapshot: Sendable {
  package let store: StoreID
  /// The last arrival.
  package let last: Arrival
  package let charter: SetDigest
  package let records: SetDigest
  /// Organisations over their quota, whose records are not taken at present; ascending.
  package let paused: [Digest]

  package init(
    store: StoreID, last: Arrival, charter: SetDigest, records: SetDigest, paused: [Digest] = []
  ) {
    self.store = store
    self.last = last
    self.charter = charter
    self.records = records
    self.paused = paused
  }

  /// The digest of everything held.
  package var total: SetDigest {
    var total = charter
    total.formUnion(disjoint: records)
    return total
  }

  package var cursor: StoreCursor {
    StoreCursor(store: store, number: last.number, operation: last.id)
  }
}

/// What this node has of a peer's store, and under which key the peer last spoke.
package struct PeerCursor: Sendable, Equatable {
  package let cursor: StoreCursor
  package let node: PublicKey
  /// Set when a session ended equal: the own last arrival at its start.
  package let equalAt: UInt64?

  package init(cursor: StoreCursor, node: PublicKey, equalAt: UInt64? = nil) {
    self.cursor = cursor
    self.node = node
    self.equalAt = equalAt
  }
}
