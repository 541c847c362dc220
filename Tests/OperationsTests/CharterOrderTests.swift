import Operations
import Signatures
import TestSupport
import Testing

/// The charter is a function of the set of its operations.
struct CharterOrderTests {
  @Test func `every order of a small charter gives the same one`() throws {
    let region = try SampleRegion(seed: 5, organisations: 1, officersPerOrganisation: 1)
    #expect(region.charterOperations.count == 6)
    let expected = region.charter.summary
    try forEachPermutation(of: region.charterOperations) { order in
      let charter = try Charter(founding: region.founding, operations: order)
      if charter.summary != expected { Issue.record("differs in an order") }
    }
  }

  @Test(arguments: UInt64(0)..<30)
  func `a shuffled charter with duplicates gives the same one`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let region = try Sample.region()
    let operations = region.charterOperations + region.charterOperations.prefix(7)
    let charter = try Charter(
      founding: region.founding, operations: operations.shuffled(using: &generator))
    #expect(charter.summary == region.charter.summary, "seed \(seed)")
  }

  @Test func `operations of other classes and the founding one among them change nothing`() throws {
    let region = try Sample.region()
    var desk = try Desk()
    let charter = try Charter(
      founding: region.founding,
      operations: [region.founding, try desk.sign(.set("title", "A"))] + region.charterOperations)
    #expect(charter.summary == region.charter.summary)
  }

  @Test func `a part of the charter grants what its own chain reaches`() throws {
    let region = try Sample.region()
    let admissions = region.charterOperations.filter {
      if case .act(.admit) = $0.header.content { true } else { false }
    }
    let charter = try Charter(
      founding: region.founding,
      operations: region.charterOperations.filter { $0.id != admissions.first?.id })
    #expect(charter.organisations.map(\.id) == [region.id, region.organisations[1].id])
    #expect(!charter.allGrants.contains { $0.organisation == region.organisations[0].id })
  }

  @Test func `the charter of a sample region names everything that was admitted`() throws {
    let region = try Sample.region()
    #expect(
      region.charter.organisations.map(\.id) == [region.id] + region.organisations.map(\.id))
    #expect(
      region.charter.organisations.map(\.name) == [
        "Provkretsen", "Provkommun 0", "Provkommun 1",
      ])
    #expect(region.charter.nodes.count == 2)
    #expect(region.charter.threshold == 1)
    for organisation in region.organisations {
      #expect(region.charter.organisation(code: organisation.code)?.id == organisation.id)
      #expect(region.charter.node(organisation.node.publicKey)?.address == organisation.address)
      for delegate in organisation.officers + [organisation.reviewer, organisation.service] {
        let grant = try #require(
          region.charter.grant(
            to: delegate.key.publicKey, as: delegate.role, at: SampleRegion.start))
        #expect(grant.operation == delegate.delegation)
        #expect(grant.organisation == organisation.id)
      }
    }
  }
}

extension Charter {
  /// Everything a reader can ask for, as text.
  var summary: [String] {
    organisations.map { "\($0)" } + allGrants.map { "\($0)" } + nodes.map { "\($0)" }
  }
}
