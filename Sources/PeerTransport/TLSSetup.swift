import NIOCore
import NIOSSL
import Signatures

/// TLS 1.3 between two nodes that know each other by key, and nothing else.
enum TLSSetup {
  /// The protocol and its version, agreed on inside the handshake (ALPN); the better first.
  static let protocolNames = [deltaName, compressedName, plainName]
  /// With frames that may be compressed, and operations as deltas.
  static let deltaName = "sprida/1+delta"
  /// With frames that may be compressed.
  static let compressedName = "sprida/1+zstd"
  static let plainName = "sprida/1"

  static func serverContext(_ identity: NodeCertificate) throws -> NIOSSLContext {
    try context(.makeServerConfiguration(certificateChain: [], privateKey: key(identity)), identity)
  }

  static func clientContext(_ identity: NodeCertificate) throws -> NIOSSLContext {
    try context(.makeClientConfiguration(), identity)
  }

  private static func key(_ identity: NodeCertificate) throws -> NIOSSLPrivateKeySource {
    .privateKey(try NIOSSLPrivateKey(bytes: identity.privateKey, format: .der))
  }

  private static func context(
    _ base: TLSConfiguration, _ identity: NodeCertificate
  ) throws -> NIOSSLContext {
    var configuration = base
    configuration.certificateChain = [
      .certificate(try NIOSSLCertificate(bytes: identity.certificate, format: .der))
    ]
    configuration.privateKey = try key(identity)
    // Every factory starts at TLS 1.0.
    configuration.minimumTLSVersion = .tlsv13
    // BoringSSL's own list to verify by has no Ed25519, and still has SHA-1.
    configuration.verifySignatureAlgorithms = [.ed25519]
    configuration.signingSignatureAlgorithms = [.ed25519]
    // `.none` would not ask for a certificate at all. The chain itself is judged by a callback.
    configuration.certificateVerification = .noHostnameVerification
    // Loading the system's roots costs milliseconds, and none of them has a say.
    configuration.trustRoots = .certificates([])
    configuration.applicationProtocols = protocolNames
    return try NIOSSLContext(configuration: configuration)
  }

  /// Nil unless the certificate holds an Ed25519 key.
  static func publicKey(of certificate: NIOSSLCertificate?) -> PublicKey? {
    guard let key = try? certificate?.extractPublicKey(), let info = try? key.toSPKIBytes() else {
      return nil
    }
    return PublicKey(subjectPublicKeyInfo: info)
  }
}

/// What TLS has established.
struct Handshake: Sendable {
  let peerKey: PublicKey
  let usesDeltas: Bool
}
