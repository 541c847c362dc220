import ArgumentParser
import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Signatures

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Give keys their roles, and keep them safe.",
    subcommands: [
      Delegate.self,
      KeyList.self,
      KeyProtect.self,
      KeyUnprotect.self,
      KeyPaper.self,
      KeyRecover.self,
      KeyRotate.self,
    ])
}

struct Delegate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Let an officer publish for the organisation.",
    discussion: """
      sprida key delegate sprida-device:… --until 2027-12-31   the line that the device printed
      sprida key delegate --here                               an officer who works on this node
      """)

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp("The device's request, or - for standard input.", valueName: "request"))
  var request: String?

  @Flag(help: "Make an officer key on this node and delegate it.")
  var here = false

  @Option(
    help: ArgumentHelp(
      "The last day, in UTC; without it the key has no end.", valueName: "YYYY-MM-DD"))
  var until: String?

  func validate() throws {
    guard here != (request != nil) else { throw ValidationError("Give a request or --here.") }
  }

  func run() throws {
    let context = try options.context()
    try Setup.completeDelegations(
      directory: context.directory, store: context.store, audit: context.audit)
    let admin = try context.directory.key(.admin)
    let officer: PublicKey
    var drafts: [OperationStore.Draft] = []
    if let request {
      let device = try DeviceRequest(text: try Given.text(request))
      guard device.region == context.store.region else {
        throw Failure.invalid(
          context.console.text(
            "Ansökan gäller en annan krets.", "The request is for another region."))
      }
      officer = device.officer
      drafts.append(.act(.node(key: device.node, address: ""), name: nil))
    } else {
      officer = try officerHere(context)
    }
    drafts.insert(
      .act(.delegate(key: officer, role: .author, from: 0, to: try end()), name: nil), at: 0)
    let acts = try sign(drafts, admin, context)
    if options.json {
      return try context.console.json(
        .object(["delegation": .string("\(acts[0].id)"), "key": .string("\(officer)")]))
    }
    context.console.say(
      "Nyckeln \(officer.description.prefix(16)) får publicera. Kör sprida sync så att det når de andra.",
      "The key \(officer.description.prefix(16)) may publish. Run sprida sync to tell the others.")
  }

  private func officerHere(_ context: Context) throws -> PublicKey {
    if context.directory.hasKey(.officer) { return try context.directory.publicKey(.officer) }
    let key = try context.directory.createKey(.officer)
    context.audit.append(created: [(.officer, key)])
    return key.publicKey
  }

  private func sign(
    _ drafts: [OperationStore.Draft], _ admin: SigningKey, _ context: Context
  ) throws -> [Operations.Operation] {
    do {
      let acts = try context.store.sign(drafts, with: admin, as: [.admin])
      let standing = try context.store.charter().standing(of: acts[0].header)
      context.audit.append(acts: acts, organisation: standing.organisation)
      return acts
    } catch StoreError.noGrant {
      throw NodeError.notAdmitted
    }
  }

  /// Milliseconds at the end of the last day; 0 for none.
  private func end() throws -> UInt64 {
    guard let until else { return 0 }
    guard let day = try? Date(until, strategy: .iso8601.year().month().day()),
      day.timeIntervalSince1970 > 0
    else {
      throw Failure.invalid("--until: found “\(until)”, expected YYYY-MM-DD")
    }
    return UInt64(day.timeIntervalSince1970 * 1000) + 86_400_000
  }
}
