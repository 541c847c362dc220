import CRDT
import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// A caller that the callee's charter does not know proves itself by the chain of its node act.
@Suite struct ChainTests {
  private let region: SampleRegion
  private let a: Member
  private let late: SigningKey
  private let act: Digest

  /// `a` holds an act that names a second node of its organisation; nobody else does.
  init() throws {
    region = try Fixture.region()
    a = try Member(0)
    late = SampleRegion.key("a second node", seed: 21)
    act = try a.store.publish(
      [.act(.node(key: late.publicKey, address: ""), name: nil)],
      with: region.organisations[0].admin.key, as: [.admin], clock: Fixture.clock,
      random: { [UInt8](repeating: 3, count: 16) })[0].id
  }

  private func caller(as node: PublicKey, of store: OperationStore) -> SyncSession {
    SyncSession(
      .initiator, store: store, ownNode: node,
      peerNode: region.organisations[1].node.publicKey, isPinned: true,
      nonce: [UInt8](repeating: 1, count: 16), usesDeltas: false)
  }

  private func callee(_ member: Member, hears node: PublicKey) -> SyncSession {
    SyncSession(
      .responder, store: member.store, ownNode: member.node, peerNode: node, isPinned: false,
      nonce: [UInt8](repeating: 2, count: 16), usesDeltas: false)
  }

  @Test(arguments: [false, true])
  func `a chain that proves the node is accepted and the session goes on to equality`(
    calleeIsNewcomer: Bool
  ) throws {
    let b = try Member(1, isNewcomer: calleeIsNewcomer)
    var sides = [caller(as: late.publicKey, of: a.store), callee(b, hears: late.publicKey)]
    try sides[0].start(now: Fixture.clock)
    var kinds: [Message] = []
    var turn = 0
    for _ in 0..<100 where !sides.allSatisfy(\.isFinished) {
      while let frame = try sides[turn].nextFrame() {
        kinds.append(try Message(decoding: frame))
        try sides[1 - turn].receive(frame, now: Fixture.clock)
      }
      turn = 1 - turn
    }
    #expect(kinds[1] == .chainRequest)
    guard case .chain(let chain) = kinds[2] else {
      Issue.record("no chain was sent")
      return
    }
    #expect(
      chain.map(\.id) == [
        region.organisations[0].id, region.organisations[0].admin.delegation, act,
      ])
    #expect(sides[0].report.isEqual && sides[1].report.isEqual)
    #expect(try b.store.charter().node(late.publicKey)?.act == act)
    #expect(try b.store.projectionDump() == a.store.projectionDump())
  }

  enum Forgery: CaseIterable {
    case empty, withoutTheAct, withoutAnAncestor, reordered, damaged, ofAnotherNode, selfSigned
    case garbage, notOfTheCharter
  }

  @Test(arguments: Forgery.allCases)
  func `a chain that does not prove the node is refused and nothing is sent`(
    forgery: Forgery
  ) throws {
    let b = try Member(1, isNewcomer: true)
    let before = try b.store.status()
    var caller = caller(as: late.publicKey, of: a.store)
    var callee = callee(b, hears: late.publicKey)
    try caller.start(now: Fixture.clock)
    try callee.receive(try #require(try caller.nextFrame()), now: Fixture.clock)
    #expect(try callee.nextFrame() == Message.chainRequest.encoded)
    let chain = try forged(forgery)
    #expect(throws: SessionError.unknownNode) {
      try callee.receive(Message.chain(chain).encoded, now: Fixture.clock)
    }
    #expect(try callee.nextFrame() == nil, "not even a hello")
    #expect(try b.store.status() == before)
  }

  private func forged(_ forgery: Forgery) throws -> [Parcel] {
    let real = try a.store.chain(to: act)
    var generator = SeededGenerator(seed: 5)
    switch forgery {
    case .empty: return []
    case .withoutTheAct: return Array(real.dropLast())
    case .withoutAnAncestor: return Array(real.dropFirst())
    case .reordered: return real.reversed()
    case .damaged:
      var envelope = real[2].envelope
      envelope[envelope.count - 1] ^= 1
      return [real[0], real[1], Parcel(envelope: envelope, body: [])]
    case .ofAnotherNode: return try a.store.chain(to: region.organisations[2].id)
    case .selfSigned:
      let own = SampleRegion.Delegate(
        key: late, delegation: region.organisations[0].admin.delegation, role: .admin)
      return [real[0], real[1]] + [
        Parcel(
          try region.act(
            .node(key: late.publicKey, address: ""), by: own, at: SampleRegion.time(1),
            using: &generator))
      ]
    case .garbage: return [Parcel(envelope: generator.bytes(200), body: generator.bytes(9))]
    case .notOfTheCharter:
      return [real[0], real[1]] + [
        Parcel(
          try region.author(
            [ChangeDraft(type: .set, path: "title", value: .text("x"))],
            by: region.organisations[0].officers[0], at: SampleRegion.time(1), using: &generator))
      ]
    }
  }

  @Test func `a chain over 16 KiB is refused whatever it proves`() throws {
    let b = try Member(1, isNewcomer: true)
    var caller = caller(as: late.publicKey, of: a.store)
    var callee = callee(b, hears: late.publicKey)
    try caller.start(now: Fixture.clock)
    try callee.receive(try #require(try caller.nextFrame()), now: Fixture.clock)
    let long =
      try a.store.chain(to: act) + [
        Parcel(envelope: [UInt8](repeating: 0, count: Limits.helloBytesMax), body: [])
      ]
    let error = #expect(throws: SessionError.self) {
      try callee.receive(Message.chain(long).encoded, now: Fixture.clock)
    }
    #expect(error?.code == "frame-too-large")
  }

  @Test func `a caller that names no act and is not in the charter is unknown`() throws {
    let b = try Member(1)
    let stranger = SampleRegion.key("nobody", seed: 21).publicKey
    var caller = caller(as: stranger, of: a.store)
    var callee = callee(b, hears: stranger)
    try caller.start(now: Fixture.clock)
    let hello = try #require(try caller.nextFrame())
    #expect(throws: SessionError.unknownNode) { try callee.receive(hello, now: Fixture.clock) }
  }

  @Test func `a callee that is neither pinned nor in the charter is unknown`() throws {
    let newcomer = try Member(2, isNewcomer: true)
    var meeting = try Meeting(newcomer, a, isPinned: false)
    #expect(throws: SessionError.unknownNode) { try meeting.run() }
    #expect(try newcomer.store.status().held == 1)
  }

  @Test func `a caller answers one request for its chain, not a second`() throws {
    var caller = caller(as: late.publicKey, of: a.store)
    try caller.start(now: Fixture.clock)
    _ = try caller.nextFrame()
    try caller.receive(Message.chainRequest.encoded, now: Fixture.clock)
    #expect(try caller.nextFrame() != nil)
    let error = #expect(throws: SessionError.self) {
      try caller.receive(Message.chainRequest.encoded, now: Fixture.clock)
    }
    #expect(error?.code == "message-unexpected")
  }

  @Test func `a caller without an act has no chain to send`() throws {
    let stranger = SampleRegion.key("nobody", seed: 21).publicKey
    var caller = caller(as: stranger, of: a.store)
    try caller.start(now: Fixture.clock)
    let error = #expect(throws: SessionError.self) {
      try caller.receive(Message.chainRequest.encoded, now: Fixture.clock)
    }
    #expect(error?.code == "message-unexpected")
  }
}
