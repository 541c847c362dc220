/// A natural number of any size, slow and plain; the arithmetic of `NaiveEd25519`.
struct Natural: Comparable {
  /// 32 bits each, the least first, no zero at the end.
  private var limbs: [UInt32]

  init(_ value: UInt32) { self.init(limbs: [value]) }

  init(littleEndian bytes: [UInt8]) {
    self.init(
      limbs: stride(from: 0, to: bytes.count, by: 4).map { place in
        bytes[place..<min(place + 4, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      })
  }

  private init(limbs: [UInt32]) {
    self.limbs = limbs
    while self.limbs.last == 0 { self.limbs.removeLast() }
  }

  var isZero: Bool { limbs.isEmpty }
  var isOdd: Bool { bit(0) }
  var bitCount: Int { limbs.count * 32 - (limbs.last?.leadingZeroBitCount ?? 0) }

  func bit(_ index: Int) -> Bool {
    index / 32 < limbs.count && limbs[index / 32] >> UInt32(index % 32) & 1 == 1
  }

  /// The low `count` bytes.
  func littleEndian(_ count: Int) -> [UInt8] {
    (0..<count).map { index in
      index / 4 < limbs.count
        ? UInt8(truncatingIfNeeded: limbs[index / 4] >> UInt32(index % 4 * 8)) : 0
    }
  }

  static func < (lhs: Natural, rhs: Natural) -> Bool {
    guard lhs.limbs.count == rhs.limbs.count else { return lhs.limbs.count < rhs.limbs.count }
    return lhs.limbs.reversed().lexicographicallyPrecedes(rhs.limbs.reversed())
  }

  static func + (lhs: Natural, rhs: Natural) -> Natural {
    let count = max(lhs.limbs.count, rhs.limbs.count)
    var carry: UInt64 = 0
    var sum = (0..<count).map { index in
      carry += UInt64(lhs.limb(index)) + UInt64(rhs.limb(index))
      defer { carry >>= 32 }
      return UInt32(truncatingIfNeeded: carry)
    }
    sum.append(UInt32(carry))
    return Natural(limbs: sum)
  }

  /// Needs `lhs` ≥ `rhs`.
  static func - (lhs: Natural, rhs: Natural) -> Natural {
    precondition(lhs >= rhs)
    var borrow: Int64 = 0
    return Natural(
      limbs: lhs.limbs.indices.map { index in
        borrow += Int64(lhs.limbs[index]) - Int64(rhs.limb(index))
        defer { borrow >>= 32 }
        return UInt32(truncatingIfNeeded: borrow)
      })
  }

  static func * (lhs: Natural, rhs: Natural) -> Natural {
    var product = [UInt32](repeating: 0, count: lhs.limbs.count + rhs.limbs.count)
    for (i, a) in lhs.limbs.enumerated() {
      var carry: UInt64 = 0
      for (j, b) in rhs.limbs.enumerated() {
        carry += UInt64(a) * UInt64(b) + UInt64(product[i + j])
        product[i + j] = UInt32(truncatingIfNeeded: carry)
        carry >>= 32
      }
      product[i + rhs.limbs.count] = UInt32(carry)
    }
    return Natural(limbs: product)
  }

  /// The remainder, bit by bit.
  static func % (lhs: Natural, rhs: Natural) -> Natural {
    var rest = Natural(0)
    for index in stride(from: lhs.bitCount - 1, through: 0, by: -1) {
      rest = rest + rest + Natural(lhs.bit(index) ? 1 : 0)
      if rest >= rhs { rest = rest - rhs }
    }
    return rest
  }

  private func limb(_ index: Int) -> UInt32 { index < limbs.count ? limbs[index] : 0 }
}
