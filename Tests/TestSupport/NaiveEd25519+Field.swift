extension NaiveEd25519 {
  /// A number modulo p = 2^255 − 19: five limbs of 51 bits and a little, the least first.
  struct Field: Equatable, Sendable {
    private var a, b, c, d, e: UInt64

    private static let mask: UInt64 = 1 << 51 - 1

    init(_ value: UInt64) {
      (a, b, c, d, e) = (value & Self.mask, value >> 51, 0, 0, 0)
    }

    /// The low 255 of the bits, reduced.
    init(littleEndian bytes: [UInt8]) {
      func word(_ index: Int) -> UInt64 {
        bytes[index * 8..<index * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      let (w, x, y, z) = (word(0), word(1), word(2), word(3))
      a = w & Self.mask
      b = (w >> 51 | x << 13) & Self.mask
      c = (x >> 38 | y << 26) & Self.mask
      d = (y >> 25 | z << 39) & Self.mask
      e = z >> 12 & Self.mask
    }

    /// Each limb below 2^51 and a little, from limbs of up to 115 bits.
    private init(_ v: UInt128, _ w: UInt128, _ x: UInt128, _ y: UInt128, _ z: UInt128) {
      let mask = UInt128(Self.mask)
      let w = w + v >> 51
      let x = x + w >> 51
      let y = y + x >> 51
      let z = z + y >> 51
      // 2^255 is 19 modulo p.
      let first = v & mask + (z >> 51) * 19
      a = UInt64(first & mask)
      b = UInt64(w & mask + first >> 51)
      (c, d, e) = (UInt64(x & mask), UInt64(y & mask), UInt64(z & mask))
    }

    /// 32 bytes of a number below p.
    var littleEndian: [UInt8] {
      let carried = self.carried.carried
      var (a, b, c, d, e) = (carried.a, carried.b, carried.c, carried.d, carried.e)
      if carried.isAtLeastPrime { (a, b, c, d, e) = (a - (Self.mask - 18), 0, 0, 0, 0) }
      return [a | b << 51, b >> 13 | c << 38, c >> 26 | d << 25, d >> 39 | e << 12].flatMap {
        word in
        stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
      }
    }

    private var isAtLeastPrime: Bool {
      a >= Self.mask - 18 && b == Self.mask && c == Self.mask && d == Self.mask && e == Self.mask
    }

    private var carried: Field {
      Field(UInt128(a), UInt128(b), UInt128(c), UInt128(d), UInt128(e))
    }

    var isOdd: Bool { littleEndian[0] & 1 == 1 }

    static func == (lhs: Field, rhs: Field) -> Bool { lhs.littleEndian == rhs.littleEndian }

    static func + (l: Field, r: Field) -> Field {
      var sum = l
      sum.a += r.a
      sum.b += r.b
      sum.c += r.c
      sum.d += r.d
      sum.e += r.e
      return sum.carried
    }

    static func - (l: Field, r: Field) -> Field {
      // 4p keeps every limb above zero.
      var difference = l
      difference.a += 4 * (mask - 18) - r.a
      difference.b += 4 * mask - r.b
      difference.c += 4 * mask - r.c
      difference.d += 4 * mask - r.d
      difference.e += 4 * mask - r.e
      return difference.carried
    }

    static func * (l: Field, r: Field) -> Field {
      func times(_ x: UInt64, _ y: UInt64) -> UInt128 { UInt128(x) * UInt128(y) }
      let (b19, c19, d19, e19) = (r.b * 19, r.c * 19, r.d * 19, r.e * 19)
      return Field(
        times(l.a, r.a) + times(l.b, e19) + times(l.c, d19) + times(l.d, c19) + times(l.e, b19),
        times(l.a, r.b) + times(l.b, r.a) + times(l.c, e19) + times(l.d, d19) + times(l.e, c19),
        times(l.a, r.c) + times(l.b, r.b) + times(l.c, r.a) + times(l.d, e19) + times(l.e, d19),
        times(l.a, r.d) + times(l.b, r.c) + times(l.c, r.b) + times(l.d, r.a) + times(l.e, e19),
        times(l.a, r.e) + times(l.b, r.d) + times(l.c, r.c) + times(l.d, r.b) + times(l.e, r.a))
    }

    func power(_ exponent: Natural) -> Field {
      var power = Field(1)
      for index in stride(from: exponent.bitCount - 1, through: 0, by: -1) {
        power = power * power
        if exponent.bit(index) { power = power * self }
      }
      return power
    }

    /// Of 0 it is 0.
    var inverse: Field { power(Self.inverseExponent) }

    /// p − 2.
    private static let inverseExponent = Natural(
      littleEndian: [0xeb] + [UInt8](repeating: 0xff, count: 30) + [0x7f])
    /// (p + 3) / 8 = 2^252 − 2.
    static let rootExponent = Natural(
      littleEndian: [0xfe] + [UInt8](repeating: 0xff, count: 30) + [0x0f])
    /// 2^((p − 1) / 4), with (p − 1) / 4 = 2^253 − 5.
    static let minusOneRoot = Field(2).power(
      Natural(littleEndian: [0xfb] + [UInt8](repeating: 0xff, count: 30) + [0x1f]))
    /// The constant of the curve, −121665 / 121666.
    static let curve = Field(0) - Field(121665) * Field(121666).inverse
    static let twiceCurve = curve + curve
    static let baseY = Field(4) * Field(5).inverse
  }
}
