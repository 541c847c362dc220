import Glibc
import OperationStore

/// A file for others to read, such as a web server, as far as the umask lets them.
enum PublicFile {
  /// Gives a finished file its name, on the disk, whether or not the name is taken.
  static func publish(_ draft: String, as path: String) throws {
    let mask = umask(0)
    umask(mask)
    guard chmod(draft, 0o644 & ~mask) == 0 else { throw Fault() }
    let descriptor = open(draft, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Fault() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw Fault() }
  }

  struct Fault: Error, CustomStringConvertible {
    let description = String(cString: strerror(errno))
  }
}
