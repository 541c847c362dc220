import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

extension Rotation.Kind: ExpressibleByArgument {}

struct KeyRotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: words(
      "Byt en rot- eller rådsnyckel mot nästa.", "Replace a root or council key by the next one."),
    discussion: words(
      """
      sprida key rotate root           med next-root.key; root.key får vara förlorad
      sprida key rotate council --yes  utan fråga

      Avbryts det någonstans gör samma kommando det färdigt.
      """,
      """
      sprida key rotate root           with next-root.key here; root.key may be lost
      sprida key rotate council --yes  without a question

      Interrupted at any point, the same command completes it.
      """))

  @Argument(
    help: ArgumentHelp(words("Vilken nyckel.", "Which key."), valueName: words("nyckel", "key")))
  var kind: Rotation.Kind

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      words(
        "Koden för en organisation vars nycklar finns på den här noden.",
        "An organisation whose keys are kept on this node, by its code."),
      valueName: words("kod", "code")))
  var guest: String?

  @Flag(help: ArgumentHelp(words("Fråga inte.", "Do not ask.")))
  var yes = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let rotation = try Rotation(
      kind, guest: guest, directory: context.directory, store: context.store)
    let hadOldKey = try hasOldKey(rotation, context.directory)
    if rotation.held == nil {
      if !options.json { try explain(rotation, context) }
      try Confirmation.demand(context.console, isGiven: yes)
    }
    let outcome = try rotation.run(audit: context.audit)
    if options.json {
      return try context.console.json(
        .object([
          "rotation": .string("\(outcome.operation.id)"), "key": .string("\(outcome.key)"),
          "next": .string("\(outcome.next)"), "old": .string("\(rotation.replaced.key)"),
          "old_file": hadOldKey ? .string(rotation.oldKeyPath) : .null,
          "heads": .array(rotation.heads.map { .string("\($0)") }),
        ]))
    }
    tell(outcome, rotation, hadOldKey, context)
    let charter = try context.store.charter()
    if let verdict = charter.verdict(of: outcome.operation.id), verdict != .accepted {
      throw Failure.attention(
        context.console.text(
          "Rotationen gäller inte än: \(verdict.words(context.console)). Fråga rådet; sprida why "
            + "\(short(outcome.operation.id)) säger varför.",
          "The rotation is not accepted: \(verdict.words(context.console)). Ask the council; sprida "
            + "why \(short(outcome.operation.id)) says why."))
    }
  }

  private func hasOldKey(_ rotation: Rotation, _ directory: NodeDirectory) throws -> Bool {
    let current = rotation.kind.current
    if directory.hasKey(current, guest: guest),
      try directory.publicKey(current, guest: guest) == rotation.replaced.key
    {
      return true
    }
    return try directory.oldKeys(guest: guest).contains { $0.publicKey == rotation.replaced.key }
  }

  /// What will be signed, before anybody is asked.
  private func explain(_ rotation: Rotation, _ context: Context) throws {
    let console = context.console
    let charter = try context.store.charter()
    let words = ActText(context, charter)
    let name = context.organisationName(rotation.replaced.organisation, charter)
    let role = rotation.replaced.role.word(console)
    console.say(
      "Nyckeln \(short(rotation.author)) ersätter \(short(rotation.replaced.key)) som \(role) i "
        + "\(name). Den gamla kan sedan inget mer.",
      "The key \(short(rotation.author)) replaces \(short(rotation.replaced.key)) as \(role) of "
        + "\(name). The old one can do nothing more after that.")
    if rotation.heads.isEmpty {
      console.say(
        "Av den gamla finns inget här, så inget av den behålls.",
        "Nothing of the old one is held here, so nothing of it is kept.")
    } else {
      console.say(
        "Det som den gamla har skrivit under behålls till och med:",
        "What the old one has signed is kept up to and with:")
      for head in rotation.heads {
        console.say("  \(short(head))  \(words.line(of: head))")
      }
    }
    console.say(
      "Har den skrivit under något på annat håll som inte har kommit hit räknas det inte längre; "
        + "kör i så fall sprida sync först. Har den inte skrivit under det själv är den stulen: "
        + "fråga rådet.",
      "What it has signed elsewhere and has not arrived here counts no more; in that case run "
        + "sprida sync first. If you did not sign what stands here, the key is stolen: ask the "
        + "council.")
  }

  private func tell(
    _ outcome: Rotation.Outcome, _ rotation: Rotation, _ hadOldKey: Bool, _ context: Context
  ) {
    let console = context.console
    let (current, next) = (rotation.kind.current.rawValue, rotation.kind.next.rawValue)
    let guest = guest.map { " --as \($0)" } ?? ""
    console.say(
      "Bytt. \(current) är nu \(short(outcome.key)), och nästa är \(short(outcome.next)).",
      "Rotated. \(current) is now \(short(outcome.key)), and the next is \(short(outcome.next)).")
    console.say("Gör nu:", "Now:")
    console.say(
      "  1. sprida key paper \(next)\(guest)   skriv ut nästa nyckel och lås in bladet",
      "  1. sprida key paper \(next)\(guest)   print the next key and lock the sheet away")
    console.say(
      "  2. flytta \(context.directory.keyPath(rotation.kind.next, guest: self.guest)) härifrån",
      "  2. move \(context.directory.keyPath(rotation.kind.next, guest: self.guest)) away from here"
    )
    console.say("  3. sprida sync", "  3. sprida sync")
    if hadOldKey {
      console.say(
        "Den gamla nyckeln ligger kvar i \(rotation.oldKeyPath) tills du raderar den.",
        "The old key stays in \(rotation.oldKeyPath) until you delete it.")
    }
  }
}
