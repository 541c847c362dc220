import Operations
import Practice
import TestSupport
import Testing
import WireFormat

@Suite struct HostileDocumentTests {
  private static let accepted = HostileTexts.all.filter { $0.profile == "accept" }

  /// A record that a member signed without our checks.
  private func state(_ text: String) throws -> RecordState {
    let texts = ["title", "summary", "need", "lessons", "title_en", "kind"]
    let changes =
      texts.map { ChangeDraft(type: .set, path: $0, value: .text(text)) } + [
        ChangeDraft(type: .add, path: "keywords", value: .text(text)),
        ChangeDraft(
          type: .add, path: "links",
          value: .array([.text("https://lerum.se"), .text("PLAN"), .text(text)])),
        ChangeDraft(type: .set, path: "costs/0a1b2c3d/note", value: .text(text)),
        ChangeDraft(
          type: .add, path: "obstacles", value: .array([.text("TID"), .text(text)])),
      ]
    return try SignedRecord().publishing(changes).state()
  }

  @Test func `the corpus is there`() {
    #expect(HostileTexts.all.count >= 120)
    #expect(Self.accepted.count >= 100)
  }

  @Test(arguments: accepted)
  func `the editable form shows all that is there, and read back nothing differs`(
    text: HostileTexts.Item
  ) throws {
    let state = try state(text.text)
    let rendered = try Sample.rendered(state)
    let acting = rendered.unicodeScalars.filter {
      $0 != "\n" && VisibleText.isHidden($0) && !Self.joiners.contains($0)
    }
    #expect(acting.isEmpty)
    let read = try Sample.parse(rendered, byHand: false, editing: state)
    #expect(Array(read.rendered.utf8) == Array(rendered.utf8))
    #expect(try Sample.changes(read, from: state).isEmpty)
  }

  /// Parts of emoji and of Persian and Indic words, which stay where they are that.
  private static let joiners: Set<Unicode.Scalar> = ["\u{200c}", "\u{200d}", "\u{fe0f}"]

  @Test func `a reference in a text may not smuggle in what the profile forbids`() throws {
    let problems = try Sample.problems(
      Sample.tip.replacing("digitalt.", with: "digitalt.&#x1B;[31m"))
    #expect(problems.map(\.code) == [.controlCharacter])
  }

  @Test(arguments: ["&#x;", "&#xZZ;", "&#x110000;", "&#xD800;", "&#x41", "&#65;", "&amp;", "&#x"])
  func `what is no reference stays as it is written`(text: String) throws {
    let document = try Sample.parse(Sample.tip.replacing("digitalt.", with: text))
    guard case .register(.value(.text(let summary))) = document["summary"] else {
      Issue.record("no summary")
      return
    }
    #expect(summary.hasSuffix(text))
  }

  @Test(arguments: HostileTexts.all)
  func `a problem is told on one line that acts on nothing`(text: HostileTexts.Item) {
    let problem = Problem(
      .unknownField, field: text.text, line: 3, found: text.text, suggestion: text.text)
    for language in [Language.swedish, .english] {
      let message = problem.message(language: language, file: text.text)
      #expect(message == VisibleText.line(message))
    }
  }
}
