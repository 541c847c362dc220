import Signatures
import WireFormat

/// What a charter operation does (`Protocol/charter.md#acts`, where the table gives each act's
/// number, fields and signer).
package enum Act: Equatable, Sendable {
  case found(council: [CouncilKey], threshold: UInt64)
  case admit(Admission)
  case approve(operation: Digest)
  case rotate(oldHeads: [Digest], successor: Digest)
  case delegate(key: PublicKey, role: Role, from: UInt64, to: UInt64)
  case revoke(key: PublicKey, heads: [Digest], disowned: [Digest])
  case vouch(operations: [Digest])
  case remove(organisation: Digest, cuts: [Cut])
  case succeed(from: Digest, to: Digest, records: [Digest])
  case node(key: PublicKey, address: String)

  package struct CouncilKey: Equatable, Sendable {
    package let key: PublicKey
    package let successor: Digest
    package init(key: PublicKey, successor: Digest) {
      self.key = key
      self.successor = successor
    }
  }

  package struct Admission: Equatable, Sendable {
    package let root: PublicKey
    /// Hash of the next root key; see `Act.successorHash(of:)`.
    package let successor: Digest
    package let node: PublicKey
    /// `host:port`, or empty for a node that only calls out.
    package let address: String
    /// `kommun:1441`, `region:14` or `org:2021003054`; a dated attribute, not the identity.
    package let code: String
    package init(
      root: PublicKey, successor: Digest, node: PublicKey, address: String, code: String
    ) {
      self.root = root
      self.successor = successor
      self.node = node
      self.address = address
      self.code = code
    }
  }

  /// A key and the heads of it that are vouched for.
  package struct Cut: Equatable, Sendable {
    package let key: PublicKey
    package let heads: [Digest]
    package init(key: PublicKey, heads: [Digest]) {
      self.key = key
      self.heads = heads.sorted()
    }
  }

  /// What a successor commitment is: a key published now decides who rotates later.
  package static func successorHash(of key: PublicKey) -> Digest {
    Domain.successor.hash(key.bytes)
  }

  /// How many values the body holds: the name, where a person typed one.
  var valueCount: Int {
    switch self {
    case .found, .admit: 1
    default: 0
    }
  }
}

/// What a key may do (`Protocol/charter.md#roles`).
///
/// Roots are not delegated, and council keys only by the council with its threshold.
package enum Role: UInt64, Sendable, CaseIterable {
  case admin = 0
  case author = 1
  case reviewer = 2
  case service = 3
  case root = 4
  case council = 5

  /// Root alone comes only from admission and rotation.
  package static let delegable: [Role] = [.admin, .author, .reviewer, .service, .council]
}

extension Act {
  private var fields: (number: UInt64, fields: [CBOR]) {
    switch self {
    case .found(let council, let threshold):
      (
        0,
        [
          .array(council.map { .array([.bytes($0.key.bytes), .bytes($0.successor.bytes)]) }),
          .unsigned(threshold),
        ]
      )
    case .admit(let a):
      (
        1,
        [
          .bytes(a.root.bytes), .bytes(a.successor.bytes), .bytes(a.node.bytes), .text(a.address),
          .text(a.code),
        ]
      )
    case .approve(let id): (2, [.bytes(id.bytes)])
    case .rotate(let heads, let successor): (3, [.digests(heads), .bytes(successor.bytes)])
    case .delegate(let key, let role, let from, let to):
      (4, [.bytes(key.bytes), .unsigned(role.rawValue), .unsigned(from), .unsigned(to)])
    case .revoke(let key, let heads, let disowned):
      (5, [.bytes(key.bytes), .digests(heads), .digests(disowned)])
    case .vouch(let ids): (6, [.digests(ids)])
    case .remove(let organisation, let cuts):
      (
        7,
        [
          .bytes(organisation.bytes),
          .array(cuts.map { .array([.bytes($0.key.bytes), .digests($0.heads)]) }),
        ]
      )
    case .succeed(let from, let to, let records):
      (8, [.bytes(from.bytes), .bytes(to.bytes), .digests(records)])
    case .node(let key, let address): (9, [.bytes(key.bytes), .text(address)])
    }
  }

  var item: CBOR { .array([.unsigned(fields.number)] + fields.fields) }

  /// Nil for an act of a later version, and for one with fields after those known.
  static func decode(_ item: CBOR) throws(WireError) -> Act? {
    var reader = try ArrayReader(item, "act")
    let number = try reader.unsigned("number")
    guard let act = try decode(number, &reader) else { return nil }
    return reader.remaining.isEmpty ? act : nil
  }

  private static func decode(_ number: UInt64, _ r: inout ArrayReader) throws(WireError) -> Act? {
    switch number {
    case 0: return try found(&r)
    case 1: return .admit(try admission(&r))
    case 2: return .approve(operation: try r.digest("operation"))
    case 3:
      return .rotate(
        oldHeads: try r.digests("heads", max: Limits.cutHeadsMax),
        successor: try r.digest("successor"))
    case 4: return try delegate(&r)
    case 5:
      return .revoke(
        key: try r.publicKey("key"), heads: try r.digests("heads", max: Limits.cutHeadsMax),
        disowned: try r.digests("disowned", max: Limits.cutHeadsMax))
    case 6: return .vouch(operations: try r.digests("operations", max: Limits.cutHeadsMax))
    case 7: return try remove(&r)
    case 8:
      return .succeed(
        from: try r.digest("from"), to: try r.digest("to"),
        records: try r.digests("records", max: Limits.cutHeadsMax))
    case 9: return .node(key: try r.publicKey("key"), address: try r.address())
    default: return nil
    }
  }

  private static func found(_ r: inout ArrayReader) throws(WireError) -> Act {
    var council: [CouncilKey] = []
    for item in try r.array("council", max: Limits.councilKeysMax) {
      var pair = try ArrayReader(item, "council key")
      council.append(
        CouncilKey(key: try pair.publicKey("key"), successor: try pair.digest("successor")))
      try pair.end()
    }
    guard !council.isEmpty else {
      throw .shape(field: "found.council", expected: "at least one key", found: "none")
    }
    return .found(council: council, threshold: try r.threshold(of: council.count))
  }

  private static func admission(_ r: inout ArrayReader) throws(WireError) -> Admission {
    Admission(
      root: try r.publicKey("root"), successor: try r.digest("successor"),
      node: try r.publicKey("node"), address: try r.address(),
      code: try r.text("code", max: Limits.codeBytesMax))
  }

  /// Nil for a role of a later version.
  private static func delegate(_ r: inout ArrayReader) throws(WireError) -> Act? {
    let key = try r.publicKey("key")
    let role = Role(rawValue: try r.unsigned("role"))
    let from = try r.unsigned("from")
    let to = try r.unsigned("to")
    guard let role, Role.delegable.contains(role) else { return nil }
    return .delegate(key: key, role: role, from: from, to: to)
  }

  private static func remove(_ r: inout ArrayReader) throws(WireError) -> Act {
    let organisation = try r.digest("organisation")
    var cuts: [Cut] = []
    for item in try r.array("cuts", max: Limits.cutHeadsMax) {
      var pair = try ArrayReader(item, "cut")
      cuts.append(
        Cut(
          key: try pair.publicKey("key"), heads: try pair.digests("heads", max: Limits.cutHeadsMax)
        ))
      try pair.end()
    }
    return .remove(organisation: organisation, cuts: cuts)
  }
}

extension ArrayReader {
  fileprivate mutating func address() throws(WireError) -> String {
    try text("address", max: Limits.addressBytesMax)
  }

  fileprivate mutating func threshold(of count: Int) throws(WireError) -> UInt64 {
    let threshold = try unsigned("threshold", max: UInt64(count))
    guard threshold >= 1 else {
      throw .shape(field: "found.threshold", expected: "at least 1", found: "0")
    }
    return threshold
  }
}
