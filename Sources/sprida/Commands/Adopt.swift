import ArgumentParser
import OperationStore
import Operations
import Practice
import Signatures

struct Adopt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: words(
      "Berätta vad er organisation gör av ett annat exempel.",
      "Say what your organisation makes of another's entry."),
    discussion: words(
      """
      sprida adopt 3f2a91 --state INTERESTED
      sprida adopt 3f2a91 --state TRIAL --changed "Vi började litet." --hours 120
      sprida adopt 3f2a91 --state ADAPTED --outcome WORSE --missing KAPA,KOMP

      Lägen: \(enterableCodes("adoption_state"))
      Utfall: \(enterableCodes("adoption_outcome"))

      En organisation har ett övertagande per exempel; kommandot ändrar det ni anger,
      och lägena sparas med sina datum. Ett besök är läget VISITED, och värden ser
      det.
      """,
      """
      sprida adopt 3f2a91 --state INTERESTED
      sprida adopt 3f2a91 --state TRIAL --changed "Vi började litet." --hours 120
      sprida adopt 3f2a91 --state ADAPTED --outcome WORSE --missing KAPA,KOMP

      States: \(enterableCodes("adoption_state"))
      Outcomes: \(enterableCodes("adoption_outcome"))

      An organisation has one adoption of an entry; the command changes what you
      give, and states are kept with their dates. A visit is the state VISITED, and
      the host sees it.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Exemplet, eller början på dess id.", "The entry, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Option(help: ArgumentHelp(words("Läget.", "The state."), valueName: words("kod", "code")))
  var state: String?

  @Option(help: ArgumentHelp(words("Utfallet.", "The outcome."), valueName: words("kod", "code")))
  var outcome: String?

  @Option(help: ArgumentHelp(words("Vad ni ändrade.", "What you changed."), valueName: "text"))
  var changed: String?

  @Option(
    help: ArgumentHelp(
      words("Varför ni avstod eller slutade.", "Why you declined or stopped."), valueName: "text"))
  var reason: String?

  @Option(help: ArgumentHelp(words("Kostnad i kronor.", "Cost in SEK."), valueName: "SEK"))
  var cost: String?

  @Option(help: ArgumentHelp(words("Egna timmar.", "Own hours."), valueName: "N"))
  var hours: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Förutsättningar som saknades: \(enterableCodes("condition")).",
        "Prerequisites that were missing: \(enterableCodes("condition"))."),
      valueName: words("koder", "codes")))
  var missing: String?

  @Option(
    help: ArgumentHelp(
      words("Personal, pengar och tid ni har.", "The staff, money and time you have."),
      valueName: "text"))
  var capacity: String?

  @Option(
    help: ArgumentHelp(
      words("Funktionsbrevlåda för frågor.", "A function mailbox for questions."),
      valueName: words("brevlåda", "mailbox")))
  var contact: String?

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  func run() throws {
    let context = try options.context()
    let console = context.console
    let author = try Author(context, guest: author.guest)
    let statement = try Statement("adoption", about: id, author, context)
    try statement.demandForeign()
    let current = try statement.current()
    let fields = [Practice.Input.Entry](
      given: [
        "state": try state ?? asked(current, console), "outcome": outcome, "changed": changed,
        "reason": reason, "cost": cost, "hours": hours, "capacity": capacity,
        "contact_ref": contact,
      ], lists: ["missing": missing])
    let key = try statement.publish(fields, over: current, asking: !yes)
    try statement.report(key, "Övertagande publicerat", "Adoption published")
    if !options.json { try Interested(in: statement.entry.key, context).tell() }
  }

  /// The state, of a person at a terminal who has given none; nil keeps the present one.
  private func asked(_ current: RecordState?, _ console: Console) throws -> String? {
    guard let vocabulary = Schema.bundled.vocabularies["adoption_state"] else { return nil }
    guard !yes, let dialogue = Dialogue(console) else {
      if current != nil { return nil }
      throw Failure.invalid(
        console.text(
          "Ange --state: \(enterableCodes("adoption_state"))",
          "Give --state: \(enterableCodes("adoption_state"))"))
    }
    for (number, code) in vocabulary.enterable.enumerated() {
      console.say(
        "\(number + 1) \(code.label(.swedish)) (\(code.code))",
        "\(number + 1) \(code.label(.english)) (\(code.code))")
    }
    while true {
      guard let answer = dialogue.answer("Läge, som nummer?", "Which, by number?") else {
        throw Failure.failed(console.text("Inget är publicerat.", "Nothing was published."))
      }
      if answer.isEmpty, current != nil { return nil }
      if let number = Int(answer), vocabulary.enterable.indices.contains(number - 1) {
        return vocabulary.enterable[number - 1].code
      }
      if let code = vocabulary.code(meaning: answer) { return code.code }
    }
  }
}

/// Organisations that say they are interested in the same entry: from three on they are a group,
/// shown to one another.
struct Interested {
  static let groupMin = 3

  let organisations: [Digest]
  private let context: Context
  private let charter: Charter

  init(in entry: RecordKey, _ context: Context) throws {
    self.context = context
    charter = try context.store.charter()
    let adoptions = try context.store.records(
      family: "adoption", path: "entry", value: entry.text)
    organisations = try Set(
      adoptions.filter { !$0.isWithdrawn && $0.facets["state"]?.first == "INTERESTED" }
        .map { try context.store.owner(of: $0.key) }
    ).sorted()
  }

  var isGroup: Bool { organisations.count >= Self.groupMin }

  /// In Swedish order.
  var names: [String] {
    organisations.map { context.organisationName($0, charter) }.inSwedishOrder
  }

  func tell() {
    guard isGroup else { return }
    let list = names.joined(separator: ", ")
    context.console.say(
      "\(organisations.count) organisationer är intresserade: \(list)",
      "\(organisations.count) organisations are interested: \(list)")
  }
}
