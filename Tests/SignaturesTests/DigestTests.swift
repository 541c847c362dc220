import Signatures
import TestSupport
import Testing

/// Digests and hashes against other implementations (Python's hashlib and a SipHash in Python).
struct DigestTests {
  @Test func `SHA-256 gives the standard's answers`() {
    #expect(
      SHA256.hash(Array("abc".utf8)).description
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hash([]).description
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  @Test func `SHA-256 in parts equals SHA-256 at once`() {
    let bytes = [UInt8](0...199)
    for cut in 0...bytes.count {
      var hash = SHA256()
      hash.update(Array(bytes[..<cut]))
      hash.update(Array(bytes[cut...]))
      #expect(hash.finalize() == SHA256.hash(bytes), "cut at \(cut)")
    }
  }

  @Test func `BLAKE2b with and without a key gives the answers of hashlib`() {
    #expect(
      BLAKE2b.hash(Array("abc".utf8)).description
        == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
    #expect(
      BLAKE2b.hash(Array("abc".utf8), key: Array("0123456789abcdef".utf8)).description
        == "66b4857d42c644c61fca8c0bcea243e0e75088582c7964bbac6b92c02381d9c7")
  }

  @Test func `a short id is the SipHash of an id under both nonces`() {
    let key = ShortIDKey(
      initiatorNonce: [UInt8](repeating: 1, count: 16),
      responderNonce: [UInt8](repeating: 2, count: 16))
    #expect(key.shortID(of: SHA256.hash([0])) == 0x0f97_2521_003e_e830)
    let swapped = ShortIDKey(
      initiatorNonce: [UInt8](repeating: 2, count: 16),
      responderNonce: [UInt8](repeating: 1, count: 16))
    #expect(swapped.shortID(of: SHA256.hash([0])) != 0x0f97_2521_003e_e830)
  }

  @Test func `digests order as unsigned bytes`() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let a = generator.bytes(32)
      var b = a
      b[Int.random(in: 0..<32, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      let (first, second) = (try #require(Digest(a)), try #require(Digest(b)))
      #expect((first < second) == a.lexicographicallyPrecedes(b))
      #expect((first == second) == (a == b))
      #expect(first.bytes == a)
    }
  }

  @Test func `a digest is 32 bytes or 64 hexadecimal digits and nothing else`() {
    #expect(Digest([UInt8](repeating: 0, count: 31)) == nil)
    #expect(Digest([UInt8](repeating: 0, count: 33)) == nil)
    #expect(Digest(hex: String(repeating: "0", count: 64)) == .zero)
    #expect(Digest(hex: String(repeating: "0", count: 63)) == nil)
    #expect(Digest(hex: String(repeating: "0", count: 66)) == nil)
    #expect(Digest(hex: String(repeating: "0", count: 63) + "g") == nil)
    #expect(Digest(hex: String(repeating: "0", count: 62) + "å") == nil)
  }

  @Test func `hexadecimal survives a round trip and refuses everything else`() {
    let all = [UInt8](0...255)
    #expect(Hex.decode(Hex.encode(all)) == all)
    #expect(Hex.decode("0AfF") == [0x0a, 0xff])
    #expect(Hex.decode("") == [])
    for text in ["0", "0g", " 00", "0x00", "٠٠", "0\u{301}0"] {
      #expect(Hex.decode(text) == nil, "\(text)")
    }
  }
}
