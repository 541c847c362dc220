import ArgumentParser
import Node
import Practice

struct KeyProtect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "protect",
    abstract: words(
      "Skydda en nyckel med en lösenfras, eller med en ny.",
      "Put a key under a passphrase, or under another one."),
    discussion: words(
      """
      sprida key protect officer                           frågar på terminalen
      sprida key protect officer --passphrase-fd 3 3<fil   den gamla, sedan den nya

      Filen har en lösenfras per rad; den gamla utelämnas om nyckeln inte har någon.
      """,
      """
      sprida key protect officer                           asks on the terminal
      sprida key protect officer --passphrase-fd 3 3<file  the old one, then the new

      The file has a passphrase on each line; leave the old one out if there is none.
      """))

  @OptionGroup var key: KeyOptions
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let (console, directory) = (context.console, context.directory)
    // Before anybody is asked for a passphrase in vain.
    guard !key.name.isUnattended else { throw NodeError.unattended(key: key.title) }
    _ = try directory.key(key.name, guest: key.guest)
    try directory.protect(
      key.name, guest: key.guest, under: options.passphrase.askForNew(key.title))
    let publicKey = try directory.publicKey(key.name, guest: key.guest)
    context.audit.append(.protected, keys: [(key.name, publicKey)], guest: key.guest)
    if options.json {
      return try console.json(
        .object([
          "name": .string(key.title), "key": .string("\(publicKey)"), "protected": .bool(true),
        ]))
    }
    console.say(
      "Nyckeln \(key.title) har nu en lösenfras. Utan den är nyckeln förlorad: ingen kan ta fram "
        + "den åt dig.",
      "The key \(key.title) is now under a passphrase. Without it the key is lost: nobody can "
        + "recover it for you.")
    console.say(
      "Äldre säkerhetskopior innehåller den utan lösenfras.",
      "Older backups hold it without a passphrase.")
  }
}

struct KeyUnprotect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unprotect",
    abstract: words(
      "Låt en nyckel ligga öppen igen, utan lösenfras.",
      "Let a key lie open again, without its passphrase."),
    discussion: "sprida key unprotect officer")

  @OptionGroup var key: KeyOptions
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let (console, directory) = (context.console, context.directory)
    let publicKey = try directory.publicKey(key.name, guest: key.guest)
    if try directory.isProtected(key.name, guest: key.guest) {
      try directory.unprotect(key.name, guest: key.guest)
      context.audit.append(.unprotected, keys: [(key.name, publicKey)], guest: key.guest)
    }
    if options.json {
      return try console.json(
        .object([
          "name": .string(key.title), "key": .string("\(publicKey)"), "protected": .bool(false),
        ]))
    }
    console.say(
      "Nyckeln \(key.title) ligger nu öppen; den som kan läsa filen kan använda den.",
      "The key \(key.title) now lies open; whoever can read the file can use it.")
  }
}
