import Signatures
import TestSupport
import Testing

struct PassphraseSealTests {
  private static let header = Array("header".utf8)
  private static let content: [UInt8] = Array(0..<32)

  /// The cheapest that is allowed.
  private static func seal(salt: UInt8 = 1, nonce: UInt8 = 2) throws -> PassphraseSeal {
    let cost = try #require(PassphraseCost(passes: 2, memoryMebibytes: 19))
    return try #require(
      PassphraseSeal(
        cost: cost, salt: .init(repeating: salt, count: 16),
        nonce: .init(repeating: nonce, count: 24)))
  }

  private static func sealed() throws -> [UInt8] {
    try seal().seal(
      Secret(copying: content), header: header, under: Secret(copying: "rätt lösenfras".utf8))
  }

  private static func opens(
    _ seal: PassphraseSeal, _ sealed: [UInt8], header: [UInt8] = header,
    passphrase: String = "rätt lösenfras"
  ) -> [UInt8]? {
    do throws(PassphraseSeal.Failure) {
      let opened = try seal.open(
        sealed, header: header, under: Secret(copying: passphrase.utf8))
      return opened.withBytes { Array($0) }
    } catch {
      return nil
    }
  }

  @Test func `the passphrase gives back what was sealed`() throws {
    #expect(Self.opens(try Self.seal(), try Self.sealed()) == Self.content)
  }

  @Test func `another passphrase, header, salt or nonce opens nothing`() throws {
    let sealed = try Self.sealed()
    for passphrase in ["", "rätt lösenfra", "rätt lösenfras ", "Rätt lösenfras"] {
      #expect(Self.opens(try Self.seal(), sealed, passphrase: passphrase) == nil)
    }
    #expect(Self.opens(try Self.seal(), sealed, header: Self.header + [0]) == nil)
    #expect(Self.opens(try Self.seal(salt: 3), sealed) == nil)
    #expect(Self.opens(try Self.seal(nonce: 3), sealed) == nil)
  }

  @Test func `a changed or missing byte opens nothing`() throws {
    let sealed = try Self.sealed()
    for index in stride(from: 0, to: sealed.count, by: 7) {
      var changed = sealed
      changed[index] ^= 1
      #expect(Self.opens(try Self.seal(), changed) == nil)
    }
    for count in [0, 1, 15, 16, sealed.count - 1] {
      #expect(Self.opens(try Self.seal(), Array(sealed.prefix(count))) == nil)
    }
  }

  @Test(arguments: [
    (2, 19, true), (10, 19, true), (2, 1024, true), (1, 256, false), (0, 256, false),
    (11, 256, false), (-1, 256, false), (3, 18, false), (3, 1025, false), (3, 65_536, false),
    (3, 0, false), (3, -1, false), (.max, .max, false),
  ])
  func `costs outside their bounds do not exist`(passes: Int, memory: Int, isAllowed: Bool) {
    #expect((PassphraseCost(passes: passes, memoryMebibytes: memory) != nil) == isAllowed)
  }

  @Test func `a salt or nonce of another length makes no seal`() {
    for (salt, nonce) in [(15, 24), (17, 24), (16, 23), (16, 25), (0, 0)] {
      #expect(
        PassphraseSeal(
          cost: .moderate, salt: .init(repeating: 0, count: salt),
          nonce: .init(repeating: 0, count: nonce)) == nil)
    }
  }

  @Test func `secrets come from bytes and from hexadecimal digits`() {
    let secret = Secret(copying: Self.content)
    guard let read = Secret(hex: Hex.encode(Self.content).utf8) else {
      Issue.record("the digits were not read")
      return
    }
    let shorter = Secret(copying: Self.content.dropLast())
    let (isSame, isShorterSame) = (secret.isEqual(to: read), secret.isEqual(to: shorter))
    #expect(isSame && !isShorterSame)
    for text in ["0", "0g", "å0"] {
      if Secret(hex: text.utf8) != nil { Issue.record("\(text) was read") }
    }
    var buffer = Self.content
    Secret.erase(&buffer)
    #expect(buffer == .init(repeating: 0, count: 32))
  }
}
