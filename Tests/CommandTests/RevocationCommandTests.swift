import CRDT
import Foundation
import Node
import OperationStore
import Operations
import Signatures
import Testing
import WireFormat

/// A key that ends, as an admin types it.
@Suite(.timeLimit(.minutes(5))) struct RevocationCommandTests {
  @Test func `of a stolen key what is vouched for stays everywhere, and the rest falls out`() throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let honest = try region.publish("laptop", TestRegion.document("Före stölden"))
    let stolen = try region.publish("laptop", TestRegion.document("Efter stölden"))
    for name in ["laptop", "lerum"] { try region.run(name, "sync") }
    let key = try region.officer("laptop")

    let revoked = try region.run(
      "lerum", "key", "revoke", String(key.prefix(12)), "--head", String(honest.prefix(12)),
      "--yes")
    #expect(revoked.output.contains("faller bort"))
    #expect(revoked.output.contains(String(stolen.prefix(12))))
    for name in ["lerum", "laptop", "lerum"] { try region.run(name, "sync") }
    for name in ["lerum", "laptop", "council"] {
      #expect(try region.run(name, "show", honest).output.contains("Före stölden"))
      #expect(try !region.run(name, "list").output.contains("Efter stölden"))
      #expect(try region.run(name, "roster", "--keys").output.contains("avslutad"))
    }
    let why = try region.run("council", "why", stolen)
    #expect(why.output.contains("utanför ett snitt") && why.output.contains("sprida key vouch"))
    let late = try region.attempt(
      "laptop", ["publish", "-"], input: TestRegion.document("Med den stulna nyckeln"))
    #expect(late.status == 1 && late.errors.contains("delegering"))
  }

  @Test func `what a thief dates back after the revocation is accepted nowhere`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let honest = try region.publish("laptop", TestRegion.document("Ärligt"))
    for name in ["laptop", "lerum"] { try region.run(name, "sync") }
    // The thief's machine never hears of the revocation and signs with an old date.
    let directory = try NodeDirectory.open(region.node("laptop").path)
    let thief = try directory.openStore()
    let title = ChangeDraft(type: .set, path: "title", value: .text("Falskt"))
    let forged = try thief.publish(
      [.record([title], family: "entry", record: nil)], with: try directory.key(.officer),
      as: [.author], clock: 1_600_000_000_000, random: { Randomness.bytes(16) })[0]
    try region.run("lerum", "key", "revoke", try region.officer("laptop"), "--yes")
    try region.run("lerum", "sync")
    let attempt = try region.attempt("laptop", ["sync", "--json"])
    #expect(attempt.status == 0, "\(attempt.errors)")
    for name in ["council", "laptop"] {
      #expect(try region.run(name, "show", honest).output.contains("Ärligt"))
      #expect(try !region.run(name, "list").output.contains("Falskt"))
    }
    let held = try region.attempt("council", ["why", "\(forged.id)"])
    #expect(held.status == 3, "a stranger to the council's node: \(held.output)")
  }

  @Test func `honest work outside a cut counts again under its own id once vouched for`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    try region.enrol("laptop", of: "lerum")
    let work = try region.publish("laptop", TestRegion.document("Ärligt arbete"))
    for name in ["laptop", "kiruna"] { try region.run(name, "sync") }
    try region.run("kiruna", "adopt", work, "--state", "TRIAL")
    for name in ["kiruna", "lerum"] { try region.run(name, "sync") }
    try region.run("lerum", "key", "revoke", try region.officer("laptop"), "--nothing", "--yes")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try !region.run("kiruna", "list").output.contains("Ärligt arbete"))
    try region.run("lerum", "key", "vouch", String(work.prefix(12)), "--yes")
    for name in ["lerum", "kiruna", "laptop"] { try region.run(name, "sync") }
    for name in ["lerum", "kiruna", "laptop", "council"] {
      let shown = try region.run(name, "show", work)
      #expect(shown.output.contains("Ärligt arbete") && shown.output.contains("Kiruna"), "\(name)")
    }
    #expect(try region.run("council", "why", work).output.contains("Gäller: varje led gäller."))
  }

  @Test func `one operation among honest ones can be disowned`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let records = try ["Ett", "Två", "Tre"].map {
      try region.publish("laptop", TestRegion.document($0))
    }
    for name in ["laptop", "lerum"] { try region.run(name, "sync") }
    try region.run(
      "lerum", "key", "revoke", try region.officer("laptop"), "--disown", records[1], "--yes")
    for name in ["lerum", "laptop"] { try region.run(name, "sync") }
    for name in ["lerum", "laptop", "council"] {
      let list = try region.run(name, "list").output
      #expect(list.contains("Ett") && list.contains("Tre") && !list.contains("Två"), "\(name)")
    }
    #expect(try region.run("council", "why", records[1]).output.contains("frånsagd"))
  }

  @Test func `several admins delegate without a shared key, and none ends another`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("second", of: "lerum", as: "admin")
    try region.enrol("laptop", of: "second")
    let record = try region.publish("laptop", TestRegion.document("Från andra admin"))
    for name in ["laptop", "council"] where name != "council" { try region.run(name, "sync") }
    #expect(try region.run("council", "show", record).output.contains("Från andra admin"))
    let admin = try NodeDirectory.open(region.node("lerum").path).key(.admin).publicKey
    let refused = try region.attempt("second", ["key", "revoke", "\(admin)", "--yes"])
    #expect(refused.status == 1 && refused.errors.contains("admin"), "\(refused.errors)")
    // The root of the node where it is kept ends the colleague's key.
    let colleague = try NodeDirectory.open(region.node("second").path).key(.admin).publicKey
    try region.run("lerum", "key", "revoke", "\(colleague)", "--yes")
    for name in ["lerum", "second"] { try region.run(name, "sync") }
    let late = try region.attempt("second", ["key", "delegate", "--here"])
    #expect(late.status == 1, "\(late.output)")
  }

  @Test func `a key of two roles ends in both, by whoever stands above both`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("second", of: "lerum", as: "admin")
    let key = try NodeDirectory.open(region.node("second").path).key(.admin).publicKey
    try region.run("lerum", "key", "delegate", "\(key)", "--role", "author")
    try region.run("lerum", "key", "revoke", "\(key)", "--yes")
    let roster = try #require(try region.run("lerum", "roster", "--json").json as? [String: Any])
    let organisations = try #require(roster["organisations"] as? [[String: Any]])
    let states = organisations.flatMap { $0["keys"] as? [[String: Any]] ?? [] }.filter {
      $0["key"] as? String == "\(key)"
    }.compactMap { $0["state"] as? String }
    #expect(states == ["cut", "cut"])
    // Nor is an own key that has ended delegated again unasked.
    let admin = try NodeDirectory.open(region.node("lerum").path).key(.admin).publicKey
    try region.run("lerum", "key", "revoke", "\(admin)", "--with", "root", "--yes")
    let before = try region.status("lerum")["held"] as? Int
    for _ in 0..<2 { try region.run("lerum", "sync") }
    #expect(try region.status("lerum")["held"] as? Int == before)
  }

  @Test func `a key past its end without a cut is listed as open, and status asks to end it`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let key = try region.officer("laptop")
    try region.run(
      "lerum", "key", "revoke", key, "--yes")
    try region.enrol("other", of: "lerum")
    let other = try region.officer("other")
    let past = try region.attempt(
      "lerum", ["key", "delegate", key, "--until", "2020-01-31"])
    #expect(past.status == 3 && past.errors.contains("för alltid"), "\(past.errors)")
    try region.run(
      "lerum", "key", "delegate", other, "--role", "reviewer", "--from", "2020-01-01", "--until",
      "2020-01-31")
    let roster = try region.run("lerum", "roster", "--keys").output
    #expect(roster.contains("ÖPPEN: slutade 2020-01-31"), "\(roster)")
    let status = try region.attempt("lerum", ["status"])
    #expect(status.status == 6 && status.output.contains("key-ended"))
  }

  @Test func `nothing is signed unless the person says yes`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let key = try region.officer("lerum")
    let before = try region.run("lerum", "roster", "--json").output
    let no = try region.attempt("lerum", ["key", "revoke", key], input: "nej\n")
    #expect(no.status == 1 && no.errors.contains("Inget är underskrivet"))
    let silent = try region.attempt("lerum", ["key", "revoke", key, "--json"])
    #expect(silent.status == 3 && silent.errors.contains("--yes"))
    #expect(try region.run("lerum", "roster", "--json").output == before)
    #expect(try region.attempt("lerum", ["key", "revoke", key], input: "ja\n").status == 0)
  }
}
