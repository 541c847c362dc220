import Foundation
import Signatures
import TestSupport
import Testing

/// Published Ed25519 vectors, judged as libsodium judges them.
struct Ed25519VectorTests {
  struct RFC8032: Sendable {
    let seed, publicKey, message, signature: String
  }

  /// RFC 8032 §7.1: TEST 1, 2, 3 and SHA(abc).
  static let published: [RFC8032] = [
    RFC8032(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
        + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
    RFC8032(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
        + "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
    RFC8032(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
        + "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"),
    RFC8032(
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      signature: "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ec"
        + "fdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"),
  ]

  @Test(arguments: published)
  func `a seed of RFC 8032 gives its key and its signature`(vector: RFC8032) throws {
    let seed = try Hex.bytes(vector.seed)
    let key = try #require(SigningKey(seed: seed))
    let message = try Hex.bytes(vector.message)
    #expect(key.publicKey.description == vector.publicKey)
    #expect(Hex.encode(key.sign(message)) == vector.signature)
    #expect(key.publicKey.verifies(key.sign(message), of: message))
    #expect(Hex.encode(key.seed) == vector.seed)
  }

  @Test(arguments: Wycheproof.tests)
  func `a Wycheproof signature is judged as the file says`(test: Wycheproof.Test) throws {
    let key = try PublicKey(hex: test.key)
    let message = try Hex.bytes(test.message)
    let signature = try Hex.bytes(test.signature)
    #expect(key.verifies(signature, of: message) == test.isValid, "\(test.comment)")
  }

  @Test func `the Wycheproof file holds its 88 valid and 63 invalid signatures`() {
    #expect(Wycheproof.tests.map(\.id) == Array(1...151))
    #expect(Wycheproof.tests.count { $0.isValid } == 88)
    #expect(Wycheproof.tests.count { !$0.isValid } == 63)
  }

  @Test func `of the speccheck signatures only the fourth is accepted`() throws {
    let cases = try SpecCheck.cases()
    let accepted = try cases.map { test in
      let key = try PublicKey(hex: test.pub_key)
      return key.verifies(try Hex.bytes(test.signature), of: try Hex.bytes(test.message))
    }
    #expect(accepted.count == 10)
    #expect(accepted.indices.filter { accepted[$0] } == [3])
  }

  @Test func `no speccheck key of small or mixed order may be delegated to`() throws {
    let isValid = try SpecCheck.cases().map { try PublicKey(hex: $0.pub_key).isValidPoint }
    #expect(isValid.indices.filter { isValid[$0] } == SpecCheck.keysOfLargeOrder)
  }
}

enum Wycheproof {
  struct Test: Sendable, CustomTestStringConvertible {
    let id: Int
    let key, message, signature, comment: String
    let isValid: Bool
    var testDescription: String { "tcId \(id)" }
  }

  static let tests: [Test] = {
    let file = Result {
      try JSONDecoder().decode(
        File.self, from: ProtocolFiles.data("vectors/ed25519/wycheproof-ed25519.json"))
    }
    return ((try? file.get())?.testGroups ?? []).flatMap { group in
      group.tests.map {
        Test(
          id: $0.tcId, key: group.publicKey.pk, message: $0.msg, signature: $0.sig,
          comment: $0.comment, isValid: $0.result == "valid")
      }
    }
  }()

  private struct File: Decodable {
    struct Group: Decodable {
      struct Key: Decodable { let pk: String }
      struct Case: Decodable {
        let tcId: Int
        let comment, msg, sig, result: String
      }
      let publicKey: Key
      let tests: [Case]
    }
    let testGroups: [Group]
  }
}

enum SpecCheck {
  struct Case: Decodable, Sendable {
    let message, pub_key, signature: String
  }

  static func cases() throws -> [Case] {
    try JSONDecoder().decode(
      [Case].self, from: ProtocolFiles.data("vectors/ed25519/ed25519-speccheck.json"))
  }

  /// Numbers whose key lies in the prime-order subgroup; their signatures fail for other reasons.
  static let keysOfLargeOrder = [6, 7]
}
