import CRDT
import Foundation
import Node
import OperationStore
import Operations
import Practice
import Signatures
import Testing
import WireFormat

/// What the linter says of published entries and of files, and the yearly confirmation.
@Suite(.ownThread, .timeLimit(.minutes(5)))
struct LintTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
  }

  /// Publishes an entry as if some years ago, by a clock that says so.
  private func publish(_ title: String, yearsAgo: UInt64) throws -> String {
    let directory = try NodeDirectory.open(region.node("lerum").path)
    let day: UInt64 = 86_400_000
    let values: [(String, CBOR)] = [
      ("kind", .text("practice")), ("title", .text(title)), ("summary", .text("Kort.")),
      ("stage", .text("IDEA")),
    ]
    let signed = try directory.openStore().publish(
      [
        .record(
          values.map { ChangeDraft(type: .set, path: $0.0, value: $0.1) }, family: "entry",
          record: nil)
      ], with: try directory.key(.officer), as: [.author],
      clock: SystemClock.now - yearsAgo * 365 * day, random: { Randomness.bytes(16) })
    return "\(signed[0].id)"
  }

  @Test
  func `own entries are remarked on by default, everybody's if asked, and the exit code tells`()
    throws
  {
    #expect(try region.run("lerum", "lint").output.contains("Inget att anmärka på"))
    try region.join("kiruna", "kommun:2584")
    let stale = TestRegion.document("Vårt projekt").replacingOccurrences(
      of: "stage:", with: "status: Pågående\nperiod_end: 2019-03\nstage:")
    _ = try region.publish("kiruna", stale)
    try region.run("kiruna", "sync")
    try region.run("lerum", "sync")
    #expect(try region.attempt("lerum", ["lint"]).status == 0)
    let all = try region.attempt("lerum", ["lint", "--all"])
    #expect(all.status == 6)
    #expect(all.output.contains("# Vårt projekt") && all.output.contains("sluttiden har passerat"))
    #expect(all.output.contains("Ändra status"))
    let json = try region.attempt("kiruna", ["lint", "--json"])
    #expect(json.status == 6)
    let found = try #require(json.json as? [[String: Any]])
    #expect(found.count == 1)
    #expect(
      found[0]["rule"] as? String == "stale-status" && found[0]["field"] as? String == "status")
    #expect(found[0]["title"] as? String == "Vårt projekt")
  }

  @Test func `a file is remarked on with its lines, and published all the same`() throws {
    let file = region.folder.appendingPathComponent("praktik.md")
    try (TestRegion.document("Titel") + "\n\n## Uppnådda resultat\n\nVi ska spara tid.\n")
      .write(to: file, atomically: true, encoding: .utf8)
    let lint = try region.attempt("lerum", ["lint", file.path])
    #expect(lint.status == 6)
    #expect(
      lint.output.contains(
        "praktik.md:10: Uppnådda resultat (results): något väntat står som uppnått resultat"))
    let published = try region.run("lerum", "publish", file.path)
    #expect(published.errors.contains("Flytta det till Förväntade effekter"))
    let record = try #require(published.output.split(separator: " ").last)
    #expect(try region.attempt("lerum", ["lint", String(record.prefix(12))]).status == 6)
    #expect(try region.attempt("lerum", ["lint", "finns-inte.md"]).status == 3)
    try "---\nkind: praktikk\n---\n".write(to: file, atomically: true, encoding: .utf8)
    #expect(
      try region.attempt("lerum", ["lint", file.path]).errors.contains("menade du practice?"))
  }

  @Test func `what nobody has confirmed for a year is due, and a day's confirmation ends that`()
    throws
  {
    let old = try publish("Gammal", yearsAgo: 2)
    let recent = try region.publish("lerum", TestRegion.document("Ny"))
    let listed = try region.run("lerum", "confirm").output
    #expect(listed.contains("Gammal") && !listed.contains("Ny "))
    let lint = try region.attempt("lerum", ["lint"])
    #expect(lint.status == 6 && lint.output.contains("mer än 18 månader"))
    #expect(try region.run("lerum", "confirm", "--all").output.contains("Bekräftat: 1 exempel."))
    #expect(try region.run("lerum", "confirm").output.contains("Inget behöver bekräftas"))
    #expect(try region.attempt("lerum", ["lint"]).status == 0)
    let shown = try region.run("lerum", "show", old).output
    #expect(shown.contains("Bekräftad: \(SystemClock.today)"))
    #expect(!(try region.run("lerum", "show", recent).output.contains("Bekräftad")))
    try region.run("lerum", "confirm", recent)
    #expect(try region.run("lerum", "show", recent).output.contains("Bekräftad"))
  }

  @Test(.enabled(if: TestTerminal.isHere))
  func `on a terminal one key confirms, passes over or quits`() throws {
    for title in ["Ett", "Två", "Tre", "Fyra"] { _ = try publish(title, yearsAgo: 3) }
    let text = try TestTerminal.session(
      TestTerminal.sprida("confirm", in: region.node("lerum")),
      [("1 av 4", "x" + "j"), ("2 av 4", "w"), ("3 av 4", "j"), ("4 av 4", "q")])
    #expect(text.contains("Bekräftat: 2 exempel.") && text.contains("sprida withdraw"))
    let due = try #require(try region.run("lerum", "confirm", "--json").json as? [String: Any])
    #expect((due["due"] as? [Any])?.count == 2)
  }
}
