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
  let usesDeltas: Bool

  var report = SessionReport()
  private(set) var isFinished = false
  private var pass: Pass?
  private var outbox: [Message] = []
  /// What this side and the peer said last; of charter and records.
  private var ownDigests: Message.DigestPair
  private var peerDigests: Message.DigestPair
  private let charterAtStart: Digest
  private var gathering = Gathering()
  private(set) var subject: SessionSubject
  /// Organisations whose records are no subject of this session.
  var paused: Set<Digest> { subject.paused }
  /// Nothing the peer delivered was refused or has to wait.
  private var isClean = true
  /// How many the peer should not have held, and how many it may well hold.
  private var refused = (faulty: 0, unlike: 0)

  init(
    side: SyncSession.Side, store: any SyncStore, peer: Hello, peerNode: PublicKey,
    snapshot: StoreSnapshot, shortIDs: ShortIDKey, usesDeltas: Bool
  ) {
    self.side = side
    self.store = store
    self.peer = peer
    self.peerNode = peerNode
    self.snapshot = snapshot
    self.shortIDs = shortIDs
    self.usesDeltas = usesDeltas
    ownDigests = Message.DigestPair(snapshot, region: store.region)
    peerDigests = peer.digests
    charterAtStart = ownDigests.charter
    subject = SessionSubject(
      last: snapshot.last.number, paused: Set(snapshot.paused).union(peer.paused))
    report.paused = paused.sorted()
  }

  var hasOutput: Bool { !outbox.isEmpty }

  /// Whether more than the two hellos was needed.
  var hasHadPass: Bool { pass != nil }

  // MARK: - Steps

  /// Compares what the two hellos said and starts the first pass that is needed.
  mutating func begin(now: UInt64) throws {
    if ownDigests == peerDigests {
      try store.endUnsynced()
      return try finish(isEqual: true, now: now)
    }
    if ownDigests.charter == peerDigests.charter {
      try beginRecords(now)
    } else {
      try beginPass(.charter)
    }
  }

  /// Records follow once the charter and the orders are here; a copy sends and takes none before.
  private mutating func beginRecords(_ now: UInt64) throws {
    if ownDigests.charter == peerDigests.charter { try store.endUnsynced() }
    guard try !store.isUnsynced() else { throw SessionError.unsynced }
    try beginPass(.records)
  }

  private mutating func beginPass(_ scope: Scope) throws {
    var pass = Pass(scope: scope)
    let offer = try Offer(
      to: peer, scope: scope, snapshot: snapshot, store: store, paused: paused)
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
    case .want(_, let bitmap): try pass.receive(want: bitmap, exchange: self)
    case .operations(_, let delivery): try receive(delivery, &pass, now)
    case .delta(_, let delta): try receive(delta, &pass, now)
    case .digest(_, let digests): try pass.receive(digests)
    case .reconcile(_, let number, let isLast, let part):
      try pass.receive(part: part, isLast: isLast, number: number, exchange: &self)
    case .need(_, let isLast, let ids):
      try pass.receive(need: ids, isLast: isLast, exchange: self)
    case .hello, .chainRequest, .chain, .refuse, .attachmentWant, .attachment:
      throw SessionError.unexpected("this message")
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
    let message = try stream.message(delivery, pass.scope, store)
    // The stream's end may be all that this side's digest waited for.
    try settle(lastNow)
    return message
  }

  /// The time of the latest receipt; sending needs no clock of its own.
  private var lastNow: UInt64 = 0

  mutating func send(_ message: Message) {
    outbox.append(message)
  }

  // MARK: - Operations

  /// How many operations the peer can have: what its hello said, and what an act that arrived since
  /// has brought back into its set.
  func mostExpected(in scope: Scope) -> UInt64 {
    let said = peer.count(in: scope)
    return scope == .records && ownDigests.charter != charterAtStart
      ? max(said, UInt64(Limits.inventoryEntriesMax) * 10) : said
  }

  private mutating func receive(
    _ delivery: Message.Delivery, _ pass: inout Pass, _ now: UInt64
  ) throws {
    try pass.expect(delivery)
    try gather(delivery, pass, now)
  }

  /// What cannot be read for want of a base, or with a damaged one, is as good as not sent: the digests
  /// will differ, and reconciliation asks for it.
  private mutating func receive(_ delta: Delta, _ pass: inout Pass, _ now: UInt64) throws {
    guard usesDeltas, pass.isAnswer else { throw SessionError.unexpected("a delta") }
    let bases = try store.bases(
      delta.bases, through: .max, from: nil, bytes: Limits.deltaBaseBytesMax)
    let whole = bases.compactMap(\.self)
    guard whole.count == bases.count, let content = delta.content(after: whole) else {
      guard !delta.bases.isEmpty else { throw SessionError.malformed(Delta.unreadable) }
      isClean = false
      try pass.lose(isLast: delta.isLast)
      return try gather(.init(parcels: [], through: nil, isLast: delta.isLast), pass, now)
    }
    let delivery: Message.Delivery
    do {
      delivery = try delta.delivery(of: content)
    } catch {
      throw SessionError.malformed(error)
    }
    try receive(delivery, &pass, now)
  }

  private mutating func gather(_ delivery: Message.Delivery, _ pass: Pass, _ now: UInt64) throws {
    gathering.add(delivery)
    if gathering.isDue { try storeGathered(pass, now) }
  }

  /// Stores what has come of a delivery whose end will not come.
  mutating func keepReceived(now: UInt64) throws {
    if let pass, !gathering.parcels.isEmpty { try storeGathered(pass, now) }
  }

  private mutating func storeGathered(_ pass: Pass, _ now: UInt64) throws {
    let parcels = gathering.parcels
    var batch = try store.ingest(
      parcels, in: pass.scope, from: peer.store, cursor: cursor(through: gathering.through, pass),
      now: now)
    gathering = Gathering()
    isClean = isClean && batch.refusals.isEmpty && batch.waiting.isEmpty
    if let arrivals = batch.arrivals { subject.store(arrivals) }
    // Sent again and again, one operation must not cost memory each time: only what arrived during
    // the session by another way has to be remembered.
    let again = try store.arrivals(of: batch.duplicates).filter { $0.number > snapshot.last.number }
    // Those that wait may come twice before they are counted once.
    batch.waiting.removeAll { subject.named.contains($0) }
    subject.name(again.map(\.id) + batch.waiting + batch.restored)
    let isFault = isFault
    let faulty = batch.refusals.count(where: isFault)
    refused.faulty += faulty
    refused.unlike += batch.refusals.count - faulty
    // The store has counted them; a report names no more than this.
    if refused.unlike > Limits.refusalsMax { batch.refusals.removeAll { !isFault($0) } }
    report.add(batch, in: pass.scope)
    for (count, limit) in [
      (refused.faulty, Limits.refusalsMax), (refused.unlike, Limits.inventoryEntriesMax),
    ] where count > limit {
      throw SessionError.tooMuch(what: "refused operations", limit: limit)
    }
  }

  /// Whether no node may hold what was refused, so that the sender is faulty or hostile.
  ///
  /// Of an organisation that has used up its share of the charter two nodes may hold other acts, and
  /// then also other operations under them.
  private var isFault: (IngestReport.Refusal) -> Bool {
    let areChartersEqual = ownDigests.charter == peerDigests.charter
    return { refusal in
      switch refusal.code {
      case "charter-full": false
      case "delegation-not-held": areChartersEqual
      default: true
      }
    }
  }

  /// Only a clean run of the peer's arrivals from the cursor on moves the cursor.
  private func cursor(through arrival: Arrival?, _ pass: Pass) -> PeerCursor? {
    guard pass.scope == .records, pass.stage == .inventory, isClean, let through = arrival
    else { return nil }
    return PeerCursor(
      cursor: StoreCursor(store: peer.store, number: through.number, operation: through.id),
      node: peerNode)
  }

  /// The set this side reconciles: what was here at the start and what the peer has named since.
  func withItems<Result>(
    of scope: Scope, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    try store.withItems(of: scope, subject, body)
  }

  // MARK: - The end of a stage

  private mutating func settle(_ now: UInt64) throws {
    lastNow = now
    guard var pass else { return }
    if pass.isComplete, !pass.hasSentDigest {
      pass.hasSentDigest = true
      ownDigests = try currentDigests()
      outbox.append(.digest(pass.scope, ownDigests))
    }
    self.pass = pass
    guard pass.hasSentDigest, let theirs = pass.peerDigest else { return }
    peerDigests = theirs
    if ownDigests == theirs {
      try store.endUnsynced()
      return try finish(isEqual: true, now: now)
    }
    if isEqual(pass.scope, ownDigests, theirs) {
      // Records that are equal under unequal charters are the end: the charter had its turn.
      return pass.scope == .charter ? try beginRecords(now) : try finish(isEqual: false, now: now)
    }
    if let number = pass.nextReconciliation {
      report.usedReconciliation = true
      if number == 1 { report.alarm = true }
      try pass.beginReconciliation(number, exchange: &self)
      self.pass = pass
    } else if pass.scope == .charter, ownDigests.records != theirs.records {
      try beginRecords(now)
    } else {
      try finish(isEqual: false, now: now)
    }
  }

  /// As verdicts now stand: an act that has just arrived may have moved what was here long before.
  private func currentDigests() throws -> Message.DigestPair {
    func digest(_ scope: Scope) throws -> Digest {
      try store.digest(scope, of: subject).summary(region: store.region)
    }
    return Message.DigestPair(charter: try digest(.charter), records: try digest(.records))
  }

  private func isEqual(
    _ scope: Scope, _ own: Message.DigestPair, _ theirs: Message.DigestPair
  ) -> Bool {
    scope == .charter ? own.charter == theirs.charter : own.records == theirs.records
  }

  private mutating func finish(isEqual: Bool, now: UInt64) throws {
    isFinished = true
    // Without its paused organisations a set is not whole, unless the hellos agreed on all of it.
    let isWhole = subject.paused.isEmpty || pass == nil
    report.isEqual = isEqual && isWhole
    report.isEqualButForPaused = isEqual && !isWhole
    var total = try store.digest(.charter, of: subject)
    total.formUnion(disjoint: try store.digest(.records, of: subject))
    report.count = total.count
    report.digest = total.summary(region: store.region)
    // Equal sets: everything the peer held at its start is here, whatever way it came.
    let held = try store.cursor(store: peer.store, node: peerNode)
    let cursor =
      report.isEqual
      ? peer.last
      : held ?? StoreCursor(store: peer.store, number: 0, operation: .zero)
    try store.remember(
      PeerCursor(
        cursor: cursor, node: peerNode, equalAt: report.isEqual ? snapshot.last.number : nil),
      now: now)
  }
}

extension Message {
  fileprivate var scope: Scope? {
    switch self {
    case .inventory(let scope, _), .want(let scope, _), .operations(let scope, _),
      .digest(let scope, _), .reconcile(let scope, _, _, _), .need(let scope, _, _),
      .delta(let scope, _):
      scope
    case .hello, .chainRequest, .chain, .refuse, .attachmentWant, .attachment: nil
    }
  }
}

extension Message.DigestPair {
  init(_ snapshot: StoreSnapshot, region: Digest) {
    self.init(
      charter: snapshot.charter.summary(region: region),
      records: snapshot.records.summary(region: region))
  }
}
