import CRDT
import Foundation
import Node
import OperationStore
import Operations
import PeerTransport
import Signatures
import SyncSession
import Testing
import WireFormat

@Suite(.timeLimit(.minutes(5))) struct HostileTests {
  @Test func `plaintext, garbage and a port scan are refused, counted and harmless`() throws {
    let region = try TestRegion()
    try Attacker.plaintext(region.council.port, Array("GET / HTTP/1.1\r\n\r\n".utf8))
    try Attacker.plaintext(
      region.council.port, (0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7) })
    try Attacker.plaintext(region.council.port, [0x16, 0x03, 0x01, 0xff, 0xff, 0x01])
    #expect(try region.refusals("tls-failed", atLeast: 2) >= 2)
    #expect(region.council.isRunning)
    try region.join("lerum", "kommun:1441")
  }

  @Test func `a node key that no charter names is refused before anything is told`() async throws {
    let region = try TestRegion()
    let stranger = try #require(SigningKey(seed: [UInt8](repeating: 9, count: 32)))
    let connection = try await connect(region, as: stranger)
    let hello = try Message.hello(stranger.hello(region))
    try await connection.send(hello.encoded)
    let answer = try #require(try await connection.receive())
    guard case .refuse(let code, _, let proof) = try Message(decoding: answer) else {
      Issue.record("the stranger was answered with something else than a refusal")
      return
    }
    #expect(code == "unknown-node")
    #expect(proof.isEmpty)
    await connection.close()
    #expect(try region.refusals("unknown-node", atLeast: 1) == 1)
  }

  @Test func `malformed and misplaced frames close the connection`() async throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let key = try NodeDirectory.open(region.node("lerum").path).key(.node)
    for (frame, code) in [
      ([0xff, 0xff], "message-malformed"), ([0x81, 0x18, 0x07], "message-malformed"),
      (Message.chainRequest.encoded, "message-unexpected"),
    ] {
      let before = try region.refusals(code)
      let connection = try await connect(region, as: key)
      try? await connection.send(frame)
      while let answer = try? await connection.receive(), !answer.isEmpty {}
      await connection.close()
      #expect(try region.refusals(code, atLeast: before + 1) == before + 1)
    }
    #expect(region.council.isRunning)
    #expect(try region.run("lerum", "sync", "--json").output.contains("\"equal\" : true"))
  }

  @Test(arguments: Lie.all)
  func `a forged operation is refused with its reason, and the honest ones arrive`(
    lie: Lie
  ) async throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    // What follows a refused operation waits for it; so the honest one comes first.
    let good = try region.publish("lerum", TestRegion.document("Bra"))
    let bad = try region.publish("lerum", TestRegion.document("Dålig"))
    let directory = try NodeDirectory.open(region.node("lerum").path)
    let key = try directory.key(.node)
    let store = try directory.openStore()
    let forged = LyingStore(honest: store) { parcel in
      "\(parcel.id)" == bad ? lie.change(parcel, store.region) : parcel
    }
    let connection = try await connect(region, as: key)
    // A frame that cannot hold an operation ends the session; any other lie only costs itself.
    let report = try? await Attacker.sync(forged, over: connection, as: key.publicKey)
    await connection.close()
    #expect(report?.isEqual != true)
    #expect((report == nil) == lie.endsSession)
    #expect(try region.refusals(lie.code, atLeast: 1) >= 1)
    #expect(try region.attempt("council", ["show", good]).status == (lie.endsSession ? 3 : 0))
    #expect(try region.attempt("council", ["show", bad]).status == 3)
    #expect(region.council.isRunning)
    // The honest client mends it.
    #expect(try region.run("lerum", "sync").output.contains("lika: ja"))
    #expect(try region.run("council", "show", bad).output.contains("Dålig"))
  }

  private func connect(_ region: TestRegion, as key: SigningKey) async throws -> PeerConnection {
    try await Attacker.connect(
      region.council.port, as: key, server: try RegionLink(text: region.link).node)
  }
}

/// One way to change an operation, and the code it must be refused with.
struct Lie: Sendable, CustomTestStringConvertible {
  let name: String
  let code: String
  let change: @Sendable (Parcel, Digest) -> Parcel

  var testDescription: String { name }
  var endsSession: Bool { code == "message-malformed" }

  static let all = [
    Lie(name: "a flipped bit in the signature", code: "signature") { parcel, _ in
      var envelope = parcel.envelope
      envelope[envelope.count - 1] ^= 1
      return Parcel(envelope: envelope, body: parcel.body)
    },
    Lie(name: "another body", code: "body-digest") { parcel, _ in
      var body = parcel.body
      body[10] ^= 1
      return Parcel(envelope: parcel.envelope, body: body)
    },
    Lie(name: "a truncated envelope", code: "cbor-truncated") { parcel, _ in
      Parcel(envelope: Array(parcel.envelope.dropLast(10)), body: parcel.body)
    },
    Lie(name: "a body of 65 KiB", code: "message-malformed") { parcel, _ in
      Parcel(envelope: parcel.envelope, body: [UInt8](repeating: 0, count: 65 * 1024))
    },
    Lie(name: "garbage", code: "envelope") { _, _ in
      Parcel(envelope: [UInt8](repeating: 0x5a, count: 300), body: [])
    },
    Lie(name: "a key without delegation", code: "delegation-not-held") { _, region in
      sign(delegation: Digest([UInt8](repeating: 1, count: 32)), region)
    },
    Lie(name: "a council's right claimed by another key", code: "key-not-delegated") { _, region in
      sign(delegation: region, region)
    },
    Lie(name: "another region's operation", code: "signature") { _, _ in
      sign(delegation: nil, Digest([UInt8](repeating: 3, count: 32)) ?? .zero)
    },
  ]

  /// An operation that is well made and signed, by nobody who may.
  private static func sign(delegation: Digest?, _ region: Digest) -> Parcel {
    guard let key = SigningKey(seed: [UInt8](repeating: 5, count: 32)),
      let operation = try? Operations.Operation.record(
        [ChangeDraft(type: .set, path: "title", value: .text("[EXEMPEL] falskt"))],
        family: "entry", record: nil,
        by: .init(
          key: key, delegation: delegation, region: region, prev: [],
          timestamp: .init(milliseconds: 1), random: [UInt8](repeating: 0, count: 16)))
    else { return Parcel(envelope: [], body: []) }
    return Parcel(operation)
  }
}

extension SigningKey {
  fileprivate func hello(_ region: TestRegion) throws -> Hello {
    let founding = try RegionLink(text: region.link).founding
    let store = try #require(StoreID([UInt8](repeating: 1, count: 16)))
    return Hello(
      region: founding.id, nodeAct: nil, nonce: [UInt8](repeating: 1, count: 16),
      last: StoreCursor(store: store, number: 1, operation: founding.id),
      charterCount: 1, recordsCount: 1,
      digests: Message.DigestPair(charter: .zero, records: .zero), cursor: nil, clock: 0, paused: []
    )
  }
}
