import CRDT
import Signatures
import WireFormat

/// The signed, immutable unit that is stored and exchanged.
package struct Operation: Sendable, Equatable {
  package let id: Digest
  package let envelope: Envelope
  package let header: Header
  /// Nil when the operation has none, or when it has been erased.
  package let body: Body?

  package var byteCount: Int { envelope.bytes.count + header.bodySize }

  /// Reads and verifies an operation as received.
  ///
  /// `envelope` is the COSE_Sign1; `body` is empty when the operation has none. `region` is the one
  /// it must be signed for, `.zero` for the founding operation. `bodyMayBeMissing` is true only for
  /// what the own store has erased.
  package init(
    envelope bytes: [UInt8], body bodyBytes: [UInt8], region: Digest, bodyMayBeMissing: Bool = false
  ) throws(OperationError) {
    let envelope = try Envelope(decoding: bytes)
    let item = try wire { () throws(WireError) in try CBOR(decoding: envelope.payload) }
    let author = try wire { () throws(WireError) in try Header.author(of: item) }
    guard envelope.isSigned(by: author, domain: .operation, region: region) else {
      throw .signature
    }
    try self.init(
      verified: envelope, item, body: bodyBytes, bodyMayBeMissing: bodyMayBeMissing)
  }

  /// Reads an operation that this node has verified before it stored it; `id` is computed when it is
  /// not given.
  package init(
    stored bytes: [UInt8], body bodyBytes: [UInt8], id: Digest? = nil
  ) throws(OperationError) {
    let envelope = try Envelope(decoding: bytes)
    let item = try wire { () throws(WireError) in try CBOR(decoding: envelope.payload) }
    try self.init(verified: envelope, item, body: bodyBytes, bodyMayBeMissing: true, id: id)
  }

  private init(
    verified envelope: Envelope, _ item: CBOR, body bodyBytes: [UInt8], bodyMayBeMissing: Bool,
    id: Digest? = nil
  ) throws(OperationError) {
    let header = try wire { () throws(WireError) in try Header(item) }
    self.envelope = envelope
    self.header = header
    self.id = id ?? Self.id(of: envelope.bytes)
    if bodyBytes.isEmpty, header.bodySize == 0 || bodyMayBeMissing {
      body = nil
    } else {
      body = try Self.checkedBody(bodyBytes, header)
    }
    guard byteCount <= Limits.operationBytesMax else {
      throw .tooLarge(what: "operation", limit: Limits.operationBytesMax, found: byteCount)
    }
    if header.bodySize == 0, let expected = header.valueCount, expected > 0 {
      throw .valueCount(expected: expected, found: 0)
    }
  }

  private static func checkedBody(_ bytes: [UInt8], _ header: Header) throws(OperationError) -> Body
  {
    guard bytes.count == header.bodySize else {
      throw .bodySize(expected: header.bodySize, found: bytes.count)
    }
    guard Domain.body.hash(bytes) == header.bodyDigest else { throw .bodyDigest }
    let body = try wire { () throws(WireError) in try Body(decoding: bytes) }
    if let expected = header.valueCount, body.values.count != expected {
      throw .valueCount(expected: expected, found: body.values.count)
    }
    return body
  }

  /// Whether the header announces a body that is not here.
  package var isBare: Bool { body == nil && header.bodySize > 0 }

  /// The operation as it is once its body has been erased.
  package var withoutBody: Operation {
    Operation(id: id, envelope: envelope, header: header, body: nil)
  }

  private init(id: Digest, envelope: Envelope, header: Header, body: Body?) {
    self.id = id
    self.envelope = envelope
    self.header = header
    self.body = body
  }

  /// SHA-256 over the id domain and the envelope bytes.
  package static func id(of envelope: [UInt8]) -> Digest {
    Domain.operationID.hash(envelope)
  }
}

extension Operation {
  /// What is the same for every operation that a key signs at one time.
  package struct Signer: Sendable {
    package let key: SigningKey
    package let delegation: Digest?
    /// `.zero` for the founding operation.
    package let region: Digest
    package let prev: [Digest]
    package let timestamp: Timestamp
    /// 16 fresh random bytes.
    package let random: [UInt8]

    package init(
      key: SigningKey, delegation: Digest?, region: Digest, prev: [Digest], timestamp: Timestamp,
      random: [UInt8]
    ) {
      self.key = key
      self.delegation = delegation
      self.region = region
      self.prev = prev.sorted()
      self.timestamp = timestamp
      self.random = random
    }
  }

  /// Signs changes to a record; a nil `record` creates one.
  package static func record(
    _ changes: [ChangeDraft], family: String, record: Digest?,
    operationClass: OperationClass = .record, by signer: Signer
  ) throws(OperationError) -> Operation {
    let content = Header.Content.changes(
      family: family, record: record,
      changes.map { Change(type: $0.type, path: $0.path, targets: $0.targets.sorted()) })
    return try sign(
      operationClass, content, values: changes.filter(\.type.carriesValue).compactMap(\.value),
      by: signer)
  }

  /// Signs an act; `name` is the organisation's, for `found` and `admit`.
  package static func charter(
    _ act: Act, name: String? = nil, by signer: Signer
  ) throws(OperationError) -> Operation {
    try sign(.charter, .act(act), values: name.map { [.text($0)] } ?? [], by: signer)
  }

  /// Signs content of any class.
  package static func sign(
    _ operationClass: OperationClass, _ content: Header.Content, values: [CBOR], by signer: Signer
  ) throws(OperationError) -> Operation {
    let body = values.isEmpty ? nil : Body(values: values, random: signer.random)
    let header = Header(
      operationClass: operationClass, author: signer.key.publicKey, delegation: signer.delegation,
      prev: signer.prev, timestamp: signer.timestamp, bodyDigest: body?.digest,
      bodySize: body?.bytes.count ?? 0, content: content)
    let envelope = Envelope(
      signing: header.encoded, with: signer.key, domain: .operation, region: signer.region)
    // What is signed here must pass what every peer will ask of it.
    return try Operation(
      envelope: envelope.bytes, body: body?.bytes ?? [], region: signer.region)
  }
}
