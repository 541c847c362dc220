import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a record, or the signed bytes of an operation.",
    discussion: """
      sprida show 3f2a91               as text
      sprida show 3f2a91 --markdown    the editable form
      sprida show --cose 3f2a91        the COSE_Sign1 bytes of an operation, on standard output
      """)

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp("The record or operation, or the beginning of its id.", valueName: "id"))
  var id: String

  @Flag(help: "The editable form.")
  var markdown = false

  @Flag(help: "The signed bytes of one operation.")
  var cose = false

  func run() throws {
    let context = try options.context()
    if cose { return try export(context) }
    if let operation = try operation(context) {
      let text = OperationText(operation, context)
      return options.json
        ? try context.console.json(try text.json())
        : try text.lines().forEach { context.console.show($0) }
    }
    let key = try context.record(id)
    guard let state = try context.store.record(key) else {
      throw Failure.invalid(context.console.text("Posten finns inte.", "There is no such record."))
    }
    if options.json {
      return try context.console.json(try RecordJSON.of(state, context))
    }
    guard markdown else {
      return try RecordText(context).lines(of: state).forEach { context.console.show($0) }
    }
    guard let family = Schema.bundled.family(state.family) else {
      throw Failure.failed("\(state.family): unknown to this version")
    }
    let document = Document(
      state: state, family: family, schema: .bundled, language: context.console.language)
    // As it is: it spells out by itself what would not be seen, and is read back exactly.
    StandardStreams.write(Array(document.rendered.utf8))
  }

  /// The operation that the id means, unless it means a record.
  private func operation(_ context: Context) throws -> Operations.Operation? {
    guard RecordKey(text: id) == nil, try context.store.records(idPrefix: id).isEmpty else {
      return nil
    }
    let found = try context.store.operations(idPrefix: id)
    return found.count == 1 ? found.first : nil
  }

  private func export(_ context: Context) throws {
    let found = try context.store.operations(idPrefix: id)
    guard found.count == 1, let operation = found.first else {
      throw Failure.invalid(
        context.console.text(
          "\(found.count) operationer börjar på \(id).",
          "\(found.count) operations begin with \(id)."))
    }
    StandardStreams.write(operation.envelope.bytes)
  }
}

/// Which records to list.
struct Filters: ParsableArguments {
  @Option(help: "entry, adoption or contact.")
  var family = Document.defaultFamily

  @Option(help: ArgumentHelp("Only this organisation's.", valueName: "code"))
  var organisation: String?

  @Option(help: ArgumentHelp("Only this theme's, such as INNO.", valueName: "code"))
  var theme: String?

  @Option(help: ArgumentHelp("Only at this stage, such as PILOT.", valueName: "code"))
  var stage: String?

  @Option(help: ArgumentHelp("Only this kind, such as practice.", valueName: "code"))
  var kind: String?

  @Flag(help: "Withdrawn ones too.")
  var withdrawn = false

  func apply(_ records: [RecordSummary], _ context: Context) throws -> [RecordSummary] {
    let charter = try context.store.charter()
    let publisher = try organisation.map { code in
      guard let found = charter.organisation(code: code) else {
        throw Failure.invalid(
          context.console.text(
            "\(code) är ingen organisation i kretsen.", "\(code) is no organisation of the region.")
        )
      }
      return found.id
    }
    let theme = try code(theme, "theme", context.console)
    let stage = try code(stage, "stage", context.console)
    let kind = try code(kind, "kind", context.console)
    return records.filter { record in
      if record.isWithdrawn, !withdrawn { return false }
      func matches(_ path: String, _ value: String?) -> Bool {
        value.map { record.facets[path]?.contains($0) ?? false } ?? true
      }
      return (publisher == nil || record.key.organisation == publisher)
        && matches("themes", theme) && matches("stage", stage) && matches("kind", kind)
    }
  }
}

extension Filters {
  /// The code that was meant, by code or label in any case.
  private func code(_ text: String?, _ name: String, _ console: Console) throws -> String? {
    guard let text, let vocabulary = Schema.bundled.vocabularies[name] else { return nil }
    if let code = vocabulary.code(meaning: text) { return code.code }
    let known = vocabulary.enterable.map(\.code).joined(separator: ", ")
    throw Failure.invalid(
      console.text(
        "--\(name): hittade ”\(text)”, väntade en av \(known)",
        "--\(name): found “\(text)”, expected one of \(known)"))
  }
}

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List records in Swedish order.",
    discussion: "sprida list --theme INNO --stage PILOT")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filters: Filters

  func run() throws {
    let context = try options.context()
    let records = try context.store.records(family: filters.family)
    try RecordList.print(try filters.apply(records, context), context)
  }
}

struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Find records that hold every word.",
    discussion: "sprida search innovationsförmåga skola")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filters: Filters

  @Argument(help: "Words; parts of compounds and words without å, ä, ö are found too.")
  var words: [String]

  func run() throws {
    let context = try options.context()
    let found = try context.store.search(words.joined(separator: " "), family: filters.family)
    try RecordList.print(try filters.apply(found, context), context)
  }
}

enum RecordList {
  static func print(_ records: [RecordSummary], _ context: Context) throws {
    let charter = try context.store.charter()
    let console = context.console
    if console.isJSON {
      return try console.json(.array(records.map { try RecordJSON.of($0, context) }))
    }
    var table = Table([
      ("Id", .left), (console.text("Titel", "Title"), .left),
      (console.text("Organisation", "Organisation"), .left), (console.text("Typ", "Kind"), .left),
      (console.text("Skede", "Stage"), .left), (console.text("Ändrad", "Edited"), .left),
    ])
    for record in records {
      let title = title(of: record, console)
      table.add([
        String(record.key.record.description.prefix(8)),
        mark(record, console) + title,
        context.organisationName(try context.store.owner(of: record.key), charter),
        label(record, "kind", "kind", console), label(record, "stage", "stage", console),
        console.date(record.updated),
      ])
    }
    if table.isEmpty { return console.say("Inga poster.", "No records.") }
    table.lines(console).forEach { console.show($0) }
    console.show(
      console.dim(
        console.text(
          records.count == 1 ? "1 post" : "\(records.count) poster",
          records.count == 1 ? "1 record" : "\(records.count) records")))
  }

  private static func title(of record: RecordSummary, _ console: Console) -> String {
    if record.isExpired(today: SystemClock.today) { return console.text("(utgånget)", "(expired)") }
    return record.title.isEmpty ? record.facets["mailbox"]?.first ?? "" : record.title
  }

  private static func mark(_ record: RecordSummary, _ console: Console) -> String {
    (record.conflicts > 0 ? "⚠ " : "")
      + (record.isWithdrawn ? console.text("(återkallad) ", "(withdrawn) ") : "")
  }

  private static func label(
    _ record: RecordSummary, _ path: String, _ vocabulary: String, _ console: Console
  ) -> String {
    guard let code = record.facets[path]?.first else {
      return console.text("ej angivet", "not stated")
    }
    return Schema.bundled.vocabularies[vocabulary]?.label(of: code, console.language) ?? code
  }
}
