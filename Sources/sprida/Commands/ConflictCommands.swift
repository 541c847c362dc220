import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Conflicts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List fields that two edits changed without knowing of each other.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let charter = try context.store.charter()
    let console = context.console
    let states = try Schema.bundled.families.flatMap { try context.store.records(family: $0.name) }
      .filter { $0.conflicts > 0 }.compactMap { try context.store.record($0.key) }
    if options.json {
      return try console.json(.array(states.map { try RecordJSON.of($0, context) }))
    }
    guard !states.isEmpty else { return console.say("Inga konflikter.", "No conflicts.") }
    let text = try RecordText(context)
    for state in states {
      let title = console.lines(Console.line(state.displayedText("title")), after: "# ")
      title.forEach { console.show(console.bold($0)) }
      console.show(
        console.dim("  " + context.organisationName(state.key.organisation, charter)))
      for field in state.conflicts {
        for (index, value) in field.state.values.enumerated() {
          let when = console.time(Int64(value.timestamp.milliseconds))
          console.lines("\(field.path) \(index + 1): “\(text.text(of: value, nil))”")
            .marked("  " + console.dim(when)).forEach { console.show($0) }
        }
        guard field.state.isConflict else {
          console.show(console.dim("  \(field.path): \(RecordText.hidden(field.state, console))"))
          continue
        }
        console.show(
          console.dim(
            "  sprida resolve \(state.key.record.description.prefix(12)) \(field.path) --take 1"))
      }
    }
  }
}

struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a conflict: one of the values, or a new text, supersedes them all.",
    discussion: """
      sprida resolve 3f2a91 title --take 2
      sprida resolve 3f2a91 title --value "Båda skolorna är med"
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(help: ArgumentHelp("The record, or the beginning of its id.", valueName: "id"))
  var id: String

  @Argument(help: ArgumentHelp("The field in conflict.", valueName: "field"))
  var field: String

  @Option(help: ArgumentHelp("The number that sprida conflicts shows.", valueName: "number"))
  var take: Int?

  @Option(help: ArgumentHelp("A new value.", valueName: "text"))
  var value: String?

  func validate() throws {
    guard (take == nil) != (value == nil) else { throw ValidationError("Give --take or --value.") }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let key = try context.record(id)
    guard let state = try context.store.record(key)?[field], state.isConflict else {
      throw Failure.invalid(
        console.text("\(field) är inte i konflikt.", "\(field) is not in conflict."))
    }
    let author = try Author(context, guest: author.guest)
    try author.demandOwner(of: key)
    guard let record = try context.store.record(key) else { return }
    let family = record.family
    let chosen = try value.map { try entered($0, record) } ?? taken(state, console)
    let targets = state.values.flatMap(\.assignments).sorted()
    let changes = stride(from: 0, to: targets.count, by: Limits.targetsMax).map { start in
      ChangeDraft(
        type: .set, path: field, value: chosen,
        targets: Array(targets[start..<min(start + Limits.targetsMax, targets.count)]))
    }
    _ = try author.sign([.record(changes, family: family, record: key.record)])
    if options.json { return try console.json(.object(["resolved": .string(field)])) }
    console.say("\(field) är avgjord.", "\(field) is resolved.")
  }

  /// A new value, judged by the schema as any edit is.
  private func entered(_ text: String, _ record: RecordState) throws -> CBOR {
    guard let family = Schema.bundled.family(record.family) else { return .text(text) }
    var document = Document(state: record, family: family, schema: .bundled)
    do {
      try document.replace([.init(field, .text(text))])
    } catch {
      throw error.failure(options.console, file: "--value")
    }
    guard case .register(.value(let value)) = document[field] else { return .text(text) }
    return value
  }

  private func taken(_ state: FieldState, _ console: Console) throws -> CBOR {
    guard let take, state.values.indices.contains(take - 1) else {
      throw Failure.invalid(
        console.text(
          "--take: välj 1 till \(state.values.count).", "--take: choose 1 to \(state.values.count)."
        ))
    }
    guard let item = state.values[take - 1].value else {
      throw Failure.invalid(
        console.text("Det värdet är raderat.", "That value has been erased."))
    }
    return item
  }
}
