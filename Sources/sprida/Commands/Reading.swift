import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: words(
      "Visa en post, eller en operations signerade bytes.",
      "Show a record, or the signed bytes of an operation."),
    discussion: words(
      """
      sprida show 3f2a91                     som text
      sprida show 3f2a91 --html > bilaga.html   en sida till nämnden
      sprida show 3f2a91 --history           vem som ändrade vad, och när
      sprida show 3f2a91 --markdown          formen som går att redigera
      sprida show 3f2a91 --cose              en operations signerade bytes
      """,
      """
      sprida show 3f2a91                     as text
      sprida show 3f2a91 --html > annex.html   a page for a committee's papers
      sprida show 3f2a91 --history           who changed what, and when
      sprida show 3f2a91 --markdown          the editable form
      sprida show 3f2a91 --cose              an operation's signed bytes
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Posten eller operationen, eller början på dess id.",
        "The record or operation, or the beginning of its id."), valueName: "id"))
  var id: String

  @Flag(help: ArgumentHelp(words("Formen som går att redigera.", "The editable form.")))
  var markdown = false

  @Flag(
    help: ArgumentHelp(
      words(
        "En sida HTML, utan något utanför sig själv.", "A page of HTML that needs nothing else.")))
  var html = false

  @Flag(help: ArgumentHelp(words("Vem som ändrade vad.", "Who changed what.")))
  var history = false

  @Flag(help: ArgumentHelp(words("En operations signerade bytes.", "An operation's signed bytes.")))
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
    if history {
      let text = try HistoryText(of: state, context)
      return options.json
        ? try context.console.json(text.json())
        : text.lines().forEach { context.console.show($0) }
    }
    if options.json {
      return try context.console.json(try RecordJSON.of(state, context))
    }
    if html { return StandardStreams.write(Array(try RecordHTML(context).page(of: state).utf8)) }
    guard markdown else {
      return try RecordText(context).lines(of: state).forEach { context.console.show($0) }
    }
    guard let family = Schema.bundled.family(state.family) else {
      throw Failure.failed(
        words(
          "\(state.family): okänt för den här versionen", "\(state.family): unknown to this version"
        ))
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
