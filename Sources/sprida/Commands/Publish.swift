import ArgumentParser
import FoundationEssentials
import OperationStore
import Operations
import Practice
import Signatures

/// Whose officer signs, on a node that hosts organisations.
struct GuestOption: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("Publish for an organisation hosted here.", valueName: "code"))
  var guest: String?
}

struct Publish: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: words(
      "Publicera Markdownfiler med YAML-huvud som nya poster.",
      "Publish Markdown files with a YAML head as new records."),
    discussion: words(
      """
      sprida publish praktik.md

      sprida new ger en mall. På en terminal visas först vad andra kommer att se.
      """,
      """
      sprida publish praktik.md

      sprida new gives a template. On a terminal you first see what others will see.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(
    help: ArgumentHelp(
      words(
        "Källan behöver inte ha skede och kontakt, som en människa måste ange.",
        "The source may lack a stage and a contact, which a person must give.")))
  var imported = false

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  @Argument(
    help: ArgumentHelp(
      words("Filerna, eller - för standard in.", "The files, or - for standard input."),
      valueName: "file"))
  var files: [String]

  func run() throws {
    let context = try options.context()
    let console = context.console
    let author = try Author(context, guest: author.guest)
    let usual = imported ? [] : try author.usual()
    // All are read before one is signed: a mistake in the last publishes nothing.
    let documents = try files.map { (file: $0, document: try read($0, usual, console)) }
    var prepared: [Author.Prepared] = []
    for (file, document) in documents {
      do {
        if !imported { Remarks(on: document, console).warn() }
        if let one = try author.prepare(document, editing: nil) { prepared.append(one) }
      } catch let error as DocumentError {
        throw error.failure(console, file: file)
      }
    }
    if !yes, !prepared.isEmpty, let dialogue = Dialogue(console) {
      for one in prepared { try Preview(context, author).show(one) }
      guard dialogue.isYes("Publicera?", "Publish?") else {
        throw Failure.failed(console.text("Inget är publicerat.", "Nothing was published."))
      }
    }
    try report(try author.sign(prepared), console)
  }

  private func report(_ published: [RecordKey], _ console: Console) throws {
    if options.json {
      let records = published.map { JSON.string($0.record.description) }
      return try console.json(
        .object(records.count == 1 ? ["record": records[0]] : ["records": .array(records)]))
    }
    if published.isEmpty { console.say("Inget nytt att publicera.", "Nothing new to publish.") }
    for key in published {
      console.say("Publicerat: \(key.record)", "Published: \(key.record)")
    }
  }

  private func read(
    _ file: String, _ usual: [Practice.Input.Entry], _ console: Console
  ) throws -> Document {
    guard let family = Schema.bundled.family(Document.defaultFamily) else {
      throw Failure.failed("the schema has no entry family")
    }
    do {
      return try Document(
        parsing: try Given.file(file), family: family, schema: .bundled, byHand: !imported,
        usual: usual)
    } catch let error as DocumentError {
      throw error.failure(console, file: file)
    }
  }
}
