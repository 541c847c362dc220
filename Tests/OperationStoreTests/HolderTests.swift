import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Who holds a record, as far as a node knows from its own sessions.
@Suite struct HolderTests {
  private let store: OperationStore
  private var office: Office
  private var node: PublicKey { office.region.organisations[1].node.publicKey }

  init() throws {
    office = try Office()
    store = try office.store()
  }

  private func others(_ key: RecordKey) throws -> [String] {
    try #require(try store.holders(of: key)).others.map { other in
      #expect(other.node == node)
      return "\(other.since) \(other.isWhole)"
    }
  }

  /// A session with a peer that ended equal after `number` own arrivals.
  private func meet(_ number: Int64, at now: UInt64, store byte: UInt8 = 9) throws {
    let last = try #require(try store.ids(.records).last)
    let cursor = PeerCursor(
      cursor: StoreCursor(store: Office.storeID(byte), number: 1, operation: last), node: node,
      equalAt: UInt64(number))
    _ = try store.ingest([], in: .records, from: Office.storeID(byte), cursor: cursor, now: now)
  }

  @Test func `a peer holds what was here at the latest equal session, at the latest since then`()
    throws
  {
    let entry = try store.write(.set("title", "Ett"), by: office.officer, clock: 1000)
    let key = RecordKey(organisation: office.organisation.id, record: entry.id)
    #expect(try others(key).isEmpty)
    #expect(try store.holders(of: key)?.here.first == 1000)
    try meet(try store.latestArrival(), at: 2000)
    #expect(try others(key) == ["2000 true"])
    try store.write(
      .set("title", "Två", over: entry.change()), to: entry.id, by: office.officer, clock: 3000)
    #expect(try others(key) == ["2000 false"])
    #expect(try store.holders(of: key)?.here.latest == 3000)
    try meet(try store.latestArrival(), at: 4000)
    #expect(try others(key) == ["4000 true"])
  }

  @Test mutating func `a peer holds what came from it`() throws {
    let entry = try office.entry("Hämtad")
    try store.take([entry], from: 9)
    try store.write(.set("title", "Egen"), by: office.officer)
    try meet(0, at: Office.clock + 1)
    let key = RecordKey(organisation: office.organisation.id, record: entry.id)
    #expect(try others(key) == ["\(Office.clock) true"])
  }

  @Test func `nobody holds what is not here`() throws {
    let key = RecordKey(organisation: office.organisation.id, record: .zero)
    #expect(try store.holders(of: key) == nil)
  }

  @Test func `a field's history is every accepted value, the first first`() throws {
    let entry = try store.write(.set("stage", "IDEA"), by: office.officer)
    let key = RecordKey(organisation: office.organisation.id, record: entry.id)
    try store.write(
      .set("stage", "PILOT", over: entry.change()), to: entry.id, by: office.officer)
    try store.write(.set("title", "Annat"), to: entry.id, by: office.officer)
    #expect(
      try store.history(of: "stage", in: key).map(\.value) == [.text("IDEA"), .text("PILOT")])
  }
}
