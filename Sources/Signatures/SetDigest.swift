import CSodium

/// A digest of a set of operation ids that can be updated one element at a time.
///
/// LtHash with 1,024 lanes of 16 bits (Lewi, Kim, Maykov, Weis: "Securing Update Propagation with
/// Homomorphic Hashing", 2019): an element is BLAKE2b-256 of its id, expanded with ChaCha20 to
/// 2,048 bytes and added lane by lane modulo 2^16. The digest of a union of disjoint sets is the
/// sum of their digests. `Protocol/session.md#set-digest`.
package struct SetDigest: Sendable, Equatable {
  package static let stateByteCount = 2048
  private static let lanes = stateByteCount / 2
  private static let seedKey = Array("sprida/1/lthash-element".utf8)

  package private(set) var count: UInt64 = 0
  private var state = [UInt16](repeating: 0, count: lanes)

  package init() {}

  /// Restores a stored digest; nil unless `state` is 2,048 bytes (little-endian lanes).
  package init?(count: UInt64, state bytes: [UInt8]) {
    guard bytes.count == Self.stateByteCount else { return nil }
    self.count = count
    state = Self.lanes(bytes)
  }

  package var stateBytes: [UInt8] {
    state.map { $0.littleEndian }.withUnsafeBytes { Array($0) }
  }

  /// Adds an id.
  ///
  /// The caller guarantees that the set did not hold it.
  package mutating func insert(_ id: Digest) {
    combine(Self.expand(id), &+)
    count += 1
  }

  /// Removes an id.
  ///
  /// The caller guarantees that the set held it.
  package mutating func remove(_ id: Digest) {
    combine(Self.expand(id), &-)
    count -= 1
  }

  /// Adds all elements of a disjoint set.
  package mutating func formUnion(disjoint other: SetDigest) {
    combine(other.state, &+)
    count += other.count
  }

  /// Adds all elements of a disjoint set that is stored; whether `state` is 2,048 bytes.
  package mutating func formUnion(disjoint count: UInt64, state: UnsafeRawBufferPointer) -> Bool {
    guard state.count == Self.stateByteCount else { return false }
    self.state.withUnsafeMutableBufferPointer { own in
      for lane in 0..<Self.lanes {
        own[lane] &+= UInt16(
          littleEndian: state.loadUnaligned(fromByteOffset: 2 * lane, as: UInt16.self))
      }
    }
    self.count += count
    return true
  }

  /// What is exchanged: a hash of domain, region, count and state.
  package func summary(region: Digest) -> Digest {
    var hash = SHA256()
    hash.update(Array("sprida/1/set-digest".utf8) + [0])
    hash.update(region.bytes)
    hash.update((0..<8).reversed().map { UInt8(truncatingIfNeeded: count >> UInt64($0 * 8)) })
    hash.update(stateBytes)
    return hash.finalize()
  }

  private static func expand(_ id: Digest) -> [UInt16] {
    let seed = BLAKE2b.hash(id.bytes, key: seedKey).bytes
    let nonce = [UInt8](repeating: 0, count: Int(crypto_stream_chacha20_NONCEBYTES))
    var stream = [UInt8](repeating: 0, count: stateByteCount)
    crypto_stream_chacha20(&stream, UInt64(stateByteCount), nonce, seed)
    return lanes(stream)
  }

  private static func lanes(_ bytes: [UInt8]) -> [UInt16] {
    bytes.withUnsafeBytes { buffer in
      (0..<lanes).map {
        UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))
      }
    }
  }

  @inline(__always)
  private mutating func combine(_ element: [UInt16], _ operation: (UInt16, UInt16) -> UInt16) {
    state.withUnsafeMutableBufferPointer { own in
      element.withUnsafeBufferPointer { other in
        for lane in 0..<Self.lanes { own[lane] = operation(own[lane], other[lane]) }
      }
    }
  }
}
