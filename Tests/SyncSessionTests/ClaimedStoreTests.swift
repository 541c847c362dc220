import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import Testing

/// A member that says hello under the store id of another: TLS proves keys, and no store ids.
@Suite struct ClaimedStoreTests {
  private let target: Member
  private let other: Member
  private let member: Member

  init() throws {
    target = try Member(0)
    other = try Member(1)
    member = try Member(2)
    for one in [target, other, member] { try one.write(2) }
    for one in [other, member, other] { try meet(one, target) }
  }

  private var claimed: StoreID { get throws { try other.store.snapshot().store } }

  @Test func `a claim of equality under another's store id leaves the other's cursor alone`() throws
  {
    let store = try claimed
    let cursor = try target.store.cursor(store: store, node: other.node)
    let number = try target.store.equalNumber(with: store, node: other.node)
    #expect(cursor != nil && number != nil)
    try meet(member, target)
    var puppet = try Puppet(.responder, target, member)
    try puppet.sayHello {
      $0.last = StoreCursor(store: store, number: .max, operation: SHA256.hash([5]))
    }
    #expect(puppet.session.isFinished && puppet.session.report.isEqual)
    #expect(try target.store.cursor(store: store, node: other.node) == cursor)
    #expect(try target.store.cursor(node: other.node) == cursor)
    #expect(try target.store.equalNumber(with: store, node: other.node) == number)

    let news = try other.write(2)
    let meeting = try meet(other, target)
    #expect(meeting.isEqual && !meeting.caller.usedReconciliation)
    #expect(meeting.callee.received == news.count)
    #expect(try target.records.suffix(news.count) == news[...])
  }

  @Test func `what comes under another's store id reaches the other by reconciliation`() throws {
    let hidden = try member.write(2)
    let impostor = Impostor(wrapped: member.store, store: try claimed)
    try meet(member, target, stores: [impostor, nil])
    #expect(try Set(target.records).isSuperset(of: hidden))
    let meeting = try meet(other, target)
    #expect(meeting.isEqual && meeting.caller.usedReconciliation)
    #expect(meeting.caller.received == hidden.count)
    #expect(try Set(other.records).isSuperset(of: hidden))
  }
}

/// Has the id of another store.
private struct Impostor: WrappedStore {
  let wrapped: OperationStore
  let store: StoreID

  func snapshot() throws -> StoreSnapshot {
    let honest = try wrapped.snapshot()
    return StoreSnapshot(
      store: store, last: honest.last, charter: honest.charter, records: honest.records,
      paused: honest.paused)
  }
}
