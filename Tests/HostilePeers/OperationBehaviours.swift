import CRDT
import Node
import Operations
import Signatures
import SyncSession
import WireFormat

extension Behaviour {
  /// Operations that are refused one by one, while the session goes on.
  static let forgeries = [
    forging("a signature has a flipped bit", "signature") { member in
      let honest = try member.entry()
      return Parcel(envelope: flipped(honest.envelope.bytes), body: honest.body?.bytes ?? [])
    },
    forging("an operation is of another region", "signature") {
      Parcel(try $0.entry(signer: $0.signer(in: SHA256.hash([3]))))
    },
    forging("a join request stands in for an operation", "signature") { member in
      let entry = try member.entry()
      let envelope = Envelope(
        signing: entry.header.encoded, with: member.officer, domain: .joinRequest,
        region: member.region)
      return Parcel(envelope: envelope.bytes, body: entry.body?.bytes ?? [])
    },
    forging("an operation is cut off", "cbor-truncated") {
      Parcel(envelope: try $0.entry().envelope.bytes.dropLast(10), body: [])
    },
    forging("an operation is garbage", "envelope") { _ in
      Parcel(envelope: Randomness.bytes(300), body: [])
    },
    forging("a body is left out", "body-missing") {
      Parcel(envelope: try $0.entry().envelope.bytes, body: [])
    },
    forging("a body is another's", "body-digest") { member in
      let other = try member.entry("[EXEMPEL] annan")
      return Parcel(
        envelope: try member.entry().envelope.bytes, body: other.body?.bytes ?? [])
    },
    forging("an operation follows seventeen others", "too-long") { member in
      try member.edited { fields in
        fields[4] = .digests((0..<17).map { SHA256.hash([$0]) }.sorted())
      }
    },
    forging("a change supersedes 65 assignments", "too-long") { member in
      try member.edited { fields in
        let target = CBOR.array([.bytes(SHA256.hash([4]).bytes), .unsigned(0)])
        fields[10] = .array([
          .array([.unsigned(0), .text("title"), .array(.init(repeating: target, count: 65))])
        ])
      }
    },
    forging("an operation names the council's delegation", "key-not-delegated") {
      Parcel(try $0.entry(signer: $0.signer(under: $0.region)))
    },
    forging("an operation names a delegation that is withheld", "delegation-not-held") { member in
      let officer = try member.withheldOfficer()
      return Parcel(try member.entry(signer: member.signer(officer.key, under: officer.act.id)))
    },
    forging("an officer delegates", "role-may-not", in: .charter) { member in
      let act = Act.delegate(key: member.root.publicKey, role: .author, from: 0, to: 0)
      return Parcel(try Operation.charter(act, by: member.signer()))
    },
    forging("a root removes another organisation", "role-may-not", in: .charter) { member in
      Parcel(
        try Operation.charter(
          .remove(organisation: member.region, cuts: []),
          by: member.signer(member.root, under: member.organisation)))
    },
    forging("a record comes among the acts", "wrong-scope", in: .charter) {
      Parcel(try $0.entry())
    },
    forging("an operation follows one of another key", "prev-foreign") {
      Parcel(try $0.entry(signer: $0.signer(after: [$0.delegation])))
    },
  ]

  private static func forging(
    _ name: String, _ code: String, in scope: Scope = .records,
    _ forge: @escaping @Sendable (Member) throws -> Parcel
  ) -> Behaviour {
    Behaviour(name, .refused(code)) { scene in
      let member = try scene.admit()
      try await scene.deliver([try forge(member)], in: scope)
    }
  }
}

extension Member {
  /// A signed operation whose header fields are not what any honest tool would sign.
  fileprivate func edited(_ change: (inout [CBOR]) -> Void) throws -> Parcel {
    let entry = try entry()
    guard case .array(var fields) = try CBOR(decoding: entry.header.encoded) else {
      throw HostilePeer.Failure.unexpected("a header that is no array")
    }
    change(&fields)
    let envelope = Envelope(
      signing: CBOR.array(fields).encoded, with: officer, domain: .operation, region: region)
    return Parcel(envelope: envelope.bytes, body: entry.body?.bytes ?? [])
  }

  /// An officer whose delegation nobody else has seen.
  func withheldOfficer() throws -> (key: SigningKey, act: Operation) {
    guard let key = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw HostilePeer.Failure.unexpected("a seed that is none")
    }
    let act = try Operation.charter(
      .delegate(key: key.publicKey, role: .author, from: 0, to: 0),
      by: signer(root, under: organisation, after: [delegation]))
    return (key, act)
  }
}
