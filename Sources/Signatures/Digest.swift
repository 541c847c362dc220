/// 32 bytes that name something: a hash, an operation id, a region id.
///
/// Ordered bytewise as unsigned bytes, the order of Negentropy and of every sorted list.
public struct Digest: Hashable, Comparable, Sendable {
  /// Most significant byte first, so that their order is that of the bytes.
  @usableFromInline package let words: (UInt64, UInt64, UInt64, UInt64)

  package static let byteCount = 32
  package static let zero = Digest(words: (0, 0, 0, 0))

  package init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// Nil unless `bytes` are exactly 32.
  ///
  /// Inlinable, so that it is specialised for the collection it is given.
  @inlinable public init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self = bytes.withContiguousStorageIfAvailable(Self.init(buffer:)) ?? Self(array: Array(bytes))
  }

  @usableFromInline init(array bytes: [UInt8]) {
    self = bytes.withUnsafeBufferPointer(Self.init(buffer:))
  }

  @usableFromInline init(buffer: UnsafeBufferPointer<UInt8>) {
    let raw = UnsafeRawBufferPointer(buffer)
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    words = (word(0), word(1), word(2), word(3))
  }

  package var bytes: [UInt8] {
    let bigEndian = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
    )
    return withUnsafeBytes(of: bigEndian) { Array($0) }
  }

  /// Equal bytes.
  public static func == (lhs: Digest, rhs: Digest) -> Bool {
    lhs.words == rhs.words
  }

  /// Bytewise, as unsigned bytes.
  public static func < (lhs: Digest, rhs: Digest) -> Bool {
    lhs.words < rhs.words
  }

  /// All 32 bytes count.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Digest: CustomStringConvertible {
  /// 64 lower-case hexadecimal digits.
  public var description: String { Hex.encode(bytes) }

  /// Nil unless `hex` is 64 hexadecimal digits.
  public init?(hex: String) {
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes)
  }
}
