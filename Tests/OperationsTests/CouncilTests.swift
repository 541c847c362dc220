import Operations
import Signatures
import TestSupport
import Testing

/// What several council keys do together, also to each other.
struct CouncilTests {
  @Test func `a removal takes as many seats as the threshold says`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let removal = try town.scene.remove(town.root, by: town.scene.council[0])
    #expect(try town.scene.verdict(removal) == .needsApproval)
    #expect(try town.scene.bench().charter.organisation(town.root.organisation)?.isRemoved == false)
    let approval = try town.scene.approve(removal, by: town.scene.council[1])
    let charter = try town.scene.bench().charter
    #expect(charter.verdict(of: removal.id) == .accepted)
    #expect(charter.power(of: removal.id) == .council)
    #expect(charter.approvals(of: removal.id) == [approval.id])
    #expect(charter.organisation(town.root.organisation)?.isRemoved == true)
  }

  @Test func `an approval counts whichever comes first`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let removal = try town.scene.remove(town.root, by: town.scene.council[0])
    let approval = try town.scene.approve(removal, by: town.scene.council[1])
    for order in [[removal, approval], [approval, removal]] {
      var bench = try Bench(
        founding: town.scene.founding, delivering: town.scene.operations.dropLast(2))
      for operation in order { bench.deliver([operation]) }
      #expect(bench.verdicts[removal.id] == .accepted)
    }
  }

  @Test func `one key approves once, and not itself`() throws {
    var town = try Town(seats: 3, threshold: 3)
    let removal = try town.scene.remove(town.root, by: town.scene.council[0])
    try town.scene.approve(removal, by: town.scene.council[0])
    try town.scene.approve(removal, by: town.scene.council[1])
    try town.scene.approve(removal, by: town.scene.council[1])
    #expect(try town.scene.verdict(removal) == .needsApproval)
  }

  @Test func `one seat does not vote twice through a rotation`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let removal = try town.scene.remove(town.root, by: town.scene.council[0])
    let next = try town.scene.rotate(town.scene.council[0], heads: [removal], next: "x")
    try town.scene.approve(removal, by: next)
    #expect(try town.scene.verdict(removal) == .needsApproval)
    try town.scene.approve(removal, by: town.scene.council[1])
    #expect(try town.scene.verdict(removal) == .accepted)
  }

  /// A fourth council key, which two of three have let in.
  private func enlarged(
    _ town: inout Town, _ name: String = "new"
  ) throws -> Scene.Holder {
    let new = try town.scene.delegate(.council, to: name, by: town.scene.council[0])
    let act = try #require(town.scene.operations.last)
    try town.scene.approve(act, by: town.scene.council[1])
    return new
  }

  @Test func `a delegated council key votes once the threshold stands behind it`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let new = try town.scene.delegate(.council, to: "new", by: town.scene.council[0])
    let delegation = try #require(town.scene.operations.last)
    let removal = try town.scene.remove(town.root, by: new)
    try town.scene.approve(removal, by: town.scene.council[2])
    #expect(try town.scene.verdict(of: new.delegation) == .needsApproval)
    #expect(try town.scene.verdict(removal) == .notAuthorised)
    try town.scene.approve(delegation, by: town.scene.council[1])
    #expect(try town.scene.verdict(of: new.delegation) == .accepted)
    #expect(try town.scene.verdict(removal) == .accepted)
  }

  @Test func `a new council key does not approve itself in`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let new = try town.scene.delegate(.council, to: "new", by: town.scene.council[0])
    let delegation = try #require(town.scene.operations.last)
    try town.scene.approve(delegation, by: new)
    #expect(try town.scene.verdict(delegation) == .needsApproval)
  }

  @Test func `a council key that is delegated twice sits on one seat`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let first = try enlarged(&town)
    let second = try enlarged(&town)
    #expect(first.delegation != second.delegation)
    let removal = try town.scene.remove(town.root, by: first)
    try town.scene.approve(removal, by: second)
    #expect(try town.scene.verdict(removal) == .needsApproval)
  }

  @Test func `a delegated council key has no successor`() throws {
    var town = try Town(seats: 3, threshold: 2)
    var new = try enlarged(&town)
    new.next = Scene.key("new next")
    let rotation = try town.scene.rotate(new, next: "x")
    #expect(try town.scene.verdict(of: rotation.delegation) == nil)
  }

  @Test func `two of three end the third, whose acts after its heads are outside`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let scene = town.scene
    let before = try town.scene.remove(town.root, by: scene.council[2])
    let revocation = try town.scene.revoke(
      scene.council[2], heads: [before.id], by: scene.council[0])
    let after = try town.scene.approve(before, by: scene.council[2])
    #expect(try town.scene.verdict(after) == .accepted)
    try town.scene.approve(revocation, by: scene.council[1])
    #expect(try town.scene.verdict(before) == .needsApproval)
    #expect(try town.scene.verdict(after) == .outsideCut)
    #expect(try town.scene.isExchanged(after))
  }

  @Test func `one council key alone ends no other, but every key below`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let scene = town.scene
    try town.scene.revoke(scene.council[0], by: scene.council[1])
    let revocation = try town.scene.revoke(town.root, by: scene.council[1])
    let admission = try town.scene.admit("Ny")
    #expect(try town.scene.verdict(of: admission.delegation) == .accepted)
    #expect(try town.scene.bench().charter.power(of: revocation.id) == .councilKey)
    #expect(try town.scene.verdict(of: town.admin.delegation) == .outsideCut)
  }

  @Test func `two who remove each other in one step both go`() throws {
    var town = try Town(seats: 4, threshold: 2)
    let scene = town.scene
    let one = try town.scene.revoke(scene.council[1], by: scene.council[0])
    let other = try town.scene.revoke(scene.council[0], by: scene.council[1])
    try town.scene.approve(one, by: scene.council[2])
    try town.scene.approve(other, by: scene.council[3])
    let late = [
      try town.scene.act(.node(key: Scene.key("n").publicKey, address: ""), by: scene.council[0]),
      try town.scene.act(.node(key: Scene.key("n").publicKey, address: ""), by: scene.council[1]),
    ]
    let verdicts = try town.scene.bench().verdicts
    #expect(verdicts[one.id] == .accepted)
    #expect(verdicts[other.id] == .accepted)
    #expect(late.map { verdicts[$0.id] } == [.outsideCut, .outsideCut])
    #expect(verdicts[town.root.organisation] == .outsideCut)
  }

  @Test func `a council vouch brings back what a revoked council key had admitted`() throws {
    var town = try Town(seats: 3, threshold: 2)
    let scene = town.scene
    let revocation = try town.scene.revoke(scene.council[0], by: scene.council[1])
    try town.scene.approve(revocation, by: scene.council[2])
    #expect(try town.scene.verdict(of: town.officer.delegation) == .outsideCut)
    let admission = try #require(
      town.scene.operations.first { $0.id == town.root.organisation })
    let vouch = try town.scene.vouch(for: admission, by: scene.council[1])
    #expect(try town.scene.verdict(admission) == .outsideCut)
    try town.scene.approve(vouch, by: scene.council[2])
    #expect(try town.scene.verdict(admission) == .accepted)
    #expect(try town.scene.verdict(of: town.officer.delegation) == .accepted)
  }

  @Test func `with a threshold of 1 each council key is the council`() throws {
    var town = try Town(seats: 2, threshold: 1)
    let removal = try town.scene.remove(town.root, by: town.scene.council[1])
    let revocation = try town.scene.revoke(town.scene.council[0], by: town.scene.council[1])
    let after = try town.scene.admit("Ny")
    #expect(try town.scene.verdict(removal) == .accepted)
    #expect(try town.scene.verdict(revocation) == .accepted)
    #expect(try town.scene.verdict(of: after.delegation) == .outsideCut)
  }

  @Test func `approvals of what a root has signed give it no power`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let operation = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.officer, by: town.scene.council[0])
    let vouch = try town.scene.vouch(for: operation, by: town.root)
    for holder in town.scene.council { try town.scene.approve(vouch, by: holder) }
    #expect(try town.scene.bench().charter.power(of: vouch.id) == .root)
    #expect(try town.scene.verdict(operation) == .outsideCut)
  }

  @Test func `the council is not removed`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let removal = try town.scene.act(
      .remove(organisation: town.scene.founding.id, cuts: []), by: town.scene.council[0])
    #expect(try town.scene.verdict(removal) == .needsApproval)
    try town.scene.approve(removal, by: town.scene.council[1])
    #expect(try town.scene.verdict(removal) == .withoutEffect)
  }

  @Test func `a thief of one seat who delegates without end is judged like any other`() throws {
    var scene = try Scene(seats: 2, threshold: 2)
    var last = scene.council[1]
    var rotated = scene.council[0]
    for number in 0..<2000 {
      last = try scene.delegate(.council, to: "thief \(number)", by: last)
      rotated = try scene.rotate(rotated, next: "rotated \(number)")
    }
    // Two rotations of the first key: all further ones hang in the air.
    let other = try scene.rotate(scene.council[0], next: "beside")
    let verdicts = try scene.bench().verdicts
    #expect(verdicts[last.delegation] == .notAuthorised)
    #expect(verdicts[rotated.delegation] == .notAuthorised)
    #expect(verdicts[other.delegation] == .contested)
  }
}
