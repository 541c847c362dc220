import Foundation
import HostilePeers
import Node
import OperationStore
import Operations
import Signatures
import Testing

@Suite(.timeLimit(.minutes(5))) struct HostilePeerTests {
  @Test func `at least sixty behaviours are played, each under a name of its own`() {
    let names = BehaviourGroup.all.flatMap { $0.behaviours.map(\.description) }
    #expect(names.count >= 60)
    #expect(Set(names).count == names.count)
  }

  /// Else the log would say of the last ones only how many they were.
  @Test(arguments: BehaviourGroup.all)
  func `a group has no more behaviours than the log has lines for`(group: BehaviourGroup) {
    #expect(group.behaviours.count < AuditBudget.linesPerMinute)
  }

  @Test(arguments: BehaviourGroup.all)
  func `whatever peers do, others sync, memory is bounded and the log says who it was`(
    group: BehaviourGroup
  ) async throws {
    let siege = try Siege(ballast: group.ballast)
    // Whatever is loaded once is loaded now.
    try siege.expectEqual(try await siege.sync(), "before")
    let scenes = group.behaviours.indices.map { Scene(siege.target, number: $0 + 1) }
    let played = Array(zip(group.behaviours, scenes))
    if group.isAtOnce {
      try await play(played, in: siege, "\(group)")
    } else {
      for one in played { try await play([one], in: siege, "\(one.0)") }
    }
    for (behaviour, scene) in played { try await siege.expectTrace(of: behaviour, in: scene) }
    try await siege.expectSameRecords()
  }

  @Test func `an organisation over its quota is paused, and nobody else is`() async throws {
    let siege = try Siege()
    try siege.target.store.setQuota(bytes: 200_000)
    let scene = Scene(siege.target, number: 1)
    _ = try await Behaviour.quotaFilling.play(scene)
    try await siege.expectTrace(of: .quotaFilling, in: scene)
    let written = try siege.write()
    // Equal but for one is not equal.
    #expect(try await siege.sync().status == 5)
    #expect(try siege.heldByTarget().contains(written))
    try siege.target.store.setQuota(bytes: 100_000_000)
    try await siege.expectSameRecords()
  }

  @Test func `what a member withholds comes by another way`() async throws {
    let siege = try Siege()
    try siege.expectEqual(try await siege.sync(), "before")
    let scene = Scene(siege.target, number: 1)
    let withheld = try await scene.withholdDelegation()
    #expect(try siege.heldByTarget().isDisjoint(with: withheld.map(\.id)))
    try siege.expectEqual(try await siege.sync(), "without it")
    try siege.hear([Parcel(withheld[0])], in: .charter)
    try siege.hear([Parcel(withheld[1])], in: .records)
    try await siege.expectSameRecords()
    #expect(try siege.heldByTarget().isSuperset(of: withheld.map(\.id)))
  }

  /// Plays behaviours at once while the honest member syncs.
  private func play(
    _ played: [(behaviour: Behaviour, scene: Scene)], in siege: Siege, _ name: String
  ) async throws {
    let written = try siege.write()
    var allowed = try siege.held().union(siege.heldByTarget())
    try siege.startMeasuring()
    let added = try await withThrowingTaskGroup(of: [Digest].self) { group in
      for (behaviour, scene) in played {
        group.addTask {
          defer { scene.inPlace.give() }
          return try await behaviour.play(scene)
        }
        if behaviour.isHeld { await scene.inPlace.given() }
      }
      try siege.expectEqual(try await siege.sync(), name)
      for (_, scene) in played { scene.enough.give() }
      return try await group.reduce(into: Set<Digest>()) { $0.formUnion($1) }
    }
    try siege.expectMemory(of: played.reduce(0) { $0 + $1.behaviour.peers }, name)
    try siege.expectHealth(name)
    allowed.formUnion(siege.target.published)
    let held = try siege.heldByTarget()
    #expect(held.contains(written), "\(name)")
    #expect(added.isSubset(of: held), "\(name)")
    #expect(held.isSubset(of: allowed.union(added)), "\(name)")
  }
}
