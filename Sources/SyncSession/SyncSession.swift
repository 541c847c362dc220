import CRDT
import Operations
import Signatures
import WireFormat

/// One sync between two nodes, from one side: frames in, frames out (`Protocol/session.md`).
///
/// A value without I/O of its own: the caller carries frames, says what time it is and gives the
/// randomness; the store is asked synchronously. The same code runs over TCP and in the simulator.
///
///     start → (receive → nextFrame until nil)* → isFinished
package struct SyncSession: Sendable {
  package enum Side: Sendable {
    /// Opened the connection; sends the first frame and leads reconciliation.
    case initiator
    case responder
  }

  private enum Phase {
    /// Nothing has been received.
    case hello
    /// The peer's node act is not held; its chain has been asked for.
    case chain(Hello)
    case exchange(Exchange)
    /// The two sets are settled; files follow.
    case attachments(Exchange, AttachmentExchange)
  }

  private let side: Side
  private let store: any SyncStore
  private let ownNode: PublicKey
  private let peerNode: PublicKey
  private let isPinned: Bool
  private let nonce: [UInt8]
  private let usesDeltas: Bool
  private var phase = Phase.hello
  private var outbox: [Message] = []
  private var snapshot: StoreSnapshot?
  /// What the own hello said.
  private var attachmentsMissing: UInt64 = 0
  private var hasSentChain = false
  private var flights = FlightCounter()
  /// The size of the charter when the peer was last found in it.
  private var checkedCharter = -1
  private var isCopy = false

  /// The two node keys are those proved by TLS on this very connection.
  ///
  /// A pinned peer
  /// stands in the region link, so no charter has to name it yet. `nonce` is 16 fresh random bytes.
  /// `usesDeltas` when both sides have agreed on them.
  package init(
    _ side: Side, store: any SyncStore, ownNode: PublicKey, peerNode: PublicKey, isPinned: Bool,
    nonce: [UInt8], usesDeltas: Bool
  ) {
    precondition(nonce.count == Hello.nonceByteCount)
    self.side = side
    self.store = store
    self.ownNode = ownNode
    self.peerNode = peerNode
    self.isPinned = isPinned
    self.nonce = nonce
    self.usesDeltas = usesDeltas
  }

  package var isFinished: Bool {
    guard outbox.isEmpty else { return false }
    return switch phase {
    case .hello, .chain: false
    case .exchange(let exchange): exchange.isFinished && !exchange.hasOutput
    case .attachments(let exchange, let files): !exchange.hasOutput && files.isFinished
    }
  }

  /// Whether the peer has shown who it is; until then little is read from it.
  package var isIdentified: Bool {
    switch phase {
    case .hello, .chain: false
    case .exchange, .attachments: true
    }
  }

  /// Whether the sets are settled, so that only files can still fail to come.
  package var isSettled: Bool {
    if case .attachments = phase { true } else { false }
  }

  /// Whether nothing more needs to be received; something may still have to be sent.
  package var expectsNothing: Bool {
    switch phase {
    case .hello, .chain: false
    case .exchange(let exchange): exchange.isFinished
    case .attachments(_, let files): files.expectsNothing
    }
  }

  package var report: SessionReport {
    var report = SessionReport()
    switch phase {
    case .hello, .chain: break
    case .exchange(let exchange): report = exchange.report
    case .attachments(let exchange, let files):
      report = exchange.report
      report.attachmentsReceived = files.received
      report.attachmentsSent = files.sent
    }
    report.isCopy = isCopy
    report.roundTrips = flights.roundTrips
    return report
  }

  /// Stores what has come so far of a session that fails; what is not stored comes again.
  package mutating func keepReceived(now: UInt64) throws {
    guard case .exchange(var exchange) = phase else { return }
    defer { phase = .exchange(exchange) }
    try exchange.keepReceived(now: now)
  }

  /// The initiator says hello.
  ///
  /// The responder waits.
  package mutating func start(now: UInt64) throws {
    guard side == .initiator else { return }
    outbox.append(.hello(try hello(cursor: try store.cursor(node: peerNode), now: now)))
  }

  /// The next frame to send; nil when there is nothing to send before something is received.
  ///
  /// Throws `SessionError.removed` once the peer may be told nothing more.
  package mutating func nextFrame() throws -> [UInt8]? {
    let message: Message?
    if isIdentified { try checkMembership() }
    if !outbox.isEmpty {
      message = outbox.removeFirst()
    } else {
      message = try nextOfPhase()
    }
    guard let message else { return nil }
    flights.send(message)
    return message.encoded
  }

  private mutating func nextOfPhase() throws -> Message? {
    if let message = try withExchange({ try $0.nextMessage() }) ?? nil {
      try beginAttachments()
      return message
    }
    return try withAttachments { try $0.nextMessage() } ?? nil
  }

  /// Takes one frame.
  ///
  /// Throws `SessionError` when the peer broke the protocol; the caller then sends `refusal(of:)`
  /// and closes.
  package mutating func receive(_ frame: [UInt8], now: UInt64) throws {
    let message: Message
    do {
      message = try Message(decoding: frame)
    } catch {
      throw SessionError.malformed(error)
    }
    flights.receive(message)
    try checkMembership()
    switch (phase, message) {
    case (_, .refuse(let code, let reason, let proof)):
      // A stranger teaches nothing; whom the initiator called is no stranger.
      if side == .initiator || isIdentified { learn(from: proof, now) }
      throw SessionError.refusedByPeer(code: code, reason: reason)
    case (.hello, .hello(let hello)): try receive(hello, now)
    case (.hello, .chainRequest) where side == .initiator: try sendChain()
    case (.chain(let hello), .chain(let parcels)):
      guard frame.count <= Limits.helloBytesMax else {
        throw SessionError.frameTooLarge(limit: Limits.helloBytesMax, found: frame.count)
      }
      try receive(parcels, for: hello, now)
    case (.attachments, _): _ = try withAttachments { try $0.receive(message) }
    default:
      guard try withExchange({ try $0.receive(message, now: now) }) != nil else {
        throw SessionError.unexpected("this message")
      }
    }
    try beginAttachments()
  }

  /// Changes the exchange in place: with a second reference its sets would be copied at each frame.
  private mutating func withExchange<T>(_ body: (inout Exchange) throws -> T) throws -> T? {
    switch phase {
    case .hello, .chain: return nil
    case .exchange(var exchange):
      phase = .hello
      defer { phase = .exchange(exchange) }
      return try body(&exchange)
    case .attachments(var exchange, let files):
      phase = .hello
      defer { phase = .attachments(exchange, files) }
      return try body(&exchange)
    }
  }

  private mutating func withAttachments<T>(
    _ body: (inout AttachmentExchange) throws -> T
  ) throws -> T? {
    guard case .attachments(let exchange, var files) = phase else { return nil }
    phase = .hello
    defer { phase = .attachments(exchange, files) }
    return try body(&files)
  }

  /// Files follow when a side lacks some, or may since the exchange; both know that.
  private mutating func beginAttachments() throws {
    guard case .exchange(let exchange) = phase, exchange.isFinished else { return }
    guard exchange.hasHadPass || exchange.peer.attachmentsMissing > 0 || attachmentsMissing > 0
    else { return }
    phase = .attachments(exchange, try AttachmentExchange(store: store))
  }

  /// What to send before closing when `receive` has thrown; a removed node gets what removed it.
  package func refusal(of error: SessionError) -> [UInt8] {
    var proof: [Parcel] = []
    if case .removed = error { proof = (try? removalProof()) ?? [] }
    return Message.refuse(
      code: error.code, reason: String(error.description.prefix(200)), proof: proof
    ).encoded
  }

  /// As much as fits into a first frame, which a refusal may be.
  private func removalProof() throws -> [Parcel] {
    var room = Limits.helloBytesMax - 1024
    return try store.parcels(of: try store.charter().proof(ofRemoval: peerNode)).prefix { parcel in
      room -= parcel.byteCount + 16
      return room >= 0
    }
  }

  // MARK: - Knowing each other

  /// At each frame, for the act that removes the peer may arrive while a session is open.
  private mutating func checkMembership() throws {
    let charter = try store.charter()
    guard charter.count != checkedCharter else { return }
    let acts = charter.removal(ofNode: peerNode)
    guard acts.isEmpty else { throw SessionError.removed(acts: acts) }
    checkedCharter = charter.count
  }

  /// Takes up what a peer shows for its refusal, such as the act that removed this node.
  private func learn(from proof: [Parcel], _ now: UInt64) {
    guard !proof.isEmpty, let source = StoreID([UInt8](repeating: 0, count: StoreID.byteCount))
    else { return }
    // It is verified like anything else; what cannot be held is of no use.
    _ = try? store.ingest(proof, in: .charter, from: source, cursor: nil, now: now)
  }

  /// A peer remembers an operation at a number where this store has another or none: the store was
  /// restored from a copy, or is one.
  ///
  /// Nobody can know whether the peer lies, so that it may cost this once a day.
  private mutating func checkCopy(_ hello: Hello, _ now: UInt64) throws {
    guard let cursor = hello.cursor, try store.snapshot().store == cursor.store,
      try !store.matches(cursor)
    else { return }
    let bytes = SHA256.hash(cursor.store.bytes + nonce + hello.nonce).bytes
    guard let id = StoreID(Array(bytes.prefix(StoreID.byteCount))) else { return }
    isCopy = try store.renewAsCopy(id: id, now: now)
  }

  private mutating func receive(_ hello: Hello, _ now: UInt64) throws {
    guard hello.region == store.region else { throw SessionError.otherRegion }
    let charter = try store.charter()
    if side == .initiator {
      guard isPinned || charter.node(peerNode) != nil else { throw SessionError.unknownNode }
      return try begin(hello, now)
    }
    if charter.node(peerNode) != nil { return try begin(hello, now) }
    guard hello.nodeAct != nil else { throw SessionError.unknownNode }
    phase = .chain(hello)
    outbox.append(.chainRequest)
  }

  private mutating func sendChain() throws {
    guard !hasSentChain, let act = try store.charter().node(ownNode)?.act else {
      throw SessionError.unexpected("a request for a chain that was not announced")
    }
    hasSentChain = true
    outbox.append(.chain(try store.chain(to: act)))
  }

  /// Judges the chain by itself: its operations are held only once their `prev` are here too.
  private mutating func receive(_ parcels: [Parcel], for hello: Hello, _ now: UInt64) throws {
    var charter = try store.charter()
    // What is not announced or not about this node is not worth an evaluation.
    guard let last = parcels.last, last.id == hello.nodeAct else { throw SessionError.unknownNode }
    for parcel in parcels {
      let operation: Operation
      do {
        operation = try Operation(
          envelope: parcel.envelope, body: parcel.body, region: store.region)
        charter.add(operation, try charter.standing(of: operation.header))
      } catch {
        throw SessionError.unknownNode
      }
    }
    charter.evaluate()
    guard charter.node(peerNode) != nil else { throw SessionError.unknownNode }
    try begin(hello, now)
  }

  private mutating func begin(_ peer: Hello, _ now: UInt64) throws {
    try checkCopy(peer, now)
    if side == .responder {
      let cursor = try store.cursor(store: peer.store, node: peerNode)
      outbox.append(.hello(try hello(cursor: cursor, now: now)))
    }
    guard let snapshot else { throw SessionError.unexpected("hello") }
    var exchange = Exchange(
      side: side, store: store, peer: peer, peerNode: peerNode, snapshot: snapshot,
      shortIDs: side == .initiator
        ? ShortIDKey(initiatorNonce: nonce, responderNonce: peer.nonce)
        : ShortIDKey(initiatorNonce: peer.nonce, responderNonce: nonce),
      usesDeltas: usesDeltas)
    exchange.report.clockSkew = Int64(clamping: peer.clock) - Int64(clamping: now)
    try exchange.begin(now: now)
    phase = .exchange(exchange)
  }

  private mutating func hello(cursor: StoreCursor?, now: UInt64) throws -> Hello {
    let snapshot = try store.snapshot()
    self.snapshot = snapshot
    attachmentsMissing = try store.attachmentsMissing()
    return Hello(
      region: store.region, nodeAct: try store.charter().node(ownNode)?.act,
      nonce: nonce, last: snapshot.cursor, charterCount: snapshot.charter.count,
      recordsCount: snapshot.records.count,
      digests: Message.DigestPair(snapshot, region: store.region), cursor: cursor, clock: now,
      paused: snapshot.paused, attachmentsMissing: attachmentsMissing)
  }
}
