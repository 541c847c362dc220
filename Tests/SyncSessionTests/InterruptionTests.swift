import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import Testing

/// Sessions that are cut after each of their frames and then run again.
@Suite struct InterruptionTests {
  enum Occasion: String, CaseIterable, CustomTestStringConvertible {
    case firstMeeting = "a first meeting"
    case newcomer = "a newcomer"
    case metYesterday = "a night after another"
    case replacedStore = "a replaced store"

    var testDescription: String { rawValue }
  }

  /// The members of an occasion, before they meet, and all that was acknowledged.
  private struct Scene {
    let a: Member
    let b: Member
    var acknowledged: [Digest] = []

    init(_ occasion: Occasion) throws {
      a = try Member(0)
      b = try Member(1, isNewcomer: occasion == .newcomer)
      if occasion == .metYesterday || occasion == .replacedStore {
        acknowledged += try a.write(2) + b.write(2)
        try meet(a, b)
      }
      // Of such a size that a frame takes two.
      acknowledged += try a.write(3, bytes: 40_000)
      if occasion == .replacedStore {
        try b.replaceStore()
        try b.learnCharter()
      }
      if occasion != .newcomer { acknowledged += try b.write(3, bytes: 40_000) }
    }

    /// Every record operation with each member that holds it.
    var held: Set<Holding> {
      get throws {
        Set(
          try [a, b].enumerated().flatMap { index, member in
            try member.records.map { Holding(member: index, id: $0) }
          })
      }
    }
  }

  private struct Holding: Hashable {
    let member: Int
    let id: Digest
  }

  @Test(arguments: Occasion.allCases, [true, false])
  func `a session cut after any frame is taken up again and loses nothing`(
    occasion: Occasion, callerIsA: Bool
  ) throws {
    let whole = try Scene(occasion)
    let frames = try run(whole, callerIsA).delivered
    #expect(frames >= 7, "there is something to cut")
    for cut in 0..<frames {
      let scene = try Scene(occasion)
      let before = try scene.held
      try run(scene, callerIsA, upTo: cut)
      let arrived = try scene.held.subtracting(before)
      let second = try run(scene, callerIsA)
      #expect(second.isEqual, "cut after \(cut) frames")
      for member in [scene.a, scene.b] {
        let missing = Set(scene.acknowledged).subtracting(try member.records)
        #expect(missing.isEmpty, "cut after \(cut) frames")
      }
      #expect(try scene.a.store.snapshot().total == scene.b.store.snapshot().total)
      let again = try second.parcels.filter { parcel in
        arrived.contains { $0.id == parcel.id }
      }
      #expect(again.isEmpty, "cut after \(cut) frames, \(again.count) came twice")
    }
  }

  @Test func `what has come of a delivery that breaks off is stored before the session ends`()
    throws
  {
    let (real, peer) = (try Member(0), try Member(1))
    try peer.write(2)
    let parcels = try peer.records.compactMap { try peer.parcel($0) }
    var puppet = try Puppet(.responder, real, peer)
    try puppet.sayHello()
    try puppet.say(Wire.inventory(.records, mode: 0, parcels.map { puppet.shortID($0.id) }))
    try puppet.say(Wire.operations(.records, [parcels[0]], isLast: false))
    #expect(try real.records.isEmpty)
    try puppet.session.keepReceived(now: Fixture.clock)
    #expect(try real.records == [parcels[0].id])
    #expect(puppet.session.report.received == 1)
    // The rest comes as if nothing had happened; what is stored is not stored again.
    try puppet.session.keepReceived(now: Fixture.clock)
    try puppet.say(Wire.operations(.records, [parcels[1]]))
    #expect(try Set(real.records) == Set(parcels.map(\.id)))
  }

  @discardableResult
  private func run(
    _ scene: Scene, _ callerIsA: Bool, upTo limit: Int = .max
  ) throws -> Meeting {
    let (a, b) = (scene.a, scene.b)
    var meeting = callerIsA ? try Meeting(a, b) : try Meeting(b, a)
    try meeting.run(upTo: limit)
    return meeting
  }

  @Test func `a night cut again and again ends equal, and each operation has come once`() throws {
    let scene = try Scene(.firstMeeting)
    let before = try scene.held
    var meeting = try run(scene, true, upTo: 6)
    var arrived = meeting.caller.received + meeting.callee.received
    for limit in 7..<60 where !meeting.isEqual {
      meeting = try run(scene, true, upTo: limit)
      arrived += meeting.caller.received + meeting.callee.received
    }
    #expect(meeting.isEqual)
    #expect(arrived == scene.acknowledged.count)
    #expect(Set(try scene.held.subtracting(before).map(\.id)) == Set(scene.acknowledged))
  }
}
