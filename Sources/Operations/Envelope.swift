import Signatures
import WireFormat

/// An untagged COSE_Sign1 (RFC 9052 §4.2): `[h'a10127', {}, payload, signature]`.
///
/// The protected header is always {alg: EdDSA}; the unprotected map is always empty. The domain and
/// the region stand in `external_aad`, so a signature holds for one purpose in one region.
/// `Protocol/operation.md#envelope`.
package struct Envelope: Sendable, Equatable {
  /// The bytes as received; what is stored, forwarded and hashed.
  package let bytes: [UInt8]
  package let payload: [UInt8]
  private let signature: [UInt8]

  private static let protected: [UInt8] = [0xa1, 0x01, 0x27]
  /// array(4), bstr(3) with the protected header, map(0).
  private static let opening: [UInt8] = [0x84, 0x43] + protected + [0xa0]

  package init(
    signing payload: [UInt8], with key: SigningKey, domain: Domain, region: Digest
  ) {
    self.payload = payload
    signature = key.sign(Self.signedBytes(payload, domain, region))
    var bytes = Self.opening
    CBOR.bytes(payload).append(to: &bytes)
    CBOR.bytes(signature).append(to: &bytes)
    self.bytes = bytes
  }

  /// Splits an envelope; verifies nothing.
  package init(decoding bytes: [UInt8]) throws(OperationError) {
    guard bytes.count <= Limits.operationBytesMax else {
      throw .tooLarge(what: "envelope", limit: Limits.operationBytesMax, found: bytes.count)
    }
    guard bytes.starts(with: Self.opening) else { throw .envelope("not the fixed COSE header") }
    (payload, signature) = try wire { () throws(WireError) in
      var decoder = CBORDecoder(bytes, from: Self.opening.count)
      let fields = [try decoder.item(depth: 2), try decoder.item(depth: 2)]
      try decoder.end()
      var reader = try ArrayReader(.array(fields), "envelope")
      let payload = try reader.bytes("payload", max: Limits.headerBytesMax)
      return (payload, try reader.bytes("signature", count: SigningKey.signatureByteCount))
    }
    self.bytes = bytes
  }

  package func isSigned(by key: PublicKey, domain: Domain, region: Digest) -> Bool {
    key.verifies(signature, of: Self.signedBytes(payload, domain, region))
  }

  /// RFC 9052 §4.4: `["Signature1", protected, external_aad, payload]`.
  private static func signedBytes(_ payload: [UInt8], _ domain: Domain, _ region: Digest) -> [UInt8]
  {
    CBOR.array([
      .text("Signature1"), .bytes(protected), .bytes(domain.prefix + region.bytes), .bytes(payload),
    ]).encoded
  }
}
