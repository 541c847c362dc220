/// Ed25519 as RFC 8032 §5.1 has it, with none of the refusals that libsodium adds.
///
/// It makes the keys and signatures that no library makes, and shows that it is libsodium's
/// refusals that stop them. Slow, and not constant in time: for tests alone.
package enum NaiveEd25519 {
  /// The order of the base point.
  static let order = Natural(
    littleEndian: [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
      0x14,
    ] + [UInt8](repeating: 0, count: 15) + [0x10])

  /// A number modulo the order.
  package struct Scalar: Equatable, Sendable {
    let value: Natural

    /// Of any number of bytes, little-endian.
    package init(_ bytes: [UInt8]) { value = Natural(littleEndian: bytes) % NaiveEd25519.order }
    private init(_ value: Natural) { self.value = value % NaiveEd25519.order }

    package var bytes: [UInt8] { value.littleEndian(32) }
    package func isMultiple(of divisor: Int) -> Bool {
      (value % Natural(UInt32(divisor))).isZero
    }

    package static func + (lhs: Scalar, rhs: Scalar) -> Scalar { Scalar(lhs.value + rhs.value) }
    package static func * (lhs: Scalar, rhs: Scalar) -> Scalar { Scalar(lhs.value * rhs.value) }
  }

  /// The secret scalar that a seed stands for.
  package static func secret(seed: [UInt8]) -> Scalar {
    var bytes = Array(NaiveSHA512.hash(seed).prefix(32))
    bytes[0] &= 0xf8
    bytes[31] = bytes[31] & 0x7f | 0x40
    return Scalar(bytes)
  }

  /// SHA-512(R ‖ A ‖ M) modulo the order.
  package static func challenge(_ r: [UInt8], _ a: [UInt8], _ message: [UInt8]) -> Scalar {
    Scalar(NaiveSHA512.hash(r + a + message))
  }

  /// Which equation to check: [S]B = R + [h]A, or the same multiplied by 8.
  package enum Equation: Sendable {
    case cofactorless, cofactored
  }

  /// Whether the equation holds, whatever else is wrong with the key and the signature.
  package static func holds(
    _ equation: Equation, _ signature: [UInt8], of message: [UInt8], by key: [UInt8]
  ) -> Bool {
    let r = Array(signature.prefix(32))
    guard let point = Point(encoding: r), let author = Point(encoding: key) else { return false }
    let h = challenge(r, key, message)
    let left = Point.base * Scalar(Array(signature.dropFirst(32)))
    let difference = left + -(point + author * h)
    return switch equation {
    case .cofactorless: difference == .identity
    case .cofactored: difference.times8 == .identity
    }
  }

  /// Whether libsodium accepts: the rules of `Protocol/operation.md#verification`, from the page.
  package static func accepts(
    _ signature: [UInt8], of message: [UInt8], by key: [UInt8]
  ) -> Bool {
    guard signature.count == 64, Natural(littleEndian: Array(signature.dropFirst(32))) < order
    else { return false }
    for encoding in [key, Array(signature.prefix(32))] {
      guard let point = Point(encoding: encoding), point.encoding == encoding,
        point.times8 != .identity
      else { return false }
    }
    return holds(.cofactorless, signature, of: message, by: key)
  }
}
