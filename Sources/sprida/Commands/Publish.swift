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
    abstract: "Publish a Markdown file with a YAML head as a new record.",
    discussion: "sprida publish praktik.md")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(help: "The source may lack a stage and a contact, which a person must give.")
  var imported = false

  @Argument(help: ArgumentHelp("The files, or - for standard input.", valueName: "file"))
  var files: [String]

  func run() throws {
    let context = try options.context()
    let console = context.console
    // All are read before one is signed: a mistake in the last publishes nothing.
    let documents = try files.map { (file: $0, document: try read($0, console)) }
    let author = try Author(context, guest: author.guest)
    var prepared: [Author.Prepared] = []
    for (file, document) in documents {
      do {
        if let one = try author.prepare(document, editing: nil, isAdvised: !imported) {
          prepared.append(one)
        }
      } catch let error as DocumentError {
        throw error.failure(console, file: file)
      }
    }
    let published = try author.sign(prepared)
    try report(published, console)
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

  private func read(_ file: String, _ console: Console) throws -> Document {
    guard let family = Schema.bundled.family(Document.defaultFamily) else {
      throw Failure.failed("the schema has no entry family")
    }
    do {
      return try Document(
        parsing: try Given.file(file), family: family, schema: .bundled, byHand: !imported)
    } catch let error as DocumentError {
      throw error.failure(console, file: file)
    }
  }
}

struct Edit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Publish a new version of a record; only what differs is signed.",
    discussion: """
      sprida show ID --markdown > praktik.md, change it, then: sprida edit ID praktik.md
      sprida edit ID --set stage=ORD --set themes=INNO,EDUC
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(help: ArgumentHelp("The record, or the beginning of its id.", valueName: "id"))
  var id: String

  @Argument(help: ArgumentHelp("The edited document, or - for standard input.", valueName: "file"))
  var file: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A field and its new value; lists by comma.", valueName: "field=value"))
  var set: [String] = []

  func validate() throws {
    guard (file == nil) != set.isEmpty else { throw ValidationError("Give a file or --set.") }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let key = try context.record(id)
    guard let state = try context.store.record(key),
      let family = Schema.bundled.family(state.family)
    else { throw Failure.invalid(console.text("Posten finns inte.", "There is no such record.")) }
    let author = try Author(context, guest: author.guest)
    try author.demandOwner(of: key)
    do {
      let document = try edited(state, family)
      let changed = try author.publish(document, editing: key) != nil
      if options.json { return try console.json(.object(["changed": .bool(changed)])) }
      if changed {
        console.say("Ändrat: \(key.record)", "Edited: \(key.record)")
      } else {
        console.say("Inget skiljer sig.", "Nothing differs.")
      }
    } catch let error as DocumentError {
      throw error.failure(console, file: file ?? "--set")
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
      throw Failure.invalid("--set: found “\(text)”, expected field=value")
    }
    let name = String(parts[0])
    let value = String(parts[1])
    let isList = family.field(named: name)?.merge == .set
    let items = value.split(separator: ",").map {
      Practice.Input.text(String($0).trimmingSpaces, line: nil)
    }
    return .init(name, isList ? .list(items) : value.isEmpty ? .empty : .text(value))
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

struct Adopt: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what your organisation has made of another's entry.",
    discussion: "sprida adopt 3f2a91 --state TRIAL --changed \"Vi började med två skolor.\"")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(help: ArgumentHelp("The entry, or the beginning of its id.", valueName: "id"))
  var id: String

  @Option(
    help:
      "INTERESTED, CONSIDERED, VISITED, PLANNED, TRIAL, ADAPTED, COPIED, DECLINED, DISCONTINUED.")
  var state: String

  @Option(help: "BETTER, AS_EXPECTED, WORSE, TOO_EARLY, NOT_MEASURED.")
  var outcome: String?

  @Option(help: "What you changed.")
  var changed: String?

  @Option(help: "Why you declined or stopped.")
  var reason: String?

  func run() throws {
    let context = try options.context()
    let console = context.console
    let entry = try context.record(id)
    guard let state = try context.store.record(entry), state.family == "entry",
      let family = Schema.bundled.family("adoption")
    else { throw Failure.invalid(console.text("\(id) är inget exempel.", "\(id) is no entry.")) }
    let author = try Author(context, guest: author.guest)
    guard entry.organisation != author.organisation else {
      throw Failure.invalid(
        console.text("Det är ert eget exempel.", "It is your own entry."))
    }
    var entries: [Practice.Input.Entry] = [
      .init("entry", .text(entry.text)), .init("version", .text("\(state.version)")),
      .init("state", .text(self.state)),
    ]
    for (name, value) in [("outcome", outcome), ("changed", changed), ("reason", reason)] {
      if let value { entries.append(.init(name, .text(value))) }
    }
    do {
      let document = try Document(entries: entries, family: family, schema: .bundled, byHand: true)
      let key = try author.publish(document, editing: nil)
      if options.json {
        return try console.json(.object(["record": .optional(key?.record.description)]))
      }
      guard let key else {
        return console.say("Inget nytt att publicera.", "Nothing new to publish.")
      }
      console.say(
        "Övertagande publicerat: \(key.record)", "Adoption published: \(key.record)")
    } catch let error as DocumentError {
      throw error.failure(console, file: "adopt")
    }
  }
}
