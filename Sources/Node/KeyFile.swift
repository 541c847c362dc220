import Signatures

/// The file of one key: its seed as it is, or sealed under a passphrase.
///
///     sprida-key 1 NAME                        sprida-key 2 NAME
///     SEED                                     public KEY
///                                              argon2id PASSES MEBIBYTES SALT
///                                              xchacha20-poly1305 NONCE
///                                              SEED, encrypted, and TAG
///
/// Bytes are hexadecimal; each line ends with a line feed. What is authenticated is the text before
/// the last line as it stands, so no line of it can be changed without the passphrase.
struct KeyFile {
  enum Content {
    case plain(SigningKey)
    case sealed(Sealed)
  }

  struct Sealed {
    let publicKey: PublicKey
    fileprivate let seal: PassphraseSeal
    fileprivate let header: [UInt8]
    fileprivate let bytes: [UInt8]

    /// Nil under another passphrase, or when the file was changed.
    func open(under passphrase: borrowing Secret) throws(PassphraseSeal.Failure) -> SigningKey? {
      do throws(PassphraseSeal.Failure) {
        let seed = try seal.open(bytes, header: header, under: passphrase)
        return SigningKey(seed: seed).flatMap { $0.publicKey == publicKey ? $0 : nil }
      } catch .notOpened {
        return nil
      }
    }
  }

  let name: String
  let content: Content

  var publicKey: PublicKey {
    switch content {
    case .plain(let key): key.publicKey
    case .sealed(let sealed): sealed.publicKey
    }
  }

  // MARK: - Writing

  static func plain(_ key: SigningKey, name: String) -> [UInt8] {
    var text = Array("sprida-key 1 \(name)\n".utf8)
    // A growing array would leave copies behind.
    text.reserveCapacity(text.count + 2 * SigningKey.seedByteCount + 1)
    let seed = key.copySeed()
    seed.withBytes { for byte in $0 { Hex.append(byte, to: &text) } }
    text.append(UInt8(ascii: "\n"))
    return text
  }

  static func sealed(
    _ key: SigningKey, name: String, seal: PassphraseSeal, under passphrase: borrowing Secret
  ) throws(PassphraseSeal.Failure) -> [UInt8] {
    let header = Array(
      """
      sprida-key 2 \(name)
      public \(key.publicKey)
      argon2id \(seal.cost.passes) \(seal.cost.memoryMebibytes) \(Hex.encode(seal.salt))
      xchacha20-poly1305 \(Hex.encode(seal.nonce))

      """.utf8)
    let sealed = try seal.seal(key.copySeed(), header: header, under: passphrase)
    return header + Array((Hex.encode(sealed) + "\n").utf8)
  }

  // MARK: - Reading

  /// Why bytes are no key file.
  struct Problem: Error {
    let text: String
  }

  init(_ bytes: [UInt8]) throws(Problem) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let first = Self.words(lines.first)
    guard first.count == 3, first[0] == "sprida-key", let version = Int(first[1]) else {
      throw Problem(text: "does not begin with sprida-key")
    }
    name = first[2]
    switch version {
    case 1:
      guard lines.count == 2, let seed = Secret(hex: lines[1]), let key = SigningKey(seed: seed)
      else { throw Problem(text: "no 64 hexadecimal digits on its second line") }
      content = .plain(key)
    case 2: content = .sealed(try Self.sealed(bytes, lines))
    default: throw Problem(text: "is of version \(version); upgrade sprida first")
    }
  }

  private static func sealed(
    _ bytes: [UInt8], _ lines: [ArraySlice<UInt8>]
  ) throws(Problem) -> Sealed {
    let lineFeeds = bytes.count { $0 == UInt8(ascii: "\n") }
    guard lines.count == 5, lineFeeds == 5, bytes.last == UInt8(ascii: "\n") else {
      throw Problem(text: "does not have five whole lines")
    }
    let (key, work) = (words(lines[1]), words(lines[2]))
    let (cipher, content) = (words(lines[3]), words(lines[4]))
    guard key.count == 2, key[0] == "public", let publicKey = Digest(hex: key[1])?.bytes,
      let publicKey = PublicKey(publicKey)
    else { throw Problem(text: "no public key on its second line") }
    guard work.count == 4, work[0] == "argon2id", let passes = Int(work[1]),
      let memory = Int(work[2]), let salt = Hex.decode(work[3])
    else { throw Problem(text: "no parameters of argon2id on its third line") }
    guard let cost = PassphraseCost(passes: passes, memoryMebibytes: memory) else {
      throw Problem(
        text: "asks for \(passes) passes over \(memory) MiB; allowed are "
          + "\(words(PassphraseCost.passesAllowed)) over "
          + "\(words(PassphraseCost.memoryMebibytesAllowed)) MiB")
    }
    guard cipher.count == 2, cipher[0] == "xchacha20-poly1305", let nonce = Hex.decode(cipher[1]),
      let seal = PassphraseSeal(cost: cost, salt: salt, nonce: nonce)
    else { throw Problem(text: "no salt and nonce on its third and fourth line") }
    let byteCount = SigningKey.seedByteCount + PassphraseSeal.tagByteCount
    guard content.count == 1, let sealed = Hex.decode(content[0]), sealed.count == byteCount else {
      throw Problem(text: "no \(2 * byteCount) hexadecimal digits on its last line")
    }
    return Sealed(
      publicKey: publicKey, seal: seal, header: Array(bytes[..<lines[4].startIndex]),
      bytes: sealed)
  }

  private static func words(_ line: ArraySlice<UInt8>?) -> [String] {
    (line ?? []).split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}
