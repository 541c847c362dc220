import CRDT
import Operations
import Signatures
import TestSupport
import Testing

/// Dates and void keys: what they take away, and what they do not.
struct CharterValidityTests {
  private static let from = SampleRegion.time(1000)
  private static let to = SampleRegion.time(2000)

  /// A charter with one more officer, delegated from `from` to `to`.
  private func dated() throws -> (charter: Charter, officer: SampleRegion.Delegate) {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 1)
    let key = region.key("temporary")
    let act = try region.act(
      .delegate(
        key: key.publicKey, role: .author, from: Self.from.milliseconds,
        to: Self.to.milliseconds), by: region.organisations[0].admin, at: SampleRegion.time(500),
      using: &generator)
    return (
      try Charter(founding: region.founding, operations: region.charterOperations + [act]),
      SampleRegion.Delegate(key: key, delegation: act.id, role: .author)
    )
  }

  @Test(
    arguments: [
      (SampleRegion.time(999, counter: .max), false), (from, true),
      (SampleRegion.time(1999, counter: .max), true), (to, false),
    ])
  func `dates decide acceptance and not whether an operation is held`(
    time: Timestamp, isAccepted: Bool
  ) throws {
    let region = try Sample.region()
    let (charter, officer) = try dated()
    var generator = SeededGenerator(seed: 2)
    let operation = try region.author(
      [.set("title", "A")], by: officer, at: time, using: &generator)
    #expect(try charter.standing(of: operation.header).isAuthorised == isAccepted)
    let grant = charter.grant(to: officer.key.publicKey, as: .author, at: time)
    #expect((grant != nil) == isAccepted)
  }

  @Test func `a grant given outside its giver's dates is held and never accepted`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 3)
    let admin = region.key("late admin")
    let admission = try region.act(
      .delegate(key: admin.publicKey, role: .admin, from: 0, to: Self.to.milliseconds),
      by: region.organisations[0].root, at: Self.from, using: &generator)
    let late = try region.act(
      .delegate(key: region.key("late").publicKey, role: .author, from: 0, to: 0),
      by: SampleRegion.Delegate(key: admin, delegation: admission.id, role: .admin),
      at: SampleRegion.time(2001), using: &generator)
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + [late, admission])
    let grant = try #require(charter.allGrants.first { $0.operation == late.id })
    #expect(!charter.isAccepted(grant.operation))
    let officer = SampleRegion.Delegate(
      key: region.key("late"), delegation: late.id, role: .author)
    let operation = try region.author(
      [.set("title", "A")], by: officer, at: Self.from, using: &generator)
    #expect(try !charter.standing(of: operation.header).isAuthorised)
  }

  @Test func `a key outside the prime-order subgroup is void`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 4)
    let mixed = try Sample.mixedOrderKey()
    let act = try region.act(
      .delegate(key: mixed, role: .author, from: 0, to: 0), by: region.organisations[0].admin,
      at: SampleRegion.time(500), using: &generator)
    let node = try region.act(
      .node(key: mixed, address: "x.example:7441"), by: region.organisations[0].root,
      at: SampleRegion.time(501), using: &generator)
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + [act, node])
    #expect(charter.isAccepted(act.id))
    #expect(charter.summary == region.charter.summary)
    #expect(charter.node(mixed) == nil)
  }

  @Test func `of several grants to a key the one that lasts longest is used`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 6)
    let key = region.key("twice").publicKey
    let acts = try [UInt64(5000), 0, 9000].map { end in
      try region.act(
        .delegate(
          key: key, role: .author, from: 0,
          to: end == 0 ? 0 : SampleRegion.time(end).milliseconds),
        by: region.organisations[0].admin, at: SampleRegion.time(500), using: &generator)
    }
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + acts)
    #expect(
      charter.grant(to: key, as: .author, at: SampleRegion.time(100))?.operation == acts[1].id)
    #expect(charter.grant(to: key, as: .reviewer, at: SampleRegion.time(100)) == nil)
  }
}
