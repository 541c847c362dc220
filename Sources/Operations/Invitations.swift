import Signatures
import WireFormat

/// What a newcomer needs to know of a region: its pinned root and one node to call.
package struct RegionLink: Sendable, Equatable {
  package static let prefix = "sprida-region"

  package let founding: Operation
  package let address: String
  package let node: PublicKey

  package init(founding: Operation, address: String, node: PublicKey) {
    self.founding = founding
    self.address = address
    self.node = node
  }

  package var text: String {
    ShareableText.encode(
      CBOR.array([
        .unsigned(1), .bytes(founding.envelope.bytes), .bytes(founding.body?.bytes ?? []),
        .text(address), .bytes(node.bytes),
      ]).encoded, prefix: Self.prefix)
  }

  package init(text: String) throws(InvitationError) {
    var reader = try InvitationError.reader(text, Self.prefix)
    do {
      guard try reader.unsigned("version") == 1 else { throw InvitationError.version }
      let envelope = try reader.bytes("founding", max: Limits.operationBytesMax)
      let body = try reader.bytes("body", max: Limits.operationBytesMax)
      address = try reader.text("address", max: Limits.addressBytesMax)
      node = try reader.publicKey("node")
      try reader.end()
      try InvitationError.expectValid([("node", node)])
      founding = try Operation(envelope: envelope, body: body, region: .zero)
      _ = try Charter(founding: founding)
    } catch {
      throw InvitationError(error)
    }
  }
}

/// What an organisation sends to the council to be admitted, signed by its root.
package struct JoinRequest: Sendable, Equatable {
  package static let prefix = "sprida-join"

  package let region: Digest
  package let admission: Act.Admission
  package let name: String

  package init(region: Digest, admission: Act.Admission, name: String) {
    self.region = region
    self.admission = admission
    self.name = name
  }

  package func text(signedBy root: SigningKey) -> String {
    let payload = CBOR.array([
      .unsigned(1), .bytes(region.bytes), .bytes(admission.root.bytes),
      .bytes(admission.successor.bytes), .bytes(admission.node.bytes), .text(admission.address),
      .text(admission.code), .text(name),
    ]).encoded
    let envelope = Envelope(signing: payload, with: root, domain: .joinRequest, region: region)
    return ShareableText.encode(envelope.bytes, prefix: Self.prefix)
  }

  package init(text: String) throws(InvitationError) {
    do {
      let envelope = try InvitationError.envelope(text, Self.prefix)
      var reader = try ArrayReader(try CBOR(decoding: envelope.payload), "request")
      guard try reader.unsigned("version") == 1 else { throw InvitationError.version }
      region = try reader.digest("region")
      admission = Act.Admission(
        root: try reader.publicKey("root"), successor: try reader.digest("successor"),
        node: try reader.publicKey("node"),
        address: try reader.text("address", max: Limits.addressBytesMax),
        code: try reader.text("code", max: Limits.codeBytesMax))
      name = try reader.text("name", max: Limits.addressBytesMax)
      try reader.end()
      try InvitationError.expectValid([("root", admission.root), ("node", admission.node)])
      guard envelope.isSigned(by: admission.root, domain: .joinRequest, region: region) else {
        throw InvitationError.signature
      }
    } catch {
      throw InvitationError(error)
    }
  }
}

/// What an officer's device sends to its organisation to be delegated, signed by the officer key.
package struct DeviceRequest: Sendable, Equatable {
  package static let prefix = "sprida-device"

  package let region: Digest
  package let officer: PublicKey
  package let node: PublicKey

  package init(region: Digest, officer: PublicKey, node: PublicKey) {
    self.region = region
    self.officer = officer
    self.node = node
  }

  package func text(signedBy officer: SigningKey) -> String {
    let payload = CBOR.array([
      .unsigned(1), .bytes(region.bytes), .bytes(self.officer.bytes), .bytes(node.bytes),
    ]).encoded
    let envelope = Envelope(
      signing: payload, with: officer, domain: .deviceRequest, region: region)
    return ShareableText.encode(envelope.bytes, prefix: Self.prefix)
  }

  package init(text: String) throws(InvitationError) {
    do {
      let envelope = try InvitationError.envelope(text, Self.prefix)
      var reader = try ArrayReader(try CBOR(decoding: envelope.payload), "request")
      guard try reader.unsigned("version") == 1 else { throw InvitationError.version }
      region = try reader.digest("region")
      officer = try reader.publicKey("officer")
      node = try reader.publicKey("node")
      try reader.end()
      try InvitationError.expectValid([("officer", officer), ("node", node)])
      guard envelope.isSigned(by: officer, domain: .deviceRequest, region: region) else {
        throw InvitationError.signature
      }
    } catch {
      throw InvitationError(error)
    }
  }
}

/// What a person prints who is to sit in the council of a region that is about to be founded, signed
/// by the council key.
package struct CouncilMember: Sendable, Equatable {
  package static let prefix = "sprida-council"

  package let key: PublicKey
  /// The hash of the key that may rotate it.
  package let successor: Digest

  package init(key: PublicKey, successor: Digest) {
    self.key = key
    self.successor = successor
  }

  /// There is no region yet, so it is signed for that of 32 zero bytes.
  package func text(signedBy council: SigningKey) -> String {
    let payload = CBOR.array([.unsigned(1), .bytes(key.bytes), .bytes(successor.bytes)]).encoded
    let envelope = Envelope(signing: payload, with: council, domain: .councilMember, region: .zero)
    return ShareableText.encode(envelope.bytes, prefix: Self.prefix)
  }

  package init(text: String) throws(InvitationError) {
    do {
      let envelope = try InvitationError.envelope(text, Self.prefix)
      var reader = try ArrayReader(try CBOR(decoding: envelope.payload), "member")
      guard try reader.unsigned("version") == 1 else { throw InvitationError.version }
      key = try reader.publicKey("key")
      successor = try reader.digest("successor")
      try reader.end()
      try InvitationError.expectValid([("council", key)])
      guard envelope.isSigned(by: key, domain: .councilMember, region: .zero) else {
        throw InvitationError.signature
      }
    } catch {
      throw InvitationError(error)
    }
  }
}

/// Why a line is not the link or request it should be.
package enum InvitationError: Error, Equatable {
  case text(ShareableText.Failure)
  case version
  case signature
  /// The field that holds a key to which nothing may be granted.
  case key(String)
  case content(code: String, String)

  package var code: String {
    switch self {
    case .text(.prefix): "link-prefix"
    case .text(.alphabet): "link-alphabet"
    case .text(.checksum): "link-checksum"
    case .version: "link-version"
    case .signature: "signature"
    case .key: "link-key"
    case .content(let code, _): code
    }
  }

  fileprivate init(_ error: any Error) {
    switch error {
    case let error as InvitationError: self = error
    case let error as ShareableText.Failure: self = .text(error)
    case let error as WireError: self = .content(code: error.code, "\(error)")
    case let error as OperationError: self = .content(code: error.code, "\(error)")
    case let error as AuthorityError: self = .content(code: error.code, "\(error)")
    default: self = .content(code: "shape", "\(error)")
    }
  }

  /// Whoever answers a line signs for its keys; a void one is refused before that.
  fileprivate static func expectValid(
    _ keys: [(field: String, key: PublicKey)]
  ) throws(InvitationError) {
    for (field, key) in keys where !key.isValidPoint { throw .key(field) }
  }

  fileprivate static func reader(
    _ text: String, _ prefix: String
  ) throws(InvitationError) -> ArrayReader {
    do {
      let bytes = try ShareableText.decode(text, prefix: prefix)
      return try ArrayReader(try CBOR(decoding: bytes), "link")
    } catch {
      throw InvitationError(error)
    }
  }

  fileprivate static func envelope(
    _ text: String, _ prefix: String
  ) throws(InvitationError) -> Envelope {
    do {
      return try Envelope(decoding: try ShareableText.decode(text, prefix: prefix))
    } catch {
      throw InvitationError(error)
    }
  }
}

extension InvitationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .text(let failure): failure.description
    case .version: "the line was made by a later version of sprida"
    case .signature: "the signature of the line does not hold: it was changed after it was made"
    case .key(let field):
      "the \(field) key of the line is not valid, so nothing can be granted to it; make a new one"
    case .content(_, let problem): problem
    }
  }
}
