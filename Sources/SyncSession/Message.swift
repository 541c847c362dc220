import Operations
import Signatures
import WireFormat

/// One frame (`Protocol/session.md#messages`, where the table gives number, fields and sender).
package enum Message: Equatable, Sendable {
  case hello(Hello)
  /// The receiver does not hold the node act that hello names.
  case chainRequest
  case chain([Parcel])
  /// The last frame before closing: a code of `Protocol/errors.md`, a text, and what proves it.
  case refuse(code: String, reason: String, proof: [Parcel])
  case inventory(Scope, Inventory)
  /// One bit for each short id of the inventory, most significant first; 1 = send it.
  case want(Scope, bitmap: [UInt8])
  case operations(Scope, Delivery)
  case digest(Scope, DigestPair)
  /// A part of a Negentropy message; pass 1 works over keyed ids.
  case reconcile(Scope, pass: UInt64, isLast: Bool, [UInt8])
  /// The ids that the initiator lacks after reconciliation, keyed in pass 1.
  case need(Scope, isLast: Bool, [Digest])
  /// The files that the sender lacks.
  case attachmentWant([AttachmentRequest])
  case attachment(AttachmentPart)
  /// Where both have agreed on it, instead of `operations`.
  case delta(Scope, Delta)

  /// What the sender has for the receiver.
  package struct Inventory: Equatable, Sendable {
    package enum Mode: UInt64, Sendable {
      /// News after the receiver's cursor, one short id each.
      case listed = 0
      /// The receiver has none: operations follow at once, unlisted.
      case everything = 1
      /// The receiver's cursor says nothing here: only reconciliation can tell.
      case unknown = 2
    }

    package var mode: Mode
    package var isLast: Bool
    package var shortIDs: [UInt64]

    package init(mode: Mode, isLast: Bool, shortIDs: [UInt64]) {
      self.mode = mode
      self.isLast = isLast
      self.shortIDs = shortIDs
    }
  }

  /// Operations in arrival order.
  ///
  /// After the last of them the receiver has everything of this scope that the sender holds up to
  /// `through`, or nothing is said when `through` is nil.
  package struct Delivery: Equatable, Sendable {
    package var parcels: [Parcel]
    package var through: Arrival?
    package var isLast: Bool

    package init(parcels: [Parcel], through: Arrival?, isLast: Bool) {
      self.parcels = parcels
      self.through = through
      self.isLast = isLast
    }
  }

  /// One chunk of a file; or the end of all.
  package struct AttachmentPart: Equatable, Sendable {
    /// The file's place in the want; the number of files wanted, at the end.
    package var file: UInt64
    package var number: UInt64
    /// Those of all chunks, in the first part of a file.
    package var chunkDigests: [Digest]
    package var bytes: [UInt8]

    package init(file: UInt64, number: UInt64, chunkDigests: [Digest], bytes: [UInt8]) {
      self.file = file
      self.number = number
      self.chunkDigests = chunkDigests
      self.bytes = bytes
    }

    package static func end(of count: Int) -> AttachmentPart {
      AttachmentPart(file: UInt64(count), number: 0, chunkDigests: [], bytes: [])
    }
  }

  /// The set digests of what the session is about, as the sender now sees it.
  package struct DigestPair: Equatable, Sendable {
    package var charter: Digest
    package var records: Digest

    package init(charter: Digest, records: Digest) {
      self.charter = charter
      self.records = records
    }
  }
}

/// Who calls, what it holds, and what it has of the other side (`Protocol/session.md#hello`).
package struct Hello: Equatable, Sendable {
  package static let version: UInt64 = 1
  package static let nonceByteCount = 16

  package var region: Digest
  /// The act that names the sender's node key; nil for a node that does not know it yet.
  package var nodeAct: Digest?
  package var nonce: [UInt8]
  /// The sender's store, and its last arrival.
  package var last: StoreCursor
  package var charterCount: UInt64
  package var recordsCount: UInt64
  package var digests: Message.DigestPair
  /// How far the sender has what the receiver's store holds.
  package var cursor: StoreCursor?
  /// Milliseconds since 1970, the sender's clock.
  package var clock: UInt64
  /// Organisations whose operations the sender does not take at present.
  package var paused: [Digest]
  /// How many files the sender lacks.
  package var attachmentsMissing: UInt64

  package init(
    region: Digest, nodeAct: Digest?, nonce: [UInt8], last: StoreCursor, charterCount: UInt64,
    recordsCount: UInt64, digests: Message.DigestPair, cursor: StoreCursor?,
    clock: UInt64, paused: [Digest], attachmentsMissing: UInt64 = 0
  ) {
    self.region = region
    self.nodeAct = nodeAct
    self.nonce = nonce
    self.last = last
    self.charterCount = charterCount
    self.recordsCount = recordsCount
    self.digests = digests
    self.cursor = cursor
    self.clock = clock
    self.paused = paused
    self.attachmentsMissing = attachmentsMissing
  }

  package var store: StoreID { last.store }
}
