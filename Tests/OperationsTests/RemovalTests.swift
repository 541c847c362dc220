import Operations
import Signatures
import TestSupport
import Testing

/// An organisation leaves, and may come back as another.
struct RemovalTests {
  @Test func `what lies inside the listed cuts stays, and nothing else`() throws {
    var town = try Town()
    let inside = try town.scene.record(by: town.officer)
    let outside = try town.scene.record(by: town.officer)
    let removal = try town.scene.remove(town.root, cuts: cuts(town, inside), by: council(town))
    let after = try town.scene.delegate(.admin, to: "late", by: town.root)
    let charter = try town.scene.bench().charter
    #expect(try town.scene.verdict(inside) == .accepted)
    #expect(try town.scene.verdict(outside) == .outsideCut)
    #expect(try town.scene.verdict(of: after.delegation) == .outsideCut)
    let organisation = try #require(charter.organisation(town.root.organisation))
    #expect(organisation.removals == [removal.id])
    #expect(organisation.name == "Ort")
  }

  @Test func `a key that nobody lists loses everything`() throws {
    var town = try Town()
    let operation = try town.scene.record(by: town.officer)
    let cuts = cuts(town, operation).filter { $0.key != town.officer.key.publicKey }
    try town.scene.remove(town.root, cuts: cuts, by: council(town))
    #expect(try town.scene.verdict(of: town.officer.delegation) == .accepted)
    #expect(try town.scene.verdict(operation) == .outsideCut)
  }

  @Test func `a key that was revoked before keeps what that revocation kept`() throws {
    var town = try Town()
    let operation = try town.scene.record(by: town.officer)
    let revocation = try town.scene.revoke(
      town.officer, heads: [operation.id], by: town.admin)
    let cuts = [
      cut(town.root, [town.admin.delegation]), cut(town.admin, [revocation.id]),
    ]
    try town.scene.remove(town.root, cuts: cuts, by: council(town))
    #expect(try town.scene.verdict(operation) == .accepted)
  }

  @Test func `an admin who has revoked the root's key does not save it from the removal`() throws {
    var town = try Town()
    let revocation = try town.scene.revoke(town.root, by: town.admin)
    try town.scene.remove(
      town.root, cuts: [cut(town.admin, [revocation.id])], by: council(town))
    let charter = try town.scene.bench().charter
    #expect(try town.scene.verdict(of: town.admin.delegation) == .outsideCut)
    let grant = try #require(charter.allGrants.first { $0.key == town.root.key.publicKey })
    #expect(!charter.isOpen(grant))
  }

  @Test func `a removed organisation does not rotate itself back`() throws {
    var town = try Town()
    try town.scene.remove(town.root, by: council(town))
    let late = try town.scene.act(
      .delegate(key: Scene.key("late").publicKey, role: .admin, from: 0, to: 0), by: town.root)
    let rotation = try town.scene.rotate(town.root, heads: [late], next: "x")
    #expect(try town.scene.verdict(of: rotation.delegation) == .outsideCut)
    #expect(try town.scene.verdict(late) == .outsideCut)
  }

  @Test(arguments: [true, false])
  func `a removal keeps a chain of rotations only if it lists each key of it`(all: Bool) throws {
    var town = try Town()
    let second = try town.scene.rotate(town.root, next: "third root")
    let third = try town.scene.rotate(second, next: "fourth root")
    let last = try town.scene.delegate(.admin, to: "y", by: third)
    let cuts = [cut(third, [last.delegation])] + (all ? [cut(second, [second.delegation])] : [])
    try town.scene.remove(town.root, cuts: cuts, by: council(town))
    let expected = all ? Verdict.accepted : .outsideCut
    for holder in [second, third, last] {
      #expect(try town.scene.verdict(of: holder.delegation) == expected)
    }
  }

  @Test func `whoever is admitted again is a new organisation, and the code is its`() throws {
    var town = try Town()
    try town.scene.remove(town.root, by: council(town))
    #expect(try town.scene.bench().charter.organisation(code: "kommun:1") == nil)
    let again = try town.scene.admit("Ort", code: "kommun:1")
    let admin = try town.scene.delegate(.admin, to: "admin", by: again)
    let charter = try town.scene.bench().charter
    #expect(again.organisation != town.root.organisation)
    #expect(charter.organisation(code: "kommun:1")?.id == again.organisation)
    #expect(charter.verdict(of: admin.delegation) == .accepted)
    #expect(charter.verdict(of: town.admin.delegation) == .outsideCut)
  }

  @Test func `the nodes of a removed organisation leave, and one learns by which act`() throws {
    var town = try Town()
    let key = Scene.key("Ort node").publicKey
    let server = Scene.key("second node").publicKey
    try town.scene.act(.node(key: server, address: "two:1"), by: town.admin)
    let before = try town.scene.bench().charter
    #expect(Set(before.nodes.map(\.key)) == [key, server])
    #expect(before.removal(ofNode: key).isEmpty)
    let removal = try town.scene.remove(town.root, by: council(town))
    let after = try town.scene.bench().charter
    #expect(after.nodes.isEmpty)
    #expect(after.removal(ofNode: key) == [removal.id])
    #expect(after.removal(ofNode: Scene.key("nobody").publicKey).isEmpty)
  }

  @Test func `a node that is told of its removal is told of the approvals`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let removal = try town.scene.remove(town.root, by: council(town))
    let approval = try town.scene.approve(removal, by: town.scene.council[1])
    let charter = try town.scene.bench().charter
    let key = Scene.key("Ort node").publicKey
    #expect(charter.removal(ofNode: key) == [removal.id, approval.id].sorted())
  }

  @Test func `a revoked node leaves, of the signer's organisation or of all`() throws {
    var town = try Town()
    let other = try town.scene.admit("Annan")
    let key = Scene.key("Ort node")
    try town.scene.act(.node(key: key.publicKey, address: "x:1"), by: other)
    let revocation = Act.revoke(key: key.publicKey, heads: [], disowned: [])
    let first = try town.scene.act(revocation, by: town.admin)
    #expect(try town.scene.bench().charter.node(key.publicKey)?.organisation == other.organisation)
    let second = try town.scene.act(revocation, by: council(town))
    let charter = try town.scene.bench().charter
    #expect(charter.node(key.publicKey) == nil)
    #expect(charter.removal(ofNode: key.publicKey) == [first.id, second.id].sorted())
  }

  // MARK: - Cuts

  private func council(_ town: Town) -> Scene.Holder { town.scene.council[0] }

  private func cut(_ holder: Scene.Holder, _ heads: [Digest]) -> Act.Cut {
    Act.Cut(key: holder.key.publicKey, heads: heads)
  }

  /// Everything of the root and the admin, and the officer's up to `head`.
  private func cuts(_ town: Town, _ head: Operation) -> [Act.Cut] {
    [
      cut(town.root, [town.admin.delegation]), cut(town.admin, [town.officer.delegation]),
      cut(town.officer, [head.id]),
    ]
  }
}
