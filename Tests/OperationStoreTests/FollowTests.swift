import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// What one device signs is one chain, whether it is signed in one transaction or in several.
@Suite struct FollowTests {
  private let office: Office

  init() throws {
    office = try Office()
  }

  @Test func `acts that are signed together follow each other`() throws {
    let store = try office.store(withCharter: false)
    let council = office.region.council.key
    let key = office.organisation.node.publicKey
    let acts = try store.publish(
      (1...3).map { .act(.node(key: key, address: "a.example:\($0)"), name: nil) },
      with: council, as: [.council], clock: Office.clock,
      random: { [UInt8](repeating: 9, count: Body.randomByteCount) })
    #expect(acts.map(\.header.prev) == [[office.region.id], [acts[0].id], [acts[1].id]])
    #expect(try store.foreignHeads(of: council.publicKey).isEmpty)
  }

  @Test func `a council goes on from the founding operation, which nobody else has signed`() throws
  {
    let store = try office.store(withCharter: false)
    let council = office.region.council.key
    let act = try store.publish(
      [.act(.node(key: office.organisation.node.publicKey, address: "a.example:1"), name: nil)],
      with: council, as: [.council], clock: Office.clock,
      random: { [UInt8](repeating: 9, count: Body.randomByteCount) })[0]
    #expect(act.header.prev == [office.region.id])
    #expect(try store.foreignHeads(of: council.publicKey).isEmpty)
  }
}
