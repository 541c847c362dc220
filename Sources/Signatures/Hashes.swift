import CSodium

/// SHA-256, in parts.
package struct SHA256 {
  private var state = crypto_hash_sha256_state()

  package init() {
    crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: [UInt8]) {
    crypto_hash_sha256_update(&state, bytes, UInt64(bytes.count))
  }

  package consuming func finalize() -> Digest {
    var out = [UInt8](repeating: 0, count: Digest.byteCount)
    crypto_hash_sha256_final(&state, &out)
    return Digest(exactly32: out)
  }

  package static func hash(_ bytes: [UInt8]) -> Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }
}

/// BLAKE2b with a 32-byte result and an optional key of 16 to 64 bytes.
package enum BLAKE2b {
  package static func hash(_ bytes: [UInt8], key: [UInt8] = []) -> Digest {
    precondition(key.isEmpty || (16...64).contains(key.count))
    var out = [UInt8](repeating: 0, count: Digest.byteCount)
    crypto_generichash(&out, out.count, bytes, UInt64(bytes.count), key, key.count)
    return Digest(exactly32: out)
  }
}

/// SipHash-2-4 under a key that both sides of a session contribute to: 8-byte short ids that
/// nobody can prepare collisions for (`Protocol/session.md#short-ids`).
package struct ShortIDKey: Sendable {
  private let key: [UInt8]

  package init(initiatorNonce: [UInt8], responderNonce: [UInt8]) {
    let material = Array("sprida/1/short-id".utf8) + [0] + initiatorNonce + responderNonce
    key = Array(SHA256.hash(material).bytes.prefix(Int(crypto_shorthash_KEYBYTES)))
  }

  package func shortID(of id: Digest) -> UInt64 {
    var out = [UInt8](repeating: 0, count: 8)
    crypto_shorthash(&out, id.bytes, UInt64(Digest.byteCount), key)
    return out.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A full-length keyed id, for reconciling where sums of the ids themselves may be forged.
  package func keyedID(of id: Digest) -> Digest {
    BLAKE2b.hash(id.bytes, key: key)
  }
}

extension Digest {
  /// For the output buffers above, which are 32 bytes by construction.
  init(exactly32 bytes: [UInt8]) {
    precondition(bytes.count == Self.byteCount)
    self = Digest(bytes) ?? .zero
  }
}
