import CRDT
import Signatures
import WireFormat

/// Which kind of key may sign; closed for ever (`Protocol/operation.md#classes`).
package enum OperationClass: UInt64, Sendable, CaseIterable {
  case charter = 0
  case record = 1
  case review = 2
  case order = 3
  case receipt = 4
}

/// The signed part of an operation, kept for ever (`Protocol/operation.md#header`).
///
///     header = [version, class, author, delegation, prev, timestamp, body digest, body size,
///               content…]
///
/// The first eight keep place and meaning for ever. Whatever follows and is not understood is held
/// and passed on as `.unknown`.
package struct Header: Equatable, Sendable {
  package static let version: UInt64 = 1

  package var operationClass: OperationClass
  package var author: PublicKey
  /// The charter operation that `author` acts under; nil for the founding operation only.
  package var delegation: Digest?
  /// Ascending ids of operations of the same author that this one follows.
  package var prev: [Digest]
  package var timestamp: Timestamp
  package var bodyDigest: Digest?
  package var bodySize: Int
  package var content: Content

  package enum Content: Equatable, Sendable {
    /// Classes record and review. A nil record: this operation creates it.
    case changes(family: String, record: Digest?, [Change])
    case act(Act)
    case order(Order)
    case receipt(Receipt)
    /// Of a later version, family of acts or change type: held, exchanged, counted, not folded.
    case unknown

    var fields: [CBOR] {
      switch self {
      case .changes(let family, let record, let changes):
        [.text(family), .optional(record), .array(changes.map(\.item))]
      case .act(let act): [act.item]
      case .order(let order): order.fields
      case .receipt(let receipt): receipt.fields
      case .unknown: []
      }
    }
  }

  package var encoded: [UInt8] {
    CBOR.array(
      [
        .unsigned(Self.version), .unsigned(operationClass.rawValue), .bytes(author.bytes),
        .optional(delegation), .digests(prev), .unsigned(timestamp.rawValue),
        .optional(bodyDigest), .unsigned(UInt64(bodySize)),
      ] + content.fields
    ).encoded
  }

  /// The author alone, so that the signature can be checked before anything else is used.
  static func author(of item: CBOR) throws(WireError) -> PublicKey {
    var reader = try ArrayReader(item, "header")
    _ = try reader.unsigned("version")
    _ = try reader.unsigned("class")
    return try reader.publicKey("author")
  }
}

extension Header {
  init(_ item: CBOR) throws(WireError) {
    var reader = try ArrayReader(item, "header")
    let version = try reader.unsigned("version")
    guard version >= 1 else { throw .shape(field: "version", expected: "1 or more", found: "0") }
    let code = try reader.unsigned("class")
    guard let operationClass = OperationClass(rawValue: code) else {
      throw .shape(field: "class", expected: "0 to 4, closed for ever", found: "\(code)")
    }
    self.operationClass = operationClass
    author = try reader.publicKey("author")
    delegation = try reader.optionalDigest("delegation")
    prev = try reader.digests("prev", max: Limits.prevMax)
    timestamp = Timestamp(rawValue: try reader.unsigned("timestamp"))
    bodyDigest = try reader.optionalDigest("body digest")
    bodySize = Int(try reader.unsigned("body size", max: UInt64(Limits.operationBytesMax)))
    content = version == Self.version ? try Self.content(operationClass, &reader) : .unknown
    guard (bodyDigest == nil) == (bodySize == 0), bodySize.isMultiple(of: Limits.bodyPaddingBytes)
    else {
      throw .shape(field: "body size", expected: "a multiple of 256", found: "\(bodySize)")
    }
  }

  private static func content(
    _ operationClass: OperationClass, _ reader: inout ArrayReader
  ) throws(WireError) -> Content {
    let content: Content? =
      switch operationClass {
      case .charter: try Act.decode(try reader.item("act")).map(Content.act)
      case .record, .review: try changes(&reader)
      case .order: try Order.decode(&reader).map(Content.order)
      case .receipt: .receipt(try Receipt.decode(&reader))
      }
    return reader.remaining.isEmpty ? content ?? .unknown : .unknown
  }

  private static func changes(_ reader: inout ArrayReader) throws(WireError) -> Content? {
    let family = try reader.text("family", max: Limits.familyBytesMax)
    guard Change.isPath(family), !family.utf8.contains(UInt8(ascii: "/")) else {
      throw .shape(field: "header.family", expected: "a name of a-z, 0-9 and _", found: "other")
    }
    let record = try reader.optionalDigest("record")
    var changes: [Change] = []
    var isUnderstood = true
    for item in try reader.array("changes", max: Limits.changesMax) {
      guard let change = try Change.decode(item) else {
        isUnderstood = false
        continue
      }
      changes.append(change)
    }
    return isUnderstood ? .changes(family: family, record: record, changes) : nil
  }

  /// How many values the body holds, nil when the content is not understood.
  var valueCount: Int? {
    switch content {
    case .changes(_, _, let changes): changes.filter(\.type.carriesValue).count
    case .act(let act): act.valueCount
    case .order, .receipt: 0
    case .unknown: nil
    }
  }
}
