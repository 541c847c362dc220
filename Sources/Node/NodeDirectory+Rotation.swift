import FoundationEssentials
import Glibc
import Signatures

extension NodeDirectory {
  /// A key that a rotation has replaced; a person deletes its file.
  package struct OldKey: Sendable {
    package let title: String
    package let publicKey: PublicKey
    package let isProtected: Bool
  }

  package func oldKeys(guest code: String? = nil) throws -> [OldKey] {
    let anyPath = keyPath(.root, guest: code)
    let folder = String(anyPath[..<(anyPath.lastIndex(of: "/") ?? anyPath.startIndex)])
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.filter { $0.hasPrefix("old-") && $0.hasSuffix(".key") }.sorted().map { name in
      let file = try keyFile(at: "\(folder)/\(name)")
      var isProtected = false
      if case .sealed = file.content { isProtected = true }
      return OldKey(
        title: String(name.dropLast(4)), publicKey: file.publicKey, isProtected: isProtected)
    }
  }

  func oldKeyPath(_ name: KeyName, _ key: PublicKey, guest code: String?) -> String {
    let path = keyPath(name, guest: code)
    guard let slash = path.lastIndex(of: "/") else { return path }
    return "\(path[..<slash])/old-\(name.rawValue)-\(key.description.prefix(16)).key"
  }

  /// Gives a replaced key another name; its file stays as it is, so it can be given its name back.
  func setAside(_ name: KeyName, _ key: PublicKey, guest code: String?) throws {
    let path = keyPath(name, guest: code)
    try PrivateFile.move(path, to: oldKeyPath(name, key, guest: code))
    ring[path] = nil
  }

  func remove(_ name: KeyName, guest code: String?) throws {
    let path = keyPath(name, guest: code)
    try PrivateFile.remove(path)
    ring[path] = nil
  }

  /// Draws a key and writes it under the passphrase of another, if that has one.
  func createKey(
    _ name: KeyName, guest code: String?, protectedLike other: KeyName
  ) throws -> PublicKey {
    guard let key = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw NodeError.keyFile(path: keyPath(name, guest: code), problem: "no randomness")
    }
    let opened = try opened(other, guest: code)
    switch opened.passphrase {
    case .none: try write(key, as: name, guest: code)
    case .some(let passphrase):
      try write(KeyRing.Opened(key, under: passphrase.copy()), as: name, guest: code)
    }
    return key.publicKey
  }
}
