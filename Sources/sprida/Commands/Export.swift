import Aggregation
import ArgumentParser
import FoundationEssentials
import Glibc
import Node
import NodeWeb
import OperationStore
import Operations
import Practice

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
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
    let catalogue = try Catalogue(
      context.store, publisher: try context.ownOrganisation(charter)?.id,
      asOf: SystemClock.today)
    let writer = CatalogueWriter(context.store, catalogue, settings)
    guard let to else {
      guard let chosen, let text = try writer.text(chosen) else {
        throw Failure.invalid(
          context.console.text(
            "SQLite skrivs till en fil: ange --to.", "SQLite is written to a file: give --to."))
      }
      return { context.console.data(text) }
    }
    let path = absolutePath(to)
    if let chosen {
      try write(chosen, writer, to: path, context)
      return { try tell([path], context) }
    }
    try createFolder(path, context)
    // What portals demand may be missing; all else is there all the same.
    let forms = ExportForm.allCases.filter { $0 != .dcat || writer.canDescribe }
    for form in forms { try write(form, writer, to: path + "/" + form.fileName, context) }
    let all = (path: "records.json", text: try JSON.array(records(context)).text)
    let files = [all] + (try pages(catalogue, settings, context))
    try write(files, in: path, context)
    let main = forms.map(\.fileName)
    try removeFormer(besides: main + files.map(\.path), in: path, context)
    return {
      try tell((main + ["records.json", "index.html"]).map { path + "/" + $0 }, context)
      guard !writer.canDescribe else { return }
      context.console.warn(
        "catalog.rdf är inte med: den kräver --number och --mailbox.",
        "catalog.rdf is left out: it needs --number and --mailbox.")
    }
  }

  private func write(
    _ form: ExportForm, _ writer: CatalogueWriter, to path: String, _ context: Context
  ) throws {
    try whole(path, context) { draft in
      if let text = try writer.text(form) {
        try Data(text.utf8).write(to: URL(filePath: draft))
      } else {
        try writer.writeDatabase(to: draft)
      }
    }
  }

  /// Makes a file under another name and gives it its own when it is whole and on the disk.
  private func whole(
    _ path: String, _ context: Context, _ make: (String) throws -> Void
  ) throws {
    let draft = path + ".part-\(getpid())"
    defer { for suffix in ["", "-journal"] { unlink(draft + suffix) } }
    do {
      try make(draft)
      try PublicFile.publish(draft, as: path)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure.invalid(
        context.console.text(
          "\(path) går inte att skriva (\(error)); det som fanns där är orört.",
          "\(path) cannot be written (\(error)); what was there is untouched."))
    }
  }

  private func pages(
    _ catalogue: Catalogue, _ settings: Catalogue.Settings, _ context: Context
  ) throws -> [(path: String, text: String)] {
    let facts = try ReportFacts(context.store, asOf: catalogue.asOf)
    let site = try Site(catalogue, ReportName.allCases.map { Report($0, facts) }, settings)
    return try site.files().map { (path: $0.path, text: $0.text) }
  }

  private func write(
    _ files: [(path: String, text: String)], in folder: String, _ context: Context
  ) throws {
    let subfolders = files.map { $0.path.split(separator: "/").dropLast().joined(separator: "/") }
    for subfolder in Set(subfolders).sorted() {
      try createFolder(folder + "/" + subfolder, context)
    }
    for file in files {
      try whole(folder + "/" + file.path, context) { draft in
        try Data(file.text.utf8).write(to: URL(filePath: draft))
      }
    }
  }

  /// What an earlier export has written here and this one has not, such as pages of what has been
  /// withdrawn; nothing that others have put here.
  private func removeFormer(
    besides written: [String], in folder: String, _ context: Context
  ) throws {
    let list = folder + "/" + Self.list
    let former = FileManager.default.contents(atPath: list).map {
      String(decoding: $0, as: UTF8.self)
    }
    let kept = Set(written)
    for path in (former ?? "").split(separator: "\n").map(String.init) where !kept.contains(path) {
      // Only names below the folder, whoever may have written the list.
      guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else { continue }
      unlink(folder + "/" + path)
    }
    try whole(list, context) { draft in
      try Data((written.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: draft))
    }
  }

  private static let list = ".sprida-export"

  private func createFolder(_ path: String, _ context: Context) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure.invalid(
        context.console.text(
          "Mappen \(path) går inte att skapa (\(error)).",
          "The folder \(path) cannot be made (\(error))."))
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
