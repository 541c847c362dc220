import FoundationEssentials
import Glibc

/// Files that nobody else may read: written whole or not at all, refused when looser.
enum PrivateFile {
  static func createDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw NodeError.file(path: path, problem: "cannot be created")
    }
    try checkMode(path, allowed: 0o700)
  }

  /// Writes beside, syncs, gives it its name, and syncs the directory.
  ///
  /// Refuses to replace a file: a name is linked, never renamed over.
  static func create(_ path: String, _ text: String) throws {
    let temporary = "\(path).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw failure(path)
    }
    guard link(temporary, path) == 0 else {
      throw errno == EEXIST ? NodeError.exists(path: path) : failure(path)
    }
    let directory = open(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), O_RDONLY)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  static func read(_ path: String) throws -> String {
    try checkMode(path, allowed: 0o600)
    guard let data = FileManager.default.contents(atPath: path) else { throw failure(path) }
    return String(decoding: data, as: UTF8.self)
  }

  /// A key that others can read is no longer a key.
  static func checkMode(_ path: String, allowed: mode_t) throws {
    var info = stat()
    guard stat(path, &info) == 0 else { throw failure(path) }
    let mode = info.st_mode & 0o777
    guard mode & ~allowed == 0 else {
      throw NodeError.openMode(
        path: path, mode: String(mode, radix: 8), expected: String(allowed, radix: 8))
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  private static func failure(_ path: String) -> NodeError {
    .file(path: path, problem: String(cString: strerror(errno)))
  }
}
