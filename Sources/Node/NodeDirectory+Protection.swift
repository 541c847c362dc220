import Signatures

extension NodeDirectory {
  /// Puts a key under a passphrase, or under another one.
  package func protect(
    _ name: KeyName, guest code: String? = nil, under passphrase: consuming Secret
  ) throws {
    guard !name.isUnattended else { throw NodeError.unattended(key: name.rawValue) }
    let key = try key(name, guest: code)
    try replace(with: KeyRing.Opened(key, under: passphrase), name, guest: code)
  }

  /// Lets a key lie open again.
  package func unprotect(_ name: KeyName, guest code: String? = nil) throws {
    try replace(with: KeyRing.Opened(try key(name, guest: code)), name, guest: code)
  }
}
