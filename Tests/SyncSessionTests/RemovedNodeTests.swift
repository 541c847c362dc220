import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// What a node is told that the council has taken out of the roster: nobody else will tell it more.
@Suite struct RemovedNodeTests {
  private let region: SampleRegion
  private let keeper: Member

  init() throws {
    region = try Fixture.region()
    keeper = try Member(0)
  }

  private func decide(_ act: Act) throws {
    _ = try keeper.store.publish(
      [.act(act, name: nil)], with: region.council.key, as: [.council], clock: Fixture.clock,
      random: { [UInt8](repeating: 4, count: Body.randomByteCount) })
  }

  /// The refusal that a removed caller gets.
  private func refusal(of caller: Member) throws -> [UInt8] {
    let (one, other) = (caller, keeper)
    var calling = SyncSession(
      .initiator, store: one.store, ownNode: one.node, peerNode: other.node, isPinned: true,
      nonce: [UInt8](repeating: 1, count: Hello.nonceByteCount), usesDeltas: false)
    var called = SyncSession(
      .responder, store: other.store, ownNode: other.node, peerNode: one.node, isPinned: false,
      nonce: [UInt8](repeating: 2, count: Hello.nonceByteCount), usesDeltas: false)
    try calling.start(now: Fixture.clock)
    let hello = try #require(try calling.nextFrame())
    let error = try #require(
      #expect(throws: SessionError.self) { try called.receive(hello, now: Fixture.clock) })
    let frame = called.refusal(of: error)
    #expect(throws: SessionError.self) { try calling.receive(frame, now: Fixture.clock) }
    return frame
  }

  @Test(arguments: [false, true])
  func `a removed node learns of it from the refusal, however little it holds`(
    isNewcomer: Bool
  ) throws {
    let caller = try Member(1, isNewcomer: isNewcomer)
    // The removal follows something that the caller has not heard of.
    try decide(.approve(operation: region.id))
    try decide(.remove(organisation: region.organisations[1].id, cuts: []))
    _ = try refusal(of: caller)
    let charter = try caller.store.charter()
    #expect(charter.node(caller.node) == nil)
    #expect(!charter.removal(ofNode: caller.node).isEmpty)
    #expect(try caller.store.status().waiting == 0)
  }

  @Test func `a refusal stays within a first frame, whatever the removal follows`() throws {
    for _ in 0..<60 { try decide(.approve(operation: region.id)) }
    try decide(.remove(organisation: region.organisations[1].id, cuts: []))
    let frame = try refusal(of: try Member(1))
    #expect(frame.count <= Limits.helloBytesMax && frame.count > Limits.helloBytesMax / 2)
  }
}
