import NIOCore
import WireFormat

/// Cuts a byte stream into frames: 4 bytes big-endian length, then that many bytes.
///
/// Frames are cut on demand and a length is judged as soon as it is next, so the buffer never
/// holds more than one frame and what one read brought.
package struct FrameReader {
  static let prefixBytes = 4

  private var buffer = ByteBuffer()
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
    guard let length = try nextLength() else { return false }
    return buffer.readableBytes - Self.prefixBytes >= length
  }

  /// The next whole frame, without its length; nil until it is here.
  ///
  /// Throws for a length of 0 or over the limit: `Limits.helloBytesMax` for the first frame,
  /// `Limits.frameBytesMax` for the others. No frame can be found after that.
  package mutating func next() throws(PeerTransportError) -> [UInt8]? {
    guard try holdsFrame(), let length = try nextLength() else { return nil }
    buffer.moveReaderIndex(forwardBy: Self.prefixBytes)
    lengthMax = Limits.frameBytesMax
    return buffer.readBytes(length: length)
  }

  private func nextLength() throws(PeerTransportError) -> Int? {
    guard let prefix = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return nil
    }
    let length = Int(prefix)
    try Self.check(length, limit: lengthMax)
    return length
  }

  static func check(_ length: Int, limit: Int) throws(PeerTransportError) {
    guard length > 0 else { throw .frameEmpty }
    guard length <= limit else { throw .frameTooLarge(limit: limit, found: length) }
  }
}
