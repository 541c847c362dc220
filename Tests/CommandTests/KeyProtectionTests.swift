import Foundation
import Node
import Signatures
import Synchronization
import Testing

/// A key at rest, sealed under a passphrase.
@Suite(.ownThread) struct KeyProtectionTests {
  private static let passphrase = "häst batteri klammer fem"

  /// A sealed file of this version, opened by another program with the same libsodium calls.
  private static let sample = (
    file: """
    sprida-key 2 officer
    public 6694439d66b05da924338da2cc3367a1e9f8ee1b908228af03e65c56277c6213
    argon2id 3 256 1e8a13953014fa4a717d7d5080b7de74
    xchacha20-poly1305 d398c1f55ea256d4348c68d8b568c191de7828be3bdfa709
    865c055e860c28c8a2935275d2b7b62c77ab6700f9cf017bac35af47a7d03776954d0287bef5b6618477f88635b949cf

    """, seed: "57bb396d6218e0809194b763152a3a924f43450ed13a445d4ead296b11c5d79d"
  )

  private let folder: NodeFolder
  private let key: SigningKey
  private var path: String { folder.path + "/keys/officer.key" }

  init() throws {
    folder = try NodeFolder()
    key = try folder.open().createKey(.officer)
  }

  private func protect() throws {
    try folder.open(passphrase: Self.passphrase)
      .protect(.officer, under: Secret(copying: Self.passphrase.utf8))
  }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func write(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func `the passphrase gives back the key, asked once, and the public key needs none`() throws
  {
    try protect()
    let directory = try folder.open(passphrase: Self.passphrase)
    #expect(try directory.publicKey(.officer) == key.publicKey)
    #expect(try directory.isProtected(.officer))
    #expect(folder.asked.count == 0)
    for _ in 0..<3 { #expect(try directory.key(.officer).seed == key.seed) }
    #expect(folder.asked.keys.withLock { $0 } == ["officer"])
    try directory.unprotect(.officer)
    #expect(folder.asked.count == 1)
    #expect(try text() == "sprida-key 1 officer\n\(Hex.encode(key.seed))\n")
  }

  @Test func `no file of the folder holds the seed any more`() throws {
    #expect(try NodeFolder.leaks(of: key.seed, in: folder.path) == ["keys/officer.key"])
    // What a process that was killed has left beside.
    let leftover = path + ".99999999"
    try FileManager.default.copyItem(atPath: path, toPath: leftover)
    try protect()
    #expect(try NodeFolder.leaks(of: key.seed, in: folder.path).isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/keys").count == 1)
  }

  @Test func `the bytes of the plain file are overwritten, not only unlinked`() throws {
    let plain = try #require(FileHandle(forReadingAtPath: path))
    try protect()
    let left = try #require(try plain.readToEnd())
    #expect(left.allSatisfy { $0 == 0 })
  }

  @Test func `a key file with a second name is not sealed in vain`() throws {
    let other = folder.path + "/copy.key"
    try FileManager.default.linkItem(atPath: path, toPath: other)
    #expect {
      try protect()
    } throws: {
      if case NodeError.file(path, _) = $0 { true } else { false }
    }
    #expect(try text() == "sprida-key 1 officer\n\(Hex.encode(key.seed))\n")
  }

  @Test func `another passphrase opens nothing and changes nothing`() throws {
    try protect()
    let before = try text()
    #expect {
      try folder.open(passphrase: Self.passphrase + " ").unprotect(.officer)
    } throws: {
      if case NodeError.wrongPassphrase("officer") = $0 { true } else { false }
    }
    #expect(try text() == before)
  }

  @Test func `each field of the header is authenticated`() throws {
    try protect()
    let sealed = try text()
    let other = try #require(SigningKey(seed: .init(repeating: 7, count: 32))).publicKey
    let changes: [(String, String)] = [
      ("\(key.publicKey)", "\(other)"), ("argon2id 3 ", "argon2id 4 "), (" 256 ", " 257 "),
      (" 256 ", " 0256 "), (" 256 ", " +256 "),
    ]
    let fields = sealed.split(whereSeparator: \.isWhitespace).map(String.init)
    let bytes = [fields[8], fields[10], fields[11]].map { ($0, Self.flipped($0)) }
    for (old, new) in changes + bytes {
      try write(sealed.replacing(old, with: new))
      #expect {
        _ = try folder.open(passphrase: Self.passphrase).key(.officer)
      } throws: {
        if case NodeError.wrongPassphrase = $0 { true } else { false }
      }
    }
    // The name is compared with the file's before anything else.
    try write(sealed.replacing("sprida-key 2 officer", with: "sprida-key 2 root"))
    #expect {
      _ = try folder.open(passphrase: Self.passphrase).key(.officer)
    } throws: {
      if case NodeError.keyFile = $0 { true } else { false }
    }
    try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/keys/root.key")
    #expect {
      _ = try folder.open(passphrase: Self.passphrase).key(.root)
    } throws: {
      if case NodeError.wrongPassphrase = $0 { true } else { false }
    }
  }

  @Test(arguments: [
    "argon2id 3 65536 ", "argon2id 3 1025 ", "argon2id 3 18 ", "argon2id 3 0 ", "argon2id 3 -1 ",
    "argon2id 1 256 ", "argon2id 11 256 ", "argon2id 4294967296 256 ",
    "argon2id 3 99999999999999999999999 ", "argon2i 3 256 ", "argon2id 3 ",
  ])
  func `work outside the bounds is refused before it is begun`(work: String) throws {
    try write(Self.sample.file.replacing("argon2id 3 256 ", with: work))
    let directory = try folder.open(passphrase: Self.passphrase)
    let took = ContinuousClock().measure {
      #expect {
        _ = try directory.key(.officer)
      } throws: {
        if case NodeError.keyFile = $0 { true } else { false }
      }
    }
    #expect(folder.asked.count == 0 && took < .milliseconds(200))
  }

  @Test func `a truncated or extended file is no key file`() throws {
    let sealed = Self.sample.file
    let parts = (0..<sealed.count).map { String(sealed.prefix($0)) }
    for text in parts + [sealed + "00\n", sealed + sealed, "\n" + sealed] {
      try write(text)
      #expect("\(text.count) bytes") {
        _ = try folder.open(passphrase: Self.passphrase).publicKey(.officer)
      } throws: {
        if case NodeError.keyFile = $0 { true } else { false }
      }
    }
    #expect(folder.asked.count == 0)
  }

  @Test func `files of this version stay readable`() throws {
    try write(Self.sample.file)
    let opened = try folder.open(passphrase: Self.passphrase).key(.officer)
    #expect(Hex.encode(opened.seed) == Self.sample.seed)
  }

  @Test func `a later version is told from a damaged file`() throws {
    try write("sprida-key 3 officer\n")
    #expect {
      _ = try folder.open().publicKey(.officer)
    } throws: {
      guard case NodeError.keyFile(_, let problem) = $0 else { return false }
      return problem.contains("upgrade")
    }
  }

  @Test(arguments: [NodeDirectory.KeyName.node, .service])
  func `a key that serve uses on its own stays without a passphrase`(
    name: NodeDirectory.KeyName
  ) throws {
    let directory = try folder.open()
    _ = try directory.createKey(name)
    #expect(throws: NodeError.unattended(key: name.rawValue)) {
      try directory.protect(name, under: Secret(copying: Self.passphrase.utf8))
    }
    #expect(try !directory.isProtected(name))
  }

  private static func flipped(_ hex: String) -> String {
    (hex.first == "0" ? "1" : "0") + hex.dropFirst()
  }
}
