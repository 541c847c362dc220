import Signatures
import TestSupport
import Testing

/// Keys: what makes them, and what they refuse.
struct KeyTests {
  private static let key = SampleRegion.key("officer", seed: 1)
  private static let message = Array("en rad om upphandling".utf8)

  @Test func `a seed of another length than 32 makes no key`() {
    #expect(SigningKey(seed: []) == nil)
    #expect(SigningKey(seed: [UInt8](repeating: 1, count: 31)) == nil)
    #expect(SigningKey(seed: [UInt8](repeating: 1, count: 33)) == nil)
    #expect(SigningKey(seed: [UInt8](repeating: 1, count: 32)) != nil)
  }

  @Test func `public bytes of another length than 32 are no key`() {
    #expect(PublicKey([UInt8](repeating: 1, count: 31)) == nil)
    #expect(PublicKey([UInt8](repeating: 1, count: 33)) == nil)
  }

  @Test func `an honest key is a valid point and the identity is not`() throws {
    #expect(Self.key.publicKey.isValidPoint)
    let identity = try #require(PublicKey([1] + [UInt8](repeating: 0, count: 31)))
    #expect(!identity.isValidPoint)
    let unreduced = try #require(PublicKey([UInt8](repeating: 0xff, count: 32)))
    #expect(!unreduced.isValidPoint)
  }

  @Test func `a signature with any bit changed does not verify`() {
    let signature = Self.key.sign(Self.message)
    for bit in 0..<signature.count * 8 {
      var changed = signature
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!Self.key.publicKey.verifies(changed, of: Self.message), "bit \(bit)")
    }
    #expect(Self.key.publicKey.verifies(signature, of: Self.message))
  }

  @Test func `a signature of another length does not verify`() {
    let signature = Self.key.sign(Self.message)
    #expect(!Self.key.publicKey.verifies(signature.dropLast(), of: Self.message))
    #expect(!Self.key.publicKey.verifies(signature + [0], of: Self.message))
    #expect(!Self.key.publicKey.verifies([], of: Self.message))
  }

  @Test func `a signature holds for one message and one key`() {
    let signature = Self.key.sign(Self.message)
    #expect(!Self.key.publicKey.verifies(signature, of: Self.message + [0]))
    let other = SampleRegion.key("other", seed: 1).publicKey
    #expect(!other.verifies(signature, of: Self.message))
  }
}
