import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// How far a store has everything of a peer's store, and when that may be said.
@Suite struct CursorTests {
  private var office: Office
  private let store: OperationStore
  private let node: PublicKey

  init() throws {
    office = try Office()
    store = try office.store()
    node = office.organisation.node.publicKey
  }

  private func cursor(_ number: UInt64, equalAt: UInt64? = nil) -> PeerCursor {
    PeerCursor(
      cursor: StoreCursor(
        store: Office.storeID(9), number: number, operation: SHA256.hash([UInt8(number)])),
      node: node, equalAt: equalAt)
  }

  @Test mutating func `a batch that is held whole moves the cursor`() throws {
    try store.take([try office.entry()], cursor: cursor(5))
    #expect(try store.cursor(store: Office.storeID(9), node: node) == cursor(5).cursor)
    #expect(try store.cursor(node: node) == cursor(5).cursor)
    #expect(try store.cursor(store: Office.storeID(8), node: node) == nil)
    #expect(try store.cursor(node: office.officer.key.publicKey) == nil)
    try store.take([Operation](), cursor: cursor(6))
    #expect(try store.cursor(node: node) == cursor(6).cursor, "also one of duplicates or nothing")
  }

  @Test mutating func `a batch with a refused or a waiting parcel does not move it`() throws {
    try store.take([try office.entry()], cursor: cursor(5))
    let chain = try office.chain(2)
    try store.take([Parcel(envelope: [1], body: [])], cursor: cursor(6))
    #expect(try store.cursor(node: node)?.number == 5)
    try store.take([chain[1]], cursor: cursor(6))
    #expect(try store.cursor(node: node)?.number == 5)
    try store.take(chain, cursor: cursor(7))
    #expect(try store.cursor(node: node)?.number == 7, "once all is here it moves")
  }

  @Test func `a store that has never ended equal gives its peer no cursor to disagree with`()
    throws
  {
    let heard = PeerCursor(
      cursor: StoreCursor(store: Office.storeID(9), number: 0, operation: .zero), node: node)
    try store.remember(heard, now: 100)
    #expect(try store.cursor(node: node) == nil)
    #expect(try store.cursor(store: Office.storeID(9), node: node) == nil)
    #expect(try store.status().peers.count == 1)
  }

  @Test func `a node that speaks for a new store is known by the latest`() throws {
    try store.remember(cursor(5), now: 100)
    let other = PeerCursor(
      cursor: StoreCursor(store: Office.storeID(8), number: 2, operation: .zero), node: node)
    try store.remember(other, now: 200)
    #expect(try store.cursor(node: node) == other.cursor)
    #expect(try store.cursor(store: Office.storeID(9), node: node) == cursor(5).cursor)
    #expect(try store.status().peers.map(\.latest) == [200])
  }

  @Test func `an equal session is remembered until the next equal one`() throws {
    #expect(try store.equalNumber(with: Office.storeID(9), node: node) == nil)
    try store.remember(cursor(5), now: 100)
    #expect(try store.equalNumber(with: Office.storeID(9), node: node) == nil)
    try store.remember(cursor(6, equalAt: 3), now: 200)
    try store.remember(cursor(7), now: 300)
    #expect(try store.equalNumber(with: Office.storeID(9), node: node) == 3)
    #expect(try store.status().peers.map(\.latestEqual) == [200])
    #expect(try store.status().peers.map(\.latest) == [300])
  }

  @Test func `what a member says under another's store id changes nothing of the other's`() throws {
    try store.remember(cursor(5, equalAt: 3), now: 100)
    let member = office.region.organisations[1].node.publicKey
    let claimed = StoreCursor(store: Office.storeID(9), number: .max, operation: .zero)
    try store.remember(PeerCursor(cursor: claimed, node: member, equalAt: 7), now: 200)
    #expect(try store.cursor(node: node) == cursor(5).cursor)
    #expect(try store.cursor(store: Office.storeID(9), node: node) == cursor(5).cursor)
    #expect(try store.equalNumber(with: Office.storeID(9), node: node) == 3)
    #expect(
      try store.cursor(store: Office.storeID(9), node: member)?.operation == claimed.operation)
    #expect(try store.equalNumber(with: Office.storeID(9), node: member) == 7)
  }

  @Test func `a cursor fits the store whose operation stands at its number, and no other`() throws {
    let last = try store.snapshot().last
    func fits(_ byte: UInt8, _ number: UInt64, _ id: Digest) throws -> Bool {
      try store.matches(StoreCursor(store: Office.storeID(byte), number: number, operation: id))
    }
    #expect(try fits(1, last.number, last.id))
    #expect(try !fits(2, last.number, last.id))
    #expect(try !fits(1, last.number - 1, last.id))
    #expect(try !fits(1, last.number + 1, last.id))
    #expect(try !fits(1, last.number, .zero))
    #expect(try !fits(1, 0, .zero))
    #expect(try !fits(1, .max, .zero))
  }

  @Test mutating func `a chain leads from below the founding operation to the act`() throws {
    let officer = office.officer
    let chain = try store.chain(to: officer.delegation).map(\.id)
    #expect(
      chain == [office.organisation.id, office.organisation.admin.delegation, officer.delegation])
    #expect(try store.chain(to: office.region.id).isEmpty)
    #expect(try store.chain(to: .zero).isEmpty)
  }
}
