import FoundationEssentials
import Glibc

/// A file for others to read, such as a web server, as far as the umask lets them.
enum PublicFile {
  /// Makes a file under another name and gives it its own when it is whole and on the disk, whether or
  /// not the name is taken.
  static func write(
    _ path: String, _ console: Console, _ make: (_ draft: String) throws -> Void
  ) throws {
    let draft = path + ".part-\(getpid())"
    defer { for suffix in ["", "-journal"] { unlink(draft + suffix) } }
    do {
      try make(draft)
      try publish(draft, as: path)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure.invalid(
        console.text(
          "\(path) går inte att skriva (\(error)); det som fanns där är orört.",
          "\(path) cannot be written (\(error)); what was there is untouched."))
    }
  }

  private static func publish(_ draft: String, as path: String) throws {
    let mask = umask(0)
    umask(mask)
    guard chmod(draft, 0o644 & ~mask) == 0 else { throw Fault() }
    let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Fault() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Fault() }
  }

  private struct Fault: Error, CustomStringConvertible {
    let description = String(cString: strerror(errno))
  }
}

/// A folder of public files, of which it remembers what was written last time.
struct PublicFolder {
  /// The names of all files that an export has written, a line each.
  private static let list = ".sprida-export"

  private let path: String
  private let console: Console
  private var written: [String] = []

  init(_ path: String, _ console: Console) {
    (self.path, self.console) = (path, console)
  }

  /// `name` may lie in folders of its own.
  mutating func write(_ name: String, _ make: (_ draft: String) throws -> Void) throws {
    try createFolder(of: path + "/" + name)
    try PublicFile.write(path + "/" + name, console, make)
    written.append(name)
  }

  mutating func write(_ name: String, text: String) throws {
    try write(name) { try Data(text.utf8).write(to: URL(filePath: $0)) }
  }

  /// Removes what an earlier export has written and this one has not, such as pages of what has been
  /// withdrawn; nothing that others have put here.
  mutating func removeFormer() throws {
    let former = FileManager.default.contents(atPath: path + "/" + Self.list) ?? Data()
    let kept = Set(written)
    for name in String(decoding: former, as: UTF8.self).split(separator: "\n").map(String.init)
    where !kept.contains(name) {
      // Only names below the folder, whoever may have written the list.
      guard !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else { continue }
      unlink(path + "/" + name)
    }
    try write(Self.list, text: written.joined(separator: "\n") + "\n")
  }

  private func createFolder(of file: String) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure.invalid(
        console.text(
          "Mappen \(folder) går inte att skapa (\(error)).",
          "The folder \(folder) cannot be made (\(error))."))
    }
  }
}
