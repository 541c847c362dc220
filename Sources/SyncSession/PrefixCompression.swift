import CZstd

/// One Zstandard frame (RFC 8878) that may refer back into bytes that both sides have: what RFC 8878
/// calls a raw content dictionary.
package enum PrefixCompression {
  private static let level: Int32 = 3
  /// Reaches over the longest prefix and the longest content together.
  private static let windowLog: Int32 = 19
  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]

  /// Nil without memory for it.
  package static func compress(_ bytes: [UInt8], after prefix: [UInt8]) -> [UInt8]? {
    guard let context = ZSTD_createCCtx() else { return nil }
    defer { ZSTD_freeCCtx(context) }
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
    // A prefix that is not the same on both sides must not go unseen.
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    return prefix.withUnsafeBytes { prefix in
      ZSTD_CCtx_refPrefix(context, prefix.baseAddress, prefix.count)
      return output(ZSTD_compressBound(bytes.count)) { target in
        ZSTD_compress2(context, target.baseAddress, target.count, bytes, bytes.count)
      }
    }
  }

  /// Nil unless `bytes` are one frame that gives at most `limit`.
  package static func decompress(_ bytes: [UInt8], after prefix: [UInt8], limit: Int) -> [UInt8]? {
    // Only the first of several frames would be read with the prefix.
    guard bytes.starts(with: magic),
      ZSTD_findFrameCompressedSize(bytes, bytes.count) == bytes.count,
      let context = ZSTD_createDCtx()
    else { return nil }
    defer { ZSTD_freeDCtx(context) }
    return prefix.withUnsafeBytes { prefix in
      ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count)
      return output(limit) { target in
        ZSTD_decompressDCtx(context, target.baseAddress, target.count, bytes, bytes.count)
      }
    }
  }

  /// What `write` has written; nil when it says that it could not.
  private static func output(
    _ capacity: Int, _ write: (UnsafeMutableBufferPointer<UInt8>) -> Int
  ) -> [UInt8]? {
    var isWritten = true
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
      let size = write(target)
      isWritten = ZSTD_isError(size) == 0
      count = isWritten ? size : 0
    }
    return isWritten ? bytes : nil
  }
}
