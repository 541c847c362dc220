import Signatures
import TestSupport
import Testing

/// A libsodium that does not judge points rightly is not used.
struct SodiumTests {
  @Test func `the point that is tried has order 2L`() throws {
    let point = try #require(NaiveEd25519.Point(encoding: Sodium.mixedOrderPoint))
    let two = try TorsionPoint.point(ofOrder: 2)
    #expect(point == .base + two)
    #expect(point.encoding == Sodium.mixedOrderPoint)
    #expect(Sodium.basePoint == NaiveEd25519.Point.base.encoding)
    #expect(point.times8 != .identity)
    #expect(!point.isInPrimeOrderSubgroup)
    #expect(NaiveEd25519.Point.base.isInPrimeOrderSubgroup)
  }

  @Test func `the libsodium of this machine passes`() {
    #expect(Sodium.problem { PublicKey($0)?.isValidPoint == true } == nil)
  }

  @Test func `the check of libsodium before the fix is found out`() throws {
    // It multiplied by L and asked only whether x is 0, which it is for (0, −1) too.
    func unfixed(_ bytes: [UInt8]) -> Bool {
      guard let point = NaiveEd25519.Point(encoding: bytes), point.encoding == bytes else {
        return false
      }
      let product = point.timesOrder
      return point.times8 != .identity && product + product == .identity
    }
    #expect(unfixed(Sodium.basePoint) && unfixed(Sodium.mixedOrderPoint))
    let problem = try #require(Sodium.problem(isValidPoint: unfixed))
    for word in ["CVE-2025-69277", "libsodium23", "1.0.18-1+deb12u1", "Uppgradera", "Upgrade"] {
      #expect(problem.contains(word), "\(word)")
    }
  }

  @Test func `a check that refuses every point is found out too`() {
    #expect(Sodium.problem { _ in false } != nil)
    #expect(Sodium.problem { _ in true } != nil)
  }

  @Test func `a good point with any point of small order added is no valid key`() throws {
    let good = NaiveEd25519.Point.base * NaiveEd25519.Scalar([7])
    for (encoding, order) in zip(TorsionPoint.canonical, TorsionPoint.orders) {
      let small = try #require(NaiveEd25519.Point(encoding: Hex.bytes(encoding)))
      let mixed = try #require(PublicKey((good + small).encoding))
      #expect(mixed.isValidPoint == (order == 1), "\(encoding)")
    }
  }

  @Test(arguments: TorsionPoint.canonical + TorsionPoint.nonCanonical)
  func `a point of small order is no valid key, however it is written`(encoding: String) throws {
    #expect(try !PublicKey(hex: encoding).isValidPoint)
  }
}
