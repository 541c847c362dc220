import Operations
import Practice
import Testing
import WireFormat

@Suite struct DocumentTests {
  @Test func `short fields come from the head, long ones from headings in either language`() throws
  {
    let document = try Sample.parse(Sample.full)
    #expect(document["kind"] == .register(.value(.text("practice"))))
    #expect(document["status"] == .register(.value(.text("ENDED"))))
    #expect(
      document["title"]
        == .register(.value(.text("Idésluss: från förslag till införande"))))
    #expect(document["summary"] == .register(.value(.text("Kommunen prövade en idésluss."))))
    #expect(
      document["need"]
        == .register(
          .value(
            .text(
              "Många idéer, ingen väg.\n\n## inte en rubrik\n# inte heller\n<!-- text -->"))))
    #expect(document["lessons"] == .register(.value(.text("  indragen första rad\n\n- punkt"))))
    #expect(document.lines["stage"] == 4)
  }

  @Test func `values of several parts have their stored form`() throws {
    let document = try Sample.parse(Sample.full)
    #expect(
      document["partners"]
        == .set([
          .value(.array([.text("kommun:1480"), .text("COORDINATOR")])),
          .value(.array([.text("Högskolan i Halmstad"), .text("PARTNER")])),
        ]))
    #expect(
      document["obstacles"]
        == .set([
          .value(.array([.text("TID"), .text("")])),
          .value(.array([.text("TEST"), .text("rad ett\nrad två")])),
        ]))
    #expect(
      document["links"]
        == .set([
          .value(.array([.text("https://lerum.se/plan"), .text("PLAN"), .text("Plan, 2015")])),
          .value(.array([.text("https://lerum.se"), .text("PAGE"), .text("")])),
        ]))
    #expect(
      document["procurement"] == .register(.value(.array([.text("OPEN"), .text("Öppen: en")]))))
  }

  @Test func `a number that looks like a number stays the text that was typed`() throws {
    let document = try Sample.parse(Sample.full)
    #expect(document["keywords"] == .set([.value(.text("idésluss")), .value(.text("0114"))]))
    let amount = try #require(
      Sample.changes(document, from: nil).first { $0.path.hasSuffix("amount") })
    #expect(amount.value == .unsigned(181_294))
  }

  @Test func `codes are read by label, alias and any case`() throws {
    for text in ["IDEA", "idea", "Idé"] {
      let document = try Sample.parse(Sample.tip.replacing("IDEA", with: text))
      #expect(document["stage"] == .register(.value(.text("IDEA"))))
    }
  }

  @Test func `text is stored as NFC`() throws {
    let document = try Sample.parse(Sample.tip.replacing("brevlåda", with: "brevla\u{30a}da"))
    let title = try #require(Sample.changes(document, from: nil).first { $0.path == "title" })
    #expect(title.value == .text("Digital brevlåda för förslag"))
  }

  @Test func `windows line ends and a byte order mark change nothing`() throws {
    let windows = "\u{feff}" + Sample.full.replacing("\n", with: "\r\n")
    #expect(try Sample.parse(windows).contents == Sample.parse(Sample.full).contents)
  }

  @Test func `comments and empty sections of a template are no content`() throws {
    let text =
      Sample.tip
      + "\n\n## Lärdomar\n\n<!-- Vad skulle ni\ngöra om? -->\n\n## Behov och utgångsläge\n"
    #expect(try Sample.parse(text).contents == Sample.parse(Sample.tip).contents)
  }

  @Test func `the family key chooses the family`() throws {
    let document = try Sample.parse("---\nfamily: Kontakt\nFunktionsbrevlåda: a@lerum.se\n---\n")
    #expect(document.family.name == "contact")
    #expect(document["mailbox"] == .register(.value(.text("a@lerum.se"))))
  }

  @Test func `a mailbox is exposed and gives way to the contact made for it`() throws {
    var document = try Sample.parse(Sample.tip)
    #expect(document.contactMailbox == "innovation@lerum.se")
    document.substitute(Sample.contact, for: "innovation@lerum.se")
    #expect(document.contactMailbox == nil)
    let changes = try document.changes(from: nil) { _ in
      nil
    } newRowID: {
      "00000000"
    }
    #expect(changes.first { $0.path == "contact_ref" }?.value == Sample.contact.reference)
  }

  @Test func `entries of an importer become a document like any other`() throws {
    let document = try Document(
      entries: [
        .init("kind", .text("report")), .init("title", .text("Rapport")),
        .init("summary", .text("Kort.")), .init("themes", .list([.text("INNO")])),
        .init("source", .map([.init("system", .text("seed"))])),
      ], family: Sample.family(), schema: .bundled)
    #expect(document["themes"] == .set([.value(.text("INNO"))]))
    let changes = try Sample.changes(document, from: nil)
    #expect(changes.contains { $0.path == "source/00000001/system" })
  }

  @Test(arguments: [Sample.tip, Sample.full], Language.allCases)
  func `what is rendered reads as the same, and brings no changes`(
    text: String, language: Language
  ) throws {
    let state = try Sample.published(text).state()
    let rendered = try Sample.rendered(state, language)
    let again = try Sample.parse(rendered)
    #expect(try Sample.changes(again, from: state) == [], "\(rendered)")
  }

  @Test func `the rendered form is the one an officer would write`() throws {
    let state = try Sample.published(Sample.tip).state()
    #expect(
      try Sample.rendered(state) == """
        ---
        kind: tip
        themes: [DIGI]
        stage: IDEA
        contact_ref: \(Sample.contact.text)
        evidence: E0
        language: sv
        license: http://creativecommons.org/publicdomain/zero/1.0/
        no_personal_data: true
        ---

        # Digital brevlåda för förslag

        Medarbetare lämnar förslag digitalt.

        """)
  }

  /// Text that YAML or Markdown could take for something else.
  @Test(arguments: [
    "- a", "# a", "a: b", "a #b", "'a'", "\"a\"", "a\\", "null", "yes", "~", "[a]", "{a}", "&a",
    "*a",
    "!a", "%a", "@a", "`a`", "? a", "| a", "> a", "1.0", "0x1f", "2015-11-01", "a:", "a\u{2028}b",
    "\u{feff}a", "a\nb", "--- a", "\\# a", "\\\\## a", "<!-- a", "a\u{a0}", "👩‍👩‍👧 a", "۱۲",
    "a: 'b'\n---\nc",
  ])
  func `any text survives as title, unit, lesson and note`(text: String) throws {
    let state = try SignedRecord().publishing([
      ChangeDraft(type: .set, path: "title", value: .text(text)),
      ChangeDraft(type: .add, path: "unit", value: .text(text)),
      ChangeDraft(type: .set, path: "lessons", value: .text("x\n\(text)")),
      ChangeDraft(type: .set, path: "summary", value: .text(text)),
      ChangeDraft(type: .add, path: "obstacles", value: .array([.text("TID"), .text(text)])),
      ChangeDraft(type: .set, path: "costs/0a0b0c0d/note", value: .text(text)),
    ]).state()
    let rendered = try Sample.rendered(state)
    let again = try Sample.parse(rendered, editing: state)
    #expect(try Sample.changes(again, from: state) == [], "\(rendered)")
  }
}
