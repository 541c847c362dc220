import ArgumentParser
import Node
import Practice

struct Roster: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "roster",
    abstract: words(
      "Visa kretsens organisationer, noder och nycklar, och vad rådet har påbörjat.",
      "Show the region's organisations, nodes and keys, and what the council has begun."),
    discussion: words(
      """
      sprida roster            organisationer och rådet
      sprida roster --keys     varje nyckel: roll, datum, och om den gäller
      """,
      """
      sprida roster            organisations and the council
      sprida roster --keys     every key: role, dates, and whether it holds
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(
    help: ArgumentHelp(
      words(
        "Varje organisations alla nycklar och noder.", "Every key and node of each organisation.")))
  var keys = false

  func run() throws {
    let context = try options.context()
    let text = try RosterText(context, now: SystemClock.now)
    if options.json { return try context.console.json(text.json) }
    for line in text.organisations + [""] + text.council + (keys ? text.keys : []) {
      context.console.show(line)
    }
  }
}
