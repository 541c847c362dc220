import Signatures

/// The sum of ids as little-endian 256-bit integers modulo 2^256.
///
/// The sum of a range is the difference of two prefix sums, so a sorted array, a tree and an index
/// in a database agree. It is no proof of equality: a member can forge equal sums
/// (`Protocol/reconciliation.md#forgery`).
package struct IDSum: Hashable, Sendable {
  /// Least significant first.
  private var words: SIMD4<UInt64>

  package init() {
    words = .zero
  }

  /// Restores a stored sum; nil unless `bytes` are exactly 32.
  package init?(littleEndian bytes: [UInt8]) {
    guard let number = Digest(bytes) else { return nil }
    self.init(number)
  }

  package init(_ id: Digest) {
    let (first, second, third, fourth) = id.words
    words = SIMD4(
      first.byteSwapped, second.byteSwapped, third.byteSwapped, fourth.byteSwapped)
  }

  /// The 32 bytes of the sum, least significant first.
  package var littleEndian: Digest {
    Digest(
      words: (
        words[0].byteSwapped, words[1].byteSwapped, words[2].byteSwapped, words[3].byteSwapped
      ))
  }

  package var littleEndianBytes: [UInt8] { littleEndian.bytes }

  package static func += (lhs: inout IDSum, rhs: IDSum) {
    var carry: UInt64 = 0
    for index in 0..<4 {
      let (partial, first) = lhs.words[index].addingReportingOverflow(rhs.words[index])
      let (word, second) = partial.addingReportingOverflow(carry)
      lhs.words[index] = word
      carry = first || second ? 1 : 0
    }
  }

  package static func -= (lhs: inout IDSum, rhs: IDSum) {
    lhs += -rhs
  }

  package static func - (lhs: IDSum, rhs: IDSum) -> IDSum {
    var result = lhs
    result -= rhs
    return result
  }

  /// Two's complement.
  package static prefix func - (sum: IDSum) -> IDSum {
    var result = sum
    result.words = ~sum.words
    result += one
    return result
  }

  private static let one: IDSum = {
    var one = IDSum()
    one.words[0] = 1
    return one
  }()

  /// The fingerprint of a range that holds `count` ids with this sum.
  package func fingerprint(count: Int) -> Fingerprint {
    var bytes = littleEndianBytes
    Varint.append(UInt64(count), to: &bytes)
    return Fingerprint(SHA256.hash(bytes))
  }
}

/// What two sides compare for a range: the first 16 bytes of a hash of sum and count.
package struct Fingerprint: Hashable, Sendable {
  package static let byteCount = 16

  package let bytes: [UInt8]

  /// Nil unless `bytes` are exactly 16.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = Array(bytes)
  }

  fileprivate init(_ hash: Digest) {
    bytes = Array(hash.bytes.prefix(Self.byteCount))
  }
}
