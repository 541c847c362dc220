import CRDT
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Orders are judged like charter operations and stay exchanged whatever comes of their signers.
struct OrderStandingTests {
  @Test func `an order of a revoked admin is not accepted and stays exchanged`() throws {
    var town = try Town()
    let order = try town.scene.erase(by: town.admin)
    #expect(try town.scene.verdict(order) == .accepted)
    try town.scene.revoke(town.admin, by: town.root)
    #expect(try town.scene.verdict(order) == .outsideCut)
    #expect(try town.scene.isExchanged(order))
  }

  @Test func `what an order follows and acts under stays exchanged with it`() throws {
    var town = try Town()
    let plain = try town.scene.delegate(.admin, to: "plain", by: town.root)
    let unused = try town.scene.delegate(.author, to: "unused", by: plain)
    _ = try town.scene.erase(by: town.admin)
    let after = try town.scene.delegate(.author, to: "after", by: town.admin)
    try town.scene.revoke(town.root, by: town.scene.council[0])
    let bench = try town.scene.bench()
    let (verdicts, exchanged) = (bench.verdicts, bench.exchanged(bench.verdicts))
    for holder in [town.admin, town.officer] {
      #expect(verdicts[holder.delegation] == .outsideCut)
      #expect(exchanged.contains(holder.delegation))
    }
    for holder in [plain, unused, after] { #expect(!exchanged.contains(holder.delegation)) }
  }

  @Test func `an order of a later kind takes its chain along like any other`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 1)
    let (root, admin) = (region.organisations[0].root, region.organisations[0].admin)
    let order = try RawOperation(
      .order, [.unsigned(3), .unsigned(0), .array([])], by: admin, in: region
    ).read(in: region)
    #expect(order.header.content == .unknown)
    let revocation = try region.act(
      .revoke(key: root.key.publicKey, heads: [], disowned: []), by: region.council,
      at: SampleRegion.time(900), using: &generator)
    let bench = try Bench(
      founding: region.founding, delivering: region.charterOperations + [order, revocation])
    let exchanged = bench.exchanged(bench.verdicts)
    #expect(bench.verdicts[admin.delegation] == .outsideCut)
    #expect(exchanged.contains(order.id))
    #expect(exchanged.contains(admin.delegation))
  }

  @Test func `an order outside its signer's dates is not accepted`() throws {
    var town = try Town()
    let dated = try town.scene.delegate(
      .admin, to: "dated", by: town.root, to: SampleRegion.time(50).milliseconds)
    let order = try town.scene.sign(
      .order, .order(Order(kind: .cancel, basis: 1, operations: [])), by: dated, at: 50)
    #expect(try town.scene.verdict(order) == .outsideDates)
    #expect(try town.scene.isExchanged(order))
  }

  @Test func `a council key's order stands alone, and its power grows with approvals`() throws {
    var town = try Town(seats: 2, threshold: 2)
    let order = try town.scene.erase(by: town.scene.council[0])
    #expect(try town.scene.verdict(order) == .accepted)
    #expect(try town.scene.bench().charter.power(of: order.id) == .councilKey)
    try town.scene.approve(order, by: town.scene.council[1])
    #expect(try town.scene.bench().charter.power(of: order.id) == .council)
  }
}
