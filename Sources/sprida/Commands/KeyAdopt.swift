import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice

struct KeyAdopt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt",
    abstract: words(
      "Ta upp det som har skrivits under på annat håll med en av nodens nycklar.",
      "Go on from what another device has signed with a key of this node."),
    discussion: words(
      """
      sprida key adopt             visar vad det är, och frågar
      sprida key adopt --yes

      Efter en återställd säkerhetskopia är det ens eget förlorade arbete. Känner
      ingen igen det är nyckeln stulen: spärra den i stället. Det går att publicera
      utan att ta upp; då förgrenar sig nyckeln, och alla ser det.
      """,
      """
      sprida key adopt             shows what it is, and asks
      sprida key adopt --yes

      After a restored backup it is one's own lost work. If nobody recognises it, the
      key is stolen: revoke it instead. Publishing without adopting works; it makes a
      fork, which all can see.
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(help: ArgumentHelp(words("Ta upp utan att fråga.", "Adopt without asking.")))
  var yes = false

  func run() throws {
    let context = try options.context()
    let console = context.console
    let found = try context.directory.ownKeys().map {
      (file: $0, heads: try context.store.foreignHeads(of: $0.key))
    }.filter { !$0.heads.isEmpty }
    if !found.isEmpty {
      if !options.json { try show(found, context) }
      try confirm(console)
    }
    for (file, heads) in found {
      _ = try context.store.adoptHeads(of: file.key, shown: Set(heads.map(\.id)))
      context.audit.append(.key(.adopted, name: file.name, key: file.key))
    }
    if options.json { return try console.json(.array(found.map { json($0.file, $0.heads) })) }
    if found.isEmpty {
      console.say(
        "Ingen annan har skrivit under med nodens nycklar.",
        "Nobody else has signed with the keys of this node.")
    } else {
      console.say(
        "Upptagna. Nästa operation följer dem.", "Adopted. The next operation follows them.")
    }
  }

  private func show(
    _ found: [(file: OwnKey, heads: [KeyOperation])], _ context: Context
  ) throws {
    let console = context.console
    let charter = try context.store.charter()
    let text = DiagnosisText(context, charter)
    for (file, heads) in found {
      console.say(
        "Med nyckeln \(file.name) (\(short(file.key))) är det här underskrivet på annat håll:",
        "With the key \(file.name) (\(short(file.key))) this was signed elsewhere:")
      heads.forEach { console.show("  " + Console.line(text.line($0))) }
    }
  }

  private func confirm(_ console: Console) throws {
    if yes { return }
    guard !console.isJSON else {
      throw Failure.invalid(
        console.text(
          "Med --json ställs ingen fråga; ange --yes.", "--json does not ask; give --yes."))
    }
    console.say(
      "Känner ni igen allt det, som ert eget? (ja/nej)",
      "Do you recognise all of that as your own? (yes/no)")
    guard ["ja", "j", "yes", "y"].contains((readLine() ?? "").lowercased()) else {
      throw Failure.failed(
        console.text(
          "Inget är upptaget. Känner ingen igen det: spärra nyckeln.",
          "Nothing was adopted. If nobody recognises it, revoke the key."))
    }
  }

  private func json(_ file: OwnKey, _ heads: [KeyOperation]) -> JSON {
    .object([
      "key": .string("\(file.key)"), "name": .string(file.name),
      "adopted": .array(
        heads.map { head in
          .object([
            "operation": .string("\(head.id)"),
            "claimed": .number(Int64(clamping: head.header.timestamp.milliseconds)),
            "verdict": .string(head.verdict.label),
          ])
        }),
    ])
  }
}
