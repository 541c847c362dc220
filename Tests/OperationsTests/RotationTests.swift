import Operations
import Signatures
import TestSupport
import Testing

/// Who replaces whom, and what two who want to leads to.
struct RotationTests {
  @Test func `the next root takes over and what the old one had signed stays`() throws {
    var town = try Town()
    let before = try town.scene.delegate(.author, to: "second", by: town.root)
    let admission = town.scene.operations.filter { $0.header.author == town.root.key.publicKey }
    let next = try town.scene.rotate(town.root, heads: admission, next: "third root")
    let after = try town.scene.delegate(.author, to: "third", by: next)
    #expect(try town.scene.verdict(of: next.delegation) == .accepted)
    #expect(try town.scene.verdict(of: before.delegation) == .accepted)
    #expect(try town.scene.verdict(of: after.delegation) == .accepted)
    #expect(try town.scene.bench().charter.organisations.count == 2)
  }

  @Test func `a thief of the old root can do nothing after the rotation`() throws {
    var town = try Town()
    let own = town.scene.operations.filter { $0.header.author == town.root.key.publicKey }
    let next = try town.scene.rotate(town.root, heads: own, next: "third root")
    // Backdated, and beside everything that the owner has signed.
    let stolen = try town.scene.act(
      .delegate(key: Scene.key("thief").publicKey, role: .admin, from: 0, to: 0), by: town.root,
      after: [], at: 1)
    let revocation = try town.scene.revoke(next, by: town.root)
    #expect(try town.scene.verdict(stolen) == .outsideCut)
    #expect(try town.scene.verdict(revocation) == .outsideCut)
    #expect(try !town.scene.isExchanged(stolen))
    #expect(try town.scene.verdict(of: next.delegation) == .accepted)
  }

  @Test func `a chain of rotations ends each key, and none of them ends a rotation`() throws {
    var town = try Town()
    let second = try town.scene.rotate(town.root, next: "third root")
    let third = try town.scene.rotate(second, next: "fourth root")
    let fourth = try town.scene.rotate(third, next: "fifth root")
    let late = try town.scene.delegate(.admin, to: "late", by: third)
    let now = try town.scene.delegate(.admin, to: "now", by: fourth)
    for holder in [second, third, fourth, now] {
      #expect(try town.scene.verdict(of: holder.delegation) == .accepted)
    }
    #expect(try town.scene.verdict(of: late.delegation) == .outsideCut)
    // The first root's delegations were not among the heads.
    #expect(try town.scene.verdict(of: town.admin.delegation) == .outsideCut)
  }

  @Test func `who was not committed to cannot rotate`() throws {
    var town = try Town()
    var thief = town.root
    thief.next = Scene.key("somebody")
    let rotation = try town.scene.rotate(thief, next: "x")
    #expect(try town.scene.verdict(of: rotation.delegation) == nil)
  }

  @Test func `a rotation that follows something is not held`() throws {
    var town = try Town()
    let next = Scene.Holder(
      key: Scene.key("Ort next"), delegation: town.root.delegation, role: .root,
      organisation: town.root.organisation)
    let first = try town.scene.rotate(town.root, next: "x")
    let second = try town.scene.act(
      .rotate(oldHeads: [], successor: .zero), by: next, after: [first.delegation])
    #expect(try town.scene.verdict(second) == nil)
    #expect(try town.scene.verdict(of: first.delegation) == .accepted)
  }

  /// Both the owner and a thief of the next key have rotated.
  private struct Contest {
    var town: Town
    let honest: Scene.Holder
    let stolen: Scene.Holder

    init() throws {
      var town = try Town()
      let own = town.scene.operations.filter { $0.header.author == town.root.key.publicKey }
      honest = try town.scene.rotate(town.root, heads: own, next: "honest")
      stolen = try town.scene.rotate(town.root, next: "thief")
      self.town = town
    }
  }

  @Test func `of two rotations neither acts, and the old root stays as it is`() throws {
    var contest = try Contest()
    let byOld = try contest.town.scene.delegate(.admin, to: "a", by: contest.town.root)
    let byHonest = try contest.town.scene.delegate(.admin, to: "b", by: contest.honest)
    let byThief = try contest.town.scene.delegate(.admin, to: "c", by: contest.stolen)
    let verdicts = try contest.town.scene.bench().verdicts
    #expect(verdicts[contest.honest.delegation] == .contested)
    #expect(verdicts[contest.stolen.delegation] == .contested)
    #expect(verdicts[byOld.delegation] == .accepted)
    #expect(verdicts[byHonest.delegation] == .notAuthorised)
    #expect(verdicts[byThief.delegation] == .notAuthorised)
  }

  @Test func `the council decides between two rotations, and the owner rotates on`() throws {
    var contest = try Contest()
    let byThief = try contest.town.scene.delegate(.admin, to: "c", by: contest.stolen)
    try contest.town.scene.revoke(
      contest.honest, heads: [contest.honest.delegation], by: contest.town.scene.council[0])
    let onward = try contest.town.scene.rotate(contest.honest, next: "after")
    let now = try contest.town.scene.delegate(.admin, to: "d", by: onward)
    let ended = try contest.town.scene.delegate(.admin, to: "e", by: contest.honest)
    let verdicts = try contest.town.scene.bench().verdicts
    #expect(verdicts[contest.honest.delegation] == .accepted)
    #expect(verdicts[contest.stolen.delegation] == .outsideCut)
    #expect(verdicts[byThief.delegation] == .outsideCut)
    #expect(verdicts[ended.delegation] == .outsideCut)
    #expect(verdicts[onward.delegation] == .accepted)
    #expect(verdicts[now.delegation] == .accepted)
    #expect(verdicts[contest.town.admin.delegation] == .accepted)
  }

  @Test func `a contest and its end read the same in every order`() throws {
    var contest = try Contest()
    let council = contest.town.scene.council[0]
    try contest.town.scene.revoke(contest.honest, heads: [contest.honest.delegation], by: council)
    _ = try contest.town.scene.rotate(contest.honest, next: "after")
    let (scene, rest) = (contest.town.scene, Array(contest.town.scene.operations.suffix(4)))
    let expected = try scene.bench().verdicts
    try forEachPermutation(of: rest) { order in
      var bench = try Bench(founding: scene.founding, delivering: scene.operations.dropLast(4))
      for operation in order { bench.deliver([operation]) }
      if bench.verdicts != expected { Issue.record("differs in an order") }
    }
  }

  @Test func `a rotation of a root that was never admitted has no effect`() throws {
    var scene = try Scene(seats: 2, threshold: 1)
    let root = try scene.admit("Ort")
    let next = try scene.rotate(root, next: "x")
    let delegation = try scene.delegate(.admin, to: "a", by: next)
    try scene.revoke(scene.council[0], by: scene.council[1])
    #expect(try scene.verdict(of: root.organisation) == .outsideCut)
    #expect(try scene.verdict(of: next.delegation) == .outsideCut)
    #expect(try scene.verdict(of: delegation.delegation) == .outsideCut)
  }
}
