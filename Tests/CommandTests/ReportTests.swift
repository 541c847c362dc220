import Foundation
import Testing

/// The council's reports, as an analyst asks for them.
@Suite(.ownThread, .timeLimit(.minutes(10))) struct ReportTests {
  private static let names = [
    "coverage", "themes", "funnel", "adoption", "outcomes", "obstacles", "staleness", "review",
    "evidence", "money", "followup", "challenges",
  ]
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    for (name, code) in [
      ("lerum", "kommun:1441"), ("kiruna", "kommun:2584"), ("lund", "kommun:1281"),
    ] {
      try region.join(name, code)
    }
  }

  private func sync() throws {
    for name in ["lerum", "kiruna", "lund", "lerum", "kiruna", "lund"] {
      try region.run(name, "sync")
    }
  }

  private func report(_ node: String, _ arguments: String...) throws -> [String: Any] {
    let result = try region.attempt(node, ["report"] + arguments + ["--json"])
    try #require(result.status == 0, "\(result.errors)")
    return try #require(result.json as? [String: Any])
  }

  private func rows(
    _ report: [String: Any], _ table: String
  ) throws -> [[String: Any]] {
    let tables = try #require(report["tables"] as? [[String: Any]])
    let found = try #require(tables.first { $0["name"] as? String == table }, "\(table)")
    return try #require(found["rows"] as? [[String: Any]])
  }

  private func document(_ title: String, _ head: String, _ body: String = "Text.") -> String {
    "---\nkind: practice\ntitle: \(title)\nthemes: [INNO]\nstage: PILOT\ncontact_ref: a@b.se\n"
      + "\(head)\n---\n\(body)\n"
  }

  // MARK: - Figures

  @Test func `coverage tells who publishes and who is silent, and nodes of one set print the same`()
    throws
  {
    _ = try region.publish("lerum", TestRegion.document("Ett"))
    let two = try region.publish("lerum", TestRegion.document("Två"))
    try sync()
    try region.run("kiruna", "adopt", two, "--state", "TRIAL")
    try sync()
    let coverage = try report("council", "coverage", "--explain")
    let members = try rows(coverage, "members")
    #expect(members.map { $0["code"] as? String } == ["kommun:2584", "kommun:1441", "kommun:1281"])
    #expect(members.map { $0["entries"] as? Int } == [0, 2, 0])
    #expect(members.map { $0["adoptions"] as? Int } == [1, 0, 0])
    #expect((members[2]["silent"] as? String)?.hasPrefix("alltid") == true)
    #expect((members[1]["entries_records"] as? [String])?.contains { $0.hasSuffix(two) } == true)
    #expect(coverage["missing"] as? [String] == ["kommun:1281"])
    for name in Self.names {
      for form in [["--json"], ["--explain"], ["--csv", "plain"]] {
        let outputs = try ["council", "lerum", "lund"].map {
          try region.attempt($0, ["report", name] + form)
        }
        #expect(outputs.allSatisfy { $0.status == 0 }, "\(name): \(outputs[0].errors)")
        #expect(Set(outputs.map(\.output)).count == 1, "\(name) \(form)")
        // A table without rows is a heading and no more.
        let lines = outputs[0].output.split(separator: "\r\n")
        guard form[0] != "--csv" || lines.count > 1 else { continue }
        #expect(outputs[0].output.contains(try #require(coverage["set_digest"] as? String)))
      }
    }
  }

  @Test func `adoption tells who took what of whom, how soon, and what nobody took`() throws {
    let taken = try region.publish("lerum", document("Tagen", "novelty: FIRST"))
    let alone = try region.publish("lund", document("Ensam", "evidence: E0"))
    try sync()
    try region.run(
      "kiruna", "adopt", taken, "--state", "ADAPTED", "--outcome", "WORSE", "--missing", "KAPA")
    try region.run("lund", "adopt", taken, "--state", "INTERESTED")
    try sync()
    let adoption = try report("council", "adoption", "--explain")
    let entries = try rows(adoption, "entries")
    #expect(entries.count == 1 && entries[0]["entry"] as? String == "Tagen")
    #expect(entries[0]["adoptions"] as? Int == 2 && entries[0]["used"] as? Int == 1)
    #expect(entries[0]["days"] as? Int == 0 && entries[0]["novelty"] as? String == "FIRST")
    #expect(entries[0]["review"] as? String == "SELF")
    let states = try rows(adoption, "states")
    #expect(states.map { $0["state"] as? String } == ["INTERESTED", "ADAPTED"])
    #expect(states.allSatisfy { $0["share"] is NSNull && $0["share_few"] as? Bool == true })
    #expect(try rows(adoption, "pairs").count == 2)
    let never = try rows(adoption, "never")
    #expect(never.map { ($0["entry_id"] as? String)?.hasSuffix(alone) } == [true])
    let missing = try rows(try report("lerum", "outcomes"), "missing")
    #expect(missing.map { $0["condition"] as? String } == ["KAPA"])
    #expect(missing[0]["worse"] as? Int == 1)
  }

  @Test func `the funnel counts each stage that was reached and tells no median of a few`() throws {
    var ids: [String] = []
    for number in 0..<5 {
      ids.append(try region.publish("lerum", TestRegion.document("Idé \(number)")))
    }
    func row(_ stage: String) throws -> [String: Any] {
      try #require(
        try rows(try report("lerum", "funnel"), "stages").first { $0["stage"] as? String == stage })
    }
    try region.run("lerum", "edit", ids[0], "--set", "stage=PREST")
    #expect(try row("IDEA")["days_few"] as? Bool == true, "one has left the stage")
    for id in ids.dropFirst() { try region.run("lerum", "edit", id, "--set", "stage=PREST") }
    #expect(try row("IDEA")["reached"] as? Int == 5)
    #expect(try row("IDEA")["now"] as? Int == 0)
    #expect(try row("IDEA")["days"] as? Int == 0)
    #expect(try row("PREST")["now"] as? Int == 5)
    #expect(try row("PILOT")["reached"] as? Int == 0)
    let own = try rows(try report("lerum", "funnel"), "organisations")
    #expect(own.map { $0["stage_PREST"] as? Int } == [5] && own[0]["entries"] as? Int == 5)
    #expect(own[0]["stage_PILOT"] as? Int == 0 && own[0]["stopped"] as? Int == 0)
    // Backwards is no second coming.
    try region.run("lerum", "edit", ids[0], "--set", "stage=IDEA")
    let years = try rows(try report("lerum", "funnel"), "years")
    #expect(years.map { $0["stage_IDEA"] as? Int } == [5])
    #expect(years[0]["stage_PREST"] as? Int == 5 && years[0]["stage_PILOT"] as? Int == 0)
    #expect((years[0]["year"] as? String)?.count == 4)
  }

  @Test func `money sums what is stated and says of how many it is not`() throws {
    let funding = "funding: [{funder: Vinnova, diarienummer: 2015-04564, amount: 181 294}]"
    _ = try region.publish("lerum", document("Med", funding))
    _ = try region.publish("lerum", document("Utan", "funding: [{funder: Vinnova}]"))
    let funders = try rows(try report("lerum", "money"), "funders")
    #expect(funders.count == 1 && funders[0]["funder"] as? String == "Vinnova")
    #expect(funders[0]["amount"] as? Int == 181_294 && funders[0]["unknown"] as? Int == 1)
    // Longer than what lists hold, and hours, which are no money.
    let long = String(repeating: "Länsstyrelsen ", count: 6) + "AB"
    _ = try region.publish(
      "lerum",
      document(
        "Lång",
        "funding: [{funder: \(long), amount: 1000}]\ncosts: [{type: HOURS, amount: 40}, {type: INVEST, amount: 7}]"
      ))
    let money = try report("lerum", "money")
    #expect(try rows(money, "funders").contains { $0["funder"] as? String == long })
    #expect(try rows(money, "costs").map { $0["amount"] as? Int } == [7])
    #expect(try rows(money, "hours").map { $0["amount"] as? Int } == [40])
  }

  @Test func `a project comes up a year after its end and an answer ends it`() throws {
    let id = try region.publish(
      "lerum", document("Slut", "status: ENDED\nperiod_start: 2015\nperiod_end: 2016-08"))
    let due = try rows(try report("lerum", "followup"), "due")
    #expect(due.map { $0["due"] as? String } == ["2019-08-31"])
    #expect(due[0]["months"] as? String == "36")
    try region.run("lerum", "confirm", id)
    #expect(try rows(try report("lerum", "followup"), "due").isEmpty)
  }

  @Test func `shares are rounded and shown from five on, each with the records behind it`() throws {
    for number in 0..<6 {
      let evidence = number < 2 ? "evidence: E1\nevidence_basis: Beskrivet." : "evidence: E0"
      _ = try region.publish("lerum", document("Nr \(number)", evidence))
    }
    let levels = try rows(try report("lerum", "evidence", "--explain"), "levels")
    #expect(levels.map { $0["evidence"] as? String } == ["E0", "E1"])
    #expect(levels.map { $0["entries"] as? Int } == [4, 2])
    #expect(levels.map { $0["share"] as? Int } == [67, 33])
    #expect(levels.map { ($0["share_records"] as? [String])?.count } == [4, 2])
    let queue = try rows(try report("lerum", "review"), "queue")
    #expect(queue.count == 6 && queue[0]["entry"] as? String == "Nr 0", "the oldest first")
    #expect(try rows(try report("lerum", "staleness"), "organisations")[0]["stale"] as? Int == 0)
    let csv = try region.run("lerum", "report", "evidence", "--csv", "plain").output
    #expect(csv.contains("\r\nE0,4,67,0,0,1,"), "\(csv)")
    let text = try region.run("lerum", "report", "review", "--explain").output
    #expect(text.contains((queue[0]["entry_id"] as? String) ?? "–"), "rows name their records")
  }

  @Test func `obstacles are counted among those that state any`() throws {
    _ = try region.publish(
      "lerum", document("Hindrad", "obstacles: ['TID: ont om tid', 'JURI: lagen']"))
    _ = try region.publish("lerum", document("Fri", "evidence: E0"))
    let obstacles = try rows(try report("lerum", "obstacles"), "obstacles")
    #expect(obstacles.map { $0["entries"] as? Int } == [1, 1])
    #expect(Set(obstacles.compactMap { $0["code"] as? String }) == ["TID", "JURI"])
  }

  @Test func `open challenges stand with those who want to join`() throws {
    let id = try region.publish(
      "lerum",
      "---\nkind: challenge\ntitle: Vem löser detta\nthemes: [INNO]\nchallenges: [BEST]\n"
        + "contact_ref: a@b.se\n---\nVi söker fler.\n")
    try sync()
    try region.run("kiruna", "adopt", id, "--state", "INTERESTED")
    try sync()
    let challenges = try report("council", "challenges")
    #expect(try rows(challenges, "open").map { $0["interested"] as? Int } == [1])
    #expect(
      try rows(challenges, "interested").map { $0["organisation"] as? String } == ["Kiruna kommun"])
  }

  // MARK: - Dates

  @Test func `the figures of two years count different members from one store`() throws {
    try region.run("council", "key", "delegate", "--here")
    func member(_ code: String, _ rest: String) throws {
      _ = try region.publish(
        "council", "---\nfamily: membership\norganisation: \(code)\n\(rest)\n---\n")
    }
    try member("kommun:1441", "period_start: 2015\nperiod_end: 2020-06")
    try member("kommun:2584", "period_start: 2019\nsort: associerad")
    try member("kommun:0114", "period_start: 2010")
    _ = try region.publish("lerum", TestRegion.document("Lerums"))
    _ = try region.publish("kiruna", TestRegion.document("Kirunas"))
    try sync()
    func codes(_ year: String) throws -> [String] {
      try rows(try report("lund", "coverage", "--members-on", year), "members")
        .compactMap { $0["code"] as? String }
    }
    #expect(try codes("2018") == ["kommun:1441", "kommun:0114"])
    #expect(try codes("2020") == ["kommun:2584", "kommun:1441", "kommun:0114"])
    #expect(try codes("2023") == ["kommun:2584", "kommun:0114"])
    let then = try report("lund", "themes", "--members-on", "2018")
    #expect(try rows(then, "stages").last?["all"] as? Int == 1)
    #expect(then["outside"] as? Int == 1)
    let coverage = try region.run("lund", "report", "coverage", "--members-on", "2023").output
    #expect(coverage.contains("inte ansluten") && coverage.contains("Associerad"))
  }

  @Test func `a report of an earlier day knows nothing of what was signed since`() throws {
    _ = try region.publish("lerum", TestRegion.document("Nytt"))
    let today = try report("lerum", "themes")
    let before = try report("lerum", "themes", "--as-of", "2020-01-01")
    #expect(try rows(today, "stages").last?["all"] as? Int == 1)
    #expect(try rows(before, "stages").last?["all"] as? Int == 0)
    #expect(before["set_digest"] as? String != today["set_digest"] as? String)
    #expect(before["as_of"] as? String == "2020-01-01")
    let same = try report("lerum", "themes", "--as-of", "2999-01-01")
    #expect(same["set_digest"] as? String == today["set_digest"] as? String)
  }

  @Test func `two reports are compared figure by figure`() throws {
    func save(_ name: String, _ report: String = "themes") throws -> String {
      let path = region.folder.appendingPathComponent(name).path
      let output = try region.run("lerum", "report", report, "--json").output
      try output.write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    _ = try region.publish("lerum", TestRegion.document("Ett"))
    let first = try save("first.json")
    #expect(
      try region.run("lerum", "report", "diff", first, first).output.contains("Ingen skillnad"))
    _ = try region.publish("lerum", TestRegion.document("Två", theme: "EDUC"))
    let second = try save("second.json")
    let difference = try region.run("lerum", "report", "diff", first, second).output
    #expect(difference.contains("Skola") && difference.contains("Olika exempel"))
    let changes = try #require(
      try region.run("lerum", "report", "diff", first, second, "--json").json as? [[String: Any]])
    #expect(
      changes.contains {
        $0["row"] as? String == "Olika exempel" && $0["before"] as? String == "1"
          && $0["after"] as? String == "2"
      })
    _ = try region.publish("lerum", document("Tre", "keywords: [prov]"))
    let third = try save("third.json")
    let back = try #require(
      try region.run("lerum", "report", "diff", third, second, "--json").json as? [[String: Any]])
    #expect(
      back.contains {
        $0["row"] as? String == "Olika exempel" && $0["column"] as? String == "Pilot"
          && $0["before"] as? String == "1" && $0["after"] as? String == "0"
      }, "a stage that nothing is at any more has no column, and is told all the same: \(back)")
    let other = try region.attempt("lerum", ["report", "diff", first, try save("m.json", "money")])
    #expect(other.status == 3 && other.errors.contains("themes"))
    let wrong = try region.attempt("lerum", ["report", "diff", first, "/dev/null"])
    #expect(wrong.status == 3 && wrong.errors.contains("/dev/null"))
  }

  // MARK: - Forms

  @Test func `csv for excel has a mark, semicolons and no formulas, and for programs none of it`()
    throws
  {
    _ = try region.publish("lerum", TestRegion.document("\"=1+1; farligt\""))
    let excel = try region.run(
      "lerum", "report", "review", "--csv", "excel", "--table", "queue"
    ).output
    #expect(excel.hasPrefix("\u{feff}Exempel;id;Utgivare"))
    #expect(excel.contains("\r\n\"'=1+1; farligt\";"))
    let plain = try region.run(
      "lerum", "report", "review", "--csv", "plain", "--table", "queue"
    ).output
    #expect(plain.hasPrefix("entry,id,owner") && plain.contains("\r\n=1+1; farligt,"))
    #expect(plain.contains(",SELF,"), "\(plain)")
    let both = try region.attempt("lerum", ["report", "review", "--csv", "plain", "--explain"])
    #expect(both.status == 64 && both.errors.contains("--explain"))
  }

  @Test func `what is no report, table, form or date is refused with what there is`() throws {
    for (arguments, expected) in [
      (["report", "täckningen"], "coverage"), (["report", "coverage", "--csv", "xls"], "plain"),
      (["report", "coverage", "--csv", "plain", "--table", "x"], "members"),
      (["report", "coverage", "--members-on", "igår"], "ÅÅÅÅ"),
      (["report", "coverage", "--as-of", "2018"], "ÅÅÅÅ-MM-DD"),
      (["report", "--explain"], "ange vilken"),
    ] {
      let result = try region.attempt("lerum", arguments)
      #expect(
        result.status != 0 && result.errors.contains(expected), "\(arguments): \(result.errors)")
    }
    #expect(try region.run("lerum", "report", "täckning").output.contains("Medlemmar"))
  }
}

/// Two councils with one member in both: each counts its record once, and together they count one.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct TwoCouncilTests {
  private let first: TestRegion
  private let second: TestRegion

  init() throws {
    (first, second) = (try TestRegion(), try TestRegion())
    for region in [first, second] { try region.join("lerum", "kommun:1441") }
    try second.join("lund", "kommun:1281")
  }

  private func export(_ region: TestRegion, _ name: String) throws -> String {
    let path = region.folder.appendingPathComponent(name).path
    try region.run("council", "export").output.write(
      toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func total(_ region: TestRegion, _ node: String) throws -> Int? {
    let report = try region.run(node, "report", "themes", "--json").json as? [String: Any]
    let tables = report?["tables"] as? [[String: Any]]
    return (tables?.first?["rows"] as? [[String: Any]])?.last?["all"] as? Int
  }

  @Test func `what is published in two regions is one entry in each and one in both together`()
    throws
  {
    let file = first.folder.appendingPathComponent("gemensam.md")
    try TestRegion.document("Gemensam").write(to: file, atomically: true, encoding: .utf8)
    let published = try first.run(
      "lerum", "publish", file.path, "--also", second.node("lerum").path, "--json")
    let records = try #require(
      (published.json as? [String: Any])?["records"] as? [String], "\(published.output)")
    #expect(records.count == 2 && records[0] != records[1])
    _ = try second.publish("lund", TestRegion.document("Lunds", theme: "EDUC"))
    for region in [first, second] { try region.run("lerum", "sync") }
    try second.run("lund", "sync")
    #expect(try total(first, "council") == 1 && total(second, "council") == 2)
    // Two nodes of one region agree.
    try second.run("lerum", "sync")
    let outputs = try ["council", "lerum", "lund"].map {
      try second.run($0, "report", "themes", "--json").output
    }
    #expect(Set(outputs).count == 1)
    let copy = try second.run("lerum", "show", records[1], "--json").output
    #expect(copy.contains(records[0]), "it names the one that it is the same as")
    let paths = [try export(first, "first.json"), try export(second, "second.json")]
    for paths in [paths, paths.reversed()] {
      let combined = try first.attempt("lerum", ["report", "combined"] + paths + ["--json"])
      let object = try #require(combined.json as? [String: Any], "\(combined.errors)")
      #expect(object["distinct"] as? Int == 2)
      #expect((object["shared"] as? [[String: Any]])?.first?["title"] as? String == "Gemensam")
    }
    let text = try first.attempt("lerum", ["report", "combined"] + paths).output
    #expect(text.contains("Olika tillsammans") && text.contains("Gemensam"))
  }

  @Test func `a second publishing that cannot be made leaves no first one`() throws {
    let file = first.folder.appendingPathComponent("en.md")
    try TestRegion.document("En").write(to: file, atomically: true, encoding: .utf8)
    for (folder, expected) in [
      (first.node("council").path, "samma krets"), (first.folder.path + "/ingen", "ingen"),
    ] {
      let refused = try first.attempt("lerum", ["publish", file.path, "--also", folder])
      #expect(refused.status != 0 && refused.errors.contains(expected), "\(refused.errors)")
    }
    // What the other region refuses: the link is given already.
    let linked = first.folder.appendingPathComponent("lankad.md")
    let reference = String(repeating: "1", count: 64) + "/" + String(repeating: "2", count: 64)
    try TestRegion.document("Länkad").replacingOccurrences(
      of: "stage: IDEA", with: "stage: IDEA\nsame_as: [\(reference)]"
    ).write(to: linked, atomically: true, encoding: .utf8)
    let twice = try first.attempt(
      "lerum", ["publish", linked.path, "--also", second.node("lerum").path])
    #expect(twice.status == 3 && twice.errors.contains("same_as"), "\(twice.errors)")
    for region in [first, second] { #expect(try total(region, "lerum") == 0) }
    let wrong = try first.attempt("lerum", ["report", "combined", file.path])
    #expect(wrong.status == 3 && wrong.errors.contains("ingen utskrift"))
  }
}
