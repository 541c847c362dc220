import Glibc

/// Files that are made under another name, and are on the disk before they get their own.
enum DurableFile {
  /// An empty file that nobody else may read.
  static func create(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      if errno == EEXIST { throw StoreError.exists(path: path) }
      throw StoreError.cannotWrite(path: path, reason: reason)
    }
    close(descriptor)
  }

  static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw StoreError.cannotOpen(path: path, reason: reason) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw StoreError.cannotWrite(path: path, reason: reason) }
  }

  /// Gives a file another name, which stays across a power cut; refuses one that is taken.
  static func publish(_ draft: String, as name: String) throws {
    guard link(draft, name) == 0 else {
      if errno == EEXIST { throw StoreError.exists(path: name) }
      throw StoreError.cannotWrite(path: name, reason: reason)
    }
    try sync(folder(of: name))
  }

  /// The same, whether or not the name is taken.
  static func replace(_ name: String, with draft: String) throws {
    guard rename(draft, name) == 0 else {
      throw StoreError.cannotWrite(path: name, reason: reason)
    }
    try sync(folder(of: name))
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static var reason: String { String(cString: strerror(errno)) }
}

/// A file on its way to a name, which goes when its maker fails, and with the next try when it is
/// killed.
struct DraftFile: ~Copyable {
  let path: String
  private let name: String

  /// Makes an empty one beside `name`.
  init(for name: String) throws {
    self.name = name
    Self.removeAbandoned(name)
    path = "\(name).part-\(getpid())"
    try DurableFile.create(path)
  }

  deinit {
    for suffix in ["", "-journal", "-wal", "-shm", ".lock"] { unlink(path + suffix) }
  }

  func publish(replacing: Bool) throws {
    try DurableFile.sync(path)
    if replacing {
      try DurableFile.replace(name, with: path)
    } else {
      try DurableFile.publish(path, as: name)
    }
  }

  /// Removes the drafts of processes that are no more.
  private static func removeAbandoned(_ name: String) {
    let folder = DurableFile.folder(of: name)
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    let prefix = name.split(separator: "/").last.map { "\($0).part-" } ?? ""
    while let entry = readdir(entries) {
      let file = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard file.hasPrefix(prefix),
        let number = file.dropFirst(prefix.count).split(whereSeparator: { !$0.isNumber }).first,
        let process = pid_t(number), process == getpid() || kill(process, 0) != 0 && errno == ESRCH
      else { continue }
      unlink("\(folder)/\(file)")
    }
  }
}
