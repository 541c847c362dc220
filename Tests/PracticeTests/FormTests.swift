import Operations
import Practice
import Testing
import WireFormat

@Suite struct FormTests {
  private static let kinds = Schema.bundled.vocabularies["kind"]?.codes.map(\.code) ?? []

  private static func form(
    _ kind: String, _ language: Language = .swedish, family: String = "entry"
  ) throws -> String {
    try Document(
      new: try Sample.family(family), kind: kind, usual: [Sample.usualContact], schema: .bundled,
      language: language
    ).form
  }

  @Test(arguments: kinds, Language.allCases)
  func `a form says what is missing when nothing is filled in`(kind: String, language: Language)
    throws
  {
    let form = try Self.form(kind, language)
    let found = try Sample.problems(form)
    #expect(found.allSatisfy { $0.code == .missing }, "\(found)")
    let hasStage = try Sample.family().template(for: kind)?.without.contains("stage") == false
    #expect(
      found.compactMap(\.field)
        == ["title", "summary", "themes"] + (hasStage && kind != "tip" ? ["stage"] : []))
    #expect(form.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(form)")
  }

  @Test func `a tip is three blanks, in the language of whoever fills it in`() throws {
    #expect(
      try Self.form("tip") == """
        ---
        # Rader som börjar med # här i huvudet, och <!-- text så här --> längre ned, är råd.
        # De publiceras inte. Lämna tomt eller stryk det ni inte har något att säga om.

        # Krävs.
        #   practice Praktik · project Projekt · method Metod · programme Program · plan Plan
        #   report Rapport · lesson Lärdom · challenge Utmaning · tip Tips · statistic Statistik
        #   service Tjänst · network Nätverk · concept Koncept · policy Policy
        #   funding Finansieringsform · organisation Organisation
        Typ: tip

        # Krävs. Under tio ord, utan utgivare och årtal.
        Titel:

        # Krävs.
        # Högst 4 av:
        #   GOVR Styrning · INNO Innovationsförmåga · DIGI Digitalisering · PROC Upphandling
        #   EDUC Skola · SOCI Socialtjänst · ELDR Äldreomsorg · HEAL Hälso- och sjukvård
        #   CULT Kultur och fritid · PLAN Samhällsbyggnad · TRAN Trafik · ENVI Miljö och energi
        #   FOOD Livsmedel · LABR Arbetsmarknad · BUSI Näringsliv · SAFE Trygghet
        #   EQUA Jämställdhet och delaktighet
        Områden: []

        # Krävs.
        #   IDEA Idé · PREST Förstudie · PILOT Pilot · IMPL Infört · ORD Ordinarie verksamhet
        #   STOP Avslutat utan införande
        Skede: IDEA

        # Krävs. En funktionsbrevlåda, eller id för en kontakt. Inga personuppgifter här.
        Kontakt: innovation@lerum.se
        ---

        <!-- Sammanfattning:
             Krävs. Ett stycke på klarspråk som går att läsa för sig. -->

        """)
  }

  @Test func `a form that has been filled in is the document`() throws {
    let text = try Self.form("tip").replacing("Titel:", with: "Titel: Digital brevlåda")
      .replacing("Områden: []", with: "Områden: [Digitalisering]")
    let document = try Sample.parse(text + "\nMedarbetare lämnar förslag digitalt.\n")
    #expect(document["themes"] == .set([.value(.text("DIGI"))]))
    #expect(document["kind"] == .register(.value(.text("tip"))))
    #expect(document["summary"] == .register(.value(.text("Medarbetare lämnar förslag digitalt."))))
  }

  @Test(arguments: [Sample.tip, Sample.full], Language.allCases)
  func `the form of a record reads as the record`(text: String, language: Language) throws {
    let state = try Sample.published(text).state()
    let form = Document(
      state: state, family: try Sample.family(), schema: .bundled, language: language
    ).form
    #expect(
      try Sample.changes(try Sample.parse(form, editing: state), from: state) == [], "\(form)")
  }

  @Test func `a practice is told what each stage needs, and a statistic its columns`() throws {
    let practice = try Self.form("practice")
    #expect(practice.contains("# Krävs när Skede är PILOT, IMPL eller ORD.\n#   FIRST Först ·"))
    #expect(practice.contains("## Lärdomar\n\n<!-- Krävs när Skede är PILOT, IMPL eller ORD. -->"))
    #expect(practice.contains(" [KOD: egna ord, KOD: egna ord]\n"))
    let statistic = try Self.form("statistic")
    #expect(
      statistic.contains(
        "\nUppgifter:\n  - Benämning:\n    Värde:\n    Enhet:\n    År:\n    Källa:\n"))
    #expect(try Self.form("report").contains("# Krävs när Bilagor är tomt."))
    #expect(!(try Self.form("statistic").contains("Framgångsfaktorer")))
  }

  @Test(arguments: [("adoption", "entry"), ("comment", "entry"), ("contact", "mailbox")])
  func `other families have forms too`(name: String, field: String) throws {
    let form = try Document(new: try Sample.family(name), kind: nil, schema: .bundled).form
    #expect(form.contains("family: \(name)"))
    #expect(!form.contains("Läst version"))
    let found = try Sample.problems(form)
    #expect(found.allSatisfy { $0.code == .missing } && found.contains { $0.field == field })
  }
}
