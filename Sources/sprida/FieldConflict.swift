import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// A field with several values, of which somebody has to choose.
struct FieldConflict {
  let record: RecordState
  let path: String
  let state: FieldState
  let definition: FieldDefinition?

  /// Nil when only something is hidden there, and nothing to choose.
  init?(_ field: RecordState.Field, in record: RecordState) {
    guard field.state.isConflict else { return nil }
    self.record = record
    path = field.path
    state = field.state
    definition = Schema.bundled.family(record.family)?[field.path]
  }

  static func all(in record: RecordState) -> [FieldConflict] {
    record.conflicts.compactMap { FieldConflict($0, in: record) }
  }

  /// Each value with its number, when and by whom.
  func lines(_ context: Context) throws -> [String] {
    let console = context.console
    let text = try RecordText(context)
    let origins = try origins(context)
    return zip(state.values, origins).enumerated().flatMap { index, pair in
      console.lines("\(path) \(index + 1): “\(text.text(of: pair.0, definition))”")
        .marked("  " + console.dim(pair.1))
    }
  }

  /// When and by whom each value was written.
  func origins(_ context: Context) throws -> [String] {
    let charter = try context.store.charter()
    return state.values.map { value in
      "\(context.console.moment(Int64(value.timestamp.milliseconds))), "
        + context.signer(value.author, charter)
    }
  }

  /// What ends the conflict.
  func changes(to value: CBOR) -> [ChangeDraft] {
    let targets = state.values.flatMap(\.assignments).sorted()
    return stride(from: 0, to: targets.count, by: Limits.targetsMax).map { start in
      ChangeDraft(
        type: .set, path: path, value: value,
        targets: Array(targets[start..<min(start + Limits.targetsMax, targets.count)]))
    }
  }

  /// A new value, judged by the schema as any edit is.
  func entered(_ text: String, _ console: Console, from source: String) throws -> CBOR {
    guard let family = Schema.bundled.family(record.family) else { return .text(text) }
    var document = Document(state: record, family: family, schema: .bundled)
    do {
      try document.replace([.init(path, .text(text))])
    } catch {
      throw error.failure(console, file: source)
    }
    guard case .register(.value(let value)) = document[path] else { return .text(text) }
    return value
  }
}

/// Choosing among the values of a conflict.
struct Resolving {
  let context: Context
  let dialogue: Dialogue?
  private var console: Console { context.console }

  init(context: Context, dialogue: Dialogue?) {
    self.context = context
    self.dialogue = dialogue
  }

  func taken(_ index: Int?, _ conflict: FieldConflict) throws -> CBOR {
    let values = conflict.state.values
    guard let index, values.indices.contains(index) else {
      throw Failure.invalid(
        console.text(
          "--take: välj 1 till \(values.count), eller newest.",
          "--take: choose 1 to \(values.count), or newest."))
    }
    guard let item = values[index].value else {
      throw Failure.invalid(
        console.text("Det värdet är raderat.", "That value has been erased."))
    }
    return item
  }

  /// Lets the person choose a number, merge, or pass over it with nil.
  func asked(_ conflict: FieldConflict) throws -> CBOR? {
    guard let dialogue else {
      throw Failure.invalid(
        console.text(
          "Utan terminal: ange --take, --value eller --merge.",
          "Without a terminal: give --take, --value or --merge."))
    }
    let title = Console.line(conflict.record.displayedText("title"))
    console.lines(title, after: "# ").map(console.bold).forEach { console.show($0) }
    try conflict.lines(context).forEach { console.show($0) }
    let count = conflict.state.values.count
    while true {
      let answer = dialogue.answer(
        "Vilket gäller? 1 till \(count), m = slå ihop, s = hoppa över",
        "Which holds? 1 to \(count), m = merge, s = pass over")
      switch answer {
      case "s", nil: return nil
      case "m": if let value = try merged(conflict) { return value }
      case let number?:
        guard let index = Int(number), (1...count).contains(index) else { continue }
        return try taken(index - 1, conflict)
      }
    }
  }

  /// What the person makes of the texts in an editor, where only what several have changed is
  /// marked; nil when they say no.
  func merged(_ conflict: FieldConflict) throws -> CBOR? {
    let texts = conflict.state.values.compactMap { $0.value?.text }
    guard texts.count == conflict.state.values.count, let editor = Editor.command else {
      throw Failure.invalid(
        console.text(
          "Bara texter kan slås ihop, i EDITOR; annars --take.",
          "Only texts can be merged, in EDITOR; otherwise --take."))
    }
    let operations = try context.store.operations(of: conflict.record.key)
    let base = ConflictBase.value(
      at: conflict.path, under: conflict.state.values, in: operations)
    let merge = ParagraphMerge(base: base?.text ?? "", sides: texts)
    let names = try conflict.origins(context).enumerated().map { "\($0 + 1): \(Console.line($1))" }
    let text = merge.marked(names: names, baseName: console.text("före", "before")) + "\n"
    let draft = try context.directory.createDraft("merge", Array(text.utf8))
    let path = context.directory.draftPath(draft)
    while true {
      guard Editor.open(path, with: editor) else {
        throw Failure.failed(
          console.text(
            "Inget är avgjort; \(path) finns kvar.", "Nothing was resolved; \(path) stays."))
      }
      let result = try Given.text(try context.directory.readDraft(draft), from: path)
      guard ParagraphMerge.hasMarks(result) else {
        let value = try conflict.entered(result, console, from: path)
        guard isWanted(value) else { return nil }
        try context.directory.removeDraft(draft)
        return value
      }
      console.warn(
        "Märken som <<<<<<< står kvar: välj text där och ta bort dem.",
        "Marks such as <<<<<<< are left: choose a text there and take them out.")
      guard let dialogue, dialogue.isYes("Öppna igen?", "Open again?") else {
        throw Failure.invalid(
          console.text(
            "Inget är avgjort; \(path) finns kvar.", "Nothing was resolved; \(path) stays."))
      }
    }
  }

  private func isWanted(_ value: CBOR) -> Bool {
    guard let dialogue else { return true }
    console.lines(value.text ?? "").forEach { console.show($0) }
    return dialogue.isYes("Publicera?", "Publish?")
  }
}

extension CBOR {
  fileprivate var text: String? {
    if case .text(let text) = self { text } else { nil }
  }
}

extension Context {
  /// Who signed something: the organisation, the role, and the beginning of the key.
  func signer(_ key: PublicKey, _ charter: Charter) -> String {
    let grants = charter.grants(to: key)
    guard let grant = grants.first(where: { $0.role == .author }) ?? grants.first else {
      return console.text("nyckel \(short(key))", "key \(short(key))")
    }
    let organisation = Console.line(organisationName(grant.organisation, charter))
    return "\(organisation), \(grant.role.word(console)) "
      + "\(key.description.prefix(8))"
  }
}
