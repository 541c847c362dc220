import Signatures

/// One range of a message; it begins where the one before it ends.
package struct MessageRange: Sendable {
  package enum Content: Sendable {
    case skip
    case fingerprint(Fingerprint)
    case ids([Digest])
  }

  package let bound: Bound
  package let content: Content
}

/// The numbers of the contents on the wire.
enum Mode {
  static let skip: UInt64 = 0
  static let fingerprint: UInt64 = 1
  static let ids: UInt64 = 2
}

/// A strict cursor over a message; each rejection names the offset it was found at.
package struct MessageReader {
  private let bytes: [UInt8]
  package private(set) var offset = 0
  private var bound = Bound.start

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The first byte.
  package mutating func version() throws(ReconciliationError) -> UInt8 {
    guard let version = bytes.first else { throw .truncated(offset: 0) }
    guard Negentropy.versions.contains(version) else { throw .invalidVersion(version) }
    offset = 1
    return version
  }

  /// The next range; nil at the end of the message.
  package mutating func range() throws(ReconciliationError) -> MessageRange? {
    guard offset < bytes.count else { return nil }
    return MessageRange(bound: try nextBound(), content: try content())
  }

  private mutating func nextBound() throws(ReconciliationError) -> Bound {
    let start = offset
    let seconds = try seconds()
    let length = try Varint.read(bytes, at: &offset)
    guard length <= UInt64(Digest.byteCount) else {
      throw .prefixTooLong(offset: start, found: length)
    }
    let prefix = Array(try take(Int(length)))
    guard let next = Bound(seconds: seconds, prefix: prefix) else {
      throw .prefixTooLong(offset: start, found: length)
    }
    // Equal bounds make an empty range; a full frame may end with two at infinity.
    guard !bound.isAbove(next) else { throw .boundOrder(offset: start) }
    bound = next
    return next
  }

  /// Zero is infinity; everything else adds to the bound before, and no further than infinity.
  private mutating func seconds() throws(ReconciliationError) -> UInt64 {
    let step = try Varint.read(bytes, at: &offset)
    guard step > 0 else { return .max }
    let (sum, overflow) = bound.seconds.addingReportingOverflow(step - 1)
    return overflow ? .max : sum
  }

  private mutating func content() throws(ReconciliationError) -> MessageRange.Content {
    let start = offset
    let mode = try Varint.read(bytes, at: &offset)
    switch mode {
    case Mode.skip: return .skip
    case Mode.fingerprint:
      guard let fingerprint = Fingerprint(try take(Fingerprint.byteCount)) else {
        throw .truncated(offset: bytes.count)
      }
      return .fingerprint(fingerprint)
    case Mode.ids: return .ids(try ids())
    default: throw .unknownMode(offset: start, mode: mode)
    }
  }

  private mutating func ids() throws(ReconciliationError) -> [Digest] {
    let count = try Varint.read(bytes, at: &offset)
    // Before anything is reserved.
    guard count <= UInt64((bytes.count - offset) / Digest.byteCount) else {
      throw .truncated(offset: bytes.count)
    }
    let list = try take(Int(count) * Digest.byteCount)
    return stride(from: list.startIndex, to: list.endIndex, by: Digest.byteCount).compactMap {
      Digest(list[$0..<$0 + Digest.byteCount])
    }
  }

  private mutating func take(_ count: Int) throws(ReconciliationError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - offset else { throw .truncated(offset: bytes.count) }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }
}

/// Appends ranges in ascending order to a new message.
package struct MessageWriter {
  package private(set) var bytes = [Negentropy.version]
  private var seconds: UInt64 = 0

  package init() {}

  package mutating func skip(to bound: Bound) {
    head(bound, Mode.skip)
  }

  package mutating func fingerprint(_ fingerprint: Fingerprint, to bound: Bound) {
    head(bound, Mode.fingerprint)
    bytes += fingerprint.bytes
  }

  /// `ids` are the concatenated ids.
  package mutating func ids(_ ids: [UInt8], to bound: Bound) {
    head(bound, Mode.ids)
    Varint.append(UInt64(ids.count / Digest.byteCount), to: &bytes)
    bytes += ids
  }

  private mutating func head(_ bound: Bound, _ mode: UInt64) {
    let step = bound.isInfinity ? 0 : bound.seconds &- seconds &+ 1
    seconds = bound.seconds
    Varint.append(step, to: &bytes)
    Varint.append(UInt64(bound.prefix.count), to: &bytes)
    bytes += bound.prefix
    Varint.append(mode, to: &bytes)
  }

  /// A place to return to when what follows does not fit.
  struct Mark {
    fileprivate let byteCount: Int
    fileprivate let seconds: UInt64
  }

  var mark: Mark { Mark(byteCount: bytes.count, seconds: seconds) }

  mutating func rewind(to mark: Mark) {
    bytes.removeSubrange(mark.byteCount...)
    seconds = mark.seconds
  }
}
