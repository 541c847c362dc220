import Aggregation
import ArgumentParser
import OperationStore
import Practice

struct ReportCombined: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "combined",
    abstract: words(
      "Räkna flera kretsars exempel tillsammans, vart och ett en gång.",
      "Count the entries of several regions together, each once."),
    discussion: words(
      """
      sprida report combined malaren.json skane.json

      Filerna är det som sprida export skriver hos varje krets. Det som har publicerats i
      flera med --also räknas en gång.
      """,
      """
      sprida report combined malaren.json skane.json

      The files are what sprida export prints in each region. What has been published in
      several with --also is counted once.
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(words("Utskrifterna.", "The exports."), valueName: words("fil", "file")))
  var files: [String]

  func run() throws {
    let console = options.console
    let fault = console.text(
      "är ingen utskrift: väntade det som sprida export skriver",
      "is no export: expected what sprida export prints")
    let exports = try files.map { try Given.json($0, console, orElse: fault) }
    for (file, export) in zip(files, exports) where CombinedExports([export]) == nil {
      throw Failure.invalid(console.text("\(file) \(fault).", "\(file) \(fault)."))
    }
    guard let combined = CombinedExports(exports) else { return }
    if options.json { return try console.json(json(combined)) }
    show(combined, console)
  }

  private func show(_ combined: CombinedExports, _ console: Console) {
    var total = Table([
      (console.text("Utskrift", "Export"), .left), (console.text("Exempel", "Entries"), .right),
    ])
    for (file, count) in zip(files, combined.counts) {
      total.add([Console.line(file), console.number(count)])
    }
    total.add([
      console.text("Olika tillsammans", "Distinct together"),
      console.number(combined.entries.count),
    ])
    total.lines(console).forEach { console.show($0) }
    let words = CellWords(console.language) { "\($0)" }
    for (title, vocabulary, values) in groups(console) {
      var table = Table([(title, .left), (console.text("Exempel", "Entries"), .right)])
      for row in combined.counts(vocabulary, values) {
        table.add([words.label(row.code, vocabulary), console.number(row.count)])
      }
      console.show("")
      table.lines(console).forEach { console.show($0) }
    }
    let confirmed = combined.entries.compactMap(\.confirmed).max() ?? "–"
    console.show("")
    console.say("Senast bekräftat: \(confirmed).", "Latest confirmed: \(confirmed).")
    guard !combined.shared.isEmpty else { return }
    var shared = Table([
      (console.text("I flera kretsar", "In several regions"), .left),
      (console.text("Utgivare", "Publisher"), .left),
    ])
    for entry in combined.shared { shared.add([entry.title, entry.publisher]) }
    console.show("")
    shared.lines(console).forEach { console.show($0) }
  }

  private func groups(
    _ console: Console
  ) -> [(String, String, (CombinedExports.Entry) -> [String])] {
    [
      (console.text("Område", "Theme"), "theme", \.themes),
      (console.text("Skede", "Stage"), "stage", { $0.stage.isEmpty ? [] : [$0.stage] }),
      (console.text("Granskning", "Review"), "review_level", { [$0.review] }),
    ]
  }

  private func json(_ combined: CombinedExports) -> JSON {
    .object([
      "exports": .array(
        zip(files, combined.counts).map {
          .object(["file": .string($0), "entries": .number($1)])
        }),
      "distinct": .number(combined.entries.count),
      "latest_confirmed": .optional(combined.entries.compactMap(\.confirmed).max()),
      "shared": .array(
        combined.shared.map {
          .object(["title": .string($0.title), "records": .array($0.keys.map(JSON.string))])
        }),
      "themes": counts(combined.counts("theme", \.themes)),
      "stages": counts(combined.counts("stage") { $0.stage.isEmpty ? [] : [$0.stage] }),
      "review_status": counts(combined.counts("review_level") { [$0.review] }),
    ])
  }

  private func counts(_ counts: [(code: String, count: Int)]) -> JSON {
    .array(counts.map { .object(["code": .string($0.code), "count": .number($0.count)]) })
  }
}
