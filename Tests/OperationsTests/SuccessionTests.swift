import Operations
import Signatures
import TestSupport
import Testing

/// Records pass to another organisation.
struct SuccessionTests {
  @Test func `a succession takes the threshold and names what passes`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let other = try town.scene.admit("Annan")
    let record = try town.scene.record(by: town.officer)
    let act = try town.scene.act(
      .succeed(from: town.root.organisation, to: other.organisation, records: [record.id]),
      by: town.scene.council[0])
    #expect(try town.scene.verdict(act) == .needsApproval)
    #expect(try town.scene.bench().charter.successions.isEmpty)
    try town.scene.approve(act, by: town.scene.council[1])
    let succession = try #require(try town.scene.bench().charter.successions.first)
    #expect(succession.act == act.id)
    #expect(succession.from == town.root.organisation)
    #expect(succession.to == other.organisation)
    #expect(succession.records == [record.id])
  }

  @Test func `an organisation does not succeed itself`() throws {
    var town = try Town()
    let id = town.root.organisation
    let act = try town.scene.act(
      .succeed(from: id, to: id, records: []), by: town.scene.council[0])
    #expect(try town.scene.verdict(act) == .withoutEffect)
    #expect(try town.scene.bench().charter.successions.isEmpty)
  }

  @Test func `successions are listed by time`() throws {
    var town = try Town()
    let (one, two) = (try town.scene.admit("Ett"), try town.scene.admit("Tre"))
    let late = try town.scene.act(
      .succeed(from: town.root.organisation, to: one.organisation, records: []),
      by: town.scene.council[0], at: 90)
    let early = try town.scene.act(
      .succeed(from: one.organisation, to: two.organisation, records: []),
      by: town.scene.council[0], at: 80)
    #expect(try town.scene.bench().charter.successions.map(\.act) == [early.id, late.id])
  }

  @Test func `the succession of a revoked council key ends with it`() throws {
    var town = try Town(seats: 2, threshold: 1)
    let other = try town.scene.admit("Annan")
    try town.scene.act(
      .succeed(from: town.root.organisation, to: other.organisation, records: []),
      by: town.scene.council[0])
    try town.scene.revoke(
      town.scene.council[0], heads: [other.organisation], by: town.scene.council[1])
    #expect(try town.scene.bench().charter.successions.isEmpty)
    #expect(try town.scene.bench().charter.organisations.count == 3)
  }
}
