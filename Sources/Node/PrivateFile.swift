import FoundationEssentials
import Glibc
import Signatures

/// Files that nobody else may read: written whole or not at all, refused when looser.
enum PrivateFile {
  private static let byteCountMax = 1 << 20

  /// Makes the folders above too, each with its mode: one that is set afterwards is one that a
  /// killed process has not set.
  static func createDirectory(_ path: String) throws {
    guard access(path, F_OK) != 0 else { return try checkDirectory(path) }
    let above = split(path).folder
    if access(above, F_OK) != 0 { try createDirectory(above) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path) }
    try checkDirectory(path)
    syncDirectory(of: path)
  }

  /// Refuses to replace a file: a name is linked, never renamed over.
  static func create(_ path: String, _ bytes: [UInt8]) throws {
    try writeBeside(path, bytes) { temporary in
      guard link(temporary, path) == 0 else {
        throw errno == EEXIST ? NodeError.fileExists(path: path) : failure(path)
      }
    }
  }

  /// The old content or the new is there whatever happens, and the old is overwritten afterwards.
  static func replace(_ path: String, _ bytes: [UInt8]) throws {
    removeLeftovers(of: path)
    let old = try openChecked(path, O_RDWR)
    defer { close(old.descriptor) }
    // Overwriting would destroy what somebody keeps under the other name, and not doing it would
    // leave it readable.
    guard old.info.st_nlink == 1 else {
      throw NodeError.file(
        path: path, problem: "has another name too (a hard link); remove that one first")
    }
    try writeBeside(path, bytes) { temporary in
      guard rename(temporary, path) == 0 else { throw failure(path) }
    }
    // What a disk writes in place is gone; no program can promise it of others.
    let zeros = [UInt8](repeating: 0, count: Int(old.info.st_size))
    _ = pwrite(old.descriptor, zeros, zeros.count, 0)
    fsync(old.descriptor)
  }

  /// Gives a file another name that is free.
  static func move(_ path: String, to other: String) throws {
    guard access(other, F_OK) != 0 else { throw NodeError.fileExists(path: other) }
    guard rename(path, other) == 0 else { throw failure(path) }
    syncDirectory(of: path)
  }

  static func remove(_ path: String) throws {
    guard unlink(path) == 0 else { throw failure(path) }
    syncDirectory(of: path)
  }

  static func read(_ path: String) throws -> [UInt8] {
    let (descriptor, info) = try openChecked(path, O_RDONLY)
    defer { close(descriptor) }
    guard info.st_size <= byteCountMax else {
      throw NodeError.file(path: path, problem: "is larger than \(byteCountMax) bytes")
    }
    // One buffer of the right size, so that a secret is not left behind in smaller ones.
    var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
    guard Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else { throw failure(path) }
    return bytes
  }

  /// Takes the rights to a file from everybody else.
  static func closeToOthers(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fchmod(descriptor, 0o600)
    close(descriptor)
  }

  static func checkDirectory(_ path: String) throws {
    var info = stat()
    guard lstat(path, &info) == 0 else { throw failure(path) }
    guard info.st_mode & S_IFMT == S_IFDIR else {
      throw NodeError.notPlain(path: path, expected: .folder)
    }
    try check(path, info, allowed: 0o700)
  }

  /// A file or a folder, whichever it is.
  static func check(_ path: String) throws {
    if isDirectory(path) { return try checkDirectory(path) }
    close(try openChecked(path, O_RDONLY).descriptor)
  }

  // MARK: -

  /// Checks what was opened, not what the name meant a moment ago.
  private static func openChecked(
    _ path: String, _ flags: Int32
  ) throws -> (descriptor: Int32, info: stat) {
    let descriptor = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw errno == ELOOP ? NodeError.notPlain(path: path, expected: .file) : failure(path)
    }
    do {
      var info = stat()
      guard fstat(descriptor, &info) == 0 else { throw failure(path) }
      guard info.st_mode & S_IFMT == S_IFREG else {
        throw NodeError.notPlain(path: path, expected: .file)
      }
      try check(path, info, allowed: 0o600)
      return (descriptor, info)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// A key that others can read is no longer a key.
  private static func check(_ path: String, _ info: stat, allowed: mode_t) throws {
    guard info.st_uid == geteuid() else {
      throw NodeError.owner(path: path, owner: info.st_uid, user: geteuid())
    }
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

  /// Writes and syncs a file beside, lets `publish` give it its name, and syncs the directory.
  private static func writeBeside(
    _ path: String, _ bytes: [UInt8], publish: (_ temporary: String) throws -> Void
  ) throws {
    let temporary = "\(path).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure(path) }
    defer {
      close(descriptor)
      unlink(temporary)
    }
    guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      throw failure(path)
    }
    try publish(temporary)
    syncDirectory(of: path)
  }

  /// Files beside that a killed process has left.
  private static func removeLeftovers(of path: String) {
    let parts = split(path)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parts.folder)) ?? []
    for name in names where name.hasPrefix(parts.name + ".") {
      guard let process = pid_t(name.dropFirst(parts.name.count + 1)), kill(process, 0) != 0
      else { continue }
      unlink("\(parts.folder)/\(name)")
    }
  }

  private static func syncDirectory(of path: String) {
    let directory = open(split(path).folder, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { return }
    fsync(directory)
    close(directory)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    return (
      slash == path.startIndex ? "/" : String(path[..<slash]),
      String(path[path.index(after: slash)...])
    )
  }

  private static func failure(_ path: String) -> NodeError {
    .file(path: path, problem: String(cString: strerror(errno)))
  }
}
