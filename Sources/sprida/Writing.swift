import Node
import Operations
import Practice

/// Writing in the user's editor, until it is published or put aside.
///
/// What is written lies in the node's folder as a draft, and stays there whatever happens before it
/// is signed.
struct Writing {
  let context: Context
  let author: Author
  let dialogue: Dialogue
  private var console: Console { context.console }

  /// What is made of a document; nil when nothing differs.
  typealias Prepare = (_ text: String) throws -> (document: Document, prepared: Author.Prepared?)

  enum Outcome {
    case published(RecordKey)
    /// Nothing was written, or nothing differs.
    case nothing
  }

  /// Lets a person write in a draft.
  ///
  /// - Parameters:
  ///   - draft: its name.
  ///   - untouched: the text that says nothing yet.
  ///   - command: what goes on with the draft another time.
  ///   - prepare: reads what was written.
  /// - Returns: what became of it; the draft is then gone.
  /// - Throws: when it is put aside.
  func write(
    in draft: String, untouched: String, goOnWith command: String, prepare: Prepare
  ) throws -> Outcome {
    let path = context.directory.draftPath(draft)
    func putAside() -> Failure {
      .failed(
        console.text(
          "Inget är publicerat. Utkastet finns kvar i \(path); fortsätt med \(command)",
          "Nothing was published. The draft is still in \(path); go on with \(command)"))
    }
    guard let editor = Editor.command else {
      throw Failure.failed(
        console.text(
          "Ingen textredigerare finns; sätt EDITOR. Fyll i \(path) och kör \(command)",
          "There is no editor; set EDITOR. Fill in \(path) and run \(command)"))
    }
    while true {
      guard Editor.open(path, with: editor) else { throw putAside() }
      let bytes = try context.directory.readDraft(draft)
      if bytes == Array(untouched.utf8) { return try discard(draft) }
      guard let (document, prepared) = try read(bytes, of: draft, prepare) else {
        guard dialogue.isYes("Öppna igen?", "Open again?") else { throw putAside() }
        continue
      }
      guard let prepared else { return try discard(draft) }
      try Remarks(on: document, context).warn()
      try Preview(context, author).show(prepared)
      switch decide() {
      case .publish:
        let keys = try author.sign([prepared])
        try context.directory.removeDraft(draft)
        return keys.first.map(Outcome.published) ?? .nothing
      case .edit: continue
      case .stop: throw putAside()
      }
    }
  }

  /// Nil when the person has to write something else; why is told.
  private func read(
    _ bytes: [UInt8], of draft: String, _ prepare: Prepare
  ) throws -> (document: Document, prepared: Author.Prepared?)? {
    let lines: [String]
    do {
      let read = try prepare(try Given.text(bytes, from: "\(draft).md"))
      if let prepared = read.prepared { _ = try author.preview(prepared) }
      return read
    } catch let error as DocumentError {
      lines = error.message(language: console.language, file: "\(draft).md")
        .split(separator: "\n").map(String.init)
    } catch Failure.invalid(let message) {
      lines = [message]
    } catch let error as OperationError {
      lines = [Wording(language: console.language).of(error)]
    }
    console.warn("Detta går inte att publicera:", "This cannot be published:")
    for line in lines { console.warn("  \(line)", "  \(line)") }
    return nil
  }

  private func discard(_ draft: String) throws -> Outcome {
    try context.directory.removeDraft(draft)
    return .nothing
  }

  private enum Decision { case publish, edit, stop }

  private func decide() -> Decision {
    while true {
      let answer = dialogue.answer(
        "Publicera? ja, nej, eller r för att redigera mer", "Publish? yes, no, or r to edit more")
      switch answer?.lowercased() {
      case "ja", "j", "yes", "y": return .publish
      case "r": return .edit
      case "nej", "n", "no", nil: return .stop
      default: continue
      }
    }
  }
}

/// What is about to be signed, as others will see it.
struct Preview {
  private let context: Context
  private let author: Author

  init(_ context: Context, _ author: Author) {
    self.context = context
    self.author = author
  }

  /// Shows what is about to be signed to a person at a terminal, and goes on after a yes only.
  func confirm(_ prepared: [Author.Prepared]) throws {
    guard let dialogue = Dialogue(context.console) else { return }
    for one in prepared { try show(one) }
    try dialogue.demandYes("Publicera?", "Publish?")
  }

  /// A new record whole, an edit by what it changes.
  func show(_ prepared: Author.Prepared) throws {
    let state = try author.preview(prepared)
    let console = context.console
    if let before = prepared.before {
      console.say("Detta ändras:", "This will change:")
      try ChangeText(context).lines(from: before, to: state).forEach { console.show($0) }
    } else {
      console.say("Så här ser andra det:", "This is how others will see it:")
      console.show("")
      try RecordText(context).lines(of: state, isDraft: true).forEach { console.show($0) }
    }
    console.show("")
  }
}
