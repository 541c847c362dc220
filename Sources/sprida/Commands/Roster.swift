import ArgumentParser
import Node

struct Roster: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the region's organisations, nodes and keys, and what the council has begun.",
    discussion: """
      sprida roster            organisations and the council
      sprida roster --keys     every key: role, dates, and whether it holds, ends or was ended
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Every key and node of each organisation.")
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
