extension NaiveEd25519 {
  /// A point of −x² + y² = 1 + d·x²·y², in extended coordinates (RFC 8032 §5.1.4).
  package struct Point: Equatable, Sendable {
    private var x, y, z, t: Field

    package static let identity = Point(x: Field(0), y: Field(1))
    /// (x, 4/5) with an even x.
    package static let base = Point(x: root(of: Field.baseY, isOdd: false) ?? Field(0), y: .baseY)

    private init(x: Field, y: Field) {
      (self.x, self.y, z, t) = (x, y, Field(1), x * y)
    }

    /// Nil when no point has this y.
    ///
    /// A y that is not below the prime is reduced, and a sign that x = 0 has not is ignored.
    package init?(encoding bytes: [UInt8]) {
      guard bytes.count == 32 else { return nil }
      let y = Field(littleEndian: bytes)
      guard let x = Self.root(of: y, isOdd: bytes[31] & 0x80 != 0) else { return nil }
      self.init(x: x, y: y)
    }

    /// The one encoding: y, and the lowest bit of x on top.
    package var encoding: [UInt8] {
      let inverse = z.inverse
      let (x, y) = (x * inverse, y * inverse)
      var bytes = y.littleEndian
      if x.isOdd { bytes[31] |= 0x80 }
      return bytes
    }

    package var times8: Point {
      let two = self + self
      let four = two + two
      return four + four
    }

    /// The point added to itself L times: nothing, for a point of the prime-order subgroup.
    package var timesOrder: Point { times(NaiveEd25519.order) }
    package var isInPrimeOrderSubgroup: Bool { timesOrder == .identity }

    package static func == (lhs: Point, rhs: Point) -> Bool {
      lhs.x * rhs.z == rhs.x * lhs.z && lhs.y * rhs.z == rhs.y * lhs.z
    }

    package static func + (lhs: Point, rhs: Point) -> Point {
      let a = (lhs.y - lhs.x) * (rhs.y - rhs.x)
      let b = (lhs.y + lhs.x) * (rhs.y + rhs.x)
      let c = lhs.t * Field.twiceCurve * rhs.t
      let d = (lhs.z + lhs.z) * rhs.z
      let (e, f, g, h) = (b - a, d - c, d + c, b + a)
      var sum = Point.identity
      (sum.x, sum.y, sum.z, sum.t) = (e * f, g * h, f * g, e * h)
      return sum
    }

    package static prefix func - (point: Point) -> Point {
      var negative = point
      (negative.x, negative.t) = (Field(0) - point.x, Field(0) - point.t)
      return negative
    }

    package static func * (point: Point, scalar: Scalar) -> Point { point.times(scalar.value) }

    private func times(_ number: Natural) -> Point {
      var product = Point.identity
      for index in stride(from: number.bitCount - 1, through: 0, by: -1) {
        product = product + product
        if number.bit(index) { product = product + self }
      }
      return product
    }

    /// The x that belongs to y (RFC 8032 §5.1.3).
    private static func root(of y: Field, isOdd: Bool) -> Field? {
      let u = y * y - Field(1)
      let v = Field.curve * y * y + Field(1)
      let square = u * v.inverse
      var x = square.power(Field.rootExponent)
      if x * x != square { x = x * Field.minusOneRoot }
      guard x * x == square else { return nil }
      return x.isOdd == isOdd ? x : Field(0) - x
    }
  }
}
