import NIOCore
import WireFormat

/// Cuts a byte stream into frames: 4 bytes big-endian length, then that many bytes.
///
/// Once both sides have agreed on it, the highest bit of a length says that the bytes are compressed.
///
/// Frames are cut on demand and a length is judged as soon as it is next, so the buffer never
/// holds more than one frame and what one read brought.
package struct FrameReader {
  static let prefixBytes = 4
  package static let compressedBit: UInt32 = 1 << 31

  /// Set when both sides have agreed on compression.
  package var decompressor: FrameDecompressor?
  /// What the latest frame took on the wire, its length included.
  package private(set) var latestByteCount = 0
  private var buffer = ByteBuffer()
  /// What was wrong with a frame, after which none can be found.
  private var fault: PeerTransportError?
  private var lengthMax = Limits.helloBytesMax

  package var isEmpty: Bool { buffer.readableBytes == 0 }

  package init() {}

  package mutating func append(_ bytes: ByteBuffer) {
    if isEmpty {
      buffer = bytes
    } else {
      buffer.discardReadBytes()
      buffer.writeImmutableBuffer(bytes)
    }
  }

  mutating func removeAll() {
    buffer = ByteBuffer()
  }

  /// Whether `next` would give a frame.
  package func holdsFrame() throws(PeerTransportError) -> Bool {
    guard let head = try nextHead() else { return false }
    return buffer.readableBytes - Self.prefixBytes >= head.length
  }

  /// The next whole frame, without its length; nil until it is here.
  ///
  /// Throws for a length of 0 or over the limit: `Limits.helloBytesMax` for the first frame,
  /// `Limits.frameBytesMax` for the others. No frame can be found after that.
  package mutating func next() throws(PeerTransportError) -> [UInt8]? {
    guard try holdsFrame(), let head = try nextHead() else { return nil }
    buffer.moveReaderIndex(forwardBy: Self.prefixBytes)
    lengthMax = Limits.frameBytesMax
    latestByteCount = Self.prefixBytes + head.length
    guard let bytes = buffer.readBytes(length: head.length) else { return nil }
    guard head.isCompressed, let decompressor else { return bytes }
    do {
      return try decompressor.decompress(bytes)
    } catch {
      buffer = ByteBuffer()
      fault = error
      throw error
    }
  }

  private func nextHead() throws(PeerTransportError) -> (length: Int, isCompressed: Bool)? {
    if let fault { throw fault }
    guard let prefix = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return nil
    }
    // Nobody's first frame is compressed: nothing is unpacked for a peer that has said nothing yet.
    let mayBeCompressed = decompressor != nil && lengthMax == Limits.frameBytesMax
    let isCompressed = mayBeCompressed && prefix & Self.compressedBit != 0
    let length = Int(isCompressed ? prefix & ~Self.compressedBit : prefix)
    try Self.check(length, limit: lengthMax)
    return (length, isCompressed)
  }

  static func check(_ length: Int, limit: Int) throws(PeerTransportError) {
    guard length > 0 else { throw .frameEmpty }
    guard length <= limit else { throw .frameTooLarge(limit: limit, found: length) }
  }
}
