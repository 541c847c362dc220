import FoundationEssentials
import Glibc
import Signatures

extension NodeDirectory {
  /// Which key; the file is `keys/<name>.key`, or `keys/<code>/<name>.key` for an organisation that
  /// is a guest of this node.
  package enum KeyName: String, CaseIterable, Sendable {
    case council
    case nextCouncil = "next-council"
    /// Drawn for a rotation that is under way.
    case pendingCouncil = "pending-council"
    case root
    case nextRoot = "next-root"
    case pendingRoot = "pending-root"
    case admin
    case service
    case node
    case officer

    /// Used by `serve`, which has nobody to ask.
    package var isUnattended: Bool { self == .node || self == .service }
  }

  /// With the organisation's code for a guest's.
  package static func title(_ name: KeyName, guest code: String?) -> String {
    code.map { "\(folderName($0))/\(name.rawValue)" } ?? name.rawValue
  }

  package func keyPath(_ name: KeyName, guest code: String? = nil) -> String {
    "\(path)/keys/\(Self.title(name, guest: code)).key"
  }

  package func hasKey(_ name: KeyName, guest code: String? = nil) -> Bool {
    access(keyPath(name, guest: code), F_OK) == 0
  }

  /// The codes of the organisations whose keys are here as a guest's.
  package var guests: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path + "/keys")) ?? []
    return names.filter { isFolder("\(path)/keys/\($0)") }.sorted().map { name in
      guard let hyphen = name.firstIndex(of: "-") else { return name }
      return name.replacingCharacters(at: hyphen, with: ":")
    }
  }

  /// Draws a key and writes it; never replaces one.
  package func createKey(_ name: KeyName, guest code: String? = nil) throws -> SigningKey {
    guard let key = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw NodeError.keyFile(path: keyPath(name, guest: code), problem: "no randomness")
    }
    try write(key, as: name, guest: code)
    return key
  }

  /// Writes a key that lies open; never replaces one.
  package func write(_ key: SigningKey, as name: KeyName, guest code: String? = nil) throws {
    try write(KeyRing.Opened(key), as: name, guest: code)
  }

  /// Without its passphrase, if it has one.
  package func publicKey(_ name: KeyName, guest code: String? = nil) throws -> PublicKey {
    try keyFile(name, guest: code).publicKey
  }

  package func isProtected(_ name: KeyName, guest code: String? = nil) throws -> Bool {
    if case .sealed = try keyFile(name, guest: code).content { true } else { false }
  }

  /// The key itself; asks for its passphrase, if it has one, the first time.
  package func key(_ name: KeyName, guest code: String? = nil) throws -> SigningKey {
    try opened(name, guest: code).key
  }

  // MARK: - Files

  func write(
    _ opened: KeyRing.Opened, as name: KeyName, guest code: String? = nil
  ) throws {
    let path = keyPath(name, guest: code)
    try PrivateFile.createDirectory(self.path + "/keys")
    if let code { try PrivateFile.createDirectory("\(self.path)/keys/\(Self.folderName(code))") }
    try withFile(of: opened, as: name) { try PrivateFile.create(path, $0) }
    ring[path] = opened
  }

  func replace(
    with opened: KeyRing.Opened, _ name: KeyName, guest code: String? = nil
  ) throws {
    let path = keyPath(name, guest: code)
    try withFile(of: opened, as: name) { try PrivateFile.replace(path, $0) }
    ring[path] = opened
  }

  func opened(_ name: KeyName, guest code: String? = nil) throws -> KeyRing.Opened {
    let path = keyPath(name, guest: code)
    if let opened = ring[path] { return opened }
    let opened: KeyRing.Opened
    switch try keyFile(name, guest: code).content {
    case .plain(let key): opened = KeyRing.Opened(key)
    case .sealed(let sealed):
      let title = Self.title(name, guest: code)
      let passphrase = try ask(title)
      guard let key = try sealed.open(under: passphrase) else {
        throw NodeError.wrongPassphrase(key: title)
      }
      opened = KeyRing.Opened(key, under: passphrase)
    }
    ring[path] = opened
    return opened
  }

  func keyFile(_ name: KeyName, guest code: String? = nil) throws -> KeyFile {
    let path = keyPath(name, guest: code)
    guard hasKey(name, guest: code) else { throw NodeError.noKey(role: name.rawValue, path: path) }
    try PrivateFile.checkDirectory(self.path + "/keys")
    if let code { try PrivateFile.checkDirectory("\(self.path)/keys/\(Self.folderName(code))") }
    let file = try keyFile(at: path)
    guard file.name == name.rawValue else {
      throw NodeError.keyFile(path: path, problem: "is the file of the key \(file.name)")
    }
    return file
  }

  func keyFile(at path: String) throws -> KeyFile {
    var bytes = try PrivateFile.read(path)
    defer { Secret.erase(&bytes) }
    do throws(KeyFile.Problem) {
      return try KeyFile(bytes)
    } catch {
      throw NodeError.keyFile(path: path, problem: error.text)
    }
  }

  /// The file's bytes, overwritten after their use.
  private func withFile(
    of opened: KeyRing.Opened, as name: KeyName, _ use: ([UInt8]) throws -> Void
  ) throws {
    var bytes = try opened.file(name: name.rawValue)
    defer { Secret.erase(&bytes) }
    try use(bytes)
  }

  private static func folderName(_ code: String) -> String { code.replacing(":", with: "-") }

  private func isFolder(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}

extension KeyRing.Opened {
  /// Sealed under the passphrase that it was opened with, with a new salt and nonce.
  fileprivate func file(name: String) throws -> [UInt8] {
    switch passphrase {
    case .none: return KeyFile.plain(key, name: name)
    case .some(let passphrase):
      guard
        let seal = PassphraseSeal(
          cost: .moderate, salt: Randomness.bytes(PassphraseSeal.saltByteCount),
          nonce: Randomness.bytes(PassphraseSeal.nonceByteCount))
      else { throw NodeError.file(path: name, problem: "no randomness") }
      return try KeyFile.sealed(key, name: name, seal: seal, under: passphrase)
    }
  }
}

extension String {
  fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
    self[..<index] + text + self[self.index(after: index)...]
  }
}
