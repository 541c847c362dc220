import Operations
import Reconciliation
import Signatures
import WireFormat

/// What two nodes that know each other do: make two sets equal and prove it
/// (`Protocol/session.md#exchange`).
///
/// The charter goes first, then records; each is one pass. The session is about what both held at
/// its start: the digests are copied then, and grow by what the session establishes.
struct Exchange {
  let side: SyncSession.Side
  let store: any SyncStore
  let peer: Hello
  let peerNode: PublicKey
  let snapshot: StoreSnapshot
  let shortIDs: ShortIDKey

  var report = SessionReport()
  private(set) var isFinished = false
  private var pass: Pass?
  private var outbox: [Message] = []
  private var charterDigest: SetDigest
  private var recordsDigest: SetDigest
  private var peerDigests: Message.DigestPair
  /// Held by both though not, or not yet, in the snapshot; in the order established.
  private var established: [Digest] = []
  /// Sent by the peer in this session and not held yet.
  private var announced: Set<Digest> = []
  /// Nothing the peer delivered was refused or has to wait.
  private var isClean = true

  init(
    side: SyncSession.Side, store: any SyncStore, peer: Hello, peerNode: PublicKey,
    snapshot: StoreSnapshot, shortIDs: ShortIDKey
  ) {
    self.side = side
    self.store = store
    self.peer = peer
    self.peerNode = peerNode
    self.snapshot = snapshot
    self.shortIDs = shortIDs
    charterDigest = snapshot.charter
    recordsDigest = snapshot.records
    peerDigests = peer.digests
    report.peerPaused = peer.paused
  }

  var hasOutput: Bool { !outbox.isEmpty }

  private var ownDigests: Message.DigestPair {
    Message.DigestPair(
      charter: charterDigest.summary(region: store.region),
      records: recordsDigest.summary(region: store.region))
  }

  // MARK: - Steps

  /// Compares what the two hellos said and starts the first pass that is needed.
  mutating func begin(now: UInt64) throws {
    let own = ownDigests
    if own == peerDigests { return try finish(isEqual: true, now: now) }
    try beginPass(own.charter == peerDigests.charter ? .records : .charter)
  }

  private mutating func beginPass(_ scope: Scope) throws {
    var pass = Pass(scope: scope)
    let offer = try Offer(to: peer, scope: scope, snapshot: snapshot, store: store)
    outbox += offer.messages(scope: scope, key: shortIDs)
    pass.outgoing = offer.outgoing
    self.pass = pass
  }

  mutating func receive(_ message: Message, now: UInt64) throws {
    guard var pass, !isFinished else { throw SessionError.unexpected("a message after the end") }
    guard let scope = message.scope else { throw SessionError.unexpected("this message") }
    guard scope == pass.scope else { throw SessionError.unexpected("the other scope") }
    switch message {
    case .inventory(_, let inventory): try pass.receive(inventory, exchange: &self)
    case .want(_, let bitmap): try pass.receive(want: bitmap)
    case .operations(_, let delivery): try receive(delivery, &pass, now)
    case .digest(_, let digests): try pass.receive(digests)
    case .reconcile(_, let number, let isLast, let part):
      try pass.receive(part: part, isLast: isLast, number: number, exchange: &self)
    case .need(_, let isLast, let ids):
      try pass.receive(need: ids, isLast: isLast, exchange: self)
    case .hello, .chainRequest, .chain, .refuse: throw SessionError.unexpected("this message")
    }
    self.pass = pass
    try settle(now)
  }

  mutating func nextMessage() throws -> Message? {
    if !outbox.isEmpty { return outbox.removeFirst() }
    guard var pass, case .streaming(var stream) = pass.outgoing else { return nil }
    let delivery = try stream.next(store)
    report.sent += delivery.parcels.count
    pass.outgoing = delivery.isLast ? .done : .streaming(stream)
    self.pass = pass
    // The stream's end may be all that this side's digest waited for.
    try settle(lastNow)
    return .operations(pass.scope, delivery)
  }

  /// The time of the latest receipt; sending needs no clock of its own.
  private var lastNow: UInt64 = 0

  mutating func send(_ message: Message) {
    outbox.append(message)
  }

  // MARK: - Operations

  private mutating func receive(
    _ delivery: Message.Delivery, _ pass: inout Pass, _ now: UInt64
  ) throws {
    try pass.expect(delivery)
    let batch = try store.ingest(
      delivery.parcels, in: pass.scope, from: peer.store,
      cursor: cursor(after: delivery, pass), now: now)
    isClean = isClean && batch.refusals.isEmpty && batch.waiting.isEmpty
    try establish(delivery.parcels.map(\.id), batch, pass.scope)
    report.ingested.merge(batch)
    guard report.ingested.refusals.count <= Limits.refusalsMax else {
      throw SessionError.tooMuch(what: "refused operations", limit: Limits.refusalsMax)
    }
  }

  /// Only a clean run of the peer's arrivals from the cursor on moves the cursor.
  private func cursor(after delivery: Message.Delivery, _ pass: Pass) -> PeerCursor? {
    guard pass.scope == .records, pass.stage == .inventory, isClean,
      let through = delivery.through
    else { return nil }
    return PeerCursor(
      cursor: StoreCursor(store: peer.store, number: through.number, operation: through.id),
      node: peerNode)
  }

  /// What both hold now and the snapshot does not: arrived in this session, or meanwhile from
  /// somebody else and now also offered by the peer.
  private mutating func establish(
    _ delivered: [Digest], _ batch: IngestReport, _ scope: Scope
  ) throws {
    announced.formUnion(delivered)
    for id in batch.held + (try arrivedMeanwhile(batch.duplicates, scope))
    where announced.remove(id) != nil && establishedIDs.insert(id).inserted {
      established.append(id)
      if scope == .charter { charterDigest.insert(id) } else { recordsDigest.insert(id) }
    }
  }

  /// Those of the duplicates that are of the scope and came after the snapshot.
  private func arrivedMeanwhile(_ duplicates: [Digest], _ scope: Scope) throws -> [Digest] {
    guard !duplicates.isEmpty else { return [] }
    let later = try store.arrivals(
      in: scope, after: snapshot.last.number, through: .max, notFrom: nil)
    let ids = Set(later.map(\.id))
    return duplicates.filter(ids.contains)
  }

  private var establishedIDs: Set<Digest> = []

  /// The set this side reconciles: the snapshot and what has been established.
  func reconcilable(_ scope: Scope) throws -> SortedItems {
    try store.reconcilable(scope, through: snapshot.last.number, adding: established)
  }

  // MARK: - The end of a stage

  private mutating func settle(_ now: UInt64) throws {
    lastNow = now
    guard var pass else { return }
    let own = ownDigests
    if pass.isComplete, !pass.hasSentDigest {
      pass.hasSentDigest = true
      outbox.append(.digest(pass.scope, own))
    }
    self.pass = pass
    guard pass.hasSentDigest, let theirs = pass.peerDigest else { return }
    peerDigests = theirs
    if own == theirs { return try finish(isEqual: true, now: now) }
    if isEqual(pass.scope, own, theirs) {
      // Records that are equal under unequal charters are the end: the charter had its turn.
      return pass.scope == .charter ? try beginPass(.records) : try finish(isEqual: false, now: now)
    }
    if let number = pass.nextReconciliation {
      report.usedReconciliation = true
      if number == 1 { report.alarm = true }
      try pass.beginReconciliation(number, exchange: &self)
      self.pass = pass
    } else if pass.scope == .charter, own.records != theirs.records {
      try beginPass(.records)
    } else {
      try finish(isEqual: false, now: now)
    }
  }

  private func isEqual(
    _ scope: Scope, _ own: Message.DigestPair, _ theirs: Message.DigestPair
  ) -> Bool {
    scope == .charter ? own.charter == theirs.charter : own.records == theirs.records
  }

  private mutating func finish(isEqual: Bool, now: UInt64) throws {
    isFinished = true
    report.isEqual = isEqual
    var total = charterDigest
    total.formUnion(disjoint: recordsDigest)
    report.count = total.count
    report.digest = total.summary(region: store.region)
    // Equal sets: everything the peer held at its start is here, whatever way it came.
    let held = try store.cursor(store: peer.store)
    let cursor =
      isEqual
      ? StoreCursor(store: peer.store, number: peer.last.number, operation: peer.last.id)
      : held ?? StoreCursor(store: peer.store, number: 0, operation: .zero)
    try store.remember(
      PeerCursor(
        cursor: cursor, node: peerNode, equalAt: isEqual ? snapshot.last.number : nil),
      now: now)
  }
}

extension Message {
  fileprivate var scope: Scope? {
    switch self {
    case .inventory(let scope, _), .want(let scope, _), .operations(let scope, _),
      .digest(let scope, _), .reconcile(let scope, _, _, _), .need(let scope, _, _):
      scope
    case .hello, .chainRequest, .chain, .refuse: nil
    }
  }
}
