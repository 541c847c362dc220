import ArgumentParser
import Node
import OperationStore
import Operations
import Signatures

extension NodeDirectory.KeyName: ExpressibleByArgument {}

/// Which key a command is about.
struct KeyOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The key's name; sprida key list shows them.", valueName: "name"))
  var name: NodeDirectory.KeyName

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "An organisation whose keys are kept on this node, by its code.", valueName: "code"))
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
