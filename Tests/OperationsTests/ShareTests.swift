import Operations
import Testing

/// What counts together against the limit `charter-operations`: each stratum by itself.
struct ShareTests {
  private func counts(_ town: Town) throws -> [CharterShare.Signer: Int] {
    let organisation = town.root.organisation
    return try town.scene.bench().charter.shares.filter { $0.key.organisation == organisation }
      .reduce(into: [:]) { $0[$1.key.signer] = $1.value }
  }

  @Test func `admins, roots and rotations count apart, and the council not at all`() throws {
    var town = try Town()
    let before = try counts(town)
    _ = try town.scene.erase(by: town.admin)
    _ = try town.scene.delegate(.author, to: "a", by: town.admin)
    _ = try town.scene.delegate(.admin, to: "b", by: town.root)
    _ = try town.scene.erase(by: town.scene.council[0])
    let after = try counts(town)
    #expect(after[.admins, default: 0] == before[.admins, default: 0] + 2)
    #expect(after[.roots, default: 0] == before[.roots, default: 0] + 1)
    _ = try town.scene.rotate(town.root, next: "after")
    #expect(try counts(town)[.rotations] == 1 && after[.rotations] == nil)
    let charter = try town.scene.bench().charter
    #expect(charter.shares.keys.allSatisfy { $0.organisation != charter.region })
  }

  @Test func `what a cut puts outside counts no more, but for orders`() throws {
    var town = try Town()
    let before = try counts(town)[.admins, default: 0]
    for name in ["a", "b", "c"] {
      _ = try town.scene.delegate(.author, to: name, by: town.admin)
    }
    #expect(try counts(town)[.admins] == before + 3)
    try town.scene.revoke(town.admin, by: town.root)
    #expect(try counts(town)[.admins, default: 0] == 0)
    var other = try Town()
    _ = try other.scene.erase(by: other.admin)
    try other.scene.revoke(other.admin, by: other.root)
    #expect(try counts(other)[.admins, default: 0] >= 1)
  }
}
