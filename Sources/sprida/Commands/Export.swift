import Aggregation
import ArgumentParser
import FoundationEssentials
import Node
import NodeWeb
import OperationStore
import Operations
import Practice

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: words(
      "Skriv ut poster för andra program, portaler och webbplatser.",
      "Write records for other programs, portals and web sites."),
    discussion: words(
      """
      sprida export > allt.json
      sprida export --family entry --lines | wc -l
      sprida export --form excel > exempel.csv
      sprida export --to /var/www/exempel \\
        --base-url https://exempel.rad.example/ \\
        --number 2120001447 --mailbox innovation@rad.example

      \(forms(.swedish))

      Med --to skrivs alla former i en mapp, varje fil hel eller inte alls. Kontakter och
      annat med personuppgifter är inte med. sprida publish allt.json publicerar posterna
      i en annan krets.
      """,
      """
      sprida export > all.json
      sprida export --family entry --lines | wc -l
      sprida export --form excel > entries.csv
      sprida export --to /var/www/practice \\
        --base-url https://practice.council.example/ \\
        --number 2120001447 --mailbox innovation@council.example

      \(forms(.english))

      With --to every form is written into a folder, each file whole or not at all.
      Contacts and whatever else holds personal data are left out. sprida publish all.json
      publishes the records in another region.
      """))

  private static func forms(_ language: Language) -> String {
    ExportForm.allCases.map { form in
      form.rawValue + String(repeating: " ", count: 10 - form.rawValue.count) + form.title[language]
    }.joined(separator: "\n")
  }

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words(
        "Bara den familjen, som entry; kan upprepas.",
        "Only this family, such as entry; repeatable."),
      valueName: "name"))
  var family: [String] = []

  @Flag(help: ArgumentHelp(words("En post per rad.", "One record a line.")))
  var lines = false

  @Flag(help: ArgumentHelp(words("Även återkallade.", "Withdrawn ones too.")))
  var withdrawn = false

  @Option(
    help: ArgumentHelp(
      words("En av formerna ovan i stället för JSON.", "One of the forms above instead of JSON."),
      valueName: "form"))
  var form: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Skriv till filen, eller utan --form alla former i mappen.",
        "Write to this file, or without --form every form into this folder."),
      valueName: "path"))
  var to: String?

  @OptionGroup var publishing: PublishingOptions

  func validate() throws {
    let isPlain = form == nil && to == nil
    guard isPlain || (family.isEmpty && !lines && !withdrawn) else {
      throw ValidationError(
        words(
          "--family, --lines och --withdrawn gäller JSON utan --form och --to.",
          "--family, --lines and --withdrawn go with JSON without --form and --to."))
    }
    guard !isPlain || publishing.isEmpty else {
      throw ValidationError(
        words(
          "--base-url, --number och --mailbox gäller --form och --to.",
          "--base-url, --number and --mailbox go with --form and --to."))
    }
  }

  func run() throws {
    let context = try options.context()
    if form != nil || to != nil {
      // All files tell of one set.
      let tell = try context.store.consistently { try writeCatalogue(context) }
      return try tell()
    }
    try printRecords(context)
  }

  private func printRecords(_ context: Context) throws {
    let console = context.console
    for name in family where Self.isPersonal(name) {
      throw Failure.invalid(
        console.text(
          "\(name) innehåller personuppgifter och lämnas inte ut.",
          "\(name) holds personal data and is not exported."))
    }
    let records = try self.records(context)
    guard lines else { return try console.json(.array(records)) }
    for record in records { console.show(try record.line) }
  }

  /// Also of families that no schema here knows.
  private func records(_ context: Context) throws -> [JSON] {
    try context.store.families().filter {
      !Self.isPersonal($0) && (family.isEmpty || family.contains($0))
    }.flatMap { try context.store.records(family: $0) }
      .filter { withdrawn || !$0.isWithdrawn }
      .compactMap { try context.store.record($0.key) }
      .map { try RecordJSON.of($0, context) }
  }

  private static func isPersonal(_ family: String) -> Bool {
    Schema.bundled.family(family)?.isPersonal == true
  }

  // MARK: - The catalogue

  /// Returns how to tell what has been written.
  private func writeCatalogue(_ context: Context) throws -> () throws -> Void {
    let settings = try publishing.settings(context.console)
    let chosen = try form.map { try named($0, context) }
    let charter = try context.store.charter()
    let publisher = try context.ownOrganisation(charter)?.id
    let holdings = try context.holdings(of: context.store)
    let catalogue = try Catalogue(
      context.store, holdings, publisher: publisher, asOf: SystemClock.today)
    let writer = CatalogueWriter(context.store, catalogue, settings)
    guard let to else {
      guard let chosen, chosen != .sqlite else {
        throw Failure.invalid(
          context.console.text(
            "SQLite skrivs till en fil: ange --to.", "SQLite is written to a file: give --to."))
      }
      var text = ""
      try writer.write(chosen) { text += $0 }
      return { context.console.data(text) }
    }
    let path = absolutePath(to)
    if let chosen {
      try PublicFile.write(path, context.console) { try writer.writeFile(chosen, to: $0) }
      return { try tell([path], context) }
    }
    // What portals demand may be missing; all else is there all the same.
    let forms = ExportForm.allCases.filter { $0 != .dcat || writer.canDescribe }
    var folder = PublicFolder(path, context.console)
    for form in forms { try folder.write(form.fileName) { try writer.writeFile(form, to: $0) } }
    try folder.write("records.json", text: try JSON.array(records(context)).text)
    let publication = try Publication(
      context.store, holdings, publisher: publisher, asOf: catalogue.asOf)
    try Site(publication, settings).eachFile { try folder.write($0.path, text: $0.text) }
    try folder.removeFormer()
    return {
      try tell(
        (forms.map(\.fileName) + ["records.json", "index.html"]).map { path + "/" + $0 }, context)
      guard !writer.canDescribe else { return }
      context.console.warn(
        "catalog.rdf är inte med: den kräver --number och --mailbox.",
        "catalog.rdf is left out: it needs --number and --mailbox.")
    }
  }

  private func tell(_ files: [String], _ context: Context) throws {
    if options.json { return try context.console.json(.array(files.map(JSON.string))) }
    for file in files { context.console.show(Console.line(file)) }
  }

  private func named(_ text: String, _ context: Context) throws -> ExportForm {
    guard let form = ExportForm(rawValue: text) else {
      let names = ExportForm.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure.invalid(
        context.console.text(
          "--form: hittade ”\(text)”, väntade något av \(names)",
          "--form: found “\(text)”, expected one of \(names)"))
    }
    let hasAll = publishing.number != nil && publishing.mailbox != nil
    guard form != .dcat || hasAll else {
      throw Failure.invalid(
        context.console.text(
          "DCAT kräver utgivarens organisationsnummer och brevlåda: ange --number och --mailbox.",
          "DCAT needs the publisher's organisation number and mailbox: give --number and --mailbox."
        ))
    }
    return form
  }
}
