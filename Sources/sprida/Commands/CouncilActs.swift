import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Approve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: words(
      "Godkänn något som rådet har påbörjat, med ännu en rådsnyckel.",
      "Put another council key behind something that the council has begun."),
    discussion: words(
      "sprida approve 3f2a91        sprida roster visar vad som väntar",
      "sprida approve 3f2a91        sprida roster shows what is pending"))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Handlingen eller beslutet, eller början på dess id.",
        "The act or order, or the beginning of its id."), valueName: "id"))
  var id: String

  func run() throws {
    let context = try options.context()
    let console = context.console
    let operation = try context.operation(id)
    let charter = try context.store.charter()
    guard charter.needsApproval(operation.id) else {
      throw Failure.invalid(
        console.text(
          "\(short(operation.id)) behöver inget godkännande.",
          "\(short(operation.id)) needs no approval."))
    }
    let signatory = try context.councilSignatory(signing)
    guard !charter.isBehind(operation.id, signatory.grant) else {
      throw Failure.invalid(
        console.text(
          "Den här nyckelns röst finns redan bakom den.",
          "The seat of this key stands behind it already."))
    }
    if !options.json {
      console.show(ActText(context, charter).line(operation))
      console.show(console.dim("  " + ActText(context, charter).signer(of: operation.id)))
    }
    let act = Act.approve(operation: operation.id)
    let signed = try context.sign([.act(act, name: nil)], with: signatory, signing)
    try context.report(signed, "Godkänt.", "Approved.")
    if !options.json {
      try context.missingApprovals(of: [operation.id]).forEach { console.show($0) }
    }
  }
}

struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: words(
      "Uteslut en organisation ur kretsen: dess noder avvisas och dess nycklar upphör.",
      "Let an organisation leave the region: its nodes are refused, its keys end."),
    discussion: words(
      """
      sprida remove kommun:1441                      det som finns här blir kvar
      sprida remove kommun:1441 --before 2026-11-20  bara det som kom före blir kvar
      sprida remove kommun:1441 --nothing            inget av den blir kvar
      sprida remove kommun:1441 --head 3f2a91        av den nyckeln bara detta

      Antas den igen blir den en ny organisation; sprida succeed ger den posterna.
      """,
      """
      sprida remove kommun:1441                      what is here of it stays
      sprida remove kommun:1441 --before 2026-11-20  only what came before stays
      sprida remove kommun:1441 --nothing            nothing of it stays
      sprida remove kommun:1441 --head 3f2a91        of that key exactly this

      Admitting it again makes a new organisation; sprida succeed lets that have the
      records.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions
  @OptionGroup var cut: CutOptions

  @Option(
    help: ArgumentHelp(
      words(
        "Av nyckeln bakom den här operationen behålls den och det som den bygger på.",
        "Of the key that signed it keep this operation and what it follows."), valueName: "id"))
  var head: [String] = []

  @Argument(
    help: ArgumentHelp(
      words("En kod, ett namn eller ett id.", "A code, a name or an id."), valueName: "organisation"
    ))
  var organisation: String

  func validate() throws {
    guard cut.before == nil || !cut.nothing else {
      throw ValidationError(
        words("Ange antingen --before eller --nothing.", "Give one of --before and --nothing."))
    }
  }

  /// The named heads by key; else what the options say.
  private func heads(
    of key: PublicKey, _ operations: [KeyOperation], _ named: [Operations.Operation],
    _ console: Console
  ) throws -> [Digest] {
    let own = named.filter { $0.header.author == key }.map(\.id).sorted()
    return own.isEmpty ? try cut.heads(of: operations, console) : own
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let organisation = try context.organisation(organisation)
    guard organisation.id != context.store.region else {
      throw Failure.invalid(
        console.text("Rådet kan inte uteslutas.", "The council cannot be removed."))
    }
    guard !organisation.isRemoved else {
      throw Failure.invalid(
        console.text(
          "\(organisation.name) är redan utesluten.", "\(organisation.name) is removed already."))
    }
    let signatory = try context.councilSignatory(signing)
    let named = try head.map { try context.operation($0) }
    let cuts = try keys(of: organisation, context).map { key in
      let operations = try context.store.operations(of: key)
      let kept = KeptOperations(
        operations, heads: try heads(of: key, operations, named, console))
      if !options.json { try kept.lines(of: key, context).forEach { console.show($0) } }
      return Act.Cut(key: key, heads: kept.heads)
    }
    let act = Act.remove(organisation: organisation.id, cuts: cuts)
    let signed = try context.sign([.act(act, name: nil)], with: signatory, signing)
    try context.report(
      signed, "Underskrivet: \(organisation.name) lämnar kretsen.",
      "Signed: \(organisation.name) leaves the region.")
  }

  /// Those that have signed something; any other key ends without being named.
  private func keys(of organisation: Organisation, _ context: Context) throws -> [PublicKey] {
    let charter = try context.store.charter()
    let keys = Set(
      charter.allGrants.filter { $0.organisation == organisation.id }.map(\.key)
    ).sorted()
    let signing = try keys.filter { try !context.store.operations(of: $0).isEmpty }
    guard signing.count <= Limits.cutHeadsMax else {
      throw Failure.failed(
        context.console.text(
          "Organisationen har \(signing.count) nycklar; en uteslutning rymmer \(Limits.cutHeadsMax). "
            + "Avsluta några först (sprida key revoke).",
          "The organisation has \(signing.count) keys; a removal can name \(Limits.cutHeadsMax). "
            + "End some first (sprida key revoke)."))
    }
    return signing
  }
}

struct Succeed: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "succeed",
    abstract: words(
      "Låt en organisation ta över en annans poster: en sammanslagning, eller förlorade nycklar.",
      "Let an organisation take over the records of another: a merger, or lost keys."),
    discussion: words(
      """
      sprida succeed kommun:1441 kommun:1442           alla poster
      sprida succeed kommun:1441 kommun:1442 --record 3f2a91
      """,
      """
      sprida succeed kommun:1441 kommun:1442             all records
      sprida succeed kommun:1441 kommun:1442 --record 3f2a91
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Vems poster: en kod, ett namn eller ett id.", "Whose records: a code, a name or an id."),
      valueName: words("från", "from")))
  var from: String

  @Argument(
    help: ArgumentHelp(
      words("Vem som ändrar dem från och med nu.", "Who writes them from now on."),
      valueName: words("till", "to")))
  var to: String

  @Option(help: ArgumentHelp(words("Bara den här posten.", "Only this record."), valueName: "id"))
  var record: [String] = []

  func run() throws {
    let context = try options.context()
    let console = context.console
    let (from, to) = (try context.organisation(from), try context.organisation(to))
    guard from.id != to.id else {
      throw Failure.invalid(
        console.text(
          "En organisation kan inte ta över efter sig själv.",
          "An organisation cannot succeed itself."))
    }
    let records = try record.map(context.record)
    guard records.allSatisfy({ $0.organisation == from.id }) else {
      throw Failure.invalid(
        console.text(
          "En av posterna är inte \(from.name)s.", "One of the records is not of \(from.name)."))
    }
    let signatory = try context.councilSignatory(signing)
    if !options.json {
      console.say(
        "\(to.name) ska skriva \(from.name)s poster: \(records.isEmpty ? "alla" : "\(records.count)").",
        "\(to.name) is to write records of \(from.name): \(records.isEmpty ? "all" : "\(records.count)")."
      )
    }
    let act = Act.succeed(
      from: from.id, to: to.id, records: Array(Set(records.map(\.record))).sorted())
    let signed = try context.sign([.act(act, name: nil)], with: signatory, signing)
    try context.report(
      signed, "Underskrivet: \(to.name) efter \(from.name).",
      "Signed: \(to.name) succeeds \(from.name).")
  }
}
