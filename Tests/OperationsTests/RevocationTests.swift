import Operations
import Signatures
import TestSupport
import Testing

/// What a cut takes away and what it leaves.
struct RevocationTests {
  @Test func `what a revoked key signs afterwards is outside, whatever date it claims`() throws {
    var town = try Town()
    let before = try town.scene.record(by: town.officer, at: 50)
    try town.scene.revoke(town.officer, heads: [before.id], by: town.admin)
    let backdated = try town.scene.record(by: town.officer, after: [], at: 1)
    let following = try town.scene.record(by: town.officer, after: [before.id], at: 51)
    #expect(try town.scene.verdict(before) == .accepted)
    #expect(try town.scene.verdict(backdated) == .outsideCut)
    #expect(try town.scene.verdict(following) == .outsideCut)
    #expect(try town.scene.isExchanged(before))
    #expect(try !town.scene.isExchanged(backdated))
  }

  @Test func `a head vouches for everything that it follows, over both sides of a fork`() throws {
    var town = try Town()
    let first = try town.scene.record(by: town.officer)
    let left = try town.scene.record(by: town.officer, after: [first.id])
    let right = try town.scene.record(by: town.officer, after: [first.id])
    let join = try town.scene.record(by: town.officer, after: [left.id, right.id].sorted())
    let beside = try town.scene.record(by: town.officer, after: [right.id])
    try town.scene.revoke(town.officer, heads: [join.id], by: town.admin)
    for operation in [first, left, right, join] {
      #expect(try town.scene.verdict(operation) == .accepted)
    }
    #expect(try town.scene.verdict(beside) == .outsideCut)
  }

  @Test func `a disowned operation does not count, and what follows it does`() throws {
    var town = try Town()
    let first = try town.scene.record(by: town.officer)
    let stolen = try town.scene.record(by: town.officer)
    let last = try town.scene.record(by: town.officer)
    try town.scene.revoke(
      town.officer, heads: [last.id], disowned: [stolen.id], by: town.admin)
    #expect(try town.scene.verdict(first) == .accepted)
    #expect(try town.scene.verdict(stolen) == .disowned)
    #expect(try town.scene.isExchanged(stolen))
    #expect(try town.scene.verdict(last) == .accepted)
  }

  @Test func `what is vouched for counts again, and what it follows is only carried`() throws {
    var town = try Town()
    let carrier = try town.scene.record(by: town.officer)
    let good = try town.scene.record(by: town.officer)
    let after = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.officer, by: town.admin)
    try town.scene.vouch(for: good, by: town.admin)
    #expect(try town.scene.verdict(good) == .accepted)
    #expect(try town.scene.verdict(carrier) == .disowned)
    #expect(try town.scene.isExchanged(carrier))
    #expect(try town.scene.verdict(after) == .outsideCut)
  }

  @Test func `a vouch of less power or of another organisation changes nothing`() throws {
    var town = try Town()
    let other = try town.scene.admit("Annan")
    let operation = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.officer, by: town.root)
    try town.scene.vouch(for: operation, by: town.admin)
    try town.scene.vouch(for: operation, by: other)
    #expect(try town.scene.verdict(operation) == .outsideCut)
    try town.scene.vouch(for: operation, by: town.root)
    #expect(try town.scene.verdict(operation) == .accepted)
  }

  @Test func `of two cuts both must keep an operation, and what one keeps stays exchanged`()
    throws
  {
    var town = try Town()
    let first = try town.scene.record(by: town.officer)
    let second = try town.scene.record(by: town.officer)
    let third = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.officer, heads: [first.id], by: town.admin)
    try town.scene.revoke(town.officer, heads: [second.id], by: town.root)
    #expect(try town.scene.verdict(first) == .accepted)
    #expect(try town.scene.verdict(second) == .disowned)
    #expect(try town.scene.verdict(third) == .outsideCut)
    #expect(try town.scene.isExchanged(second))
    // Who never held more than what is exchanged must see the second cut's head.
    let exchanged = town.scene.operations.filter { $0.id != third.id }
    let late = try Bench(founding: town.scene.founding, delivering: exchanged)
    #expect(late.verdicts[first.id] == .accepted)
  }

  @Test func `a head that is not held vouches for nothing until it arrives`() throws {
    var town = try Town()
    let first = try town.scene.record(by: town.officer)
    let head = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.officer, heads: [head.id], by: town.admin)
    let without = town.scene.operations.filter { $0.id != head.id }
    var bench = try Bench(founding: town.scene.founding, delivering: without)
    let key = town.officer.key.publicKey
    #expect(bench.verdicts[first.id] == .outsideCut)
    #expect(bench.charter.awaited(of: key, in: bench.history(key)) == [head.id])
    bench.deliver([head])
    #expect(bench.verdicts[first.id] == .accepted)
    #expect(bench.charter.awaited(of: key, in: bench.history(key)).isEmpty)
  }

  @Test func `an admin's revocation ends a key in its own organisation only`() throws {
    var town = try Town()
    let root = try town.scene.admit("Annan")
    let elsewhere = try town.scene.delegate(.author, to: "officer", by: root)
    let here = try town.scene.record(by: town.officer)
    let there = try town.scene.record(by: elsewhere)
    try town.scene.revoke(town.officer, by: town.admin)
    #expect(try town.scene.verdict(here) == .outsideCut)
    #expect(try town.scene.verdict(there) == .accepted)
    try town.scene.revoke(town.officer, by: town.scene.council[0])
    #expect(try town.scene.verdict(there) == .outsideCut)
  }

  @Test func `a key's operations of two organisations are two graphs`() throws {
    var town = try Town()
    let root = try town.scene.admit("Annan")
    let elsewhere = try town.scene.delegate(.author, to: "officer", by: root)
    let here = try town.scene.record(by: town.officer)
    let mixed = try town.scene.record(by: elsewhere, after: [here.id])
    #expect(try town.scene.verdict(mixed) == nil)
  }

  @Test func `nobody ends a key of the same stratum or of a higher one`() throws {
    var town = try Town()
    let second = try town.scene.delegate(.admin, to: "second admin", by: town.root)
    try town.scene.revoke(second, by: town.admin)
    try town.scene.revoke(town.root, by: town.admin)
    try town.scene.revoke(town.scene.council[0], by: town.root)
    let bySecond = try town.scene.delegate(.author, to: "x", by: second)
    let byRoot = try town.scene.delegate(.admin, to: "y", by: town.root)
    let byCouncil = try town.scene.admit("Ny")
    for holder in [bySecond, byRoot, byCouncil] {
      #expect(try town.scene.verdict(of: holder.delegation) == .accepted)
    }
  }

  @Test func `what acts under something outside is outside itself`() throws {
    var town = try Town()
    let operation = try town.scene.record(by: town.officer)
    try town.scene.revoke(town.admin, by: town.root)
    #expect(try town.scene.verdict(of: town.officer.delegation) == .outsideCut)
    #expect(try town.scene.verdict(operation) == .outsideCut)
    #expect(try !town.scene.isExchanged(operation))
  }

  @Test func `a revoked admin's revocations end with it`() throws {
    var town = try Town()
    let operation = try town.scene.record(by: town.officer)
    let delegations = town.scene.operations.filter {
      $0.header.author == town.admin.key.publicKey
    }
    try town.scene.revoke(town.officer, by: town.admin)
    #expect(try town.scene.verdict(operation) == .outsideCut)
    try town.scene.revoke(town.admin, heads: delegations.map(\.id), by: town.root)
    #expect(try town.scene.verdict(operation) == .accepted)
  }
}
