import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import Testing
import WireFormat

/// A real session that faces a peer who says what the test wants.
///
/// Both stores hold the same charter and different records, so the session is about records.
struct Puppet {
  let real: Member
  let peer: Member
  let side: SyncSession.Side
  var session: SyncSession
  /// What the session has sent.
  private(set) var answers: [Message] = []

  init(
    _ side: SyncSession.Side, _ real: Member, _ peer: Member, usesDeltas: Bool = false
  ) throws {
    self.side = side
    self.real = real
    self.peer = peer
    session = SyncSession(
      side, store: real.store, ownNode: real.node, peerNode: peer.node, isPinned: false,
      nonce: [UInt8](repeating: 1, count: Hello.nonceByteCount),
      usesDeltas: usesDeltas)
    try session.start(now: Fixture.clock)
    try drain()
  }

  mutating func say(_ frame: [UInt8]) throws {
    try session.receive(frame, now: Fixture.clock)
    try drain()
  }

  private mutating func drain() throws {
    while let frame = try session.nextFrame() { answers.append(try Message(decoding: frame)) }
  }

  /// The hello that the peer would say as the caller.
  func hello() throws -> Hello {
    var session = SyncSession(
      .initiator, store: peer.store, ownNode: peer.node, peerNode: real.node, isPinned: true,
      nonce: [UInt8](repeating: 2, count: Hello.nonceByteCount), usesDeltas: false)
    try session.start(now: Fixture.clock)
    let frame = try #require(try session.nextFrame())
    guard case .hello(let hello) = try Message(decoding: frame) else {
      throw SessionError.unexpected("no hello")
    }
    return hello
  }

  mutating func sayHello(_ change: (inout Hello) -> Void = { _ in }) throws {
    var hello = try hello()
    change(&hello)
    try say(Message.hello(hello).encoded)
  }

  /// Through an inventory that names nothing, to the reconciliation of records.
  mutating func goToReconciliation() throws {
    try sayHello { $0.cursor = nil }
    try say(Wire.inventory(.records))
    try say(Wire.digest(.records, charter: try charterDigest(), records: .zero))
  }

  func charterDigest() throws -> Digest {
    try real.store.snapshot().charter.summary(region: real.store.region)
  }

  /// The keyed short id of an operation in this session.
  func shortID(_ id: Digest) -> UInt64 {
    let (own, other) = (
      [UInt8](repeating: 1, count: Hello.nonceByteCount),
      [UInt8](repeating: 2, count: Hello.nonceByteCount)
    )
    return side == .initiator
      ? ShortIDKey(initiatorNonce: own, responderNonce: other).shortID(of: id)
      : ShortIDKey(initiatorNonce: other, responderNonce: own).shortID(of: id)
  }
}

/// The code with which `body` ends a session; nil when it does not.
func code(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? SessionError)?.code ?? "\(error)"
  }
}
