import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Nothing of an operation can be changed on the way, and no signature means two things.
struct TamperingTests {
  @Test func `any byte of the envelope changed is refused`() throws {
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"), .add("tags", "x"))
    let body = try #require(signed.body).bytes
    for index in signed.envelope.bytes.indices {
      for flip in [UInt8(0x01), 0x20, 0x80] {
        var envelope = signed.envelope.bytes
        envelope[index] ^= flip
        #expect(throws: OperationError.self, "byte \(index)") {
          try Operation(envelope: envelope, body: body, region: desk.region.id)
        }
      }
    }
  }

  @Test func `any byte of the body changed is refused`() throws {
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"), .add("tags", "x"))
    let body = try #require(signed.body).bytes
    for index in body.indices {
      var changed = body
      changed[index] ^= 0x01
      #expect(throws: OperationError.bodyDigest, "byte \(index)") {
        try Operation(
          envelope: signed.envelope.bytes, body: changed, region: desk.region.id)
      }
    }
  }

  @Test func `an envelope or body cut anywhere is refused`() throws {
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"))
    let (envelope, body) = (signed.envelope.bytes, try #require(signed.body).bytes)
    for count in envelope.indices {
      #expect(throws: OperationError.self, "envelope of \(count)") {
        try Operation(
          envelope: Array(envelope.prefix(count)), body: body, region: desk.region.id)
      }
    }
    for count in body.indices {
      #expect(throws: OperationError.bodySize(expected: body.count, found: count)) {
        try Operation(
          envelope: envelope, body: Array(body.prefix(count)), region: desk.region.id)
      }
    }
    #expect(throws: OperationError.wire(.trailingBytes(offset: envelope.count))) {
      try Operation(envelope: envelope + [0], body: body, region: desk.region.id)
    }
  }

  @Test(arguments: UInt64(0)..<300)
  func `random damage never traps and never passes`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"))
    var envelope = signed.envelope.bytes
    for _ in 0...Int.random(in: 0...3, using: &generator) {
      let place = Int.random(in: 0..<envelope.count, using: &generator)
      switch generator.next() % 3 {
      case 0: envelope[place] ^= UInt8.random(in: 1...255, using: &generator)
      case 1: envelope.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      default: envelope.remove(at: place)
      }
    }
    guard envelope != signed.envelope.bytes else { return }
    #expect(throws: OperationError.self, "seed \(seed)") {
      try Operation(
        envelope: envelope, body: signed.body?.bytes ?? [], region: desk.region.id)
    }
    // Reading without the signature must not trap either.
    _ = try? Operation(stored: envelope, body: [])
  }

  @Test func `one input has another hash in each domain`() {
    #expect(Set(Domain.allCases.map { $0.hash([1, 2, 3]) }).count == Domain.allCases.count)
    #expect(Set(Domain.allCases.map { $0.prefix }).count == Domain.allCases.count)
    #expect(Domain.allCases.allSatisfy { !$0.rawValue.utf8.contains(0) && $0.prefix.last == 0 })
  }

  @Test func `the id is the hash of domain and envelope`() throws {
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"))
    let prefix = Array("sprida/1/operation-id".utf8) + [0]
    #expect(signed.id == SHA256.hash(prefix + signed.envelope.bytes))
    #expect(Operation.id(of: signed.envelope.bytes) == signed.id)
  }
}
