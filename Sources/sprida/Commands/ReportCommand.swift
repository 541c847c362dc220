import Aggregation
import ArgumentParser
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: words(
      "Visa vad kretsen har publicerat och tagit över.",
      "Show what the region has published and taken up."),
    discussion: words(
      """
      sprida report                              läget i kretsen
      sprida report coverage                     en rapport
      sprida report coverage --members-on 2018   med dem som var medlemmar då
      sprida report money --as-of 2026-06-30     som det var känt den dagen
      sprida report themes --explain             med posterna bakom varje siffra
      sprida report diff juni.json juli.json     vad som har ändrats
      sprida report combined a.json b.json       flera kretsars exempel

      \(list(.swedish))
      """,
      """
      sprida report                              how the region stands
      sprida report coverage                     one report
      sprida report coverage --members-on 2018   with those who were members then
      sprida report money --as-of 2026-06-30     as it was known on that day
      sprida report themes --explain             with the records behind each figure
      sprida report diff june.json july.json     what has changed
      sprida report combined a.json b.json       entries of several regions

      \(list(.english))
      """),
    subcommands: [ReportShow.self, ReportDiff.self, ReportCombined.self],
    defaultSubcommand: ReportShow.self)

  private static func list(_ language: Language) -> String {
    ReportName.allCases.map { name in
      let padding = String(repeating: " ", count: max(1, 12 - name.rawValue.count))
      return name.rawValue + padding + name.question[language]
    }.joined(separator: "\n")
  }
}

struct ReportShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: words("Visa en rapport.", "Show a report."),
    discussion: "sprida report show coverage --json")

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Vilken rapport; ingen: läget i kretsen.", "Which report; none: how the region stands."),
      valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      words("Räkna det som var signerat den dagen.", "Count what was signed by that day."),
      valueName: "day"))
  var asOf: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Räkna dem som var medlemmar då: en dag, en månad eller ett år.",
        "Count those who were members then: a day, a month or a year."), valueName: "date"))
  var membersOn: String?

  @Flag(
    help: ArgumentHelp(
      words("Visa posterna bakom varje siffra.", "Show the records behind each figure.")))
  var explain = false

  @Option(
    help: ArgumentHelp(
      words(
        "En tabell som CSV: excel eller plain.", "One table as CSV: excel or plain."),
      valueName: "form"))
  var csv: String?

  @Option(
    help: ArgumentHelp(
      words("Vilken tabell, för --csv.", "Which table, for --csv."), valueName: "name"))
  var table: String?

  func validate() throws {
    let needsName = [asOf, membersOn, csv, table].contains { $0 != nil } || explain
    guard name != nil || !needsName else {
      throw ValidationError(
        words(
          "De valen gäller en rapport: ange vilken.", "Those options go with a report: name one."))
    }
    guard table == nil || csv != nil else {
      throw ValidationError(words("--table gäller --csv.", "--table goes with --csv."))
    }
    guard csv == nil || (!explain && !options.json) else {
      throw ValidationError(
        words(
          "--csv gäller varken --explain eller --json.",
          "--csv goes with neither --explain nor --json."))
    }
  }

  func run() throws {
    let context = try options.context()
    guard let name else { return try showOverview(context) }
    let wanted = try named(name, context)
    let store = try store(context)
    let report = try report(wanted, store, context)
    let words = try ReportWords(context, store)
    if let csv {
      let data = ReportData(report, words)
      let text = data.csv(try form(csv, context), of: try table(of: report, context))
      return context.console.data(text)
    }
    if options.json {
      return try context.console.json(ReportData(report, words).json(isExplained: explain))
    }
    try ReportText(report, words, isExplained: explain).lines().forEach { context.console.show($0) }
  }

  private func showOverview(_ context: Context) throws {
    let report = try CouncilReport(context.store, context.holdings(of: context.store))
    let text = OverviewText(report, context)
    if options.json { return try context.console.json(text.json) }
    text.lines.forEach { context.console.show($0) }
  }

  /// The node's own, or a copy of what was signed by the day that is asked for.
  private func store(_ context: Context) throws -> OperationStore {
    guard let asOf else { return context.store }
    let day = try Day(asOf, option: "--as-of", context.console)
    guard PartialDate(asOf) != nil else {
      throw Failure.invalid(
        context.console.text(
          "--as-of: hittade \(asOf), väntade en dag till och med år 2999.",
          "--as-of: found \(asOf), expected a day up to the year 2999."))
    }
    return try context.store.copy(signedBefore: day.end)
  }

  private func report(
    _ name: ReportName, _ store: OperationStore, _ context: Context
  ) throws -> Report {
    if let membersOn, PartialDate(membersOn) == nil {
      throw Failure.invalid(
        context.console.text(
          "--members-on: hittade ”\(membersOn)”, väntade ÅÅÅÅ, ÅÅÅÅ-MM eller ÅÅÅÅ-MM-DD",
          "--members-on: found “\(membersOn)”, expected YYYY, YYYY-MM or YYYY-MM-DD"))
    }
    let facts = try ReportFacts(
      store, context.holdings(of: store), asOf: asOf ?? SystemClock.today, membersOn: membersOn)
    return Report(name, facts)
  }

  private func named(_ text: String, _ context: Context) throws -> ReportName {
    let wanted = SwedishOrder.folded(text)
    if let name = ReportName.allCases.first(where: { name in
      [name.rawValue, name.title.sv, name.title.en].contains { SwedishOrder.folded($0) == wanted }
    }) {
      return name
    }
    let names = ReportName.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure.invalid(
      context.console.text(
        "Ingen rapport heter ”\(text)”. Det finns: \(names).",
        "No report is called “\(text)”. There are: \(names)."))
  }

  private func form(_ text: String, _ context: Context) throws -> CSV {
    guard let form = CSV(rawValue: text) else {
      throw Failure.invalid(
        context.console.text(
          "--csv: hittade ”\(text)”, väntade excel eller plain",
          "--csv: found “\(text)”, expected excel or plain"))
    }
    return form
  }

  private func table(of report: Report, _ context: Context) throws -> Report.Table {
    guard let wanted = table else { return report.tables[0] }
    if let found = report.tables.first(where: { $0.name == wanted }) { return found }
    let names = report.tables.map(\.name).joined(separator: ", ")
    throw Failure.invalid(
      context.console.text(
        "Rapporten har ingen tabell ”\(wanted)”. Den har: \(names).",
        "The report has no table “\(wanted)”. It has: \(names)."))
  }
}

struct ReportDiff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: words(
      "Visa vad som skiljer två rapporter.", "Show what differs between two reports."),
    discussion: words(
      """
      sprida report coverage --json > juni.json
      sprida report diff juni.json juli.json
      """,
      """
      sprida report coverage --json > june.json
      sprida report diff june.json july.json
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words("Den tidigare, som --json skrev den.", "The earlier, as --json printed it."),
      valueName: "before"))
  var before: String

  @Argument(
    help: ArgumentHelp(words("Den senare.", "The later."), valueName: "after"))
  var after: String

  func run() throws {
    let console = options.console
    let difference: ReportDifference
    do {
      difference = try ReportDifference(try read(before, console), try read(after, console))
    } catch let mismatch as ReportDifference.Mismatch {
      throw Failure.invalid(
        console.text(
          "De två går inte att jämföra: \(mismatch.what) är \(mismatch.before) och \(mismatch.after).",
          "The two cannot be compared: \(mismatch.what) is \(mismatch.before) and \(mismatch.after)."
        ))
    }
    if options.json {
      return try console.json(
        .array(
          difference.changes.map {
            .object([
              "table": .string($0.table), "row": .string($0.row), "column": .string($0.column),
              "before": .string($0.before), "after": .string($0.after),
            ])
          }))
    }
    guard !difference.changes.isEmpty else {
      return console.say("Ingen skillnad.", "No difference.")
    }
    var table = Table([
      (console.text("Tabell", "Table"), .left), (console.text("Rad", "Row"), .left),
      (console.text("Kolumn", "Column"), .left), (console.text("Före", "Before"), .right),
      (console.text("Efter", "After"), .right),
    ])
    for change in difference.changes {
      table.add([change.table, change.row, change.column, change.before, change.after])
    }
    table.lines(console).forEach { console.show($0) }
  }

  private func read(_ path: String, _ console: Console) throws -> JSON {
    try Given.json(
      path, console,
      orElse: console.text(
        "är ingen rapport: väntade det som sprida report --json skriver",
        "is no report: expected what sprida report --json prints"))
  }
}
