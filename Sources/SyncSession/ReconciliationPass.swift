import Operations
import Reconciliation
import Signatures
import WireFormat

/// Negentropy V1 carried in frames, over ids or, in pass 1, over ids keyed with the session's
/// nonces, whose sums nobody could prepare (`Protocol/session.md#reconciliation`).
struct ReconciliationPass {
  /// Large, since every frame limit costs rounds on TCP.
  private static let messageBytes = 1024 * 1024

  private var reconciler: Reconciler<SortedItems>
  private let operationIDs: [Digest: Digest]
  private var received: [UInt8] = []
  private var rounds = 0
  private(set) var have: [Digest] = []
  private(set) var need: [Digest] = []
  private var seen: Set<Digest> = []
  private let itemCount: Int

  init(_ number: UInt64, items: SortedItems, key: ShortIDKey) throws {
    itemCount = items.count
    if number == 0 {
      operationIDs = [:]
      reconciler = try Reconciler(items, frameSizeLimit: Self.messageBytes)
      return
    }
    var operationIDs: [Digest: Digest] = [:]
    var keyed: [ReconcilableItem] = []
    for index in 0..<items.count {
      let item = items.item(at: index)
      let id = key.keyedID(of: item.id)
      operationIDs[id] = item.id
      keyed.append(ReconcilableItem(seconds: item.seconds, id: id))
    }
    self.operationIDs = operationIDs
    reconciler = try Reconciler(try SortedItems(keyed), frameSizeLimit: Self.messageBytes)
  }

  /// The operation that a reconciled id stands for.
  func operationID(_ id: Digest) -> Digest { operationIDs[id] ?? id }

  mutating func initiate() throws -> [UInt8] {
    try reconciler.initiate()
  }

  /// Takes a part of a message; once it is whole, says what follows.
  mutating func receive(_ part: [UInt8], isLast: Bool) throws -> ReconciliationStep.Next? {
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
      let step = try reconciler.reconcile(received)
      have += step.have.filter { seen.insert($0).inserted }
      need += step.need.filter { seen.insert($0).inserted }
      try checkCount()
      return step.next
    } catch let error as ReconciliationError {
      throw SessionError.reconciliation("\(error)")
    }
  }

  /// What the initiator says it lacks: of what this side has, so never more than that.
  mutating func add(need ids: [Digest]) throws {
    need += ids.filter { seen.insert($0).inserted }
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
