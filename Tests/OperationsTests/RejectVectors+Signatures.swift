import Operations
import Signatures
import TestSupport
import WireFormat

/// Signatures that do not hold, and such as some libraries take for good
/// (`Protocol/operation.md#verification`).
extension RejectVectors {
  private static let section = "operation.md#verification"

  private static func forged(
    _ title: String, _ raw: RawOperation, _ signature: [UInt8]
  ) throws -> Scenario {
    try scenario(
      title, "signature", section, envelope: raw.envelope(signature: signature), body: raw.body)
  }

  /// Signed for something else, or changed afterwards.
  static func forgeries() throws -> [Scenario] {
    let raw = try sample()
    let purposes = try Domain.allCases.filter { $0 != .operation && $0 != .joinRequest }.map {
      var other = raw
      other.domain = $0
      return try scenario("signed in the domain \($0)", "signature", section, other)
    }
    let domain = Array(raw.domain.rawValue.utf8)
    let messages: [(String, [UInt8])] = [
      ("without external data", raw.signedBytes(externalData: [])),
      ("with the domain alone", raw.signedBytes(externalData: raw.domain.prefix)),
      ("with the region alone", raw.signedBytes(externalData: raw.region.bytes)),
      (
        "without the zero byte of the domain",
        raw.signedBytes(externalData: domain + raw.region.bytes)
      ),
      (
        "in the context of several signatures",
        raw.signedBytes(externalData: raw.domain.prefix + raw.region.bytes, context: "Signature")
      ),
      ("over the payload alone", raw.payload), ("over the body", raw.body),
      ("over a hash", SHA256.hash(raw.signedBytes).bytes),
    ]
    return try purposes
      + messages.map { try forged("signed \($0.0)", raw, raw.key.sign($0.1)) }
      + changed(raw) + otherHalves(raw)
  }

  private static func changed(_ raw: RawOperation) throws -> [Scenario] {
    let places = [0, 15, 31, 32, 47, 63]
    return try places.flatMap { place in
      try [1, 7].map { bit in
        var signature = Array(raw.envelope.suffix(64))
        signature[place] ^= 1 << UInt8(bit)
        return try forged("signature with bit \(bit) of byte \(place) changed", raw, signature)
      }
    }
  }

  /// R and S in other values and places.
  private static func otherHalves(_ raw: RawOperation) throws -> [Scenario] {
    let signature = Array(raw.envelope.suffix(64))
    let (r, s) = (Array(signature.prefix(32)), Array(signature.suffix(32)))
    let order = plusGroupOrder([UInt8](repeating: 0, count: 32))
    let zeros = [UInt8](repeating: 0, count: 32)
    var multiples = s
    for _ in 0..<7 { multiples = plusGroupOrder(multiples) }
    let rows: [(String, [UInt8])] = [
      ("S plus 7 L", r + multiples), ("S equal to L", r + order),
      ("S equal to L, R the identity", [1] + zeros.dropFirst() + order),
      ("R and S exchanged", s + r), ("all zeros", zeros + zeros),
      ("all ones", [UInt8](repeating: 0xff, count: 64)),
      ("R not on the curve", [2] + zeros.dropFirst() + s),
      ("R the author key", raw.key.publicKey.bytes + s),
    ]
    return try rows.map { try forged("signature: \($0.0)", raw, $0.1) }
  }
}

/// Signatures that satisfy an equation all the same: what stops them is one rule each.
extension RejectVectors {
  /// An author key of small order: everybody can sign for it.
  static func craftedAuthors() throws -> [Scenario] {
    let encodings = TorsionPoint.canonical + TorsionPoint.nonCanonical
    let orders = TorsionPoint.orders + TorsionPoint.nonCanonicalOrders
    let names = encodings.indices.map {
      $0 < TorsionPoint.canonical.count ? "of order" : "not canonical and of order"
    }
    let small = try encodings.indices.map { index in
      let (raw, signature) = try CraftedSignature.smallOrder(
        author: Hex.bytes(encodings[index]), order: orders[index], of: try sample())
      let title = "author \(names[index]) \(orders[index]), signature satisfying the equation"
      return try forged(
        "\(title): \(encodings[index].prefix(4))…\(encodings[index].suffix(2))",
        raw, signature)
    }
    let mixed = try [2, 4, 8].map { order in
      let (raw, signature) = try CraftedSignature.mixedAuthor(
        order: order, equation: .cofactored, of: try sample())
      return try forged(
        "author of order \(order) L, only the cofactored equation holds", raw, signature)
    }
    return small + mixed
  }

  /// An honest author who crafts R.
  static func craftedNonces() throws -> [Scenario] {
    let raw = try sample()
    let encodings = TorsionPoint.canonical + TorsionPoint.nonCanonical
    let orders = TorsionPoint.orders + TorsionPoint.nonCanonicalOrders
    let small = try encodings.indices.map { index in
      let encoding = encodings[index]
      let signature = CraftedSignature.nonce(try Hex.bytes(encoding), secret: nil, of: raw)
      let kind = index < TorsionPoint.canonical.count ? "" : "not canonical and "
      let equation = orders[index] == 1 ? "the" : "only the cofactored"
      return try forged(
        "R \(kind)of order \(orders[index]), \(equation) equation holds: "
          + "\(encoding.prefix(4))…\(encoding.suffix(2))", raw, signature)
    }
    let mixed = try [2, 4, 8].map { order in
      let secret = NaiveEd25519.Scalar([UInt8(order), 1, 2, 3])
      let r = NaiveEd25519.Point.base * secret + (try TorsionPoint.point(ofOrder: order))
      return try forged(
        "R of order \(order) L, only the cofactored equation holds", raw,
        CraftedSignature.nonce(r.encoding, secret: secret, of: raw))
    }
    return small + mixed
  }
}
