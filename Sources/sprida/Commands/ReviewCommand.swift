import ArgumentParser
import OperationStore
import Operations
import Practice
import Signatures

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: words(
      "Granska ett annat exempel, i den version som finns här.",
      "Review another's entry, in the version that is here."),
    discussion: words(
      """
      sprida review 3f2a91 --decision APPROVED --check FACTS,PLAIN
      sprida review 3f2a91 --decision CHANGES --text "Kostnaden saknar år."

      Utslag: \(enterableCodes("review_verdict"))
      Kontroller: \(enterableCodes("review_check"))

      Det görs med en granskares nyckel (sprida key delegate --role reviewer). En
      granskning gäller den version som lästes; ändras exemplet visas det som
      granskat i en tidigare version.
      """,
      """
      sprida review 3f2a91 --decision APPROVED --check FACTS,PLAIN
      sprida review 3f2a91 --decision CHANGES --text "Kostnaden saknar år."

      Decisions: \(enterableCodes("review_verdict"))
      Checks: \(enterableCodes("review_check"))

      It takes a reviewer's key (sprida key delegate --role reviewer). A review is of
      the version that was read; once the entry is edited it shows as reviewed in an
      earlier version.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Exemplet, eller början på dess id.", "The entry, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp(words("Utslaget.", "The decision."), valueName: words("kod", "code")))
  var decision: String

  @Option(
    help: ArgumentHelp(
      words("Vad som är kontrollerat.", "What was checked."), valueName: words("koder", "codes")))
  var check: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Omdömet, eller - för standard in; krävs om inte allt är godkänt.",
        "The judgement, or - for standard input; needed unless all is approved."),
      valueName: "text"))
  var text: String?

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  func run() throws {
    let context = try options.context()
    let author = try Author(context, guest: author.guest, as: .reviewer)
    let statement = try Statement("review", about: id, author, context)
    try statement.demandForeign()
    let isCouncil = author.organisation == context.store.region
    let fields = [Practice.Input.Entry](
      given: [
        "level": isCouncil ? "COUNC" : "PEER", "decision": decision,
        "text": try text.map(Given.text),
      ], lists: ["checklist": check])
    let key = try statement.publish(fields, asking: !yes)
    try statement.report(key, "Granskning publicerad", "Review published")
  }
}

struct Endorse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endorse",
    abstract: words("Rekommendera ett annat exempel.", "Recommend another's entry."),
    discussion: words(
      """
      sprida endorse 3f2a91 --role "förvaltningschef" "Vi vågade tack vare det."
      sprida endorse 3f2a91 --withdraw "Vi har slutat"
      """,
      """
      sprida endorse 3f2a91 --role "förvaltningschef" "Vi vågade tack vare det."
      sprida endorse 3f2a91 --withdraw "Vi har slutat"
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Exemplet, eller början på dess id.", "The entry, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Argument(
    help: ArgumentHelp(words("Motiveringen.", "The reasons."), valueName: "text"))
  var text: String?

  @Option(
    help: ArgumentHelp(words("Er funktion, inget namn.", "Your role, no name."), valueName: "text"))
  var role: String?

  @Option(
    help: ArgumentHelp(
      words("Ta tillbaka den, av ett skäl.", "Take it back, for a reason."), valueName: "text"))
  var withdraw: String?

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  func run() throws {
    let context = try options.context()
    let author = try Author(context, guest: author.guest)
    let statement = try Statement("endorsement", about: id, author, context)
    try statement.demandForeign()
    let current = try statement.current()
    let isBack = withdraw == nil && current?.isWithdrawn == true
    let fields = [Practice.Input.Entry](given: [
      "role": role, "text": text, "withdrawn": withdraw ?? (isBack ? "" : nil),
    ])
    let key = try statement.publish(fields, over: current, asking: !yes)
    try statement.report(key, "Rekommendation publicerad", "Endorsement published")
  }
}
