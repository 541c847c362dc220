import Operations
import Practice
import Testing
import WireFormat

@Suite struct ProblemTests {
  /// The tip with `line` in its head, at line 6.
  private func tip(adding line: String) -> String {
    Sample.tip.replacing("\n---\n#", with: "\n\(line)\n---\n#")
  }

  private func problems(adding line: String) throws -> [Problem] {
    try Sample.problems(tip(adding: line))
  }

  @Test func `six fields are enough`() throws {
    #expect(try Sample.problems(Sample.tip) == [])
  }

  @Test func `a mistyped code names the line, what was found and the nearest code`() throws {
    let text = Sample.tip.replacing("stage: IDEA", with: "stage: PILTO")
    let problem = try #require(try Sample.problems(text).first)
    #expect(problem.code == .unknownCode)
    #expect(problem.field == "stage")
    #expect(problem.line == 4)
    #expect(problem.found == "PILTO")
    #expect(problem.expected == ["IDEA", "PREST", "PILOT", "IMPL", "ORD", "STOP"])
    #expect(problem.suggestion == "PILOT")
    #expect(
      DocumentError([problem]).message(language: .swedish, file: "praktik.md")
        == "praktik.md:4: stage: hittade \"PILTO\", väntade en av IDEA, PREST, PILOT, IMPL, ORD, "
        + "STOP; menade du PILOT?")
    #expect(
      DocumentError([problem]).message(language: .english, file: "praktik.md")
        == "praktik.md:4: stage: found \"PILTO\", expected one of IDEA, PREST, PILOT, IMPL, ORD, "
        + "STOP; did you mean PILOT?")
  }

  @Test func `a document calls its fields by their labels too`() throws {
    let text = Sample.tip.replacing("[DIGI]", with: "[DIGI, DIGG]")
    let error = #expect(throws: DocumentError.self) { try Sample.parse(text) }
    #expect(
      error?.message(language: .swedish, file: "a.md").hasPrefix(
        "a.md:3: Områden (themes[2]): hittade \"DIGG\"") == true)
    let broken = DocumentError([Problem(.yamlSyntax, line: 3, column: 7, found: "x")])
    #expect(broken.message(language: .english, file: "a.md").hasPrefix("a.md:3:7: "))
  }

  @Test func `an unknown key is a problem with the nearest name`() throws {
    let problem = try #require(try problems(adding: "perid_start: 2015").first)
    #expect(problem.code == .unknownField)
    #expect(problem.line == 6)
    #expect(problem.suggestion == "period_start")
  }

  @Test func `an unknown heading is a problem with its line`() throws {
    let problem = try #require(try Sample.problems(Sample.tip + "\n\n## Lärdommar\n\nx").first)
    #expect(problem.code == .unknownField)
    #expect(problem.line == 11)
    #expect(problem.suggestion == "Lärdomar")
  }

  @Test func `a heading that names a short field is sent to the head`() throws {
    let problem = try #require(try Sample.problems(Sample.tip + "\n\n## Hinder\n\nx").first)
    #expect(problem.code == .notASection)
    #expect(problem.field == "obstacles")
    #expect(problem.line == 11)
  }

  @Test func `a derived field is not entered`() throws {
    let problem = try #require(try problems(adding: "publisher: kommun:1441").first)
    #expect(problem.code == .derivedField)
    #expect(problem.line == 6)
  }

  @Test func `a key given twice is found at its second place and the rest is still judged`() throws
  {
    let found = try problems(adding: "stage: PILOT\nstatus: NEVER")
    #expect(found.map(\.code) == [.duplicateField, .unknownCode])
    #expect(found.map(\.line) == [6, 7])
  }

  @Test func `a field given by name and by label is given twice`() throws {
    let found = try problems(adding: "Skede: PILOT")
    #expect(found.map(\.code) == [.duplicateField])
    #expect(found.first?.field == "stage")
  }

  @Test func `a summary in the head and text before the first heading are one too many`() throws {
    let found = try problems(adding: "summary: kort")
    #expect(found.map(\.code) == [.duplicateField])
    #expect(found.first?.line == 10)
  }

  @Test func `missing fields are listed all at once`() throws {
    let found = try Sample.problems("---\nkind: practice\n---\n")
    #expect(found.allSatisfy { $0.code == .missing })
    #expect(found.map(\.field) == ["title", "summary", "themes", "stage", "contact_ref"])
  }

  @Test(arguments: ["themes: []", "themes:", "themes: [~]", "themes: \"  \""])
  func `an empty value is a missing one`(line: String) throws {
    let found = try Sample.problems(Sample.tip.replacing("themes: [DIGI]", with: line))
    #expect(found.map(\.code) == [.missing])
    #expect(found.map(\.field) == ["themes"])
  }

  @Test func `an imported entry may lack stage and contact`() throws {
    let found = try Sample.problems("---\nkind: tip\n---\n", byHand: false)
    #expect(found.map(\.field) == ["title", "summary", "themes"])
  }

  @Test func `too long a text tells its bytes and the limit`() throws {
    let title = String(repeating: "å", count: 101)
    let text = Sample.tip.replacing("# Digital brevlåda för förslag", with: "# \(title)")
    let problem = try #require(try Sample.problems(text).first)
    #expect(problem.code == .tooLong)
    #expect(problem.field == "title")
    #expect(problem.line == 7)
    #expect(problem.found == "202")
    #expect(problem.expected == ["200"])
  }

  @Test func `too many themes tell how many and the limit`() throws {
    let text = Sample.tip.replacing("[DIGI]", with: "[DIGI, INNO, PROC, EDUC, SOCI]")
    let problem = try #require(try Sample.problems(text).first)
    #expect(problem.code == .tooMany)
    #expect(problem.line == 3)
    #expect(problem.found == "5")
    #expect(problem.expected == ["4"])
  }

  @Test(arguments: ["2015-13", "2015-02-30", "november 2015", "15-11", "2015-1", "2015-11-"])
  func `a date that is none is refused`(date: String) throws {
    let problem = try #require(try problems(adding: "period_start: \(date)").first)
    #expect(problem.code == .badDate)
    #expect(problem.line == 6)
    #expect(problem.found == date)
  }

  @Test(arguments: ["2015", "2015-11", "2016-02-29"])
  func `a date is as partial as it is known`(date: String) throws {
    #expect(try problems(adding: "period_start: \(date)") == [])
  }

  @Test(arguments: [
    ("costs: [{type: INVEST, amount: mycket}]", Problem.Code.badInteger, "costs[1].amount"),
    ("costs: [{type: INVEST, amount: -1}]", .outOfRange, "costs[1].amount"),
    ("costs: [{amount: 5}]", .missing, "costs[1].type"),
    ("costs: [{row: XYZ, type: INVEST}]", .badRow, "costs[1].row"),
    ("costs: [{typ: INVEST}]", .unknownField, "costs[1]"),
    ("costs: mycket", .wrongShape, "costs[1]"),
    (
      "funding: [{funder: Vinnova, diarienummer: 2015-456}]", .badPattern, "funding[1].diarienummer"
    ),
    (
      "evaluations: [{evaluator: X, independent: kanske}]", .badBoolean,
      "evaluations[1].independent"
    ),
    ("no_personal_data: false", .notAllowed, "no_personal_data"),
    ("links: [www.lerum.se]", .badAddress, "links[1]"),
    ("links: [{label: Plan}]", .missing, "links[1].url"),
    ("partners: [kommun:9999]", .badOrganisation, "partners[1]"),
    ("partners: [{name: X, role: CHEF}]", .unknownCode, "partners[1]"),
    ("based_on: Lerums projekt", .badReference, "based_on[1]"),
    ("status: [ENDED]", .wrongShape, "status"),
    ("obstacles: [{TIDD: ont om tid}]", .unknownCode, "obstacles[1]"),
    ("procurement: \"a\\u0007\"", .controlCharacter, "procurement"),
    ("title_en: \"a\\u0007\"", .controlCharacter, "title_en"),
    ("family: entri", .unknownFamily, "family"),
  ])
  func `each wrong value has its own code, field and line`(
    line: String, code: Problem.Code, field: String
  ) throws {
    let found = try problems(adding: line)
    #expect(found.contains { $0.code == code && $0.field == field && $0.line == 6 }, "\(found)")
  }

  @Test func `a control character in the text is named with its line`() throws {
    let found = try problems(adding: "unit: Plan\u{7}enheten")
    #expect(
      found == [
        Problem(
          .controlCharacter, field: "unit", line: 6, found: "control character U+0007")
      ])
    let inBody = try Sample.problems(Sample.tip + "\u{202e}")
    #expect(inBody.map(\.code) == [.controlCharacter])
    #expect(inBody.first?.field == "summary")
  }

  @Test(arguments: ["\tunit: x", "unit: [a, b", "unit: \"a", "- a", "unit: a: b"])
  func `broken YAML is a problem with a line, and no field is called missing for it`(
    line: String
  ) throws {
    let found = try problems(adding: line)
    #expect(found.map(\.code) == [.yamlSyntax], "\(found)")
    #expect((5...8).contains(found.first?.line ?? 0) && found.first?.column != nil, "\(found)")
  }

  @Test func `a head that does not end is the only problem`() throws {
    #expect(try Sample.problems("---\nkind: tip\n").map(\.code) == [.headNotClosed])
  }

  @Test(.timeLimit(.minutes(1)))
  func `aliases that stand for a million values are refused`() throws {
    let bomb = (1...9).reduce("a0: &a0 [x]\n") { text, level in
      let alias = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      return text + "a\(level): &a\(level) [\(alias)]\n"
    }
    #expect(try problems(adding: bomb).map(\.code) == [.yamlSyntax])
  }

  @Test func `a file above the limit is not read`() throws {
    let found = try Sample.problems(String(repeating: "x", count: Document.bytesMax + 1))
    #expect(found.map(\.code) == [.tooLarge])
  }

  @Test func `deep nesting is refused without a crash`() throws {
    let found = try problems(adding: "unit: " + String(repeating: "[", count: 100_000))
    #expect(found.map(\.code) == [.yamlSyntax])
  }

  @Test func `problems come in the order of their lines`() throws {
    let text =
      Sample.tip.replacing("kind: tip", with: "kind: tipp")
      .replacing("[DIGI]", with: "[DIGG]") + "\n\n## Finns inte\n\nx"
    #expect(try Sample.problems(text).map(\.line) == [2, 3, 11])
  }

  @Test(arguments: Problem.Code.allCases)
  func `every problem has wording in both languages`(code: Problem.Code) {
    let problem = Problem(code, field: "f", line: 3, found: "x", expected: ["a", "b"])
    let swedish = problem.message(language: .swedish, file: "a.md")
    let english = problem.message(language: .english, file: "a.md")
    #expect(swedish.hasPrefix("a.md:3: f: "))
    #expect(swedish != english)
  }

  @Test func `a reference that resolves to nothing is a problem with its line`() throws {
    let document = try Sample.parse(tip(adding: "part_of: abcd1234"))
    let error = #expect(throws: DocumentError.self) {
      try Sample.changes(document, from: nil)
    }
    #expect(error?.problems.map(\.code) == [.unresolvedReference])
    #expect(error?.problems.first?.line == 6)
  }

  @Test func `what the record already holds is not judged again`() throws {
    let long = String(repeating: "x", count: 201)
    let state = try SignedRecord().publishing([
      ChangeDraft(type: .set, path: "title", value: .text(long)),
      ChangeDraft(type: .set, path: "stage", value: .text("FUTURE")),
    ]).state()
    let text = "---\nstage: FUTURE\n---\n# \(long)\n"
    #expect(try Sample.problems(text, editing: state) == [])
    #expect(try Sample.problems(text).contains { $0.code == .unknownCode })
  }
}
