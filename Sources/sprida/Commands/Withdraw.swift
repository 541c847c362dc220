import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures

struct Withdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: words(
      "Ta ett exempel ur listor, sökningar och rapporter och spara det för arkivet.",
      "Take an entry out of lists, searches and reports, and keep it for the archive."),
    discussion: words(
      """
      sprida withdraw 3f2a91 --reason "Avslutat 2026" --decision "KS 2026:114"
      sprida withdraw 3f2a91 --undo          publicera det igen

      Inget förstörs; till det finns sprida erase.
      """,
      """
      sprida withdraw 3f2a91 --reason "Avslutat 2026" --decision "KS 2026:114"
      sprida withdraw 3f2a91 --undo          publish it again

      Nothing is destroyed; for that there is sprida erase.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Posten, eller början på dess id.", "The record, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Option(
    help: ArgumentHelp(
      words("Skälet, för den som följer en länk hit.", "Why, for whoever follows a link to it."),
      valueName: "text"))
  var reason: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Beslutet att bevara eller gallra, med beteckning.",
        "The decision to keep or to weed it, by its reference."), valueName: "text"))
  var decision: String?

  @Flag(
    help: ArgumentHelp(
      words(
        "Det gallras när beslutet säger det, och bevaras inte.",
        "It is weeded once the decision says so, not kept.")))
  var weed = false

  @Flag(help: ArgumentHelp(words("Publicera det igen.", "Publish it again.")))
  var undo = false

  func validate() throws {
    guard undo != (reason != nil) else {
      throw ValidationError(words("Ange --reason eller --undo.", "Give --reason or --undo."))
    }
    guard !undo || (decision == nil && !weed) else {
      throw ValidationError(
        words("--decision och --weed hör till --reason.", "--decision and --weed go with --reason.")
      )
    }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let key = try context.record(id)
    guard let state = try context.store.record(key),
      let family = Schema.bundled.family(state.family), family["withdrawn"] != nil
    else {
      throw Failure.invalid(
        console.text(
          "\(id) är inget som kan återkallas.", "\(id) is nothing that can be withdrawn."))
    }
    let author = try Author(context, guest: author.guest)
    try author.demandOwner(of: key)
    var document = Document(
      state: state, family: family, schema: .bundled, language: console.language)
    do {
      try document.replace(entries)
      let changed = try author.publish(document, editing: key, isAdvised: false) != nil
      if options.json { return try console.json(.object(["changed": .bool(changed)])) }
      if !changed { return console.say("Inget skiljer sig.", "Nothing differs.") }
      if undo {
        console.say("Publicerat igen: \(key.record)", "Published again: \(key.record)")
      } else {
        console.say("Återkallat: \(key.record)", "Withdrawn: \(key.record)")
      }
    } catch let error as DocumentError {
      throw error.failure(console, file: "withdraw")
    }
  }

  private var entries: [Practice.Input.Entry] {
    var entries = [
      Practice.Input.Entry("withdrawn", reason.map { .text($0, line: nil) } ?? .empty)
    ]
    if undo { entries.append(.init("retention", .empty)) }
    if let decision {
      entries.append(
        .init(
          "retention",
          .map([
            .init("code", .text(weed ? "GALLRA" : "BEVARA")), .init("text", .text(decision)),
          ])))
    }
    return entries
  }
}
