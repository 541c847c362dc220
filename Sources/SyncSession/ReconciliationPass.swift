import Operations
import Reconciliation
import Signatures
import WireFormat

/// Negentropy V1 carried in frames, over ids or, in pass 1, over ids keyed with the session's
/// nonces, whose sums nobody could prepare (`Protocol/session.md#reconciliation`).
struct ReconciliationPass {
  /// Large, since every frame limit costs rounds on TCP.
  private static let messageBytes = 1024 * 1024

  /// More of its own above a checkpoint than this, and the initiator does without: the peer would
  /// list as many.
  private static let tailMax = 2048

  private let scope: Scope
  private var reconciler: Reconciler
  /// In pass 1, which sees every item once and keeps them.
  private let keyed: KeyedItems?
  private var received: [UInt8] = []
  private var rounds = 0
  private(set) var have: [Digest] = []
  private(set) var need: [Digest] = []
  private var seen: Set<Digest> = []
  /// Of this side, as of the first time that it was asked.
  private var itemCount: Int?

  init(_ number: UInt64, _ scope: Scope, _ exchange: Exchange) throws {
    self.scope = scope
    reconciler = try Reconciler(frameSizeLimit: Self.messageBytes)
    keyed =
      number == 0
      ? nil
      : try exchange.withItems(of: scope) { try KeyedItems($0, key: exchange.shortIDs) }
  }

  /// The operation that a reconciled id stands for.
  func operationID(_ id: Digest) -> Digest { keyed?.operationIDs[id] ?? id }

  mutating func initiate(_ exchange: Exchange) throws -> [UInt8] {
    if let keyed { return try reconciler.initiate(over: keyed.items) }
    let time = scope == .records ? try exchange.store.checkpoint() : nil
    return try exchange.withItems(of: scope) { items in
      let checkpoint = try time.flatMap { try Self.checkpoint($0, items) }
      return try reconciler.initiate(over: items, checkpoint: checkpoint)
    }
  }

  private static func checkpoint(
    _ seconds: UInt64, _ items: some ReconcilableSet
  ) throws -> Bound? {
    guard let bound = Bound(seconds: seconds, prefix: []) else { return nil }
    let tail = items.count - (try items.lowerBound(from: 0, bound))
    return tail <= tailMax ? bound : nil
  }

  /// Takes a part of a message; once it is whole, says what follows.
  mutating func receive(
    _ part: [UInt8], isLast: Bool, _ exchange: Exchange
  ) throws -> ReconciliationStep.Next? {
    received += part
    guard received.count <= Limits.reconcileMessageBytesMax else {
      throw SessionError.tooMuch(
        what: "bytes in a reconciliation message", limit: Limits.reconcileMessageBytesMax)
    }
    guard isLast else { return nil }
    rounds += 1
    guard rounds <= Limits.reconcileRoundsMax else {
      throw SessionError.tooMuch(what: "reconciliation rounds", limit: Limits.reconcileRoundsMax)
    }
    defer { received = [] }
    do {
      let step = try reconcile(exchange)
      have += step.have.filter { seen.insert($0).inserted }
      need += step.need.filter { seen.insert($0).inserted }
      try checkCount()
      return step.next
    } catch let error as ReconciliationError {
      throw SessionError.reconciliation("\(error)")
    }
  }

  private mutating func reconcile(_ exchange: Exchange) throws -> ReconciliationStep {
    if let keyed { return try reconciler.reconcile(received, over: keyed.items) }
    return try exchange.withItems(of: scope) { try reconciler.reconcile(received, over: $0) }
  }

  /// What the initiator says it lacks: of what this side has, so never more than that.
  mutating func add(need ids: [Digest], _ exchange: Exchange) throws {
    need += ids.filter { seen.insert($0).inserted }
    let itemCount = try itemCount ?? exchange.withItems(of: scope) { $0.count }
    self.itemCount = itemCount
    guard need.count <= itemCount else {
      throw SessionError.tooMuch(what: "ids in need", limit: itemCount)
    }
  }

  private func checkCount() throws {
    let limit = Limits.inventoryEntriesMax * 10
    guard have.count <= limit, need.count <= limit else {
      throw SessionError.tooMuch(what: "differing ids", limit: limit)
    }
  }
}

/// Items under keyed ids, and what each stands for.
private struct KeyedItems {
  let items: SortedItems
  let operationIDs: [Digest: Digest]

  init(_ items: some ReconcilableSet, key: ShortIDKey) throws {
    var operationIDs: [Digest: Digest] = [:]
    var keyed: [ReconcilableItem] = []
    try items.forEach(in: 0..<items.count) { item in
      let id = key.keyedID(of: item.id)
      operationIDs[id] = item.id
      keyed.append(ReconcilableItem(seconds: item.seconds, id: id))
    }
    self.operationIDs = operationIDs
    self.items = try SortedItems(keyed)
  }
}

extension Exchange {
  private static let partBytes = 100 * 1024
  private static let idsPerFrame = 3000

  mutating func send(parts message: [UInt8], _ scope: Scope, _ number: UInt64) {
    for start in stride(from: 0, to: message.count, by: Self.partBytes) {
      let end = min(start + Self.partBytes, message.count)
      send(
        .reconcile(scope, pass: number, isLast: end == message.count, Array(message[start..<end])))
    }
  }

  mutating func send(ids: [Digest], _ scope: Scope) {
    guard !ids.isEmpty else { return send(.need(scope, isLast: true, [])) }
    for start in stride(from: 0, to: ids.count, by: Self.idsPerFrame) {
      let end = min(start + Self.idsPerFrame, ids.count)
      send(.need(scope, isLast: end == ids.count, Array(ids[start..<end])))
    }
  }
}
