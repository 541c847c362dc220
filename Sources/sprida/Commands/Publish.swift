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
    help: ArgumentHelp(
      words(
        "Publicera för en organisation som har sina nycklar här.",
        "Publish for an organisation hosted here."), valueName: words("kod", "code")))
  var guest: String?
}

struct Publish: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: words(
      "Publicera Markdownfiler med YAML-huvud som nya poster.",
      "Publish Markdown files with a YAML head as new records."),
    discussion: words(
      """
      sprida publish praktik.md
      sprida publish allt.json       det som sprida export har skrivit ut
      sprida publish praktik.md --also /srv/rad2   även i en annan krets

      sprida new ger en mall. På en terminal visas först vad andra kommer att se.
      """,
      """
      sprida publish praktik.md
      sprida publish all.json        what sprida export has printed
      sprida publish practice.md --also /srv/council2   in another region too

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

  @Option(
    help: ArgumentHelp(
      words(
        "Publicera även i noden i mappen, som är med i en annan krets; posten där länkar hit.",
        "Publish in the node of this folder too, which is in another region; its record links here."
      ),
      valueName: "folder"))
  var also: String?

  @Argument(
    help: ArgumentHelp(
      words("Filerna, eller - för standard in.", "The files, or - for standard input."),
      valueName: words("fil", "file")))
  var files: [String]

  func validate() throws {
    guard also == nil || !imported else {
      throw ValidationError(
        words("--also gäller inte --imported.", "--also does not go with --imported."))
    }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let author = try Author(context, guest: author.guest)
    let texts = try files.map { (file: $0, text: try Given.file($0)) }
    if texts.contains(where: { RecordReading.isJSON($0.text) }) {
      guard also == nil else {
        throw Failure.invalid(
          console.text("--also gäller inte JSON.", "--also does not go with JSON."))
      }
      return try republish(texts, author, context)
    }
    let other = try also.map { try self.other($0, context) }
    let usual = imported ? [] : try author.usual()
    // All are read before one is signed: a mistake in the last publishes nothing.
    let documents = try texts.map {
      (file: $0.file, document: try read($0.text, of: $0.file, usual, console))
    }
    var prepared: [Author.Prepared] = []
    var copied: [(file: String, text: String)] = []
    for ((file, document), (_, text)) in zip(documents, texts) {
      do {
        if !imported { try Remarks(on: document, context).warn() }
        if let one = try author.prepare(document, editing: nil) {
          prepared.append(one)
          copied.append((file: file, text: text))
        }
      } catch let error as DocumentError {
        throw error.failure(console, file: file)
      }
    }
    if let other {
      // What cannot be published twice is not published once: whatever is wrong with a copy is told
      // before anything is signed. Which record it will name is known only afterwards.
      let someRecord = RecordKey(organisation: .zero, record: .zero)
      for (file, text) in copied { _ = try copy(of: someRecord, text, file, other, console) }
    }
    if !yes, !prepared.isEmpty { try Preview(context, author).confirm(prepared) }
    let published = try author.sign(prepared)
    guard let other else { return try report(published, console) }
    var copies: [RecordKey] = []
    for ((file, text), original) in zip(copied, published) {
      copies += try other.sign([try copy(of: original, text, file, other, console)])
    }
    try report(published + copies, console)
  }

  /// Who signs in the other region.
  private func other(_ folder: String, _ context: Context) throws -> Author {
    let other = try options.context(of: folder)
    guard other.store.region != context.store.region else {
      throw Failure.invalid(
        context.console.text(
          "\(folder) är en nod i samma krets, där posten finns ändå.",
          "\(folder) is a node of the same region, where the record is anyway."))
    }
    return try Author(other, guest: author.guest)
  }

  /// The same as a record of its own in the other region, which names the one it is the same as.
  private func copy(
    of original: RecordKey, _ text: String, _ file: String, _ other: Author, _ console: Console
  ) throws -> Author.Prepared {
    let link = Practice.Input.Entry("same_as", .text(original.text))
    let document = try read(text, of: file, try other.usual(), console, added: [link])
    do {
      guard let prepared = try other.prepare(document, editing: nil) else {
        throw Failure.failed(
          console.text(
            "Inget att publicera i den andra kretsen.", "Nothing to publish in the other region."))
      }
      return prepared
    } catch let error as DocumentError {
      throw error.failure(console, file: file)
    }
  }

  /// What `sprida export` has printed, perhaps in another region.
  private func republish(
    _ texts: [(file: String, text: String)], _ author: Author, _ context: Context
  ) throws {
    let readings = try texts.map { try RecordReading($0.text, file: $0.file, context.console) }
    let count = readings.reduce(0) { $0 + $1.records.count }
    if !yes {
      try Dialogue(context.console)?.demandYes(
        "Publicera \(count) poster?", "Publish \(count) records?")
    }
    try report(try readings.flatMap { try $0.publish(by: author, context) }, context.console)
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
    _ text: String, of file: String, _ usual: [Practice.Input.Entry], _ console: Console,
    added: [Practice.Input.Entry] = []
  ) throws -> Document {
    guard let family = Schema.bundled.family(Document.defaultFamily) else {
      throw Failure.failed(
        words("schemat har inget postslag för exempel", "the schema has no entry family"))
    }
    do {
      return try Document(
        parsing: text, family: family, schema: .bundled, byHand: !imported, usual: usual,
        added: added)
    } catch {
      throw error.failure(console, file: file)
    }
  }
}
