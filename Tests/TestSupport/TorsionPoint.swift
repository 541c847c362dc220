import Signatures

/// The eight points of small order and every other way to write them.
package enum TorsionPoint {
  private static let zeros = String(repeating: "00", count: 31)
  private static let ones = String(repeating: "ff", count: 30)
  private static let eight = [
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03",
  ]

  /// Orders 1, 2, 4, 4, 8, 8, 8, 8.
  package static let canonical =
    ["01" + zeros, "ec" + ones + "7f", "00" + zeros, "00" + String(zeros.dropLast(2)) + "80"]
    + [eight[0] + "05", eight[0] + "85", eight[1] + "7a", eight[1] + "fa"]

  /// The orders of `canonical`.
  package static let orders = [1, 2, 4, 4, 8, 8, 8, 8]

  /// A y that is not reduced, or a sign of x = 0: of order 1, 1, 1, 2, 4, 4.
  package static let nonCanonical = [
    "01" + String(zeros.dropLast(2)) + "80", "ee" + ones + "7f", "ee" + ones + "ff",
    "ec" + ones + "ff", "ed" + ones + "7f", "ed" + ones + "ff",
  ]

  /// The orders of `nonCanonical`.
  package static let nonCanonicalOrders = [1, 1, 1, 2, 4, 4]

  /// A point of exactly this order: 2, 4 or 8.
  package static func point(ofOrder order: Int) throws -> NaiveEd25519.Point {
    let index = orders.firstIndex(of: order) ?? 0
    let bytes = try Hex.bytes(canonical[index])
    guard let point = NaiveEd25519.Point(encoding: bytes) else {
      throw Hex.Malformed(text: canonical[index])
    }
    return point
  }
}
