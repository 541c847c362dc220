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
    let document = try Sample.parse(Sample.tip.replacing("IDEA", with: "PILOT"))
    #expect(
      needed(document) == [
        "novelty", "need", "approach", "lessons", "success_factors", "obstacles",
      ])
    #expect(
      Validation.problems(of: document).filter { $0.code == .advised }.map(\.field) == ["failures"])
  }

  @Test func `implemented needs results, advice, prerequisites and costs too`() throws {
    let document = try Sample.parse(Sample.tip.replacing("IDEA", with: "IMPL"))
    for field in ["results", "transfer_advice", "prerequisites", "costs", "need"] {
      #expect(needed(document).contains(field))
    }
  }

  @Test func `stopped needs what did not work`() throws {
    #expect(needed(try Sample.parse(Sample.tip.replacing("IDEA", with: "STOP"))) == ["failures"])
  }

  @Test func `evidence above a claim needs its basis, and a comparison its evaluation`() throws {
    let text = Sample.tip.replacing("kind: tip", with: "kind: tip\nevidence: E3")
    #expect(needed(try Sample.parse(text)) == ["evidence_basis", "evaluations", "effects"])
  }

  @Test func `an adapted practice names what it is based on`() throws {
    let text = Sample.tip.replacing("kind: tip", with: "kind: tip\nnovelty: COPIED")
    let problems = Validation.problems(of: try Sample.parse(text))
    #expect(
      problems == [
        Problem(.missingNow, field: "based_on", expected: ["novelty", "ADAPTED", "COPIED"])
      ])
    #expect(
      problems.first?.sentence(.swedish)
        == "saknas men behövs när novelty är ADAPTED eller COPIED")
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
