import NIOCore
import NIOSSL
import PeerTransport
import Signatures
import Testing

@Suite(.timeLimit(.minutes(1))) struct HandshakeTests {
  @Test func `a certificate is signed by the key it holds`() throws {
    let identity = try node(3)
    let bytes = identity.certificate
    // 3 bytes of SEQUENCE, 134 signed, then the signature last.
    #expect(bytes.count == 211)
    #expect(identity.publicKey.verifies(Array(bytes.suffix(64)), of: Array(bytes[3..<137])))
    #expect(try node(3).certificate == bytes)
  }

  @Test func `BoringSSL loads the certificate and the private key`() throws {
    let identity = try node(3)
    let certificate = try NIOSSLCertificate(bytes: identity.certificate, format: .der)
    let info = try certificate.extractPublicKey().toSPKIBytes()
    #expect(Array(info.suffix(32)) == identity.publicKey.bytes)
    #expect(throws: Never.self) {
      try NIOSSLPrivateKey(bytes: identity.privateKey, format: .der)
    }
  }

  @Test func `two nodes that connect see each other's key and address`() async throws {
    try await withPair { client, server throws in
      #expect(try client.peerKey == node(serverNumber).publicKey)
      #expect(try server.peerKey == node(clientNumber).publicKey)
      #expect(PeerAddress(client.remoteAddress)?.host == "127.0.0.1")
      #expect(PeerAddress(server.remoteAddress)?.host == "127.0.0.1")
    }
  }

  @Test(.enabled(if: (try? SocketAddress.makeAddressResolvingHost("::1", port: 0)) != nil))
  func `an IPv6 address is written with brackets`() async throws {
    try await withLoopback(host: "::1") { loopback in
      let client = try await loopback.dial(host: "::1")
      #expect(PeerAddress(client.remoteAddress)?.host == "::1")
      #expect(client.remoteAddress == "[::1]:\(loopback.listener.port)")
      await client.close()
    }
  }

  @Test func `a name is resolved`() async throws {
    try await withLoopback(host: "localhost") { loopback in
      let client = try await loopback.dial(host: "localhost")
      _ = try await loopback.nextAccepted()
      await client.close()
    }
  }

  @Test func `a server with another key is refused, and nothing is sent to it`() async throws {
    try await withLoopback { loopback in
      let (found, expected) = (try node(serverNumber).publicKey, try node(9).publicKey)
      await #expect(throws: PeerTransportError.wrongNodeKey(expected: expected, found: found)) {
        try await PeerConnection.connect(
          host: "127.0.0.1", port: loopback.listener.port, identity: try node(clientNumber),
          expecting: expected)
      }
      #expect(try await loopback.nextRefused().error.code == "tls-failed")
      try await loopback.expectService()
    }
  }

  @Test(arguments: [
    [UInt8]("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [UInt8](repeating: 0, count: 5000),
    [UInt8](repeating: 0xff, count: 100_000), [0x16, 0x03, 0x01, 0x00, 0x05, 1, 0, 0, 1, 0],
  ])
  func `plaintext and garbage are refused, and the listener lives on`(
    bytes: [UInt8]
  ) async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port)
      try? await client.send(bytes)
      let refused = try await loopback.nextRefused()
      #expect(["tls-failed", "closed-early"].contains(refused.error.code))
      #expect(PeerAddress(refused.address)?.host == "127.0.0.1")
      _ = try await client.answered()
      try await loopback.expectService()
    }
  }

  @Test func `a refusal names its reason in words`() async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port)
      try await client.send([UInt8]("GET / HTTP/1.1\r\n\r\n".utf8))
      let refused = try await loopback.nextRefused()
      #expect(refused.error.description == "no secure connection: http request")
    }
  }

  @Test func `a port scanner is refused`() async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port)
      await client.close()
      let refused = try await loopback.nextRefused()
      #expect(refused.error.code == "tls-failed")
      #expect(PeerAddress(refused.address)?.host == "127.0.0.1")
      try await loopback.expectService()
    }
  }

  @Test(arguments: ForeignClient.allCases)
  func `a client that does not speak our TLS is refused`(foreign: ForeignClient) async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(
        port: loopback.listener.port, tls: try foreign.configuration())
      try? await client.send(framed([1]))
      #expect(try await loopback.nextRefused().error.code == "tls-failed")
      #expect(try await client.answered() == [])
      try await loopback.expectService()
    }
  }

  @Test func `two nodes agree on deltas`() async throws {
    try await withLoopback { loopback in
      let client = try await loopback.dial()
      let server = try await loopback.nextAccepted()
      #expect(client.usesDeltas && server.usesDeltas)
      await client.close()
    }
  }

  @Test(arguments: [
    (["sprida/1+zstd", "sprida/1"], true), (["sprida/1"], false), (["sprida/1", "h2"], false),
  ])
  func `with an older node we speak what it offers`(
    names: [String], isCompressed: Bool
  ) async throws {
    try await withLoopback { loopback in
      var tls = try RawClient.honest()
      tls.applicationProtocols = names
      let client = try await RawClient(port: loopback.listener.port, tls: tls)
      try await client.send(framed([1]))
      let server = try await loopback.nextAccepted()
      #expect(try await server.receive() == [1])
      #expect(!server.usesDeltas)
      try await server.send([2])
      try await server.send([UInt8](repeating: 3, count: 50_000))
      await server.close()
      #expect((try await client.answered().count < 1000) == isCompressed)
    }
  }

  @Test func `a dialler whom the server refuses is told when it receives`() async throws {
    // Nothing of ours is refused by a `PeerListener` at TLS level; a foreign server may do it.
    let identity = try node(serverNumber)
    let server = try await RefusingServer(identity)
    let client = try await PeerConnection.connect(
      host: "127.0.0.1", port: server.port, identity: try node(clientNumber),
      expecting: identity.publicKey)
    #expect(await code { try await client.receive() } == "tls-failed")
    await client.close()
    await server.close()
  }

  @Test func `an unused port cannot be connected to`() async throws {
    let listener = try await PeerListener.bind(host: "127.0.0.1", port: 0, identity: try node(1))
    let port = listener.port
    await listener.close()
    let result = await code {
      try await PeerConnection.connect(
        host: "127.0.0.1", port: port, identity: try node(2), expecting: try node(1).publicKey)
    }
    #expect(result == "cannot-connect")
  }
}

/// An honest client with one thing missing.
enum ForeignClient: CaseIterable {
  case tls12Only, noCertificate, noProtocolName, otherProtocolName

  func configuration() throws -> TLSConfiguration {
    var tls = try RawClient.honest()
    switch self {
    case .tls12Only: (tls.minimumTLSVersion, tls.maximumTLSVersion) = (.tlsv12, .tlsv12)
    case .noCertificate: (tls.certificateChain, tls.privateKey) = ([], nil)
    case .noProtocolName: tls.applicationProtocols = []
    case .otherProtocolName: tls.applicationProtocols = ["sprida/2", "h2"]
    }
    return tls
  }
}
