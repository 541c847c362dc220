import OperationStore
import Operations
import Reconciliation
import Signatures
import Simulation
import Synchronization
import SyncSession
import TestSupport
import Testing

/// Sums that an insider made equal: only the set digest sees the difference, and the keyed pass
/// finds it.
///
/// Real operations with equal sums take 2^31 work to make, so the stores here report made-up items
/// to the first pass.
@Suite struct KeyedPassTests {
  private let a: Member
  private let b: Member

  init() throws {
    a = try Member(0)
    b = try Member(1)
    try a.write(40)
    try meet(a, b)
  }

  /// Unusable cursors, so that only reconciliation can tell.
  private func forgetCursors() throws {
    for (member, other) in [(a, b), (b, a)] {
      let store = try other.store.snapshot().store
      let useless = StoreCursor(store: store, number: 1, operation: .zero)
      try member.store.remember(PeerCursor(cursor: useless, node: other.node), now: .max)
    }
  }

  @Test func `equal sums over different sets are found by the keyed pass, with an alarm`() throws {
    let onlyA = try a.write(2)
    let onlyB = try b.write(2)
    try forgetCursors()
    let stores: [CollidingStore] = [
      CollidingStore(a.store, hiding: onlyA, behind: [1, 4]),
      CollidingStore(b.store, hiding: onlyB, behind: [2, 3]),
    ]
    let meeting = try meet(a, b, stores: stores)
    #expect(meeting.caller.alarm && meeting.callee.alarm)
    #expect(meeting.isEqual)
    #expect(try meeting.parcels.count == 4)
    #expect(try a.store.projectionDump() == b.store.projectionDump())
    let passes = try meeting.messages.compactMap { message -> UInt64? in
      guard case .reconcile(_, let pass, _, _) = message else { return nil }
      return pass
    }
    #expect(Set(passes) == [0, 1])
    #expect(stores.map(\.passes) == [2, 2])
  }

  @Test func `the ids of the keyed pass differ from the operations' and between sessions`()
    throws
  {
    let id = try a.records[0]
    let keys = [UInt8(1), 2].map { byte in
      ShortIDKey(
        initiatorNonce: [UInt8](repeating: byte, count: 16),
        responderNonce: [UInt8](repeating: 9, count: 16))
    }
    #expect(Set(keys.map { $0.keyedID(of: id) } + [id]).count == 3)
    #expect(Set(keys.map { $0.shortID(of: id) }).count == 2)
  }

  @Test func `a difference that no pass can find ends unequal, with an alarm`() throws {
    let onlyA = try a.write(2)
    let onlyB = try b.write(2)
    try forgetCursors()
    let stores: [CollidingStore] = [
      CollidingStore(a.store, hiding: onlyA, behind: [], always: true),
      CollidingStore(b.store, hiding: onlyB, behind: [], always: true),
    ]
    let meeting = try meet(a, b, stores: stores)
    #expect(meeting.isFinished)
    #expect(!meeting.caller.isEqual && !meeting.callee.isEqual)
    #expect(meeting.caller.alarm && meeting.callee.alarm)
    #expect(stores.map(\.passes) == [2, 2], "no third pass")
  }

  @Test func `differences that V1 finds raise no alarm`() throws {
    try a.write(2)
    try b.write(2)
    try forgetCursors()
    let meeting = try meet(a, b)
    #expect(meeting.isEqual && meeting.caller.usedReconciliation)
    #expect(!meeting.caller.alarm && !meeting.callee.alarm)
  }
}

/// Shows the first reconciliation of records other items than it holds.
private final class CollidingStore: WrappedStore {
  let wrapped: OperationStore
  private let hidden: Set<Digest>
  private let shown: [UInt8]
  private let always: Bool
  private let counter = Mutex(0)

  /// Items named by one byte stand in for the `hidden`; their sums are easily made equal.
  init(
    _ wrapped: OperationStore, hiding hidden: [Digest], behind shown: [UInt8], always: Bool = false
  ) {
    self.wrapped = wrapped
    self.hidden = Set(hidden)
    self.shown = shown
    self.always = always
  }

  var passes: Int { counter.withLock { $0 } }

  func reconcilable(
    _ scope: Scope, through last: UInt64, adding ids: [Digest], without paused: Set<Digest>
  ) throws -> SortedItems {
    let honest = try wrapped.reconcilable(scope, through: last, adding: ids, without: paused)
    let pass = counter.withLock { count in
      count += 1
      return count
    }
    guard pass == 1 || always else { return honest }
    let kept = (0..<honest.count).map { honest.item(at: $0) }.filter { !hidden.contains($0.id) }
    let forged = shown.compactMap { byte in
      Digest([UInt8](repeating: 0, count: 31) + [byte]).map {
        ReconcilableItem(seconds: ReconcilableItem.operationSecondsMax, id: $0)
      }
    }
    return try SortedItems(kept + forged)
  }
}
