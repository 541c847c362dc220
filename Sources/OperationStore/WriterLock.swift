import Glibc

/// One writer at a time across processes, by `flock` on a file that is used for nothing else.
///
/// It is held over open, write, checkpoint and close of the writing connection: SQLite before
/// 3.51.3 can corrupt a WAL database when two connections write or checkpoint at once.
struct WriterLock: ~Copyable {
  private let descriptor: Int32

  /// Waits until no other process writes; calls `onWait` once if there is something to wait for.
  init(path: String, onWait: () -> Void) throws {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StoreError.cannotOpen(path: path, reason: Self.reason) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      onWait()
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else {
          let reason = Self.reason
          close(descriptor)
          throw StoreError.cannotOpen(path: path, reason: reason)
        }
      }
    }
  }

  deinit {
    close(descriptor)
  }

  private static var reason: String { String(cString: strerror(errno)) }
}
