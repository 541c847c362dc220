import Operations
import Practice
import Testing
import WireFormat

@Suite struct ValidationTests {
  private func needed(_ document: Document) -> [String] {
    Validation.problems(of: document).filter { $0.code == .missingNow }.compactMap(\.field)
  }

  @Test func `an idea needs nothing more than the minimum`() throws {
    #expect(try Validation.problems(of: Sample.parse(Sample.tip)) == [])
  }

  @Test func `a pilot needs what the stage asks for, and parsing does not insist`() throws {
    let document = try Sample.parse(Sample.practice.replacing("IDEA", with: "PILOT"))
    #expect(
      needed(document) == [
        "novelty", "need", "approach", "lessons", "success_factors", "obstacles",
      ])
    #expect(
      Validation.problems(of: document).filter { $0.code == .advised }.map(\.field) == ["failures"])
  }

  @Test func `implemented needs results, advice, prerequisites and costs too`() throws {
    let document = try Sample.parse(Sample.practice.replacing("IDEA", with: "IMPL"))
    for field in ["results", "transfer_advice", "prerequisites", "costs", "need"] {
      #expect(needed(document).contains(field))
    }
  }

  @Test func `stopped needs what did not work`() throws {
    #expect(
      needed(try Sample.parse(Sample.practice.replacing("IDEA", with: "STOP"))) == ["failures"])
  }

  @Test
  func
    `evidence above a claim is not published without its basis, nor a comparison without its evaluation`()
    throws
  {
    let text = Sample.practice.replacing("kind: practice", with: "kind: practice\nevidence: E3")
    #expect {
      _ = try Sample.parse(text)
    } throws: { error in
      (error as? DocumentError)?.problems.map(\.field) == ["evidence_basis", "evaluations"]
    }
    #expect(
      needed(try Sample.parse(text, byHand: false)) == ["evidence_basis", "evaluations", "effects"])
    var document = try Sample.parse(Sample.practice)
    #expect(throws: DocumentError.self) { try document.replace([.init("evidence", .text("E1"))]) }
    try document.replace([
      .init("evidence", .text("E1")), .init("evidence_basis", .text("Intervjuer.")),
    ])
    #expect(needed(document).isEmpty)
  }

  @Test func `an adapted practice names what it is based on`() throws {
    let text = Sample.practice.replacing("kind: practice", with: "kind: practice\nnovelty: COPIED")
    let problems = Validation.problems(of: try Sample.parse(text))
    #expect(
      problems == [
        Problem(.missingNow, field: "based_on", expected: ["novelty", "ADAPTED", "COPIED"])
      ])
    #expect(
      problems.first?.sentence(.swedish)
        == "saknas men behövs när novelty är ADAPTED eller COPIED")
  }

  @Test func `a tip asks for no more at any stage`() throws {
    for stage in ["PILOT", "IMPL", "STOP"] {
      let text = Sample.tip.replacing("IDEA", with: stage)
      #expect(try Validation.problems(of: Sample.parse(text)) == [])
    }
  }

  @Test(arguments: [
    ("statistic", "figures", "figures: [{label: a, value: 1, unit: b, year: 2021, source: c}]"),
    ("report", "links", "links: [https://lerum.se/rapport.pdf]"),
    ("lesson", "part_of", "part_of: [abcd1234]"), ("lesson", "part_of", "based_on: [abcd1234]"),
  ])
  func `a kind asks for what it is worth little without`(
    kind: String, field: String, given: String
  ) throws {
    let text = Sample.tip.replacing("kind: tip", with: "kind: \(kind)")
    #expect(needed(try Sample.parse(text)) == [field])
    #expect(needed(try Sample.parse(text.replacing("\n---\n#", with: "\n\(given)\n---\n#"))) == [])
  }

  @Test func `a figure from a study has no stage, a practice has`() throws {
    let text = Sample.tip.replacing("stage: IDEA\n", with: "")
    #expect(try Sample.problems(text.replacing("kind: tip", with: "kind: statistic")) == [])
    #expect(
      try Sample.problems(text.replacing("kind: tip", with: "kind: practice")).map(\.field)
        == ["stage"])
  }

  @Test func `what a source does not state is not filled in for it`() throws {
    let text = Sample.tip.replacing("stage: IDEA\n", with: "")
    let document = try Sample.parse(text, byHand: false, usual: [Sample.usualContact])
    #expect(document["stage"] == nil)
    #expect(try Sample.parse(text)["stage"] != nil)
  }

  @Test func `a named person needs an expiry date`() throws {
    let text = "---\nfamily: contact\nmailbox: a@lerum.se\nname: Anna\n---\n"
    let problem = try #require(Validation.problems(of: try Sample.parse(text)).first)
    #expect(problem.field == "expires")
    #expect(problem.sentence(.english) == "is missing but needed when name is given")
  }

  @Test func `an adoption that went worse says which prerequisites were missing`() throws {
    let text = """
      ---
      family: adoption
      entry: \(Sample.other.text)
      state: TRIAL
      outcome: WORSE
      ---
      Vi gjorde det med färre.
      """
    let document = try Sample.parse(text)
    #expect(document["changed"] == .register(.value(.text("Vi gjorde det med färre."))))
    #expect(needed(document) == ["missing"])
  }

  @Test func `a stored record is judged as it stands, without lines`() throws {
    let state = try SignedRecord().publishing([
      ChangeDraft(type: .set, path: "title", value: .text("Titel")),
      ChangeDraft(type: .set, path: "stage", value: .text("FUTURE")),
    ]).state()
    let problems = Validation.problems(of: state, family: try Sample.family(), schema: .bundled)
    #expect(problems.map(\.code) == [.unknownCode, .missing, .missing, .missing])
    #expect(problems.allSatisfy { $0.line == nil })
    #expect(problems.map(\.field) == ["stage", "kind", "summary", "themes"])
  }
}
