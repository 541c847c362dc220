import Signatures
import Synchronization

/// The sealed keys that a command has opened, so that it asks for each passphrase once.
final class KeyRing: Sendable {
  final class Opened: Sendable {
    let key: SigningKey
    /// Nil for a key that lies open.
    let passphrase: Secret?

    init(_ key: SigningKey) {
      self.key = key
      passphrase = nil
    }

    init(_ key: SigningKey, under passphrase: consuming Secret) {
      self.key = key
      self.passphrase = consume passphrase
    }
  }

  private let opened = Mutex<[String: Opened]>([:])

  /// By the file's path.
  subscript(path: String) -> Opened? {
    get { opened.withLock { $0[path] } }
    set { opened.withLock { $0[path] = newValue } }
  }
}
