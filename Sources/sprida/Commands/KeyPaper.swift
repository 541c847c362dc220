import ArgumentParser
import Node
import Practice
import Signatures

struct KeyPaper: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paper",
    abstract: words(
      "Skriv ut en nyckel på ett blad att förvara i kassaskåp.",
      "Print a key on a sheet to keep in a safe."),
    discussion: "sprida key paper next-root | lp")

  @OptionGroup var key: KeyOptions
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let secret = try context.directory.key(key.name, guest: key.guest)
    let lines = PaperKey.lines(of: secret)
    if options.json {
      return try context.console.json(
        .object([
          "name": .string(key.title), "key": .string("\(secret.publicKey)"),
          "lines": .array(lines.map(JSON.string)),
        ]))
    }
    let owner = try KeyWords(context, now: SystemClock.now).organisation(of: secret.publicKey)
    let sheet = PaperSheet(
      name: key.name, guest: key.guest, owner: owner, publicKey: secret.publicKey, secret: lines)
    for line in sheet.lines(context.console) { context.console.show(line) }
  }
}
