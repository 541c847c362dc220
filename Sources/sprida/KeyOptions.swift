import ArgumentParser
import Node
import OperationStore
import Operations
import Signatures

extension NodeDirectory.KeyName: ExpressibleByArgument {}

/// Which key a command is about.
struct KeyOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      words(
        "Nyckelns namn; sprida key list visar dem.", "The key's name; sprida key list shows them."),
      valueName: words("namn", "name")))
  var name: NodeDirectory.KeyName

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      words(
        "Koden för en organisation vars nycklar finns på den här noden.",
        "An organisation whose keys are kept on this node, by its code."),
      valueName: words("kod", "code")))
  var guest: String?

  var title: String { NodeDirectory.title(name, guest: guest) }
}

/// What a key is for, and what the charter lets it do.
struct KeyWords {
  private let context: Context
  private let charter: Charter
  private let acts: ActText
  private let now: UInt64
  private var console: Console { context.console }

  init(_ context: Context, now: UInt64) throws {
    self.context = context
    self.now = now
    charter = try context.store.charter()
    acts = ActText(context, charter)
  }

  /// On one line, for `key list`.
  func rights(of key: PublicKey) -> String {
    let rights =
      charter.grants(to: key).map { grant in
        let name = context.organisationName(grant.organisation, charter)
        return "\(grant.role.word(console)), \(name): "
          + KeyState(grant, charter, now: now).words(console, acts)
      } + committed(key) + node(key)
    return rights.isEmpty
      ? console.text("inget i stadgan som finns här", "nothing in the charter held here")
      : rights.joined(separator: "; ")
  }

  /// The organisation that it belongs to, as the charter says.
  func organisation(of key: PublicKey) -> String? {
    let id =
      charter.grants(to: key).first?.organisation ?? charter.rotatable(by: key)?.grant.organisation
      ?? charter.node(key)?.organisation
    return id.map { context.organisationName($0, charter) }
  }

  private func committed(_ key: PublicKey) -> [String] {
    guard charter.grants(to: key).isEmpty, let grant = charter.rotatable(by: key)?.grant else {
      return []
    }
    let name = context.organisationName(grant.organisation, charter)
    return [
      console.text(
        "\(grant.role.word(console)), \(name): utfäst som nästa",
        "\(grant.role.word(console)), \(name): committed to as the next")
    ]
  }

  private func node(_ key: PublicKey) -> [String] {
    guard let node = charter.node(key) else { return [] }
    let name = context.organisationName(node.organisation, charter)
    return [console.text("nod, \(name): gäller", "node, \(name): accepted")]
  }
}

extension NodeDirectory.KeyName {
  /// What it does and when it is needed, for a sheet that somebody finds in a safe.
  func purpose(_ console: Console) -> String {
    switch self {
    case .council:
      console.text(
        "Rådets nyckel: antar och utesluter organisationer.",
        "The council's key: admits and removes organisations.")
    case .nextCouncil, .pendingCouncil:
      console.text(
        "Ersätter rådets nyckel när den är stulen eller förlorad: sprida key rotate council.",
        "Replaces the council's key when that is stolen or lost: sprida key rotate council.")
    case .root:
      console.text(
        "Organisationens rotnyckel: ger och tar organisationens andra nycklar.",
        "The organisation's root key: gives and ends its other keys.")
    case .nextRoot, .pendingRoot:
      console.text(
        "Ersätter rotnyckeln när den är stulen eller förlorad: sprida key rotate root.",
        "Replaces the root key when that is stolen or lost: sprida key rotate root.")
    case .admin:
      console.text(
        "Låter handläggare publicera, och kan radera.",
        "Lets officers publish, and can erase.")
    case .service:
      console.text("Serverns kvitton på radering.", "The server's receipts for erasures.")
    case .node:
      console.text(
        "Noden visar med den vem den är när den möter andra.",
        "The node shows with it who it is when it meets others.")
    case .officer:
      console.text(
        "En handläggare publicerar med den.", "An officer publishes with it.")
    }
  }
}
