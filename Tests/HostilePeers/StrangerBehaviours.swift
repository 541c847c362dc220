import NIOSSL
import Node
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport

extension Behaviour {
  /// Whoever does not finish TLS is known by its address alone.
  static let beforeTLS = [
    Behaviour("a browser speaks plaintext HTTP", .refused("tls-failed"), by: .address) {
      try await $0.speakPlainly(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
    },
    Behaviour("a peer sends random bytes", .refused("tls-failed"), by: .address) {
      try await $0.speakPlainly([0x80] + Randomness.bytes(4000))
    },
    Behaviour(
      "a peer's first record is of an impossible size", .refused("tls-failed"), by: .address
    ) {
      try await $0.speakPlainly([0x16, 0x03, 0x01, 0xff, 0xff, 0x01])
    },
    Behaviour("a peer's hello to TLS is cut off by a goodbye", .refused("tls-failed"), by: .address)
    {
      let peer = try await HostilePeer($0, tls: nil)
      await peer.send(Scene.halfClientHello)
      await peer.close()
    },
    Behaviour("a peer speaks TLS 1.2 only", .refused("tls-failed"), by: .address) {
      try await $0.speakTLS { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (.tlsv12, .tlsv12) }
    },
    Behaviour("a peer names no protocol", .refused("tls-failed"), by: .address) {
      try await $0.speakTLS { $0.applicationProtocols = [] }
    },
    Behaviour("a peer names another protocol", .refused("tls-failed"), by: .address) {
      try await $0.speakTLS { $0.applicationProtocols = ["sprida/2", "h2"] }
    },
    Behaviour("a peer shows no certificate", .refused("tls-failed"), by: .address) {
      try await $0.speakTLS { ($0.certificateChain, $0.privateKey) = ([], nil) }
    },
    Behaviour("a peer shows a certificate with a P-256 key", .refused("tls-failed"), by: .address) {
      try await $0.speakTLS { tls in
        tls.certificateChain = [.certificate(try ForeignCertificate.certificate)]
        tls.privateKey = .privateKey(try ForeignCertificate.key)
        tls.signingSignatureAlgorithms = [.ecdsaSecp256R1Sha256]
      }
    },
    Behaviour("a port scanner connects and closes", .refused("tls-failed"), by: .address) {
      await (try await HostilePeer($0, tls: nil)).close()
    },
  ]

  /// Whoever finishes TLS is known by its key, and may not be a member all the same.
  static let greetings = [
    Behaviour("a stranger says hello", .refused("unknown-node")) {
      try await $0.greet().untilTheEnd()
    },
    Behaviour("a stranger of another region says hello", .refused("other-region")) {
      try await $0.greet { $0.region = SHA256.hash([1]) }.untilTheEnd()
    },
    Behaviour("a stranger replays a member's hello and chain", .refused("unknown-node")) {
      try await $0.showChain(try $0.chainOfCouncil())
    },
    Behaviour("a stranger shows the chain of another region", .refused("unknown-node")) { scene in
      let other = try SampleRegion(seed: 7)
      try await scene.showChain(other.charterOperations.prefix(3).map { Parcel($0) })
    },
    Behaviour("a stranger shows a chain with a forged signature", .refused("unknown-node")) {
      scene in
      let honest = try scene.chainOfCouncil()
      try await scene.showChain(
        honest.map { Parcel(envelope: flipped($0.envelope), body: $0.body) })
    },
    Behaviour("a stranger admits itself", .refused("unknown-node")) { scene in
      let admission = Act.Admission(
        root: scene.key("root").publicKey, successor: .zero, node: scene.key.publicKey, address: "",
        code: "org:1")
      let member = scene.pretender
      let act = try Operation.charter(
        .admit(admission), name: "[EXEMPEL]",
        by: member.signer(scene.key("root"), under: scene.target.region))
      try await scene.showChain([Parcel(act)])
    },
    Behaviour("a stranger resets when asked for its chain", .refused("closed-early")) {
      let peer = try await $0.greet { $0.nodeAct = $0.region }
      _ = try await peer.receive()
      try await peer.reset()
    },
    Behaviour("a stranger shows an empty chain", .refused("unknown-node")) {
      try await $0.showChain([])
    },
    Behaviour("a stranger's chain has more than 16 KiB", .refused("frame-too-large")) { scene in
      try await scene.showChain([Parcel(envelope: [], body: Randomness.bytes(17 * 1024))])
    },
    Behaviour("a stranger begins with a chain", .refused("message-unexpected")) {
      let peer = try await HostilePeer.secured($0)
      await peer.send(.chain(try $0.chainOfCouncil()))
      try await peer.untilTheEnd()
    },
    Behaviour("a stranger begins with an inventory", .refused("message-unexpected")) {
      let peer = try await HostilePeer.secured($0)
      await peer.send(.unknown())
      try await peer.untilTheEnd()
    },
    Behaviour("a stranger begins with a refusal and proof", .refused("refused-by-peer")) { scene in
      // Signed by the council, yet no stranger may bring it.
      let act = try Operation.charter(
        .node(key: scene.key("spare").publicKey, address: ""),
        by: scene.pretender.signer(scene.target.council, under: scene.target.region))
      let peer = try await HostilePeer.secured(scene)
      await peer.send(.refuse(code: "removed", reason: "", proof: [Parcel(act)]))
      try await peer.untilTheEnd()
    },
  ]
}

/// The same bytes with one bit changed in the last.
func flipped(_ bytes: [UInt8]) -> [UInt8] {
  bytes.dropLast() + bytes.suffix(1).map { $0 ^ 1 }
}

extension Scene {
  /// As far as the client's random bytes.
  static let halfClientHello: [UInt8] =
    [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]

  /// Somebody who has keys and no admission.
  var pretender: Member {
    Member(
      organisation: .zero, root: key("root"), officer: key("officer"), delegation: target.region,
      region: target.region)
  }

  func speakPlainly(_ bytes: [UInt8]) async throws {
    let peer = try await HostilePeer(self, tls: nil)
    await peer.send(bytes)
    try await peer.untilTheEnd()
  }

  /// With one thing changed in an honest configuration.
  func speakTLS(_ change: (inout TLSConfiguration) throws -> Void) async throws {
    var tls = try TLSConfiguration.honest(key)
    try change(&tls)
    // A client sees a refusal of its certificate only after it is done itself.
    guard let peer = try? await HostilePeer(self, tls: tls) else { return }
    await peer.send(.hello(try hello()))
    try await peer.untilTheEnd()
  }

  func chainOfCouncil() throws -> [Parcel] {
    guard let act = try target.store.charter().node(target.node)?.act else {
      throw HostilePeer.Failure.unexpected("a council without a node")
    }
    return try target.store.chain(to: act)
  }

  /// Names the node act of somebody else and shows a chain when asked for it.
  func showChain(_ chain: [Parcel]) async throws {
    let peer = try await greet { $0.nodeAct = chain.last?.id ?? target.region }
    guard case .chainRequest? = try await peer.receive() else {
      throw HostilePeer.Failure.unexpected("no request for the chain")
    }
    await peer.send(.chain(chain))
    try await peer.untilTheEnd()
  }
}

/// A certificate as any web server has one.
private enum ForeignCertificate {
  static var certificate: NIOSSLCertificate {
    get throws { try NIOSSLCertificate(bytes: Array(certificateText.utf8), format: .pem) }
  }

  static var key: NIOSSLPrivateKey {
    get throws { try NIOSSLPrivateKey(bytes: Array(keyText.utf8), format: .pem) }
  }

  /// Protects nothing.
  private static let keyText = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxdJMWZbbRCHeN4fa
    ErP09ZyvIxqlEs5qS5mMc/rHjf6hRANCAASdYWlA2ADCpEvIX4ZKKHoVkn3Zmwvo
    ft2N1VDIaQW/RELzFSLjW+5Gvbd5VIAoqPsBK+ahqfmOB8twJgFNBbpZ
    -----END PRIVATE KEY-----
    """

  private static let certificateText = """
    -----BEGIN CERTIFICATE-----
    MIIBeTCCAR+gAwIBAgIUJFUya4IKRWQa6CPbacb7mJ17Q34wCgYIKoZIzj0EAwIw
    ETEPMA0GA1UEAwwGc3ByaWRhMCAXDTI2MTEyNzE0MTkzOFoYDzIxMjYxMTAzMTQx
    OTM4WjARMQ8wDQYDVQQDDAZzcHJpZGEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
    AASdYWlA2ADCpEvIX4ZKKHoVkn3Zmwvoft2N1VDIaQW/RELzFSLjW+5Gvbd5VIAo
    qPsBK+ahqfmOB8twJgFNBbpZo1MwUTAdBgNVHQ4EFgQUrqhF7WHSMIf7w9198rsO
    PPms1XEwHwYDVR0jBBgwFoAUrqhF7WHSMIf7w9198rsOPPms1XEwDwYDVR0TAQH/
    BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBskajAKSNQ4tnoxzizIv53SwoPqGVF
    rp1DJ4iywEKx7QIhAI/0/wXn4NBtIM7zhyJkrrMeNzQZbwCetXLqcrdWMQD7
    -----END CERTIFICATE-----
    """
}
