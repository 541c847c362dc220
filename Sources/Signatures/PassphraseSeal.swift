import CSodium

/// What one guess at a passphrase costs: the parameters of Argon2id, with one lane.
package struct PassphraseCost: Sendable, Equatable {
  package let passes: Int
  package let memoryMebibytes: Int

  /// Below, guessing is too cheap; above, a file could keep the machine from working.
  package static let passesAllowed = 2...10
  package static let memoryMebibytesAllowed = 19...1024

  /// libsodium's MODERATE: about 0.6 s.
  package static let moderate = PassphraseCost(trustedPasses: 3, memoryMebibytes: 256)

  private init(trustedPasses: Int, memoryMebibytes: Int) {
    passes = trustedPasses
    self.memoryMebibytes = memoryMebibytes
  }

  /// Nil outside the bounds, which are judged before anything is allocated.
  package init?(passes: Int, memoryMebibytes: Int) {
    guard Self.passesAllowed.contains(passes),
      Self.memoryMebibytesAllowed.contains(memoryMebibytes)
    else { return nil }
    self.init(trustedPasses: passes, memoryMebibytes: memoryMebibytes)
  }
}

/// Encryption under a passphrase: Argon2id, then XChaCha20-Poly1305.
package struct PassphraseSeal: Sendable, Equatable {
  package enum Failure: Error {
    /// Another passphrase, or a byte of header or content was changed.
    case notOpened
    case outOfMemory
  }

  package static let saltByteCount = 16
  package static let nonceByteCount = 24
  package static let tagByteCount = 16

  package let cost: PassphraseCost
  package let salt: [UInt8]
  package let nonce: [UInt8]

  /// Nil unless salt and nonce are 16 and 24 bytes; they are drawn anew for each sealing.
  package init?(cost: PassphraseCost, salt: [UInt8], nonce: [UInt8]) {
    guard salt.count == Self.saltByteCount, nonce.count == Self.nonceByteCount else { return nil }
    self.cost = cost
    self.salt = salt
    self.nonce = nonce
  }

  /// The content and its tag; `header` is authenticated and not kept.
  package func seal(
    _ content: borrowing Secret, header: [UInt8], under passphrase: borrowing Secret
  ) throws(Failure) -> [UInt8] {
    let key = try derivedKey(passphrase)
    var sealed = [UInt8](repeating: 0, count: content.byteCount + Self.tagByteCount)
    crypto_aead_xchacha20poly1305_ietf_encrypt(
      &sealed, nil, content.memory, UInt64(content.byteCount), header, UInt64(header.count), nil,
      nonce, key.memory)
    return sealed
  }

  package func open(
    _ sealed: [UInt8], header: [UInt8], under passphrase: borrowing Secret
  ) throws(Failure) -> Secret {
    guard sealed.count >= Self.tagByteCount else { throw .notOpened }
    let key = try derivedKey(passphrase)
    let content = Secret(byteCount: sealed.count - Self.tagByteCount) { content in
      crypto_aead_xchacha20poly1305_ietf_decrypt(
        content, nil, nil, sealed, UInt64(sealed.count), header, UInt64(header.count), nonce,
        key.memory) == 0
    }
    guard let content else { throw .notOpened }
    return content
  }

  private func derivedKey(_ passphrase: borrowing Secret) throws(Failure) -> Secret {
    let key = Secret(byteCount: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)) { key in
      crypto_pwhash(
        key, UInt64(crypto_aead_xchacha20poly1305_ietf_KEYBYTES), passphrase.memory,
        UInt64(passphrase.byteCount), salt, UInt64(cost.passes), cost.memoryMebibytes << 20,
        crypto_pwhash_ALG_ARGON2ID13) == 0
    }
    guard let key else { throw .outOfMemory }
    return key
  }
}
