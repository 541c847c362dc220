import CZstd
import FoundationEssentials
import GRDB
import Synchronization

/// Long bytes as the file holds them: a Zstandard frame (RFC 8878) where that is shorter, else as they
/// are.
///
/// A body is an array of CBOR and a text is UTF-8, so neither begins as a frame does.
enum Packing {
  /// The fastest level; a greater one saves a fiftieth.
  private static let level: Int32 = 1
  private static let magic: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd]
  /// What a damaged length may make this allocate.
  private static let bytesMax = 1 << 28

  /// Making them costs as much as packing a body with them.
  private struct Contexts {
    private let packing = ZSTD_createCCtx()
    private let unpacking = ZSTD_createDCtx()

    /// Empty when it cannot be done.
    func frame(of bytes: [UInt8]) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { out, count in
        let size = ZSTD_compressCCtx(
          packing, out.baseAddress, out.count, bytes, bytes.count, level)
        count = ZSTD_isError(size) == 0 ? size : 0
      }
    }

    /// Empty when it is damaged.
    func content(of frame: [UInt8], length: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: length) { out, count in
        let size = ZSTD_decompressDCtx(
          unpacking, out.baseAddress, out.count, frame, frame.count)
        count = ZSTD_isError(size) == 0 ? size : 0
      }
    }
  }

  private static let contexts = Mutex(Contexts())

  static func packed(_ bytes: [UInt8]) -> Data {
    guard bytes.count <= bytesMax else { return Data(bytes) }
    let frame = contexts.withLock { $0.frame(of: bytes) }
    return Data(frame.isEmpty || frame.count >= bytes.count ? bytes : frame)
  }

  /// Nil when it is damaged.
  static func unpacked(_ data: Data) -> [UInt8]? {
    let bytes = [UInt8](data)
    guard bytes.starts(with: magic) else { return bytes }
    // What is no frame, or does not say its length, says a number that is far too great.
    let length = ZSTD_getFrameContentSize(bytes, bytes.count)
    guard length <= UInt64(bytesMax) else { return nil }
    let content = contexts.withLock { $0.content(of: bytes, length: Int(length)) }
    return content.count == Int(length) ? content : nil
  }

  /// `unpacked(text)`, for the view `searched`.
  static let function = DatabaseFunction("unpacked", argumentCount: 1, pure: true) { values in
    guard let data = Data.fromDatabaseValue(values[0]) else { return nil }
    guard let text = unpacked(data) else {
      throw StoreError.corrupt("a packed text does not unpack")
    }
    return String(decoding: text, as: UTF8.self)
  }
}
