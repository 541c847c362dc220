import Signatures

/// The self-signed Ed25519 certificate of a node key, and its private key.
///
/// Nobody reads anything in it but the key: peers pin keys, not names or dates. So it is a fixed
/// DER template, and the same key always gives the same bytes.
package struct NodeCertificate: Sendable {
  package let publicKey: PublicKey
  /// X.509 (RFC 5280, RFC 8410).
  package let certificate: [UInt8]
  /// PKCS#8 (RFC 8410 §7); secret, for it ends with the seed.
  package let privateKey: [UInt8]

  package init(key: SigningKey) {
    let signed = Template.signedPart + key.publicKey.bytes
    publicKey = key.publicKey
    certificate = Template.start + signed + Template.signatureStart + key.sign(signed)
    privateKey = Template.privateKeyStart + key.seed
  }
}

/// The constant bytes of the two structures, cut where the key, the signature and the seed go.
private enum Template {
  /// SEQUENCE of 208 bytes: the signed part, the algorithm, the signature.
  static let start: [UInt8] = [0x30, 0x81, 0xd0]

  /// TBSCertificate, 131 bytes, up to the 32 bytes of the public key it ends with.
  static let signedPart: [UInt8] =
    [0x30, 0x81, 0x83]
    + [0xa0, 0x03, 0x02, 0x01, 0x02]  // version 3
    + [0x02, 0x01, 0x01]  // serial number 1
    + ed25519
    + name  // issuer
    + [0x30, 0x20, 0x17, 0x0d] + Array("200101000000Z".utf8)  // from 2020-01-01, UTCTime
    + [0x18, 0x0f] + Array("99991231235959Z".utf8)  // no expiry (RFC 5280 §4.1.2.5)
    + name  // subject
    + publicKeyStart

  /// SubjectPublicKeyInfo, up to the key.
  static let publicKeyStart: [UInt8] = [0x30, 0x2a] + ed25519 + [0x03, 0x21, 0x00]

  /// The algorithm again, then a BIT STRING of 64 bytes.
  static let signatureStart: [UInt8] = ed25519 + [0x03, 0x41, 0x00]

  static let privateKeyStart: [UInt8] =
    [0x30, 0x2e, 0x02, 0x01, 0x00] + ed25519 + [0x04, 0x22, 0x04, 0x20]

  /// AlgorithmIdentifier 1.3.101.112, no parameters.
  static let ed25519: [UInt8] = [0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70]

  /// CN=sprida.
  static let name: [UInt8] =
    [0x30, 0x11, 0x31, 0x0f, 0x30, 0x0d, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x06]
    + Array("sprida".utf8)
}

extension PublicKey {
  /// Nil unless `subjectPublicKeyInfo` is an Ed25519 key in its only DER form.
  init?(subjectPublicKeyInfo: [UInt8]) {
    let start = Template.publicKeyStart
    guard subjectPublicKeyInfo.starts(with: start) else { return nil }
    self.init(subjectPublicKeyInfo.dropFirst(start.count))
  }
}
