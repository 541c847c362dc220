import CZstd
import NIOCore
import PeerTransport
import Testing
import WireFormat

@Suite(.timeLimit(.minutes(1))) struct CompressionTests {
  /// Frames as they come in a session: small ones, text that repeats, and what does not compress.
  private static let frames: [[UInt8]] = {
    var state: UInt64 = 7
    func noise(_ count: Int) -> [UInt8] {
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
    }
    let text = Array(String(repeating: "Ett gott exempel från kommunen. ", count: 1500).utf8)
    return [
      [1], text, [2], text + noise(64), noise(40_000), Array(text.prefix(255)),
      Array(text.prefix(256)), noise(Limits.frameBytesMax), noise(Limits.frameBytesMax - 1024),
      text,
    ]
  }()

  /// The beginning of a stream, as nobody of ours would make it.
  private static func packed(
    _ bytes: [UInt8], windowLog: Int32 = 17, isEnded: Bool = false
  ) -> [UInt8] {
    let context = ZSTD_createCCtx()
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    var target = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
    return target.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let directive = isEnded ? ZSTD_e_end : ZSTD_e_flush
        while ZSTD_compressStream2(context, &output, &input, directive) != 0 {}
        return Array(target.prefix(output.pos))
      }
    }
  }

  private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    prefix(Int(FrameReader.compressedBit) | bytes.count) + bytes
  }

  @Test
  func `frames come out as they went in, and text that was said before costs next to nothing`()
    throws
  {
    let compressor = FrameCompressor()
    var reader = FrameReader()
    reader.decompressor = FrameDecompressor()
    var sizes: [Int] = []
    for (index, frame) in Self.frames.enumerated() {
      let bytes = index == 0 ? nil : compressor.compress(frame)
      let sent = bytes.map(Self.compressed) ?? framed(frame)
      sizes.append(sent.count)
      for start in stride(from: 0, to: sent.count, by: 1000) {
        reader.append(ByteBuffer(bytes: sent[start..<min(start + 1000, sent.count)]))
      }
      #expect(try reader.next() == frame)
      #expect(reader.latestByteCount == sent.count && reader.isEmpty)
    }
    #expect(sizes[1] < Self.frames[1].count / 20)
    #expect(sizes[5] == 4 + 255, "a short frame goes as it is")
    #expect(sizes[7] == 4 + Limits.frameBytesMax, "one that could grow over the limit does too")
    #expect(sizes[8] <= 4 + Limits.frameBytesMax)
    #expect(sizes[9] < 200)
  }

  @Test func `what unpacks to more than a frame is stopped at the limit`() throws {
    let bomb = Self.packed([UInt8](repeating: 0, count: 50 << 20))
    #expect(bomb.count < 10_000)
    #expect(
      throws: PeerTransportError.frameTooLarge(
        limit: Limits.frameBytesMax, found: Limits.frameBytesMax + 1)
    ) { try FrameDecompressor().decompress(bomb) }
    let least = Self.packed([UInt8](repeating: 0, count: Limits.frameBytesMax + 1))
    #expect(throws: PeerTransportError.self) { try FrameDecompressor().decompress(least) }
    let most = [UInt8](repeating: 0, count: Limits.frameBytesMax)
    #expect(try FrameDecompressor().decompress(Self.packed(most)) == most)
  }

  @Test func `what does not continue the stream is refused`() {
    func code(_ bytes: [UInt8], after frame: [UInt8]? = nil) -> String? {
      let decompressor = FrameDecompressor()
      do {
        if let frame { _ = try decompressor.decompress(frame) }
        _ = try decompressor.decompress(bytes)
        return nil
      } catch {
        return error.code
      }
    }
    let text = Self.frames[1]
    #expect(code([1, 2, 3, 4, 5, 6, 7, 8]) == "frame-compression")
    #expect(
      code([UInt8](repeating: 0xff, count: 40), after: FrameCompressor().compress(text))
        == "frame-compression")
    #expect(code([]) == "frame-compression")
    #expect(code(Array(Self.packed(text).prefix(6))) == "frame-empty")
    #expect(code(Self.packed(text)) == nil)
    #expect(code(Self.packed(text, isEnded: true)) == "frame-compression", "a stream never ends")
    #expect(code(Self.packed(text) + [7, 7, 7]) == "frame-compression")
    // Formats of old, which the library reads without a bound on the window; and a skippable frame.
    for magic: [UInt8] in [
      [0x25, 0xb5, 0x2f, 0xfd], [0x26, 0xb5, 0x2f, 0xfd], [0x27, 0xb5, 0x2f, 0xfd],
      [0x50, 0x2a, 0x4d, 0x18],
    ] {
      #expect(code(magic + [UInt8](repeating: 0, count: 60)) == "frame-compression")
    }
    // A window that would take more memory than a connection has.
    let wide = Self.packed(Self.frames[7] + Self.frames[7] + Self.frames[7], windowLog: 24)
    #expect(code(wide) == "frame-compression")
  }

  @Test func `before both have agreed, and in a first frame, the bit is part of the length`() throws
  {
    let bytes = Self.compressed(Self.packed(Self.frames[1]))
    for decompressor in [nil, FrameDecompressor()] {
      var reader = FrameReader()
      reader.decompressor = decompressor
      reader.append(ByteBuffer(bytes: bytes))
      #expect(throws: PeerTransportError.self) { try reader.next() }
    }
    var plain = FrameReader()
    plain.append(ByteBuffer(bytes: framed([1]) + bytes))
    #expect(try plain.next() == [1])
    #expect(throws: PeerTransportError.self) { try plain.next() }
  }

  @Test func `after a frame that cannot be read there is none`() {
    var reader = FrameReader()
    reader.decompressor = FrameDecompressor()
    reader.append(
      ByteBuffer(bytes: framed([1]) + Self.compressed([1, 2, 3, 4, 5, 6]) + framed([2])))
    #expect(throws: Never.self) { try reader.next() }
    for _ in 0..<2 {
      #expect(throws: PeerTransportError.self) { try reader.next() }
    }
    reader.append(ByteBuffer(bytes: framed([3])))
    #expect(throws: PeerTransportError.self) { try reader.holdsFrame() }
  }

  @Test func `two nodes agree on it, and count the bytes that went over the line`() async throws {
    try await withPair { client, server in
      try await client.send([1])
      for frame in Self.frames { try await client.send(frame) }
      #expect(try await server.receive() == [1])
      for frame in Self.frames { #expect(try await server.receive() == frame) }
      let whole = Self.frames.reduce(0) { $0 + $1.count }
      #expect(server.bytesReceived < whole - 90_000)
      #expect(client.bytesSent == server.bytesReceived)
      try await server.send([3])
      try await server.send(Self.frames[1])
      #expect(try await client.receive() == [3])
      #expect(try await client.receive() == Self.frames[1])
    }
  }
}
