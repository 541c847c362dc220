import Operations
import Reconciliation
import Signatures
import WireFormat

/// One scope on its way to equality: first what the cursors know, then reconciliation.
struct Pass {
  enum Stage: Equatable {
    case inventory
    /// 0 over ids, 1 over keyed ids.
    case reconciliation(UInt64)
  }

  enum Incoming {
    /// Short ids so far.
    case inventory([UInt64])
    /// At most so many operations are still to come.
    case operations(expected: UInt64)
    /// The initiator compares; or the responder waits for what the initiator has.
    case reconciling
    case done
  }

  enum Outgoing {
    case awaitingWant([Arrival], end: Arrival)
    case streaming(DeliveryStream)
    /// The initiator compares; or the responder waits for what the initiator needs.
    case reconciling
    case done
  }

  let scope: Scope
  private(set) var stage = Stage.inventory
  private(set) var incoming = Incoming.inventory([])
  var outgoing = Outgoing.done
  var hasSentDigest = false
  private(set) var peerDigest: Message.DigestPair?
  private var reconciliation: ReconciliationPass?
  /// Whether operations that come now answer a want: what arrives, the sender has named before.
  private(set) var isAnswer = false
  /// Whether the latest reconciliation found nothing to give or take.
  private var foundNothing = false

  init(scope: Scope) {
    self.scope = scope
  }

  /// Everything has come, been committed, and gone.
  var isComplete: Bool {
    if case .done = incoming, case .done = outgoing { true } else { false }
  }

  // MARK: - Inventory

  mutating func receive(_ inventory: Message.Inventory, exchange: inout Exchange) throws {
    guard case .inventory(let earlier) = incoming else {
      throw SessionError.unexpected("an inventory")
    }
    guard inventory.isLast || (inventory.mode == .listed && !inventory.shortIDs.isEmpty),
      earlier.isEmpty || inventory.mode == .listed
    else { throw SessionError.unexpected("an inventory in parts that is not a list") }
    let all = earlier + inventory.shortIDs
    guard all.count <= Limits.inventoryEntriesMax else {
      throw SessionError.tooMuch(what: "inventory entries", limit: Limits.inventoryEntriesMax)
    }
    guard inventory.isLast else {
      incoming = .inventory(all)
      return
    }
    switch inventory.mode {
    case .everything: incoming = .operations(expected: exchange.mostExpected(in: scope))
    case .unknown: incoming = .done
    case .listed: try ask(for: all, exchange: &exchange)
    }
  }

  /// Asks for what is not among the own arrivals since the latest equal session.
  private mutating func ask(for shortIDs: [UInt64], exchange: inout Exchange) throws {
    guard !shortIDs.isEmpty else {
      incoming = .done
      return
    }
    let since =
      try exchange.store.equalNumber(with: exchange.peer.store, node: exchange.peerNode) ?? 0
    let own = try exchange.store.arrivals(
      in: scope, after: since, through: exchange.snapshot.last.number, notFrom: nil,
      without: exchange.paused)
    let known = Set(own.map { exchange.shortIDs.shortID(of: $0.id) })
    let wanted = shortIDs.map { !known.contains($0) }
    exchange.send(.want(scope, bitmap: Bitmap.encode(wanted)))
    let count = wanted.count { $0 }
    isAnswer = count > 0
    incoming = count == 0 ? .done : .operations(expected: UInt64(count))
  }

  mutating func receive(want bitmap: [UInt8], exchange: Exchange) throws {
    guard case .awaitingWant(let arrivals, let end) = outgoing else {
      throw SessionError.unexpected("a want")
    }
    guard let bits = Bitmap.decode(bitmap, count: arrivals.count) else {
      throw SessionError.unexpected("a bitmap of another length")
    }
    let wanted = zip(arrivals, bits).filter(\.1).map(\.0)
    let peer = exchange.peer
    let stream = DeliveryStream(
      wanted, end: end, isOrdered: true,
      deltas: exchange.usesDeltas ? peer.cursor.map { (peer.store, $0.number) } : nil)
    outgoing = wanted.isEmpty ? .done : .streaming(stream)
  }

  // MARK: - Operations and digests

  /// Counts a delivery against what was asked for.
  mutating func expect(_ delivery: Message.Delivery) throws {
    guard case .operations(let expected) = incoming else {
      throw SessionError.unexpected("operations")
    }
    guard delivery.isLast || !delivery.parcels.isEmpty else {
      throw SessionError.unexpected("an empty frame of operations that is not the last")
    }
    guard delivery.parcels.count <= expected else {
      throw SessionError.tooMuch(what: "operations", limit: Int(clamping: expected))
    }
    if !delivery.parcels.isEmpty { foundNothing = false }
    incoming =
      delivery.isLast ? .done : .operations(expected: expected - UInt64(delivery.parcels.count))
  }

  /// A delivery has come that cannot be read here; it had one operation at least.
  mutating func lose(isLast: Bool) throws {
    guard case .operations(let expected) = incoming else {
      throw SessionError.unexpected("operations")
    }
    guard expected > 0 else { throw SessionError.tooMuch(what: "operations", limit: 0) }
    incoming = isLast ? .done : .operations(expected: expected - 1)
  }

  mutating func receive(_ digest: Message.DigestPair) throws {
    guard peerDigest == nil else { throw SessionError.unexpected("a second digest") }
    if case .inventory = incoming { throw SessionError.unexpected("a digest before an inventory") }
    peerDigest = digest
  }

  // MARK: - Reconciliation

  /// Ids first; keyed ids only when V1 saw no difference where the set digests see one.
  var nextReconciliation: UInt64? {
    switch stage {
    case .inventory: 0
    case .reconciliation(0): foundNothing ? 1 : nil
    case .reconciliation: nil
    }
  }

  mutating func beginReconciliation(_ number: UInt64, exchange: inout Exchange) throws {
    stage = .reconciliation(number)
    isAnswer = false
    hasSentDigest = false
    peerDigest = nil
    foundNothing = true
    var reconciliation = try ReconciliationPass(number, scope, exchange)
    outgoing = .reconciling
    if exchange.side == .initiator {
      incoming = .reconciling
      let opening = try reconciliation.initiate(exchange)
      exchange.send(parts: opening, scope, number)
    } else {
      // The initiator always ends with a delivery, be it empty.
      incoming = .operations(expected: exchange.mostExpected(in: scope))
    }
    self.reconciliation = reconciliation
  }

  mutating func receive(
    part: [UInt8], isLast: Bool, number: UInt64, exchange: inout Exchange
  ) throws {
    guard stage == .reconciliation(number), case .reconciling = outgoing,
      var current = reconciliation
    else { throw SessionError.unexpected("a reconciliation message") }
    guard isLast || !part.isEmpty else {
      throw SessionError.unexpected("an empty part that is not the last")
    }
    let step = try current.receive(part, isLast: isLast, exchange)
    reconciliation = current
    guard let step else { return }
    if case .message(let reply) = step { return exchange.send(parts: reply, scope, number) }
    foundNothing = current.have.isEmpty && current.need.isEmpty
    exchange.send(ids: current.need, scope)
    incoming = current.need.isEmpty ? .done : .operations(expected: UInt64(current.need.count))
    try stream(current.have.map(current.operationID), exchange)
  }

  mutating func receive(need ids: [Digest], isLast: Bool, exchange: Exchange) throws {
    guard exchange.side == .responder, case .reconciling = outgoing, var current = reconciliation
    else { throw SessionError.unexpected("a need") }
    guard isLast || !ids.isEmpty else {
      throw SessionError.unexpected("an empty need that is not the last")
    }
    try current.add(need: ids, exchange)
    reconciliation = current
    guard isLast else { return }
    if current.need.isEmpty {
      outgoing = .done
    } else {
      foundNothing = false
      try stream(current.need.map(current.operationID), exchange)
    }
  }

  private mutating func stream(_ ids: [Digest], _ exchange: Exchange) throws {
    let arrivals = try exchange.store.arrivals(of: ids)
    outgoing = .streaming(
      DeliveryStream(arrivals, end: exchange.snapshot.last, isOrdered: false))
  }
}

/// One bit for each position, most significant first, zero bits to the end of the last byte.
enum Bitmap {
  static func encode(_ bits: [Bool]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 0x80 >> (index % 8) }
    return bytes
  }

  /// Nil unless `bytes` is exactly as long as `count` needs.
  static func decode(_ bytes: [UInt8], count: Int) -> [Bool]? {
    guard bytes.count == (count + 7) / 8 else { return nil }
    return (0..<count).map { bytes[$0 / 8] & (0x80 >> ($0 % 8)) != 0 }
  }
}
