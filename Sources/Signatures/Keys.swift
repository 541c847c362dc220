import CSodium

/// An Ed25519 public key, as received.
public struct PublicKey: Hashable, Comparable, Sendable {
  @usableFromInline let digest: Digest

  package static let byteCount = 32

  /// Nil unless `bytes` are exactly 32.
  ///
  /// Says nothing about the point; see `isValidPoint`.
  @inlinable public init?(_ bytes: some Collection<UInt8>) {
    guard let digest = Digest(bytes) else { return nil }
    self.digest = digest
  }

  package var bytes: [UInt8] { digest.bytes }

  /// Canonical, on the curve, of large order and in the prime-order subgroup: the condition for a
  /// key to be delegated to (`Protocol/charter.md#keys`).
  package var isValidPoint: Bool {
    Sodium.initialise()
    return crypto_core_ed25519_is_valid_point(bytes) == 1
  }

  /// libsodium's rule exactly (`Protocol/operation.md#verification`): S < L, A and R canonical and
  /// not of small order, and encode([S]B − [h]A) = R, cofactorless.
  package func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Int(crypto_sign_BYTES) else { return false }
    Sodium.initialise()
    return crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
  }

  /// Bytewise.
  public static func < (lhs: PublicKey, rhs: PublicKey) -> Bool {
    lhs.digest < rhs.digest
  }
}

extension PublicKey: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { digest.description }
}

/// An Ed25519 secret key, held in locked memory and overwritten when released.
///
/// `@unchecked Sendable`: the memory is written once, in `init`, and only read afterwards.
package final class SigningKey: @unchecked Sendable {
  package static let seedByteCount = 32
  package static let signatureByteCount = 64

  package let publicKey: PublicKey
  private let secret: UnsafeMutablePointer<UInt8>

  /// Nil unless `seed` is 32 bytes.
  ///
  /// The same seed always gives the same key.
  package convenience init?(seed: [UInt8]) {
    self.init(seed: Secret(copying: seed))
  }

  /// Nil unless `seed` is 32 bytes.
  package init?(seed: borrowing Secret) {
    Sodium.initialise()
    guard seed.byteCount == Self.seedByteCount,
      let memory = sodium_malloc(Int(crypto_sign_SECRETKEYBYTES))
    else { return nil }
    let secret = memory.assumingMemoryBound(to: UInt8.self)
    self.secret = secret
    var public32 = [UInt8](repeating: 0, count: PublicKey.byteCount)
    guard crypto_sign_seed_keypair(&public32, secret, seed.memory) == 0,
      let key = PublicKey(public32)
    else {
      sodium_free(memory)
      return nil
    }
    publicKey = key
  }

  deinit {
    sodium_free(secret)
  }

  package func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Self.signatureByteCount)
    crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
    return signature
  }

  /// The 32-byte seed, for a TLS key.
  package var seed: [UInt8] {
    Array(UnsafeBufferPointer(start: secret, count: Self.seedByteCount))
  }

  /// The 32-byte seed, for writing it down.
  package func copySeed() -> Secret {
    Secret(copying: UnsafeBufferPointer(start: secret, count: Self.seedByteCount))
  }
}
