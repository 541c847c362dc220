import ArgumentParser
import Glibc
import Node
import Practice
import Signatures

struct KeyRecover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: words(
      "Gör en nyckelfil av raderna på ett blad.", "Make a key file from the lines of a sheet."),
    discussion: words(
      """
      sprida key recover next-root --public-key 3f2a9c01  skriv sedan raderna
      sprida key recover next-root --file blad.txt
      """,
      """
      sprida key recover next-root --public-key 3f2a9c01  then type the four lines
      sprida key recover next-root --file sheet.txt
      """))

  @OptionGroup var key: KeyOptions

  @Option(
    help: ArgumentHelp(
      words("Raderna, eller hela bladet, som fil.", "The lines, or the whole sheet, as a file."),
      valueName: words("fil", "path")))
  var file: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Den publika nyckeln eller dess början, som den står på bladet.",
        "The public key or its beginning, as it stands on the sheet."), valueName: "hex"))
  var publicKey: String?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let (console, directory) = (context.console, context.directory)
    // Before anybody types four lines in vain.
    guard !directory.hasKey(key.name, guest: key.guest) else {
      throw NodeError.fileExists(path: directory.keyPath(key.name, guest: key.guest))
    }
    let recovered = try PaperKey.key(from: try lines(console))
    try check(recovered.publicKey, console)
    try directory.write(recovered, as: key.name, guest: key.guest)
    context.audit.append(.recovered, keys: [(key.name, recovered.publicKey)], guest: key.guest)
    let rights = try KeyWords(context, now: SystemClock.now).rights(of: recovered.publicKey)
    if options.json {
      return try console.json(
        .object([
          "name": .string(key.title), "key": .string("\(recovered.publicKey)"),
          "rights": .string(rights),
        ]))
    }
    console.say(
      "Nyckeln \(key.title) finns nu här: \(recovered.publicKey).",
      "The key \(key.title) is here now: \(recovered.publicKey).")
    console.say("Den är: \(rights).", "It is: \(rights).")
    if !key.name.isUnattended {
      console.say(
        "Ge den en lösenfras med sprida key protect \(key.name.rawValue), eller flytta den härifrån "
          + "när den är använd.",
        "Put it under a passphrase with sprida key protect \(key.name.rawValue), or move it away "
          + "once it is used.")
    }
  }

  private func lines(_ console: Console) throws -> String {
    if let file { return try Given.file(file) }
    guard isatty(STDIN_FILENO) == 1 else { return try Given.text("-") }
    console.say("Skriv bladets fyra rader.", "Type the four lines of the sheet.")
    return try (1...PaperKey.lineCount).map { try line($0, console) }.joined(separator: "\n")
  }

  /// Asks until the line is as it was printed.
  private func line(_ number: Int, _ console: Console) throws -> String {
    while true {
      console.say("\(number):")
      guard let line = readLine() else {
        throw Failure.failed(console.text("Ingen nyckel är skriven.", "No key was written."))
      }
      guard let problem = PaperKey.problem(in: line, number: number) else { return line }
      let words = Wording(language: console.language).paper(problem)
      console.say(
        "Raden \(words). Skriv den igen.", "The line \(words). Type it again.")
    }
  }

  private func check(_ found: PublicKey, _ console: Console) throws {
    guard let expected = publicKey?.lowercased().filter({ !$0.isWhitespace }) else { return }
    guard !expected.isEmpty, found.description.hasPrefix(expected) else {
      throw Failure.invalid(
        console.text(
          "Raderna är rätt, men de är nyckeln \(found.description.prefix(16)), inte \(expected).",
          "The lines are right, but they are the key \(found.description.prefix(16)), not "
            + "\(expected)."))
    }
  }
}
