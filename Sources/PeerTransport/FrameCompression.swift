import CZstd
import WireFormat

/// The frames of one direction as pieces of one Zstandard stream
/// (`Protocol/session.md#compression`).
///
/// Used on the event loop only. The memory is taken when the first frame is compressed.
package final class FrameCompressor {
  private static let level: Int32 = 3
  private static let tableLog: Int32 = 15
  /// What is shorter gains nothing; what is about as long as may be could grow over the limit.
  private static let lengths = 256...(Limits.frameBytesMax - 1024)

  private var context: OpaquePointer?

  package init() {}

  deinit { ZSTD_freeCCtx(context) }

  /// What to send instead of a frame; nil when it goes as it is.
  package func compress(_ frame: [UInt8]) -> [UInt8]? {
    guard Self.lengths.contains(frame.count), let context = started() else { return nil }
    let capacity = ZSTD_compressBound(frame.count)
    return [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      frame.withUnsafeBytes { source in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        let rest = ZSTD_compressStream2(context, &output, &input, ZSTD_e_flush)
        // The bound is the library's own promise.
        precondition(rest == 0 && input.pos == input.size, "zstd did not take a frame whole")
        count = output.pos
      }
    }
  }

  private func started() -> OpaquePointer? {
    if let context { return context }
    guard let made = ZSTD_createCCtx() else { return nil }
    ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, Self.level)
    ZSTD_CCtx_setParameter(made, ZSTD_c_windowLog, Int32(Limits.compressionWindowLog))
    // Tables for the window and no larger.
    ZSTD_CCtx_setParameter(made, ZSTD_c_hashLog, Self.tableLog)
    ZSTD_CCtx_setParameter(made, ZSTD_c_chainLog, Self.tableLog)
    context = made
    return made
  }
}

/// The other end of a `FrameCompressor`: nothing it is given can make it write more than one frame.
package final class FrameDecompressor {
  /// How a stream begins; the library would also read formats of old, which keep no bounds.
  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

  private var context: OpaquePointer?

  package init() {}

  deinit { ZSTD_freeDCtx(context) }

  package func decompress(_ bytes: [UInt8]) throws(PeerTransportError) -> [UInt8] {
    guard self.context != nil || bytes.starts(with: Self.magic) else {
      throw .frameCompression(reason: "it does not begin a Zstandard stream")
    }
    guard let context = started() else { throw .frameCompression(reason: "no memory") }
    // One byte more than a frame may have, so that one that has just that many is told apart.
    var output = [UInt8](repeating: 0, count: Limits.frameBytesMax + 1)
    let (code, read, written) = output.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { source in
        var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
        var buffer = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
        // Not 0: a stream never ends, and what would follow its end might be of another format.
        var code = 1
        repeat {
          code = ZSTD_decompressStream(context, &buffer, &input)
        } while ZSTD_isError(code) == 0 && code != 0 && input.pos < input.size
          && buffer.pos < buffer.size
        return (code, input.pos, buffer.pos)
      }
    }
    guard ZSTD_isError(code) == 0 else {
      throw .frameCompression(reason: String(cString: ZSTD_getErrorName(code)))
    }
    guard code != 0 else { throw .frameCompression(reason: "the stream has ended") }
    try FrameReader.check(written, limit: Limits.frameBytesMax)
    guard read == bytes.count else { throw .frameCompression(reason: "bytes after the frame") }
    output.removeSubrange(written...)
    return output
  }

  private func started() -> OpaquePointer? {
    if let context { return context }
    guard let made = ZSTD_createDCtx() else { return nil }
    ZSTD_DCtx_setParameter(made, ZSTD_d_windowLogMax, Int32(Limits.compressionWindowLog))
    context = made
    return made
  }
}
