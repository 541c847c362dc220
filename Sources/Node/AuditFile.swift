import FoundationEssentials
import Glibc

/// The audit log's file while it is open; closing it lets the lock go.
struct AuditFile: ~Copyable {
  private let descriptor: Int32
  private let path: String

  /// Nil when there is no file to read.
  static func reading(_ path: String) throws -> AuditFile? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor < 0 else { return AuditFile(descriptor: descriptor, path: path) }
    guard errno == ENOENT else { throw failure(path) }
    return nil
  }

  static func appending(_ path: String) throws -> AuditFile {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    return AuditFile(descriptor: descriptor, path: path)
  }

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Daemon and commands write at once.
  ///
  /// Somebody who holds the lock must not stop the product, so it waits a bounded time.
  func lock(_ operation: Int32, waitingSeconds: Int = 5) throws {
    for _ in 0..<(waitingSeconds * 500) {
      if flock(descriptor, operation | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { throw Self.failure(path) }
      usleep(2000)
    }
    throw NodeError.file(
      path: path, problem: "locked by another process for \(waitingSeconds) s")
  }

  func unlock() { flock(descriptor, LOCK_UN) }

  var size: Int {
    get throws {
      var info = stat()
      guard fstat(descriptor, &info) == 0 else { throw Self.failure(path) }
      return Int(info.st_size)
    }
  }

  func read(at offset: Int, count: Int) throws -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    let found = pread(descriptor, &buffer, count, off_t(offset))
    guard found >= 0 else { throw Self.failure(path) }
    return Array(buffer.prefix(found))
  }

  /// One write; what a full disk has cut off is taken back, so that the file still ends in a line.
  func append(_ bytes: [UInt8]) throws {
    let before = try size
    let written = write(descriptor, bytes, bytes.count)
    guard written != bytes.count else { return }
    let failure =
      written < 0 ? Self.failure(path) : NodeError.file(path: path, problem: "the disk is full")
    if written > 0 { ftruncate(descriptor, off_t(before)) }
    throw failure
  }

  func sync() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> NodeError {
    .file(path: path, problem: String(cString: strerror(errno)))
  }
}

/// The file from some offset to some end, line by line, in memory that does not grow with it.
struct AuditPieces {
  struct Piece {
    /// Without the newline.
    let bytes: [UInt8]
    let hasNewline: Bool
    /// From newline to newline or to the end, and no longer than our lines are.
    let isLine: Bool
    /// The place of its line, from 1 at the offset.
    let number: Int
  }

  private static let chunk = 1 << 16
  private var offset: Int
  private let end: Int
  private var buffer: [UInt8] = []
  private var start = 0
  private var number = 1
  private var isAtLineStart = true

  init(from offset: Int = 0, to end: Int) {
    self.offset = offset
    self.end = end
  }

  /// Nil at the end.
  mutating func next(_ file: borrowing AuditFile) throws -> Piece? {
    while true {
      let window = buffer[start...].prefix(AuditLine.bytesMax)
      if let newline = window.firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: newline, hasNewline: true)
      }
      if window.count == AuditLine.bytesMax {
        return take(upTo: window.endIndex, isEnd: false)
      }
      guard offset < end else {
        return window.isEmpty ? nil : take(upTo: window.endIndex)
      }
      let more = try file.read(at: offset, count: min(Self.chunk, end - offset))
      // Somebody has cut the file off while we read.
      offset = more.isEmpty ? end : offset + more.count
      buffer = Array(window) + more
      start = 0
    }
  }

  private mutating func take(
    upTo index: Int, hasNewline: Bool = false, isEnd: Bool = true
  ) -> Piece {
    let piece = Piece(
      bytes: Array(buffer[start..<index]), hasNewline: hasNewline,
      isLine: isAtLineStart && isEnd, number: number)
    start = hasNewline ? index + 1 : index
    isAtLineStart = hasNewline
    number += hasNewline ? 1 : 0
    return piece
  }
}
