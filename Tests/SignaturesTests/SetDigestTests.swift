import Signatures
import TestSupport
import Testing

/// The homomorphic digest of a set of ids.
struct SetDigestTests {
  private static func ids(_ range: Range<UInt8>) -> [Digest] { range.map { SHA256.hash([$0]) } }

  private static func digest(_ ids: some Sequence<Digest>) -> SetDigest {
    var digest = SetDigest()
    for id in ids { digest.insert(id) }
    return digest
  }

  /// Computed apart from this project: Python's `hashlib.blake2b(id, digest_size=32, key=…)` and
  /// a ChaCha20 with the original 8-byte nonce, written in Python and checked against its
  /// published keystream; the ids are SHA-256 of the single bytes 0, 1 and 2.
  @Test func `three ids give the answer that was computed in Python`() {
    let digest = Self.digest(Self.ids(0..<3))
    #expect(Hex.encode(digest.stateBytes.prefix(16)) == "4479bee06d94e995d46e2d3a8bd81745")
    #expect(
      SHA256.hash(digest.stateBytes).description
        == "d5951affa15f6572862c3e5560031505efea5418be57e364ef5c7ef30ddaae61")
    let region = SHA256.hash(Array("region".utf8))
    #expect(
      digest.summary(region: region).description
        == "f437cb8c04a7b8e1e2f6203506471fbde4a6421324f893ecaf8d330adc232484")
    #expect(
      SetDigest().summary(region: region).description
        == "c82cb6cd33eeb3b2d09a5dd3208203a8712a08a5741cad008231509b13100a45")
  }

  @Test(arguments: UInt64(0)..<20)
  func `any order of insertion gives the same digest`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let ids = Self.ids(0..<40)
    #expect(
      Self.digest(ids.shuffled(using: &generator)) == Self.digest(ids), "seed \(seed)")
  }

  @Test func `removing what was inserted gives the digest as before`() {
    let before = Self.digest(Self.ids(0..<10))
    var digest = before
    for id in Self.ids(10..<20) { digest.insert(id) }
    #expect(digest != before)
    for id in Self.ids(10..<20).reversed() { digest.remove(id) }
    #expect(digest == before)
  }

  @Test func `the union of disjoint sets is the sum of their digests`() {
    var union = Self.digest(Self.ids(0..<7))
    union.formUnion(disjoint: Self.digest(Self.ids(7..<20)))
    union.formUnion(disjoint: SetDigest())
    #expect(union == Self.digest(Self.ids(0..<20)))
    #expect(union.count == 20)
  }

  @Test func `a stored digest is restored, and bytes of another length are none`() {
    let digest = Self.digest(Self.ids(0..<5))
    #expect(SetDigest(count: digest.count, state: digest.stateBytes) == digest)
    #expect(SetDigest(count: 1, state: [UInt8](digest.stateBytes.dropLast())) == nil)
    #expect(SetDigest(count: 1, state: digest.stateBytes + [0]) == nil)
  }

  @Test func `the summary tells count, region and state apart`() throws {
    let digest = Self.digest(Self.ids(0..<5))
    let region = SHA256.hash([1])
    let miscounted = try #require(SetDigest(count: 6, state: digest.stateBytes))
    let summaries = [
      digest.summary(region: region), digest.summary(region: SHA256.hash([2])),
      miscounted.summary(region: region), Self.digest(Self.ids(1..<6)).summary(region: region),
    ]
    #expect(Set(summaries).count == summaries.count)
  }

  @Test func `an id inserted twice is told from one inserted once and from none`() {
    let id = SHA256.hash([1])
    let digests = [SetDigest(), Self.digest([id]), Self.digest([id, id])]
    #expect(Set(digests.map { $0.summary(region: .zero) }).count == 3)
    #expect(Set(digests.map(\.stateBytes)).count == 3)
  }
}
