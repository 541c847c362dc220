import CRDT
import Operations
import Signatures
import WireFormat

/// A header put together item by item and signed, whatever it says: for what the product would not
/// sign itself.
package struct RawOperation {
  package var version: CBOR = .unsigned(1)
  package var operationClass: CBOR
  package var author: CBOR
  package var delegation: CBOR
  package var prev: CBOR = .array([])
  package var timestamp: CBOR = .unsigned(SampleRegion.time(7000).rawValue)
  package var bodyDigest: CBOR = .bytes([])
  package var bodySize: CBOR = .unsigned(0)
  package var content: [CBOR]
  package var body: [UInt8] = []
  /// The signed bytes, when they are to be something else than the fields above.
  package var payloadOverride: [UInt8]?
  package var domain = Domain.operation
  package var region: Digest
  package var key: SigningKey

  package init(
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
  package init(recordBy officer: SampleRegion.Delegate, in region: SampleRegion) {
    self.init(
      .record, [.text("entry"), .bytes([]), .array([Self.change()])], by: officer, in: region)
    carry(Body(values: [.text("Titel")], random: [UInt8](repeating: 5, count: 16)).bytes)
  }

  package static func change(type: UInt64 = 0, path: String = "title", targets: [CBOR] = []) -> CBOR
  {
    .array([.unsigned(type), .text(path), .array(targets)])
  }

  package static func target(_ byte: UInt8, index: UInt64 = 0) -> CBOR {
    .array([.bytes([UInt8](repeating: byte, count: 32)), .unsigned(index)])
  }

  /// Announces and brings a body.
  package mutating func carry(_ bytes: [UInt8]) {
    body = bytes
    bodyDigest = .bytes(Domain.body.hash(bytes).bytes)
    bodySize = .unsigned(UInt64(bytes.count))
  }

  /// The header's fields in their order.
  package var fields: [CBOR] {
    [version, operationClass, author, delegation, prev, timestamp, bodyDigest, bodySize] + content
  }

  package var payload: [UInt8] { payloadOverride ?? CBOR.array(fields).encoded }

  /// The payload with other bytes in the place of one field.
  package func payload(_ field: Field, as bytes: [UInt8]) -> [UInt8] {
    var parts = fields.map(\.encoded)
    parts[field.rawValue] = bytes
    return [0x80 | UInt8(parts.count)] + parts.joined()
  }

  /// The fields of a record's header, by their places.
  package enum Field: Int, CaseIterable {
    case version, operationClass, author, delegation, prev, timestamp, bodyDigest, bodySize
    case family, record, changes
  }

  /// What the signature is over (RFC 9052 §4.4).
  package var signedBytes: [UInt8] { signedBytes(externalData: domain.prefix + region.bytes) }

  package func signedBytes(externalData: [UInt8], context: String = "Signature1") -> [UInt8] {
    CBOR.array([
      .text(context), .bytes([0xa1, 0x01, 0x27]), .bytes(externalData), .bytes(payload),
    ]).encoded
  }

  /// The envelope with another signature.
  package func envelope(signature: [UInt8]) -> [UInt8] {
    envelope.dropLast(SigningKey.signatureByteCount) + signature
  }

  package var envelope: [UInt8] {
    Envelope(signing: payload, with: key, domain: domain, region: region).bytes
  }

  package func read(in region: SampleRegion) throws(OperationError) -> Operation {
    try Operation(envelope: envelope, body: body, region: region.id)
  }
}
