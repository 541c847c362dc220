import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct LinksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links",
    abstract: words(
      "Se om webbadresserna i era exempel fortfarande svarar.",
      "See whether the web addresses in your entries still answer."),
    discussion: words(
      """
      sprida links --check            fråga dem alla, till exempel en gång i veckan
      sprida links                    vad som svarade inte senast
      sprida links 3f2a91 --check     länkarna i en post, också någon annans

      Exemplet går att läsa också när sidan är borta. Svaren stannar på den här noden.
      Slutkoden är 6 när någon länk inte svarar.
      """,
      """
      sprida links --check            ask them all, once a week for example
      sprida links                    what did not answer last time
      sprida links 3f2a91 --check     the links of one record, also somebody else's

      The entry can be read when the page is gone, too. The answers stay on this node.
      The exit code is 6 when a link does not answer.
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(help: ArgumentHelp(words("Fråga webbservrarna nu.", "Ask the web servers now.")))
  var check = false

  @Argument(
    help: ArgumentHelp(
      words("En post; annars alla egna exempel.", "One record; else all own entries."),
      valueName: "id"))
  var id: String?

  func run() throws {
    let context = try options.context()
    let console = context.console
    let states = try id.map { [try context.state(of: $0).state] } ?? own(context)
    if check { try ask(states, context) }
    let known = try states.flatMap { state in
      try context.store.linkChecks(of: state.key).map { (state: state, check: $0) }
    }
    let dead = known.filter { !$0.check.isAnswered }
    if options.json {
      try console.json(.array(known.map { json($0.check, of: $0.state) }))
    } else {
      show(id == nil ? dead : known, console)
      let all = console.count(states.reduce(0) { $0 + $1.webAddresses.count }, .link)
      let asked = console.number(known.count)
      console.say("\(all), kontrollerade: \(asked)", "\(all), checked: \(asked)")
    }
    guard !dead.isEmpty else { return }
    let links = console.count(dead.count, .link)
    throw Failure.attention(
      console.text(
        "\(links) svarar inte; sprida edit byter dem.",
        "\(links) without an answer; sprida edit replaces them."))
  }

  private func own(_ context: Context) throws -> [RecordState] {
    let charter = try context.store.charter()
    guard let own = try context.ownOrganisation(charter) else { throw NodeError.notAdmitted }
    var query = RecordQuery(family: Document.defaultFamily)
    query.organisations = [own.id] + charter.predecessors(of: own.id)
    query.order = .title
    return try context.store.find(query).records.compactMap { try context.store.record($0.key) }
  }

  private func ask(_ states: [RecordState], _ context: Context) throws {
    let console = context.console
    let addresses = Set(states.flatMap(\.webAddresses)).sorted()
    let links = console.count(addresses.count, .link)
    let progress = Progress(console)
    progress.show("Frågar efter \(links) …", "Asking for \(links) …", isSlow: true)
    defer { progress.clear() }
    let statuses: [String: Int]
    do {
      statuses = try LinkProbe.statuses(of: addresses)
    } catch .missing {
      throw Failure.failed(
        console.text(
          "curl finns inte på datorn: apt-get install curl",
          "curl is missing on this computer: apt-get install curl"))
    } catch {
      throw Failure.failed(
        console.text(
          "curl svarade inte för alla länkar; inget är ändrat. Försök igen, eller kör curl --version.",
          "curl did not answer for every link; nothing was changed. Try again, or run curl --version."
        ))
    }
    let now = Int64(clamping: SystemClock.now)
    try context.store.remember(
      states.map { state in
        (
          record: state.key,
          links: state.webAddresses.map {
            LinkCheck(address: $0, checked: now, status: statuses[$0])
          }
        )
      })
  }

  private func show(_ links: [(state: RecordState, check: LinkCheck)], _ console: Console) {
    guard !links.isEmpty else { return }
    let text = LinkText(console)
    var table = Table(
      [
        ("Id", .left), (console.text("Exempel", "Entry"), .left),
        (console.text("Länk", "Link"), .left), (console.text("Svar", "Answer"), .left),
      ], main: 2)
    for (state, check) in links {
      table.add([
        state.key.short(in: state.family), Console.line(state.displayedText("title")),
        Console.line(check.address), text.state(of: check),
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }

  private func json(_ check: LinkCheck, of state: RecordState) -> JSON {
    .object([
      "record": .string(state.key.record.description), "address": .string(check.address),
      "checked": .number(check.checked), "status": check.status.map { .number($0) } ?? .null,
      "answered": .bool(check.isAnswered),
    ])
  }
}
