import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: words(
      "Bekräfta att exempel fortfarande stämmer, en gång om året.",
      "Confirm that entries still hold, once a year."),
    discussion: words(
      """
      sprida confirm            frågar om vart och ett som det är dags för
      sprida confirm 3f2a91     bekräftar det
      sprida confirm --all      bekräftar alla som det är dags för

      Det som ingen har bekräftat på 18 månader räknas inte längre som aktuellt.
      """,
      """
      sprida confirm            asks about each that is due
      sprida confirm 3f2a91     confirms it
      sprida confirm --all      confirms all that are due

      What nobody has confirmed for 18 months no longer counts as current.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(
    help: ArgumentHelp(
      words("Alla som det är dags för, utan att fråga.", "All that are due, without asking.")))
  var all = false

  @Argument(
    help: ArgumentHelp(
      words("Poster, eller början på deras id.", "Records, or the beginnings of their ids."),
      valueName: "id"))
  var ids: [String] = []

  func validate() throws {
    guard !all || ids.isEmpty else {
      throw ValidationError(words("Ange --all eller poster.", "Give --all or records."))
    }
  }

  func run() throws {
    let context = try options.context()
    let author = try Author(context, guest: author.guest)
    let chosen = try ids.map { id in
      let key = try context.record(id)
      try author.demandOwner(of: key)
      guard let state = try context.store.record(key), let due = Due(state, context.console) else {
        throw Failure.invalid(
          context.console.text(
            "\(id) är inget som bekräftas.", "\(id) is nothing that is confirmed."))
      }
      return due
    }
    let due = try ids.isEmpty ? Due.all(of: author.organisation, context) : []
    if ids.isEmpty, !all {
      guard let dialogue = Dialogue(context.console) else { return try list(due, context.console) }
      return try confirm(ask(about: due, dialogue), author, context)
    }
    try confirm(chosen + due, author, context)
  }

  private func confirm(_ entries: [Due], _ author: Author, _ context: Context) throws {
    let console = context.console
    let prepared = try entries.compactMap { entry -> Author.Prepared? in
      guard let family = Schema.bundled.family(entry.state.family) else { return nil }
      var document = Document(state: entry.state, family: family, schema: .bundled)
      try document.replace([.init(Due.field, .text(SystemClock.today))])
      return try author.prepare(document, editing: entry.state.key, shown: entry.state)
    }
    // One question for a passphrase, one transaction.
    let confirmed = try author.sign(prepared)
    if options.json {
      return try console.json(
        .object(["confirmed": .array(confirmed.map { .string("\($0.record)") })]))
    }
    console.say(
      "Bekräftat: \(console.count(confirmed.count, .entry)).",
      "Confirmed: \(console.count(confirmed.count, .entry)).")
  }

  private func list(_ due: [Due], _ console: Console) throws {
    if options.json {
      return try console.json(
        .object([
          "due": .array(
            due.map {
              .object([
                "record": .string("\($0.state.key.record)"), "title": .string($0.title),
                "since": .string($0.since),
              ])
            })
        ]))
    }
    guard !due.isEmpty else {
      return console.say("Inget behöver bekräftas.", "Nothing is due.")
    }
    var table = Table([
      ("Id", .left), (console.text("Titel", "Title"), .left),
      (console.text("Senast bekräftat", "Last confirmed"), .left),
    ])
    for entry in due { table.add([short(entry.state.key.record), entry.title, entry.since]) }
    table.lines(console).forEach { console.show($0) }
  }

  /// One key for each.
  private func ask(about due: [Due], _ dialogue: Dialogue) -> [Due] {
    let console = dialogue.console
    if due.isEmpty { console.say("Inget behöver bekräftas.", "Nothing is due.") }
    var confirmed: [Due] = []
    for (index, entry) in due.enumerated() {
      console.lines(entry.title, after: "# ").map(console.bold).forEach { console.show($0) }
      console.say(
        "  \(index + 1) av \(due.count), senast bekräftat \(entry.since). Stämmer det? "
          + "j = ja, n = nej, w = återkalla, q = sluta",
        "  \(index + 1) of \(due.count), last confirmed \(entry.since). Does it hold? "
          + "y = yes, n = no, w = withdraw, q = quit")
      switch dialogue.key(of: "jynwq") {
      case "j", "y": confirmed.append(entry)
      case "w":
        console.say(
          "  sprida withdraw \(short(entry.state.key.record)) --reason \"…\"",
          "  sprida withdraw \(short(entry.state.key.record)) --reason \"…\"")
      case "n":
        console.say(
          "  sprida edit \(short(entry.state.key.record))",
          "  sprida edit \(short(entry.state.key.record))")
      default: return confirmed
      }
    }
    return confirmed
  }
}

/// An entry and when it was last said to hold.
private struct Due {
  static let field = "confirmed_at"
  private static let monthsMax = 12

  let state: RecordState
  let title: String
  /// The day of the last confirmation, else of publishing.
  let since: String

  /// Nil when records of its family are not confirmed.
  init?(_ state: RecordState, _ console: Console) {
    guard let family = Schema.bundled.family(state.family), family[Self.field] != nil else {
      return nil
    }
    let confirmed = state.displayedText(Self.field)
    let created = console.date(Int64(clamping: state.created.milliseconds))
    self.state = state
    title = state.displayedText(family.titleField ?? "title")
    since = confirmed.isEmpty ? created : confirmed
  }

  /// The organisation's own that are twelve months old, the oldest first.
  static func all(of organisation: Digest, _ context: Context) throws -> [Due] {
    try context.store.records(family: Document.defaultFamily)
      .filter { !$0.isWithdrawn }
      .filter { try context.store.owner(of: $0.key) == organisation }
      .compactMap { try context.store.record($0.key) }.compactMap { Due($0, context.console) }
      .filter { due in
        PartialDate.adding(months: monthsMax, to: due.since).map { $0 <= SystemClock.today } ?? true
      }
      .sorted { ($0.since, $0.state.key) < ($1.since, $1.state.key) }
  }
}
