import Foundation
import Node
import Operations
import Testing

/// What the region's own documents name, one test for each thing that no other suite is about.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct DomainRowTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
  }

  private func titles(_ arguments: String...) throws -> [String] {
    let result = try region.attempt("lerum", arguments + ["--json"])
    try #require(result.status == 0, "\(result.errors)")
    return try #require(result.json as? [[String: Any]]).compactMap { $0["title"] as? String }
  }

  private func fields(_ record: String) throws -> [String: Any] {
    let shown = try #require(
      try region.run("lerum", "show", record, "--json").json as? [String: Any])
    return try #require(shown["fields"] as? [String: Any])
  }

  private func publish(_ head: String, _ body: String = "Text.", by node: String = "lerum")
    throws -> String
  {
    try region.publish(
      node,
      "---\nkind: practice\nthemes: [INNO]\nstage: IDEA\ncontact_ref: a@b.se\n\(head)\n---\n\n\(body)\n"
    )
  }

  // MARK: The sixty entries

  @Test func `the real entries are found, told apart and shown as their sources state them`() throws
  {
    let ids = try region.publishSeed()
    #expect(ids.count == 60)
    // Diarienummer; between quotation marks, those too that only mention it.
    #expect(try titles("search", "2015-04564") == ["Innovationssluss för hållbar kommunutveckling"])
    #expect(try titles("search", "\"2015-04564\"").count == 7)
    // Utlysning: all entries of one call.
    #expect(
      try titles("search", "\"Idéslussar i kommuner\"")
        .contains("Innovationssluss för hållbar kommunutveckling"))
    // Belopp, and dates no more exact than their source.
    let lerum = try #require(ids["lerum/009-innovationssluss.md"])
    let shown = try region.run("lerum", "show", lerum).output
    #expect(shown.contains("2015-11") && !shown.contains("2015-11-01"))
    #expect("\(try fields(lerum))".contains("181294"))
    // Achieved and expected are kept apart.
    let kth = try #require(ids["kth/016-larande-natverk.md"])
    let network = try fields(kth)
    #expect(network["results"] == nil && network["expected_effects"] != nil)
    // What is not stated stays so: the second source has no date.
    #expect(!network.keys.contains { $0.hasSuffix("/source_updated") })
    // Samverkansparter: one entry, several roles.
    #expect(try !titles("list", "--partner", "Implement").isEmpty)
    // Fokus.
    #expect(try titles("list", "--focus", "LED").contains { $0.contains("edarskap") })
    // Utmaningar: who has answered that one.
    #expect(try !titles("list", "--challenge", "BEST").isEmpty)
    // Search as §6 of the design has it.
    #expect(try !titles("search", "malardalsradet").isEmpty)
    let (narrow, wide) = (
      try titles("search", "innovationsförmåga"), try titles("search", "förmåga")
    )
    #expect(!narrow.isEmpty)
    #expect(narrow.allSatisfy(wide.contains))
    // From a part one step leads to the whole, and back.
    let whole = try region.run("lerum", "show", kth).output
    #expect(whole.contains("Exempel som pekar hit") && whole.contains("Del av: Tolv mötesdagar"))
    // The linter: exactly the two that are known to be stale.
    let lint = try region.attempt("lerum", ["lint", "--json"])
    let stale = try #require(lint.json as? [[String: Any]])
      .filter { ($0["rule"] as? String)?.hasPrefix("stale") == true }
    #expect(Set(stale.compactMap { $0["record"] as? String }) == [lerum, kth], "\(stale)")
  }

  // MARK: One by one

  @Test func `a report with its attachment: the council sees which nodes have it, and which not`()
    throws
  {
    try region.join("kiruna", "kommun:2584")
    let report = try region.publish(
      "lerum",
      "---\nkind: report\nthemes: [INNO]\ncontact_ref: a@b.se\n---\n\n# Rapport\n\nHärmed anmäls.\n"
    )
    let file = region.folder.appendingPathComponent("rapport.txt")
    try Data("Rapporten".utf8).write(to: file)
    try region.run("lerum", "attach", report, file.path)
    try region.run("lerum", "sync")
    let first = try region.run("council", "show", report).output
    #expect(first.contains("Lerums kommun") && first.contains("Inte känt hos: Kiruna kommun"))
    try region.run("kiruna", "sync")
    let second = try region.run("council", "show", report).output
    #expect(second.contains("Kiruna kommun") && !second.contains("Inte känt hos"), "\(second)")
    #expect(try region.run("kiruna", "attachments", report).output.contains("rapport.txt"))
  }

  @Test func `evidence above a claim is not published without its method and sources`() throws {
    for level in ["E1", "E2", "NE"] {
      let refused = try region.attempt(
        "lerum", ["publish", "-"],
        input: TestRegion.document("Titel").replacingOccurrences(
          of: "stage:", with: "evidence: \(level)\nstage:"))
      #expect(refused.status == 3 && refused.errors.contains("Underlag"), "\(refused.errors)")
    }
    _ = try publish("evidence: E1", "# Titel\n\nText.\n\n## Underlag\n\nIntervjuer 2024.")
    let comparison = try region.attempt(
      "lerum", ["publish", "-"],
      input: TestRegion.document("Titel").replacingOccurrences(
        of: "stage:", with: "evidence: E3\nstage:"))
    #expect(comparison.errors.contains("Utvärderingar"))
  }

  @Test(arguments: ["\u{20}", "\u{a0}", "\u{202f}", ""])
  func `an amount is read whatever space stands in it`(space: String) throws {
    let record = try publish(
      "title: Titel\nfunding:\n  - funder: Vinnova\n    amount: 181\(space)294")
    #expect("\(try fields(record))".contains("181294"))
  }

  @Test func `one status has several spellings in, and one out`() throws {
    for (written, code) in [
      ("Avslutat", "ENDED"), ("Avslutad", "ENDED"), ("Pågående", "ONGOING"),
      ("Ej påbörjad", "PLANNED"),
    ] {
      let record = try publish("title: \(written)\nstatus: \(written)")
      #expect("\(try fields(record)["status"] ?? "")".contains(code), "\(written)")
    }
  }

  @Test func `every view says that an entry is declared by its owner alone`() throws {
    let record = try publish("title: Titel")
    #expect(try region.run("lerum", "show", record).output.contains("egendeklarerad"))
    #expect(try region.run("lerum", "show", record, "--html").output.contains("gendeklarerad"))
    for arguments in [["show", record, "--json"], ["list", "--json"], ["export"]] {
      let output = try region.attempt("lerum", arguments).output
      #expect(output.contains(/"review_status" *: *"SELF"/), "\(arguments): \(output)")
    }
    for arguments in [["list"], ["search", "titel"]] {
      #expect(try region.attempt("lerum", arguments).output.contains("egendeklarerad"))
    }
  }

  @Test func `the way from idea to ordinary operation is shown with its dates`() throws {
    let record = try publish("title: Titel")
    for stage in ["PILOT", "IMPL", "ORD"] {
      try region.run("lerum", "edit", record, "--set", "stage=\(stage)")
    }
    let shown = try region.run("lerum", "show", record).output
    #expect(shown.firstMatch(of: /Idé .* → Pilot .* → Infört .* → Ordinarie verksamhet/) != nil)
  }

  @Test func `ten yearly updates of one entry stay in order, each with who and when`() throws {
    let record = try publish("title: Plattform")
    for year in 2016...2025 {
      try region.run("lerum", "edit", record, "--set", "summary=Läget \(year)")
    }
    let history = try region.run("lerum", "show", record, "--history").output
    #expect(history.split(separator: "\n").count == 12)
    #expect(history.contains("Lerums kommun") && history.contains("Sammanfattning"))
    let steps = try #require(
      try region.run("lerum", "show", record, "--history", "--json").json as? [[String: Any]])
    let times = steps.compactMap { $0["timestamp"] as? Int }
    #expect(times.count == 11 && times == times.sorted())
  }

  @Test func `an earlier project leads to its successor, and a lesson to its sources`() throws {
    let old = try publish("title: Projektet 2016")
    let new = try publish("title: Projektet 2021\ncontinues: [\(old)]")
    try region.run("lerum", "edit", old, "--set", "continued_by=\(new)")
    #expect(try region.run("lerum", "show", old).output.contains("Fortsätts av: Projektet 2021"))
    let lesson = try region.publish(
      "lerum",
      "---\nkind: lesson\nthemes: [INNO]\ncontact_ref: a@b.se\ntitle: Lärdomen\n"
        + "based_on: [\(old), \(new)]\n---\n\nVi lärde oss.\n")
    let sources = try region.run("lerum", "show", lesson).output
    #expect(sources.contains("Projektet 2016") && sources.contains("Projektet 2021"))
    #expect(try region.run("lerum", "show", new).output.contains("Bygger på: Lärdomen"))
  }

  @Test func `an adopter says which prerequisite was missing, and the host sees it`() throws {
    try region.join("kiruna", "kommun:2584")
    let record = try publish("title: Sluss\nprerequisites: ['KAPA: en heltid']")
    try region.run("lerum", "sync")
    try region.run("kiruna", "sync")
    let warned = try region.attempt(
      "kiruna", ["adopt", record, "--state", "ADAPTED", "--outcome", "WORSE", "--json"])
    #expect(warned.status == 0 && warned.errors.contains("Förutsättningar som saknades"))
    let adoption = try #require((warned.json as? [String: String])?["record"])
    try region.run("kiruna", "adopt", record, "--missing", "KAPA")
    try region.run("kiruna", "sync")
    try region.run("lerum", "sync")
    #expect(try region.run("lerum", "show", adoption).output.contains("Mottagarkapacitet"))
  }

  @Test func `a search reaches the titles of attachments`() throws {
    let record = try publish("title: Avtalet")
    let file = region.folder.appendingPathComponent("Förkommersiell upphandling.txt")
    try Data("x".utf8).write(to: file)
    try region.run("lerum", "attach", record, file.path)
    #expect(try titles("search", "förkommersiell upphandling") == ["Avtalet"])
  }

  @Test func `a figure is not published without source and year`() throws {
    let refused = try region.attempt(
      "lerum", ["publish", "-"],
      input: TestRegion.document("Titel").replacingOccurrences(
        of: "stage:", with: "figures:\n  - {label: Andel, value: 8 av 10, unit: regioner}\nstage:"))
    #expect(refused.status == 3)
    #expect(refused.errors.contains("Källa") || refused.errors.contains("source"))
    #expect(refused.errors.contains("År") || refused.errors.contains("year"))
    let record = try publish(
      "title: T\nfigures:\n  - {label: Andel, value: drygt 3 av 10, unit: kommuner, year: 2021, source: SCB}"
    )
    #expect(try region.run("lerum", "show", record).output.contains("drygt 3 av 10"))
  }

  @Test func `a bill, several units and money of one's own are kept as they were written`() throws {
    let record = try publish(
      "title: T\nunit: [Kultur, Skola]\nfunding:\n"
        + "  - {funder: Regeringen, reference: 'Prop. 2016/17:50'}\n"
        + "  - {funder: Innovationsfonden, amount: 50000}")
    let shown = try region.run("lerum", "show", record).output
    for text in ["Prop. 2016/17:50", "Kultur", "Skola", "Innovationsfonden", "50000"] {
      #expect(shown.contains(text), "\(text): \(shown)")
    }
    let wrong = try region.attempt(
      "lerum", ["publish", "-"],
      input: TestRegion.document("Titel").replacingOccurrences(
        of: "stage:", with: "funding:\n  - {funder: Vinnova, diarienummer: 2015-4564}\nstage:"))
    #expect(wrong.status == 3 && wrong.errors.contains("2015-04564"))
  }

  @Test(arguments: ["synlighet: intern", "visibility: circle", "sekretess: ja"])
  func
    `a document that is marked for a circle is not published, for all that is published is public`(
      mark: String
    ) throws
  {
    let marked = TestRegion.document("Fördjupad analys").replacingOccurrences(
      of: "stage:", with: mark + "\nstage:")
    let refused = try region.attempt("lerum", ["publish", "-"], input: marked)
    #expect(refused.status == 3 && refused.errors.contains(mark.prefix { $0 != ":" }))
    let open = try publish("title: Öppen")
    let edited = try region.attempt(
      "lerum", ["edit", open, "--set", mark.replacingOccurrences(of: ": ", with: "=")])
    #expect(edited.status == 3, "\(edited.errors)")
    #expect(try titles("list") == ["Öppen"])
  }

  // MARK: Organisations

  @Test func `Gotland is one organisation with the codes of a municipality and of a region`() throws
  {
    try region.join("gotland", "kommun:0980, region:09")
    let record = try publish("title: Årets förnyare", by: "gotland")
    try region.run("gotland", "sync")
    try region.run("lerum", "sync")
    for name in ["kommun:0980", "region:09", "Gotlands kommun"] {
      #expect(try titles("list", "--organisation", name) == ["Årets förnyare"], "\(name)")
    }
    #expect(try titles("list", "--county", "09") == ["Årets förnyare"])
    let roster = try region.run("lerum", "roster").output
    #expect(roster.split(separator: "\n").count { $0.contains("Gotland") } == 1)
    #expect(roster.contains("kommun:0980, region:09"))
    let shown = try region.run("lerum", "show", record, "--json").json as? [String: Any]
    let publisher = shown?["organisation"] as? [String: Any]
    #expect(publisher?["codes"] as? [String] == ["kommun:0980", "region:09"])
    for code in ["kommun:0980", "region:09"] {
      let second = try region.attempt("council", ["admit", "--hosted", code])
      #expect(second.status == 3 && second.errors.contains("redan antagen"), "\(second.errors)")
    }
    let loose = try Setup.join(
      codes: AdmissionCodes(own: ["kommun:1440", ""], owner: nil), name: "Ale", address: "",
      link: RegionLink(text: region.link), folder: region.node("ale").path,
      audit: AuditLog(folder: region.folder.path) { _ in })
    let unread = try region.attempt("council", ["admit", loose])
    #expect(unread.status == 3 && unread.errors.contains("väntade ”kommun:1440”"))
    let both = try region.attempt("council", ["admit", "--hosted", "kommun:0180,kommun:0114"])
    #expect(both.status == 3 && both.errors.contains("en av varje slag"))
  }

  @Test func `a region's company is shown under its region and alone`() throws {
    try region.join("skane", "region:12")
    try region.run(
      "council", "admit", "--hosted", "org:5564771234", "--name", "Innovation Skåne AB",
      "--owned-by", "region:12")
    _ = try publish("title: Regionens eget", by: "skane")
    let record = try region.run(
      "council", "publish", "-", "--as", "org:5564771234", "--json",
      input: TestRegion.document("Bolagets"))
    let id = try #require((record.json as? [String: String])?["record"])
    for node in ["skane", "lerum"] { try region.run(node, "sync") }
    #expect(
      try titles("list", "--organisation", "Region Skåne") == ["Bolagets", "Regionens eget"])
    #expect(try titles("list", "--organisation", "org:5564771234") == ["Bolagets"])
    #expect(
      try region.run("lerum", "show", id).output
        .contains("Innovation Skåne AB (ägs av Region Skåne)"))
    #expect(try region.run("lerum", "roster").output.contains("ägs av Region Skåne"))
    // The company's node is the council's, which has it.
    let atHost = try region.run("council", "show", id).output.split(separator: "\n")
    #expect(!atHost.contains { $0.contains("Inte känt hos") && $0.contains("Innovation") })
    let wrong = try region.attempt(
      "council",
      ["admit", "--hosted", "org:5564771259", "--name", "Bolag", "--owned-by", "region:99"])
    #expect(wrong.status == 3 && wrong.errors.contains("region:99"))
  }

  // MARK: Words of one's own

  @Test func `a council's own areas and goals label, filter and count entries, unknown ones stay`()
    throws
  {
    try region.run("council", "key", "delegate", "--here")
    let goal = """
      ---
      family: tag
      code: stark-kunskapsregion
      sort: mål
      ---

      # En stark kunskapsregion

      Det som Mälardalsrådet verkar för.

      """
    let tag = try region.publish("council", goal)
    try region.run("lerum", "sync")
    let warned = try region.run(
      "lerum", "publish", "-", "--json",
      input: TestRegion.document("Sluss").replacingOccurrences(
        of: "stage:",
        with: "tags: [stark-kunskapsregion, stark-kunskapsregio]\nperiod_start: 2017-03\nstage:"))
    #expect(warned.errors.contains("”stark-kunskapsregio”; menade du ”stark-kunskapsregion”?"))
    _ = try publish("title: Annat\ntags: [frammande-ord]")
    let record = try #require((warned.json as? [String: String])?["record"])
    for name in ["stark-kunskapsregion", "En stark kunskapsregion"] {
      #expect(try titles("list", "--tag", name) == ["Sluss"])
    }
    #expect(try titles("list", "--tag", "frammande-ord") == ["Annat"])
    let text = try region.run("lerum", "show", record).output
    #expect(text.contains("Taggar: En stark kunskapsregion, stark-kunskapsregio"))
    let facets = try region.run("lerum", "list", "--tag", "stark-kunskapsregion", "--facets").output
    #expect(facets.contains("En stark kunskapsregion") && facets.contains(/Startår +2017 +1/))
    let typo = try region.attempt("lerum", ["list", "--tag", "stark-kunskapsregoin"])
    #expect(typo.status == 3 && typo.errors.contains("menade du"))
    // Others may claim the council's code, or each other's, and change nobody's reading.
    let others = goal.replacingOccurrences(of: "En stark kunskapsregion", with: "Något annat")
    _ = try region.publish("lerum", others)
    #expect(try region.run("lerum", "show", record).output.contains("En stark kunskapsregion"))
    let free = others.replacingOccurrences(of: "stark-kunskapsregion", with: "frammande-ord")
    _ = try region.publish("lerum", free)
    #expect(try titles("list", "--tag", "Något annat") == ["Annat"])
    _ = try region.publish("lerum", free)
    #expect(try region.attempt("lerum", ["list", "--tag", "Något annat"]).status == 3)
    #expect(try titles("list", "--tag", "frammande-ord") == ["Annat"])
    // The next version of the tag.
    try region.run("council", "edit", tag, "--set", "title=Stark kunskapsregion 2030")
    try region.run("lerum", "sync")
    #expect(
      try region.run("lerum", "show", record).output.contains("Stark kunskapsregion 2030"))
    #expect(try titles("list", "--tag", "Stark kunskapsregion 2030") == ["Sluss"])
  }

  @Test func `a method lists its steps, and entries are found by their method`() throws {
    let method = try region.publish(
      "lerum",
      """
      ---
      kind: method
      themes: [INNO]
      stage: ORD
      contact_ref: a@b.se
      ---

      # Innovationsguiden

      Sex steg.

      ## Steg

      1. Ringa in
      2. Undersöka

      """)
    let used = try publish("title: Med metoden\nmethods: [\(method)]")
    _ = try publish("title: Utan")
    #expect(try region.run("lerum", "show", method).output.contains("2. Undersöka"))
    #expect(try region.run("lerum", "show", used).output.contains("Metoder: Innovationsguiden"))
    for name in ["innovationsguiden", String(method.prefix(8))] {
      #expect(try titles("list", "--method", name) == ["Med metoden"])
    }
    let typo = try region.attempt("lerum", ["list", "--method", "Innovationsguidn"])
    #expect(typo.status == 3 && typo.errors.contains("menade du Innovationsguiden?"))
    let bare = try region.attempt(
      "lerum", ["publish", "-"],
      input:
        "---\nkind: method\nthemes: [INNO]\nstage: ORD\ncontact_ref: a@b.se\ntitle: M\n---\nT\n")
    #expect(bare.status == 0 && bare.errors.contains("Steg"))
  }
}
