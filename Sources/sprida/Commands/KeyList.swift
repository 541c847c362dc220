import ArgumentParser
import Node
import Practice
import Signatures

struct KeyList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: words(
      "Visa nycklarna på den här noden, och vad de får göra.",
      "Show the keys on this node, and what they may do."),
    discussion: "sprida key list")

  @OptionGroup var options: GlobalOptions

  private struct Row {
    let title: String
    let key: PublicKey
    let isProtected: Bool
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let words = try KeyWords(context, now: SystemClock.now)
    let rows = try rows(context.directory)
    if options.json {
      return try console.json(
        .array(
          rows.map {
            .object([
              "name": .string($0.title), "key": .string("\($0.key)"),
              "protected": .bool($0.isProtected), "rights": .string(words.rights(of: $0.key)),
            ])
          }))
    }
    var table = Table([
      (console.text("Nyckel", "Key"), .left), (console.text("Lösenfras", "Passphrase"), .left),
      (console.text("Publik", "Public"), .left),
      (console.text("Får enligt stadgan", "May, by the charter"), .left),
    ])
    for row in rows {
      table.add([
        row.title, row.isProtected ? console.text("ja", "yes") : console.text("nej", "no"),
        short(row.key), words.rights(of: row.key),
      ])
    }
    for line in table.lines(console) { console.show(line) }
  }

  private func rows(_ directory: NodeDirectory) throws -> [Row] {
    let owners: [String?] = [nil] + directory.guests
    return try owners.flatMap { guest in
      try NodeDirectory.KeyName.allCases.filter { directory.hasKey($0, guest: guest) }.map { name in
        Row(
          title: NodeDirectory.title(name, guest: guest),
          key: try directory.publicKey(name, guest: guest),
          isProtected: try directory.isProtected(name, guest: guest))
      }
        + directory.oldKeys(guest: guest).map {
          Row(title: $0.title, key: $0.publicKey, isProtected: $0.isProtected)
        }
    }
  }
}
