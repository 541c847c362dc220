import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// Signatures that no library makes, each satisfying an equation of Ed25519.
enum CraftedSignature {
  typealias Crafted = (raw: RawOperation, signature: [UInt8])

  /// By a key of small order: any R = [S]B will do once [h]A is nothing.
  static func smallOrder(author: [UInt8], order: Int, of raw: RawOperation) throws -> Crafted {
    let secret = NaiveEd25519.Scalar([5, 6, 7, 8])
    let r = (NaiveEd25519.Point.base * secret).encoding
    let (signed, _) = try search(raw, author: author, r) { $0.isMultiple(of: order) }
    return (signed, r + secret.bytes)
  }

  /// By the sum of an honest key and a point of small order.
  ///
  /// Only the cofactored equation holds, or both where [h] makes the point of small order vanish.
  static func mixedAuthor(
    order: Int, equation: NaiveEd25519.Equation, of raw: RawOperation
  ) throws -> Crafted {
    let key = NaiveEd25519.secret(seed: raw.key.seed)
    let author = try mixedKey(order: order, of: raw.key)
    let secret = NaiveEd25519.Scalar([9, 10, 11, 12])
    let r = (NaiveEd25519.Point.base * secret).encoding
    let (signed, h) = try search(raw, author: author, r) {
      $0.isMultiple(of: order) == (equation == .cofactorless)
    }
    return (signed, r + (secret + h * key).bytes)
  }

  /// The public key of `key`, a point of small order added.
  static func mixedKey(order: Int, of key: SigningKey) throws -> [UInt8] {
    let honest = NaiveEd25519.Point.base * NaiveEd25519.secret(seed: key.seed)
    return (honest + (try TorsionPoint.point(ofOrder: order))).encoding
  }

  /// By the honest key, with this R: S is as if R were [secret]B, or nothing where that is nil.
  static func nonce(_ r: [UInt8], secret: NaiveEd25519.Scalar?, of raw: RawOperation) -> [UInt8] {
    let h = NaiveEd25519.challenge(r, raw.key.publicKey.bytes, raw.signedBytes)
    let product = h * NaiveEd25519.secret(seed: raw.key.seed)
    return r + (secret.map { $0 + product } ?? product).bytes
  }

  struct NotFound: Error {}

  /// The first timestamp whose h is as wanted.
  private static func search(
    _ raw: RawOperation, author: [UInt8], _ r: [UInt8],
    until isWanted: (NaiveEd25519.Scalar) -> Bool
  ) throws -> (RawOperation, NaiveEd25519.Scalar) {
    var raw = raw
    raw.author = .bytes(author)
    for counter in UInt16(0)..<1000 {
      raw.timestamp = .unsigned(SampleRegion.time(7000, counter: counter).rawValue)
      let h = NaiveEd25519.challenge(r, author, raw.signedBytes)
      if isWanted(h) { return (raw, h) }
    }
    throw NotFound()
  }
}
