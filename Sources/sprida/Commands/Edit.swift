import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Edit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: words(
      "Publicera en ny version av en post; bara det som skiljer sig skrivs under.",
      "Publish a new version of a record; only what differs is signed."),
    discussion: words(
      """
      sprida edit 3f2a91                i din textredigerare, med det som ändras
      sprida edit 3f2a91 --set stage=ORD --set themes=INNO,EDUC
      sprida edit 3f2a91 praktik.md     filen är från sprida show 3f2a91 --markdown

      Ett tips växer till en praktik med --set kind=practice. Övertaganden och
      kommentarer följer med.
      """,
      """
      sprida edit 3f2a91                in your editor; you see what will change
      sprida edit 3f2a91 --set stage=ORD --set themes=INNO,EDUC
      sprida edit 3f2a91 praktik.md     the file is from sprida show --markdown

      A tip grows into a practice with --set kind=practice. Adoptions and comments
      stay with it.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  @Argument(
    help: ArgumentHelp(
      words("Posten, eller början på dess id.", "The record, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Argument(
    help: ArgumentHelp(
      words(
        "Det ändrade dokumentet, eller - för standard in.",
        "The edited document, or - for standard input."), valueName: words("fil", "file")))
  var file: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      words(
        "Ett fält och dess nya värde; listor med komma.",
        "A field and its new value; lists by comma."), valueName: words("fält=värde", "field=value")
    ))
  var set: [String] = []

  func validate() throws {
    guard file == nil || set.isEmpty else {
      throw ValidationError(words("Ange en fil eller --set.", "Give a file or --set."))
    }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let (state, family) = try context.state(of: id)
    let author = try Author(context, guest: author.guest)
    try author.demandOwner(of: state.key)
    if file == nil, set.isEmpty { return try write(state, family, author, context) }
    do {
      let document = try edited(state, family)
      try Remarks(on: document, context).warn()
      let prepared = try author.prepare(document, editing: state.key, shown: state)
      if let prepared, file != nil, !yes { try Preview(context, author).confirm([prepared]) }
      if let prepared { _ = try author.sign([prepared]) }
      try report(state.key, isChanged: prepared != nil, console)
    } catch let error as DocumentError {
      throw error.failure(console, file: file ?? "--set")
    }
  }

  private func report(_ key: RecordKey, isChanged: Bool, _ console: Console) throws {
    if options.json { return try console.json(.object(["changed": .bool(isChanged)])) }
    if isChanged {
      console.say("Ändrat: \(key.record)", "Edited: \(key.record)")
    } else {
      console.say("Inget skiljer sig.", "Nothing differs.")
    }
  }

  private func write(
    _ state: RecordState, _ family: Family, _ author: Author, _ context: Context
  ) throws {
    let console = context.console
    guard let dialogue = Dialogue(console) else {
      throw Failure.invalid(
        console.text(
          "Utan terminal: ange en fil eller --set.", "Without a terminal: give a file or --set."))
    }
    let document = Document(
      state: state, family: family, schema: .bundled, language: console.language)
    let short = String(state.key.record.description.prefix(8))
    let draft = try context.directory.createDraft("edit-\(short)", Array(document.form.utf8))
    let path = context.directory.draftPath(draft)
    let writing = Writing(context: context, author: author, dialogue: dialogue)
    let outcome = try writing.write(
      in: draft, untouched: document.form, goOnWith: "sprida edit \(short) \(path)"
    ) { text in
      let document = try Document(
        parsing: text, family: family, schema: .bundled, byHand: false, editing: state)
      return (document, try author.prepare(document, editing: state.key, shown: state))
    }
    switch outcome {
    case .published(let key): try report(key, isChanged: true, console)
    case .nothing: try report(state.key, isChanged: false, console)
    }
  }

  private func edited(_ state: RecordState, _ family: Family) throws -> Document {
    if let file {
      return try Document(
        parsing: try Given.file(file), family: family, schema: .bundled, byHand: false,
        editing: state)
    }
    var document = Document(
      state: state, family: family, schema: .bundled, language: options.console.language)
    try document.replace(try set.map { try entry($0, family) })
    return document
  }

  private func entry(_ text: String, _ family: Family) throws -> Practice.Input.Entry {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw Failure.invalid(
        options.console.text(
          "--set: hittade ”\(text)”, väntade fält=värde",
          "--set: found “\(text)”, expected field=value"))
    }
    let name = String(parts[0])
    let value = String(parts[1])
    let isList = family.field(named: name)?.merge == .set
    let items = value.commaList.map { Practice.Input.text($0) }
    return .init(name, isList ? .list(items) : value.isEmpty ? .empty : .text(value))
  }
}
