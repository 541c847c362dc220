import Signatures
import TestSupport
import Testing

/// The naive Ed25519 of `TestSupport`, before anything is judged by it.
struct NaiveEd25519Tests {
  @Test(arguments: Ed25519VectorTests.published)
  func `a seed of RFC 8032 gives its key and its signature`(
    vector: Ed25519VectorTests.RFC8032
  ) throws {
    let secret = NaiveEd25519.secret(seed: try Hex.bytes(vector.seed))
    let key = (NaiveEd25519.Point.base * secret).encoding
    #expect(Hex.encode(key) == vector.publicKey)
    let (signature, message) = (try Hex.bytes(vector.signature), try Hex.bytes(vector.message))
    #expect(NaiveEd25519.accepts(signature, of: message, by: key))
    #expect(!NaiveEd25519.accepts(signature, of: message + [0], by: key))
  }

  @Test func `it agrees with libsodium on every Wycheproof and speccheck signature`() throws {
    let published =
      Wycheproof.tests.map { ($0.key, $0.message, $0.signature) }
      + (try SpecCheck.cases().map { ($0.pub_key, $0.message, $0.signature) })
    #expect(published.count == 161)
    for (key, message, signature) in published {
      let (bytes, message) = (try Hex.bytes(signature), try Hex.bytes(message))
      let isAccepted = try PublicKey(hex: key).verifies(bytes, of: message)
      #expect(
        try NaiveEd25519.accepts(bytes, of: message, by: Hex.bytes(key)) == isAccepted,
        "\(signature)")
    }
  }

  @Test func `the base point has the order L`() throws {
    let base = NaiveEd25519.Point.base
    #expect(Hex.encode(base.encoding) == "58" + String(repeating: "66", count: 31))
    #expect(base.timesOrder == .identity)
  }

  @Test func `8 times a point of small order is nothing, however it is written`() throws {
    for encoding in TorsionPoint.canonical {
      let point = try #require(NaiveEd25519.Point(encoding: Hex.bytes(encoding)))
      #expect(Hex.encode(point.encoding) == encoding)
      #expect(point.times8 == .identity)
    }
    for encoding in TorsionPoint.nonCanonical {
      let point = try #require(NaiveEd25519.Point(encoding: Hex.bytes(encoding)))
      #expect(TorsionPoint.canonical.contains(Hex.encode(point.encoding)))
      #expect(Hex.encode(point.encoding) != encoding)
    }
  }
}
