import ArgumentParser
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures

extension Language: ExpressibleByArgument {}

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      words("Nodens mapp (eller SPRIDA_DIRECTORY).", "The node's folder (or SPRIDA_DIRECTORY)."),
      valueName: words("mapp", "folder")))
  var directory: String?

  @Flag(help: ArgumentHelp(words("Skriv JSON för program.", "Print JSON for machines.")))
  var json = false

  @Option(
    help: ArgumentHelp(
      words("Språket; annars efter miljön (LANG).", "The language; else by the locale."),
      valueName: words("kod", "code")))
  var language: Language?

  @Option(
    name: .customLong("passphrase-fd"),
    help: ArgumentHelp(
      words(
        "Läs lösenfraser från den här deskriptorn, en per rad, och inte från terminalen.",
        "Read passphrases from this descriptor, one line each, and not from the terminal."),
      valueName: "N"))
  var passphraseDescriptor: Int32?

  var passphrase: Passphrase { Passphrase(console: console, descriptor: passphraseDescriptor) }

  var console: Console {
    Console(language: language ?? Self.localeLanguage, isJSON: json)
  }

  /// What the locale asks for; the first of its variables that is set decides.
  static var localeLanguage: Language {
    let environment = ProcessInfo.processInfo.environment
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    return locale?.hasPrefix("sv") == true ? .swedish : .english
  }

  /// The language for help, and for an error that is told outside any command.
  static let chosenBeforeParsing = language(in: CommandLine.arguments)

  private static func language(in arguments: [String]) -> Language {
    let option = "--language"
    let given = zip(arguments, arguments.dropFirst() + [""]).compactMap { argument, next in
      if argument == option { return next }
      return argument.hasPrefix(option + "=") ? String(argument.dropFirst(option.count + 1)) : nil
    }
    return given.last.flatMap(Language.init(rawValue:)) ?? localeLanguage
  }

  var folder: String {
    let environment = ProcessInfo.processInfo.environment
    return directory ?? environment["SPRIDA_DIRECTORY"]
      ?? NodeDirectory.defaultPath(home: environment["HOME"] ?? ".")
  }

  /// Opens the node, or another one's folder.
  func context(of other: String? = nil) throws -> Context {
    let console = console
    let passphrase = passphrase
    let directory = try NodeDirectory.open(other ?? folder) { try passphrase.ask(for: $0) }
    let store = try directory.openStore(onWait: {
      console.warn(
        "Väntar på en annan process som skriver i noden …",
        "Waiting for another process that writes to the node …")
    })
    return Context(console: console, directory: directory, store: store)
  }
}

/// An opened node and its user.
struct Context: Sendable {
  let console: Console
  let directory: NodeDirectory
  let store: OperationStore

  /// An organisation as people read it; the beginning of its id where the charter names none.
  func organisationName(_ id: Digest, _ charter: Charter) -> String {
    let name = OrganisationName.shown(charter.organisation(id))
    return name.isEmpty ? String(id.description.prefix(12)) : name
  }
}
