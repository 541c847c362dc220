import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Conflicts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts",
    abstract: words(
      "Visa fält som två har ändrat utan att känna till varandra.",
      "List fields that two edits changed without knowing of each other."),
    discussion: words(
      """
      sprida conflicts

      Alla värden finns kvar tills någon hos ägaren väljer med sprida resolve.
      """,
      """
      sprida conflicts

      Every value is kept until somebody at the owner chooses with sprida resolve.
      """))

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let charter = try context.store.charter()
    let console = context.console
    let states = try context.store.recordsInConflict().compactMap { try context.store.record($0) }
      .filter { !$0.isExpired(today: SystemClock.today) }
    if options.json {
      return try console.json(.array(states.map { try RecordJSON.of($0, context) }))
    }
    guard !states.isEmpty else { return console.say("Inga konflikter.", "No conflicts.") }
    for state in states {
      let title = console.lines(Console.line(state.displayedText("title")), after: "# ")
      title.forEach { console.show(console.bold($0)) }
      console.show(
        console.dim("  " + context.organisationName(state.key.organisation, charter)))
      for field in state.conflicts {
        guard let conflict = FieldConflict(field, in: state) else {
          console.show(console.dim("  \(field.path): \(RecordText.hidden(field.state, console))"))
          continue
        }
        try conflict.lines(context).forEach { console.show($0) }
        console.show(
          console.dim(
            "  sprida resolve \(state.key.short(in: state.family)) \(field.path) --take 1"))
      }
    }
  }
}

struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: words(
      "Avgör konflikter: välj ett värde, slå ihop texterna, eller skriv ett nytt.",
      "End conflicts: choose a value, merge the texts, or write a new one."),
    discussion: words(
      """
      sprida resolve 3f2a91                      frågar om varje fält
      sprida resolve 3f2a91 title --take 2       det andra som sprida conflicts visar
      sprida resolve 3f2a91 lessons --merge      slår ihop styckena i textredigeraren
      sprida resolve --all --take newest         det senaste överallt
      """,
      """
      sprida resolve 3f2a91                      asks about each field
      sprida resolve 3f2a91 title --take 2       the second of sprida conflicts
      sprida resolve 3f2a91 lessons --merge      merges the paragraphs in your editor
      sprida resolve --all --take newest         the latest everywhere
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Posten, eller början på dess id.", "The record, or the beginning of its id."),
      valueName: "id"))
  var id: String?

  @Argument(
    help: ArgumentHelp(
      words("Fälten i konflikt; annars alla.", "The fields in conflict; else all."),
      valueName: words("fält", "field")))
  var fields: [String] = []

  @Flag(
    help: ArgumentHelp(words("Alla konflikter i era poster.", "Every conflict in your records.")))
  var all = false

  @Option(
    help: ArgumentHelp(
      words(
        "Numret som sprida conflicts visar, eller newest.",
        "The number that sprida conflicts shows, or newest."), valueName: words("nummer", "number"))
  )
  var take: String?

  @Option(help: ArgumentHelp(words("Ett nytt värde.", "A new value."), valueName: "text"))
  var value: String?

  @Flag(
    help: ArgumentHelp(
      words("Slå ihop texterna i EDITOR.", "Merge the texts in EDITOR.")))
  var merge = false

  func validate() throws {
    guard all != (id != nil) else {
      throw ValidationError(words("Ange en post eller --all.", "Give a record or --all."))
    }
    guard [take != nil, value != nil, merge].count(where: { $0 }) <= 1 else {
      throw ValidationError(
        words(
          "Ange ett av --take, --value och --merge.", "Give one of --take, --value and --merge."))
    }
    guard value == nil || fields.count == 1 else {
      throw ValidationError(words("--value gäller ett fält.", "--value is for one field."))
    }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let author = try Author(context, guest: author.guest)
    let conflicts = try conflicts(author, context)
    let resolving = Resolving(context: context, dialogue: Dialogue(console))
    let choices = try conflicts.compactMap { conflict in
      try choice(conflict, resolving).map { (conflict: conflict, value: $0) }
    }
    // An operation for each record, however many fields.
    let records = choices.map(\.conflict.record.key).reduce(into: [RecordKey]()) { keys, key in
      if !keys.contains(key) { keys.append(key) }
    }
    let drafts = records.compactMap { key -> OperationStore.Draft? in
      let mine = choices.filter { $0.conflict.record.key == key }
      return mine.first.map { first in
        .record(
          mine.flatMap { $0.conflict.changes(to: $0.value) }, family: first.conflict.record.family,
          record: key.record)
      }
    }
    _ = try author.sign(drafts)
    if options.json {
      return try console.json(
        .object([
          "resolved": .array(
            choices.map {
              .object([
                "record": .string("\($0.conflict.record.key.record)"),
                "field": .string($0.conflict.path),
              ])
            })
        ]))
    }
    for choice in choices {
      console.say("\(choice.conflict.path) är avgjord.", "\(choice.conflict.path) is resolved.")
    }
    if choices.isEmpty { console.say("Inget är avgjort.", "Nothing was resolved.") }
  }

  private func conflicts(_ author: Author, _ context: Context) throws -> [FieldConflict] {
    guard let id else {
      return try context.store.recordsInConflict()
        .filter { try context.store.owner(of: $0) == author.organisation }
        .compactMap { try context.store.record($0) }.flatMap(FieldConflict.all)
    }
    let key = try context.record(id)
    guard let state = try context.store.record(key) else { return [] }
    let all = FieldConflict.all(in: state)
    for field in fields where !all.contains(where: { $0.path == field }) {
      throw Failure.invalid(
        context.console.text("\(field) är inte i konflikt.", "\(field) is not in conflict."))
    }
    try author.demandOwner(of: key)
    return all.filter { fields.isEmpty || fields.contains($0.path) }
  }

  /// Nil when the person passes over it.
  private func choice(_ conflict: FieldConflict, _ resolving: Resolving) throws -> CBOR? {
    if let value { return try conflict.entered(value, options.console, from: "--value") }
    if let take {
      let index = take == "newest" ? 0 : Int(take).map { $0 - 1 }
      return try resolving.taken(index, conflict)
    }
    return try merge ? resolving.merged(conflict) : resolving.asked(conflict)
  }
}
