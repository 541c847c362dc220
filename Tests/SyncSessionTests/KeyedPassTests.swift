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

  private func passes(of meeting: Meeting) throws -> Set<UInt64> {
    Set(
      try meeting.messages.compactMap { message in
        guard case .reconcile(_, let pass, _, _) = message else { return nil }
        return pass
      })
  }

  @Test func `equal sums over different sets are found by the keyed pass, with an alarm`() throws {
    let onlyA = try a.write(2)
    let onlyB = try b.write(2)
    try forgetCursors()
    let stores: [CollidingStore] = [
      // The caller asks for its first message and for the answer to the peer's only one.
      CollidingStore(a.store, hiding: onlyA, behind: [1, 4], times: 2),
      CollidingStore(b.store, hiding: onlyB, behind: [2, 3], times: 1),
    ]
    let meeting = try meet(a, b, stores: stores)
    #expect(meeting.caller.alarm && meeting.callee.alarm)
    #expect(meeting.isEqual)
    #expect(try meeting.parcels.count == 4)
    #expect(try a.store.projectionDump() == b.store.projectionDump())
    #expect(try passes(of: meeting) == [0, 1])
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
      CollidingStore(a.store, hiding: onlyA, behind: [], times: .max),
      CollidingStore(b.store, hiding: onlyB, behind: [], times: .max),
    ]
    let meeting = try meet(a, b, stores: stores)
    #expect(meeting.isFinished)
    #expect(!meeting.caller.isEqual && !meeting.callee.isEqual)
    #expect(meeting.caller.alarm && meeting.callee.alarm)
    #expect(try passes(of: meeting) == [0, 1], "no third pass")
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

/// Shows other items than it holds when it is asked for them the first times.
private final class CollidingStore: WrappedStore {
  let wrapped: OperationStore
  private let hidden: Set<Digest>
  private let shown: [UInt8]
  private let lies: Mutex<Int>

  /// Items named by one byte stand in for the `hidden`; their sums are easily made equal.
  init(
    _ wrapped: OperationStore, hiding hidden: [Digest], behind shown: [UInt8], times: Int
  ) {
    self.wrapped = wrapped
    self.hidden = Set(hidden)
    self.shown = shown
    lies = Mutex(times)
  }

  func withItems<Result>(
    of scope: Scope, _ subject: SessionSubject, _ body: (any ReconcilableSet) throws -> Result
  ) throws -> Result {
    let isLying = lies.withLock { rest in
      rest -= 1
      return rest >= 0
    }
    return try wrapped.withItems(of: scope, subject) { items in
      guard isLying else { return try body(items) }
      let forged = shown.compactMap { byte in
        Digest([UInt8](repeating: 0, count: 31) + [byte]).map {
          ReconcilableItem(seconds: ReconcilableItem.operationSecondsMax, id: $0)
        }
      }
      return try body(SortedItems(try items.all().filter { !hidden.contains($0.id) } + forged))
    }
  }
}
