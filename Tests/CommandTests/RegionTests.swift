import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct RegionTests {
  @Test func `what one node publishes is read on every node and counted by the council`() throws {
    let region = try TestRegion()
    let members = [
      ("lerum", "kommun:1441"), ("kiruna", "kommun:2584"), ("helsingborg", "kommun:1283"),
      ("gotland", "region:09"),
    ]
    for (name, code) in members { try region.join(name, code) }
    let record = try region.publish("lerum", TestRegion.document("Idésluss i Lerum"))
    for (name, _) in members + members { try region.run(name, "sync") }
    for (name, _) in members {
      let shown = try region.run(name, "show", record)
      #expect(shown.output.contains("Idésluss i Lerum"))
      #expect(shown.output.contains("egendeklarerad"))
      #expect(try region.run(name, "search", "ideslussen").output.contains("Inga poster"))
      #expect(try region.run(name, "search", "idesluss").output.contains("Idésluss"))
    }
    try region.run("kiruna", "adopt", String(record.prefix(8)), "--state", "INTERESTED")
    try region.run("kiruna", "sync")
    let report = try #require(
      try region.run("council", "report", "--json").json as? [String: Any])
    #expect(report["entries"] as? Int == 1)
    #expect(report["organisations_published"] as? Int == 2)
    #expect((report["adopted"] as? [Any])?.count == 1)
    let kiruna = try #require(try region.run("kiruna", "report", "--json").json as? [String: Any])
    #expect(report["set_digest"] as? String == kiruna["set_digest"] as? String)
    #expect(try region.run("council", "roster").output.contains("Helsingborgs"))
  }

  @Test func `edits that could not see each other give one conflict everywhere until resolved`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let record = try region.publish("lerum", TestRegion.document("Först"))
    try region.run("lerum", "sync")
    try region.run("laptop", "sync")
    try region.run("lerum", "edit", record, "--set", "title=Från noden", "--set", "stage=PILOT")
    try region.run(
      "laptop", "edit", record, "--set", "title=Från datorn", "--set", "keywords=sluss")
    for name in ["lerum", "laptop", "lerum"] { try region.run(name, "sync") }
    let views = try ["lerum", "laptop", "council"].map {
      try region.run($0, "show", record, "--json").output
    }
    #expect(views[0] == views[1] && views[1] == views[2])
    #expect(views[0].contains("Från noden") && views[0].contains("Från datorn"))
    #expect(views[0].contains("PILOT") && views[0].contains("sluss"))
    #expect(try region.run("council", "conflicts").output.contains("title 2"))
    try region.run("laptop", "resolve", record, "title", "--take", "2")
    for name in ["laptop", "lerum"] { try region.run(name, "sync") }
    for name in ["lerum", "laptop", "council"] {
      #expect(try region.run(name, "conflicts").output.contains("Inga konflikter"))
    }
  }

  @Test func `a node that lost its store, met for the first time or met yesterday converges`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let first = try region.publish("lerum", TestRegion.document("Före haveriet"))
    try region.run("lerum", "sync")
    for suffix in ["", "-wal", "-shm", ".lock"] {
      try? FileManager.default.removeItem(
        at: region.node("lerum").appendingPathComponent("store.sqlite\(suffix)"))
    }
    let again = try region.run("lerum", "sync", "--json")
    let outcome = try #require((again.json as? [[String: Any]])?.first)
    #expect(outcome["equal"] as? Bool == true)
    #expect(try region.run("lerum", "show", first).output.contains("Före haveriet"))
    _ = try region.publish("lerum", TestRegion.document("Efter haveriet"))
    let next = try region.run("lerum", "sync", "--json")
    let tonight = try #require((next.json as? [[String: Any]])?.first)
    #expect(tonight["equal"] as? Bool == true)
    #expect(tonight["reconciled"] as? Bool == false)
  }

  @Test func `two nodes that both have megabytes to send do not wait for each other`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.run("council", "admit", "--hosted", "org:2021003054", "--name", "KTH")
    // Letters that no compression shortens by much.
    var generator = SeededGenerator(seed: 1)
    let letters = Array("abcdefghijklmnopqrstuvwxyzåäöABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ0123456789")
    let files = try (0..<200).map { number in
      let text = (0..<900).map { _ in
        String((0..<7).map { _ in letters.randomElement(using: &generator) ?? "a" })
      }.joined(separator: " ")
      let file = region.folder.appendingPathComponent("\(number).md")
      try "\(TestRegion.document("Nummer \(number)"))\n## approach\n\(text)\n"
        .write(to: file, atomically: true, encoding: .utf8)
      return file.path
    }
    for (name, more) in [("lerum", []), ("council", ["--as", "org:2021003054"])] {
      let published = try region.attempt(name, ["publish"] + more + files)
      try #require(published.status == 0, "\(published.errors.suffix(500))")
    }
    let outcome = try #require(
      (try region.run("lerum", "sync", "--json").json as? [[String: Any]])?.first)
    #expect(outcome["equal"] as? Bool == true)
    #expect(outcome["bytes_in"] as? Int ?? 0 > 900_000)
    #expect(outcome["bytes_out"] as? Int ?? 0 > 900_000)
  }

  @Test func `serve needs neither root nor admin keys`() throws {
    let region = try TestRegion()
    for name in ["council", "next-council", "admin"] {
      try FileManager.default.removeItem(
        at: region.node("council").appendingPathComponent("keys/\(name).key"))
    }
    try region.restartCouncil()
    let made = try region.attempt(
      "lerum", ["init", "--organisation", "kommun:1441", "--region", region.link])
    #expect(made.status == 0)
    // Not admitted: refused, with the reason on both sides, and the council lives on.
    let refused = try region.attempt("lerum", ["sync"])
    #expect(refused.status == 4)
    #expect(refused.errors.contains("unknown-node"))
    #expect(try region.refusals("unknown-node", atLeast: 1) == 1)
    #expect(region.council.isRunning)
  }

  @Test func `a daemon stops at once when told to`() throws {
    let region = try TestRegion()
    #expect(region.council.stop() == 0)
  }
}
