import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// A header put together item by item and signed, whatever it says: for what the product would not
/// sign itself.
struct RawOperation {
  var version: CBOR = .unsigned(1)
  var operationClass: CBOR
  var author: CBOR
  var delegation: CBOR
  var prev: CBOR = .array([])
  var timestamp: CBOR = .unsigned(SampleRegion.time(7000).rawValue)
  var bodyDigest: CBOR = .bytes([])
  var bodySize: CBOR = .unsigned(0)
  var content: [CBOR]
  var body: [UInt8] = []
  /// The signed bytes, when they are to be something else than the fields above.
  var payloadOverride: [UInt8]?
  var domain = Domain.operation
  var region: Digest
  var key: SigningKey

  init(
    _ operationClass: OperationClass, _ content: [CBOR], by delegate: SampleRegion.Delegate,
    in region: SampleRegion
  ) {
    self.operationClass = .unsigned(operationClass.rawValue)
    author = .bytes(delegate.key.publicKey.bytes)
    delegation = .bytes(delegate.delegation.bytes)
    self.content = content
    self.region = region.id
    key = delegate.key
  }

  /// A creating record operation that sets `title`.
  init(recordBy officer: SampleRegion.Delegate, in region: SampleRegion) {
    self.init(
      .record, [.text("entry"), .bytes([]), .array([Self.change()])], by: officer, in: region)
    carry(Body(values: [.text("Titel")], random: [UInt8](repeating: 5, count: 16)).bytes)
  }

  static func change(type: UInt64 = 0, path: String = "title", targets: [CBOR] = []) -> CBOR {
    .array([.unsigned(type), .text(path), .array(targets)])
  }

  static func target(_ byte: UInt8, index: UInt64 = 0) -> CBOR {
    .array([.bytes([UInt8](repeating: byte, count: 32)), .unsigned(index)])
  }

  /// Announces and brings a body.
  mutating func carry(_ bytes: [UInt8]) {
    body = bytes
    bodyDigest = .bytes(Domain.body.hash(bytes).bytes)
    bodySize = .unsigned(UInt64(bytes.count))
  }

  var payload: [UInt8] {
    payloadOverride
      ?? CBOR.array(
        [
          version, operationClass, author, delegation, prev, timestamp, bodyDigest, bodySize,
        ] + content
      ).encoded
  }

  var envelope: [UInt8] {
    Envelope(signing: payload, with: key, domain: domain, region: region).bytes
  }

  func read(in region: SampleRegion) throws(OperationError) -> Operation {
    try Operation(envelope: envelope, body: body, region: region.id)
  }
}
