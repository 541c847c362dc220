import CRDT
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Keys that are not valid get no right, by whichever act (`Protocol/charter.md#keys`).
struct EnrolmentTests {
  struct Weak: Sendable, CustomTestStringConvertible {
    let name: String
    let key: PublicKey
    var testDescription: String { name }
  }

  /// Small order however it is written, mixed order, off the curve, and those of speccheck.
  static let weak: [Weak] = {
    let small = (TorsionPoint.canonical + TorsionPoint.nonCanonical).map {
      ("small order \($0)", $0)
    }
    let speccheck = [
      "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
      "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
    ].map { ("speccheck \($0)", $0) }
    let off = [("off the curve", "02" + String(repeating: "00", count: 31))]
    let fixed = (small + speccheck + off).compactMap { name, hex in
      Hex.decode(hex).flatMap { PublicKey($0) }.map { Weak(name: name, key: $0) }
    }
    let mixed = [2, 4, 8].compactMap { order in
      (try? CraftedSignature.mixedKey(order: order, of: SampleRegion.key("weak", seed: 1)))
        .flatMap { PublicKey($0) }.map { Weak(name: "order \(order) L", key: $0) }
    }
    return fixed + mixed
  }()

  @Test func `the list of weak keys is whole and none of them is valid`() {
    #expect(Self.weak.count == 14 + 2 + 1 + 3)
    for weak in Self.weak { #expect(!weak.key.isValidPoint, "\(weak.name)") }
  }

  /// The charter of the sample region and one more act.
  private func charter(
    _ act: Act, name: String? = nil, by delegate: (SampleRegion) -> SampleRegion.Delegate
  ) throws -> (charter: Charter, operation: Operation) {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 9)
    let operation = try region.act(
      act, name: name, by: delegate(region), at: SampleRegion.time(500), using: &generator)
    return (
      try Charter(founding: region.founding, operations: region.charterOperations + [operation]),
      operation
    )
  }

  /// No grant, no node: nothing that the key could use.
  private func expectVoid(_ key: PublicKey, in charter: Charter) {
    #expect(!charter.allGrants.contains { $0.key == key })
    #expect(charter.node(key) == nil)
    for role in Role.allCases {
      #expect(charter.grant(to: key, as: role, at: SampleRegion.time(600)) == nil)
    }
  }

  @Test(arguments: weak)
  func `a delegation to a weak key is held and grants nothing`(weak: Weak) throws {
    for role in Role.delegable {
      let (charter, act) = try charter(
        .delegate(key: weak.key, role: role, from: 0, to: 0), by: { $0.organisations[0].root })
      #expect(try charter.standing(of: act.header).isAccepted)
      expectVoid(weak.key, in: charter)
      #expect(!charter.allGrants.contains { $0.operation == act.id })
    }
  }

  @Test(arguments: weak)
  func `an admission of a weak root gives the organisation no root`(weak: Weak) throws {
    let good = SampleRegion.key("good node", seed: 1).publicKey
    let (charter, act) = try charter(
      .admit(
        Act.Admission(
          root: weak.key, successor: .zero, node: good, address: "x:1", code: "kommun:1")),
      name: "Svag", by: \.council)
    expectVoid(weak.key, in: charter)
    #expect(!charter.allGrants.contains { $0.organisation == act.id })
  }

  @Test(arguments: weak)
  func `an admission with a weak node key brings no node`(weak: Weak) throws {
    let root = SampleRegion.key("good root", seed: 1).publicKey
    let (charter, act) = try charter(
      .admit(
        Act.Admission(
          root: root, successor: .zero, node: weak.key, address: "x:1", code: "kommun:1")),
      name: "Svag", by: \.council)
    expectVoid(weak.key, in: charter)
    #expect(!charter.nodes.contains { $0.organisation == act.id })
    #expect(charter.allGrants.contains { $0.key == root })
  }

  @Test(arguments: weak)
  func `a node act with a weak key brings no node`(weak: Weak) throws {
    let (charter, act) = try charter(
      .node(key: weak.key, address: "x:1"), by: { $0.organisations[0].admin })
    expectVoid(weak.key, in: charter)
    #expect(!charter.nodes.contains { $0.act == act.id })
  }

  @Test(arguments: weak)
  func `a weak council key of the founding operation is void and the others act`(
    weak: Weak
  ) throws {
    let key = SampleRegion.key("founder", seed: 1)
    let founding = try Operation.charter(
      .found(
        council: [
          Act.CouncilKey(key: weak.key, successor: .zero),
          Act.CouncilKey(key: key.publicKey, successor: .zero),
        ], threshold: 1), name: "Råd",
      by: Operation.Signer(
        key: key, delegation: nil, region: .zero, prev: [], timestamp: SampleRegion.start,
        random: [UInt8](repeating: 1, count: 16)))
    let charter = try Charter(founding: founding)
    expectVoid(weak.key, in: charter)
    #expect(charter.allGrants.map(\.key) == [key.publicKey])
  }

  /// The successor is known by its hash alone until it signs; so it is judged then.
  @Test(arguments: [2, 4, 8])
  func `a successor of mixed order rotates nothing, though its signature holds`(
    order: Int
  ) throws {
    let region = try Sample.region()
    let seedKey = SampleRegion.key("weak successor", seed: 1)
    let mixed = try #require(PublicKey(CraftedSignature.mixedKey(order: order, of: seedKey)))
    var generator = SeededGenerator(seed: 10)
    let root = SampleRegion.key("root before", seed: 1)
    let admission = try region.act(
      .admit(
        Act.Admission(
          root: root.publicKey, successor: Act.successorHash(of: mixed),
          node: SampleRegion.key("node before", seed: 1).publicKey, address: "", code: "kommun:2")),
      name: "Före", by: region.council, at: SampleRegion.time(500), using: &generator)
    var raw = RawOperation(
      .charter, [.array([.unsigned(3), .array([]), .bytes(Digest.zero.bytes)])],
      by: SampleRegion.Delegate(key: seedKey, delegation: admission.id, role: .root), in: region)
    let signature: [UInt8]
    (raw, signature) = try CraftedSignature.mixedAuthor(
      order: order, equation: .cofactorless, of: raw)
    let rotation = try Operation(
      envelope: raw.envelope(signature: signature), body: [], region: region.id)
    #expect(rotation.header.author == mixed)
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + [admission, rotation])
    expectVoid(mixed, in: charter)
    #expect(!charter.allGrants.contains { $0.operation == rotation.id })
    #expect(charter.allGrants.contains { $0.key == root.publicKey && $0.operation == admission.id })
  }

  @Test(arguments: weak)
  func `a request or link with a weak key is refused, and the field named`(weak: Weak) throws {
    let sender = try LinkVectors.Sender()
    let device = DeviceRequest(
      region: sender.region.id, officer: sender.officer.publicKey, node: weak.key)
    #expect(throws: InvitationError.key("node")) {
      try DeviceRequest(text: device.text(signedBy: sender.officer))
    }
    let officer = DeviceRequest(region: sender.region.id, officer: weak.key, node: sender.node)
    #expect(throws: InvitationError.key("officer")) {
      try DeviceRequest(text: officer.text(signedBy: sender.officer))
    }
    func joining(root: PublicKey, node: PublicKey) -> JoinRequest {
      JoinRequest(
        region: sender.region.id,
        admission: Act.Admission(
          root: root, successor: .zero, node: node, address: "", code: "kommun:1441"), name: "Ny")
    }
    #expect(throws: InvitationError.key("root")) {
      try JoinRequest(
        text: joining(root: weak.key, node: sender.node).text(signedBy: sender.root))
    }
    #expect(throws: InvitationError.key("node")) {
      try JoinRequest(
        text: joining(root: sender.root.publicKey, node: weak.key).text(signedBy: sender.root))
    }
    let link = RegionLink(founding: sender.region.founding, address: "x:1", node: weak.key)
    #expect(throws: InvitationError.key("node")) { try RegionLink(text: link.text) }
  }
}
