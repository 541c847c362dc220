import Foundation
import Practice
import TestSupport
import Testing

@Suite struct LinterTests {
  private static let today = "2026-11-22"

  /// What is remarked on in the tip with more lines in its head and more text after it.
  private func findings(
    head: String = "", body: String = "", created: String? = nil
  ) throws -> [LintFinding] {
    let text = Sample.tip.replacing("\n---\n#", with: "\n\(head)\n---\n#") + "\n\n\(body)"
    // As an importer brings it: what is demanded of people may be missing.
    let document = try Sample.parse(text, byHand: false)
    return Linter.findings(in: document, today: Self.today, created: created)
  }

  private func rules(head: String = "", body: String = "") throws -> [LintRule] {
    try findings(head: head, body: body).map(\.rule)
  }

  @Test func `an ordinary tip gives no remark`() throws {
    #expect(try findings(created: "2026-01-01") == [])
  }

  @Test(arguments: [
    ("status: Pågående\nperiod_end: 2019-03", [LintRule.staleStatus]),
    ("status: Planerat\nperiod_end: 2025", [.staleStatus]),
    ("status: Pågående\nperiod_end: 2026-11", []), ("status: Avslutat\nperiod_end: 2019-03", []),
    ("status: Pågående", []),
    ("period_end: 2016-08\nsource: [{system: x, source_updated: 2016-05-28}]", [.staleSource]),
    ("period_end: 2016-08\nsource: [{system: x, source_updated: 2016-09}]", []),
    ("period_end: 2016\nsource: [{system: x, source_updated: 2016-05-28}]", []),
    ("period_end: 2027\nsource: [{system: x, source_updated: 2016-05-28}]", []),
    ("period_end: 2026-08\nconfirmed_at: 2026-07-01", [.staleSource]),
    (
      "period_end: 2016-08\nconfirmed_at: 2026-07-01\nsource: [{system: x, source_updated: 2016-05}]",
      []
    ),
    ("confirmed_at: 2025-05-21", [.staleConfirmation]), ("confirmed_at: 2025-05-22", []),
    ("evidence: E2", [.evidenceWithoutBasis]), ("evidence: E0", []),
    ("evidence: NE\nevidence_basis: En studie.", []),
  ])
  func `dates and codes that do not go together are remarked on`(head: String, rules: [LintRule])
    throws
  {
    #expect(try self.rules(head: head) == rules, "\(head)")
  }

  @Test func `a record that nobody has confirmed counts from when it was published`() throws {
    #expect(try findings(created: "2025-05-21").map(\.rule) == [.staleConfirmation])
    #expect(try findings(created: "2025-05-22") == [])
  }

  @Test(arguments: [
    ("## Lärdomar\n\nVi tog fram nyckelfaktorer.", [LintRule.factorsNotListed]),
    ("## Lärdomar\n\nThe success factors were many.", [.factorsNotListed]),
    ("## Uppnådda resultat\n\nVi utnämndes till årets kommun.", [.claimWithoutSource]),
    ("## Uppnådda resultat\n\nKommunen är bäst i landet.", [.claimWithoutSource]),
    ("## Uppnådda resultat\n\nPriset blev lägre.", []),
    ("## Lärdomar\n\nLäs mer på vår webb.", [.linkWithoutAddress]),
    ("## Lärdomar\n\nLäs mer: https://lerum.se/sluss", []),
    ("## Uppnådda resultat\n\nVi ska spara tid. Det gick.", [.expectedUnderResults]),
    ("## Uppnådda resultat\n\nAllt gick som planerat.", []),
    ("## Förväntade effekter\n\nVi ska spara tid.", []),
    ("## Uppnådda resultat\n\nKön blev 35 procent kortare.", [.figureWithoutSource]),
    ("## Uppnådda resultat\n\nKön blev 12,5 % kortare.", [.figureWithoutSource]),
    ("## Uppnådda resultat\n\n8 av 10 kommuner.", [.figureWithoutSource]),
    ("## Uppnådda resultat\n\nEnligt SCB 2021 har 8 av 10 regioner det.", []),
    ("## Lärdomar\n\nFråga anna.berg@lerum.se om det.", [.personalMailbox]),
    ("## Lärdomar\n\nFråga innovation.skola@lerum.se om det.", []),
    ("## Lärdomar\n\nFråga registrator@lerum.se om det.", []),
    ("## Lärdomar\n\nRing 070-123 45 67.", [.phoneNumber]),
    ("## Lärdomar\n\nRing +46 (0)302-52 10 00.", [.phoneNumber]),
    ("## Lärdomar\n\nRing 0302-521000", [.phoneNumber]),
    ("## Lärdomar\n\nDiarienummer 2015-04564, 181 294 kronor, 2015-11-30, 0114, 202100-3054.", []),
    ("## Lärdomar\n\nHon är född 19811228-9874.", [.personalNumber]),
    ("## Lärdomar\n\nHon är född 811228-9874", [.personalNumber]),
    ("## Lärdomar\n\nHon är född 811288-9841 eller 811228-9875.", []),
  ])
  func `turns of phrase are remarked on where they stand`(body: String, rules: [LintRule]) throws {
    #expect(try self.rules(body: body) == rules, "\(body)")
  }

  @Test func `a claim with a source, factors that are listed and figures with a row pass`() throws {
    let head = """
      links: [https://lerum.se/pris]
      success_factors: [LEDN]
      figures: [{label: Kö, value: 35, unit: procent, year: 2025, source: Egen mätning}]
      """
    let body = "## Uppnådda resultat\n\nUtnämnd. Framgångsfaktorer fanns. 35 procent kortare kö."
    #expect(try rules(head: head, body: body) == [])
  }

  @Test func `what is put right in one place is remarked on once`() throws {
    let body = "## Syfte och mål\n\nNyckelfaktorer.\n\n## Lärdomar\n\nNyckelfaktorer."
    #expect(try rules(body: body) == [.factorsNotListed])
  }

  @Test func `a remark tells field, line, what was found, why, and what to do`() throws {
    let finding = try #require(try findings(body: "## Uppnådda resultat\n\nVi ska spara.").first)
    #expect(finding.field == "results" && finding.line == 12)
    #expect(
      finding.message(.swedish, file: "a.md")
        == "a.md:12: results: något väntat står som uppnått resultat: ”Vi ska spara.”")
    #expect(finding.advice(.english) == "Move it to Expected effects.")
  }

  @Test func `a contact may be reached, but not for ever, and by its function`() throws {
    let text =
      "---\nfamily: contact\nmailbox: anna.berg@lerum.se\nname: Anna\nexpires: 2029\n"
      + "phone: 0302-52 10 00\n---\n"
    let found = Linter.findings(in: try Sample.parse(text), today: Self.today)
    #expect(found.map(\.rule) == [.contactExpiresLate, .personalMailbox])
  }

  @Test(arguments: LintRule.allCases, Language.allCases)
  func `every rule has wording in both languages`(rule: LintRule, language: Language) {
    #expect(!rule.reason(language).isEmpty && !rule.advice(language).isEmpty)
    let other: Language = language == .swedish ? .english : .swedish
    #expect(rule.reason(language) != rule.reason(other))
    #expect(rule.advice(language) != rule.advice(other))
  }

  // MARK: - The sample entries

  /// Rules by file, of the sixty entries that restate real sources.
  private static let seed: [String: [LintRule]] = {
    let folder = ProtocolFiles.projectRoot.appending(path: "Examples/seed")
    var found: [String: [LintRule]] = [:]
    for name in (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
    where name.hasSuffix(".md") {
      // A reference names another file there.
      let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8))?
        .replacing(/part_of: \[.*\]/, with: "part_of: [abcd1234]")
      guard let document = try? Sample.parse(text ?? "", byHand: false) else { continue }
      found[name] = Linter.findings(in: document, today: today).map(\.rule)
    }
    return found
  }()

  @Test func `of sixty real entries exactly the two known ones are stale`() {
    #expect(Self.seed.count == 60)
    let stale = Self.seed.filter { $0.value.contains(where: \.isStaleness) }.keys.sorted()
    #expect(stale == ["kth/016-larande-natverk.md", "lerum/009-innovationssluss.md"])
    #expect(Self.seed["kth/016-larande-natverk.md"] == [.staleStatus])
    #expect(Self.seed["lerum/009-innovationssluss.md"]?.contains(.staleSource) == true)
  }

  @Test func `of sixty real entries the linter remarks on those that a reader would`() {
    func files(_ rule: LintRule) -> [String] {
      Self.seed.filter { $0.value.contains(rule) }.keys.map { String($0.suffix(40)) }.sorted()
    }
    #expect(files(.claimWithoutSource) == ["helsingborg/046-smartare-stad.md"])
    #expect(
      files(.factorsNotListed) == ["lerum/009-innovationssluss.md", "lerum/010-nyckelfaktorer.md"])
    for rule in [LintRule.personalMailbox, .phoneNumber, .personalNumber, .expectedUnderResults] {
      #expect(files(rule) == [], "\(rule)")
    }
  }
}
