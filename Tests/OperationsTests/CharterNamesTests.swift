import Operations
import Signatures
import TestSupport
import Testing

/// Codes and nodes: what two claims to one lead to.
struct CharterNamesTests {
  private func charter(_ acts: [Operation]) throws -> Charter {
    let region = try Sample.region()
    return try Charter(founding: region.founding, operations: region.charterOperations + acts)
  }

  @Test func `a code that two admissions claim resolves to none`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 1)
    let code = region.organisations[0].code
    let second = try region.act(
      .admit(
        Act.Admission(
          root: region.key("usurper").publicKey, successor: .zero,
          node: region.key("usurper/node").publicKey, address: "", code: code)),
      name: "Samma kod", by: region.council, at: SampleRegion.time(900), using: &generator)
    let charter = try charter([second])
    #expect(charter.organisation(code: code) == nil)
    #expect(charter.organisation(second.id)?.code == code)
    #expect(charter.organisation(region.organisations[0].id)?.code == code)
    let other = region.organisations[1]
    #expect(charter.organisation(code: other.code)?.id == other.id)
    #expect(charter.organisation(code: "") == nil)
    #expect(charter.organisation(code: "kommun:9999") == nil)
  }

  @Test func `each code of an organisation names it, and a company names its owner`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 3)
    func admission(_ code: String) throws -> Operation {
      try region.act(
        .admit(
          Act.Admission(
            root: region.key(code).publicKey, successor: .zero,
            node: region.key(code + "/node").publicKey, address: "", code: code)),
        name: code, by: region.council, at: SampleRegion.time(900), using: &generator)
    }
    let gotland = try admission("kommun:0980 region:09")
    let company = try admission("org:5564771234 owner:region:09 future:word")
    let orphan = try admission("org:5564771242 owner:region:12")
    let charter = try charter([gotland, company, orphan])
    for code in ["kommun:0980", "region:09"] {
      #expect(charter.organisation(code: code)?.id == gotland.id)
    }
    let owned = try #require(charter.organisation(company.id))
    #expect(owned.code == "org:5564771234")
    #expect(charter.owner(of: owned)?.id == gotland.id)
    #expect(try charter.owner(of: #require(charter.organisation(gotland.id))) == nil)
    #expect(try charter.owner(of: #require(charter.organisation(orphan.id))) == nil)
    for text in ["kommun:0980 region:09", "owner:region:09", ""] {
      #expect(charter.organisation(code: text) == nil)
    }
    let rival = try admission("org:2120000803 region:09")
    let claimed = try self.charter([gotland, rival])
    #expect(claimed.organisation(code: "region:09") == nil)
    #expect(claimed.organisation(code: "kommun:0980")?.id == gotland.id)
  }

  @Test func `the latest act about a node key says where it is, in any order`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 2)
    let organisation = region.organisations[0]
    let acts = try [(2000, "ny.example:1"), (3000, "nyast.example:2"), (1000, "mellan:3")].map {
      try region.act(
        .node(key: organisation.node.publicKey, address: $0.1), by: organisation.admin,
        at: SampleRegion.time($0.0), using: &generator)
    }
    try forEachPermutation(of: acts) { order in
      let node = try #require(try charter(order).node(organisation.node.publicKey))
      #expect(node.address == "nyast.example:2")
      #expect(node.act == acts[1].id)
    }
  }

  @Test func `a name that was erased reads empty`() throws {
    let region = try Sample.region()
    let admissions = try region.charterOperations.map { try $0.erased() }
    let charter = try Charter(founding: region.founding, operations: admissions)
    #expect(charter.organisations.map(\.name) == ["Provkretsen", "", ""])
    #expect(charter.allGrants == region.charter.allGrants)
  }
}
