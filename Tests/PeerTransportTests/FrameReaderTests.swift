import NIOCore
import PeerTransport
import Testing
import WireFormat

@Suite struct FrameReaderTests {
  private let frames: [[UInt8]] = [[7], [UInt8](1...255), [9, 9]]

  @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 1000])
  func `frames come out whole however the bytes are split`(size: Int) throws {
    var reader = FrameReader()
    var found: [[UInt8]] = []
    let stream = frames.flatMap(framed)
    for start in stride(from: 0, to: stream.count, by: size) {
      reader.append(ByteBuffer(bytes: stream[start..<min(start + size, stream.count)]))
      while let frame = try reader.next() { found.append(frame) }
    }
    #expect(found == frames)
    #expect(reader.isEmpty)
  }

  @Test func `the first frame may have the hello limit and no more`() throws {
    var reader = FrameReader()
    reader.append(ByteBuffer(bytes: prefix(Limits.helloBytesMax)))
    #expect(try reader.next() == nil)
    reader = FrameReader()
    reader.append(ByteBuffer(bytes: prefix(Limits.helloBytesMax + 1)))
    #expect(
      throws: PeerTransportError.frameTooLarge(
        limit: Limits.helloBytesMax, found: Limits.helloBytesMax + 1)
    ) { try reader.next() }
  }

  @Test func `later frames may have the frame limit and no more`() throws {
    var reader = FrameReader()
    reader.append(ByteBuffer(bytes: framed([1]) + prefix(Limits.frameBytesMax)))
    #expect(try reader.next() == [1])
    #expect(try reader.next() == nil)
    reader = FrameReader()
    reader.append(ByteBuffer(bytes: framed([1]) + prefix(0xffff_ffff)))
    #expect(try reader.next() == [1])
    #expect(
      throws: PeerTransportError.frameTooLarge(limit: Limits.frameBytesMax, found: 0xffff_ffff)
    ) { try reader.next() }
  }

  @Test func `an empty frame is refused`() throws {
    var reader = FrameReader()
    reader.append(ByteBuffer(bytes: prefix(0)))
    #expect(throws: PeerTransportError.frameEmpty) { try reader.holdsFrame() }
  }
}
