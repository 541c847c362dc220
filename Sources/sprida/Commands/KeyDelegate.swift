import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Delegate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delegate",
    abstract: words(
      "Låt en persons nyckel verka för organisationen, i en roll och till en viss dag.",
      "Let a person's key act for the organisation, in a role and until a day."),
    discussion: words(
      """
      sprida key delegate RAD --until 2027-12-31     raden från datorn
      sprida key delegate --here                     en handläggare på den här noden
      sprida key delegate RAD --role admin           en kollega som får delegera
      sprida key delegate 3f2a91 --until 2028-12-31  längre, för en nyckel som gäller
      """,
      """
      sprida key delegate LINE --until 2027-12-31    the line that the device printed
      sprida key delegate --here                     an officer on this node
      sprida key delegate LINE --role admin          a colleague who may delegate too
      sprida key delegate 3f2a91 --until 2028-12-31  longer, for a key that holds
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Datorns ansökan, - för standard in, eller en nyckel i stadgan.",
        "The device's request, - for standard input, or a key of the charter."),
      valueName: words("ansökan", "request")))
  var request: String?

  @Flag(
    help: ArgumentHelp(
      words(
        "Gör en handläggarnyckel på den här noden och delegera den.",
        "Make an officer key on this node and delegate it.")))
  var here = false

  @Option(
    help: ArgumentHelp(
      words(
        "author, reviewer, service, admin eller council; annars author.",
        "author, reviewer, service, admin or council; author unless given."),
      valueName: words("roll", "role")))
  var role: [Role] = []

  @Option(
    help: ArgumentHelp(
      words("Första dagen, i UTC.", "The first day, in UTC."),
      valueName: words("ÅÅÅÅ-MM-DD", "YYYY-MM-DD")))
  var from: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Sista dagen, i UTC; utan den gäller nyckeln tills vidare.",
        "The last day, in UTC; without it the key has no end."),
      valueName: words("ÅÅÅÅ-MM-DD", "YYYY-MM-DD")))
  var until: String?

  private var roles: [Role] { role.isEmpty ? [.author] : role }

  func validate() throws {
    guard here != (request != nil) else {
      throw ValidationError(words("Ange en ansökan eller --here.", "Give a request or --here."))
    }
    guard !role.contains(.root) else {
      throw ValidationError(
        words(
          "--role: en rot uppstår bara genom antagning och rotation.",
          "--role: a root is made by admission and rotation only."))
    }
    guard !here || roles.allSatisfy({ $0 == .author || $0 == .reviewer }) else {
      throw ValidationError(
        words(
          "--here gör en handläggares nyckel: --role author eller reviewer.",
          "--here makes an officer's key: --role author or reviewer."))
    }
  }

  func run() throws {
    let context = try options.context()
    try Setup.completeDelegations(
      directory: context.directory, store: context.store, audit: context.audit)
    let (key, node) = try given(context)
    let signatory = try signatory(context)
    try demandDelegable(key, signatory, context)
    let (from, to) = try dates(context.console)
    let delegations = roles.map { role in
      OperationStore.Draft.act(.delegate(key: key, role: role, from: from, to: to), name: nil)
    }
    let nodes = [node].compactMap(\.self).map { key in
      OperationStore.Draft.act(.node(key: key, address: ""), name: nil)
    }
    // Whoever may delegate others is asked about; what an officer signs can be cut again.
    if roles.contains(where: { $0.power > .device }) {
      context.console.say(
        "Nyckeln \(short(key)) ska få ge andra roller, för \(roles.map { $0.word(context.console) }.joined(separator: ", ")).",
        "The key \(short(key)) is to give others roles, as \(roles.map { $0.word(context.console) }.joined(separator: ", "))."
      )
      try Confirmation.demand(context.console, isGiven: signing.yes)
    }
    let acts = try context.store.sign(
      delegations + nodes, with: try signatory.key, as: [signatory.grant.role])
    context.audit.append(signedHere: acts, organisation: signatory.grant.organisation)
    try report(acts, key, context)
  }

  /// The key that is to act, and that of its device.
  private func given(_ context: Context) throws -> (key: PublicKey, node: PublicKey?) {
    guard let request else { return (try officerHere(context), nil) }
    let text = try Given.text(request)
    guard text.contains(":") else {
      return (try context.key(text.filter { !$0.isWhitespace }), nil)
    }
    let device = try DeviceRequest(text: text)
    guard device.region == context.store.region else {
      throw Failure.invalid(
        context.console.text(
          "Ansökan gäller en annan krets.", "The request is for another region."))
    }
    return (device.officer, device.node)
  }

  private func officerHere(_ context: Context) throws -> PublicKey {
    let guest = signing.guest
    if context.directory.hasKey(.officer, guest: guest) {
      return try context.directory.publicKey(.officer, guest: guest)
    }
    let key = try context.directory.createKey(.officer, guest: guest)
    context.audit.append(created: [(.officer, key)], guest: guest)
    return key.publicKey
  }

  private func signatory(_ context: Context) throws -> Signatory {
    do {
      return try context.signatory(signing) { signatory in
        roles.allSatisfy { $0.power < signatory.power || $0 == .council && signatory.isCouncil }
      }
    } catch let failure as Failure {
      let isNew = try context.signatories(of: signing.guest).isEmpty
      throw isNew && context.directory.hasKey(.root, guest: signing.guest)
        ? NodeError.notAdmitted : failure
    }
  }

  /// A key that has been cut in a role would have a delegation that confers nothing.
  private func demandDelegable(
    _ key: PublicKey, _ signatory: Signatory, _ context: Context
  ) throws {
    let charter = try context.store.charter()
    let organisation = signatory.grant.organisation
    for role in roles where charter.isCut(key, as: role, in: organisation) {
      throw Failure.invalid(
        context.console.text(
          "Nyckeln \(short(key)) är avslutad som \(role.word(context.console)) för alltid; "
            + "gör en ny (sprida init --device, eller --here på en ny nod).",
          "The key \(short(key)) has ended as \(role.word(context.console)) for ever; "
            + "make a new one (sprida init --device, or --here on a new node)."))
    }
  }

  private func dates(_ console: Console) throws -> (from: UInt64, to: UInt64) {
    let from = try from.map { try Day($0, option: "--from", console).start } ?? 0
    let to = try until.map { try Day($0, option: "--until", console).end } ?? 0
    guard to == 0 || from < to else {
      throw Failure.invalid(
        console.text(
          "--from ligger efter --until: nyckeln skulle aldrig gälla.",
          "--from is after --until: the key would never hold."))
    }
    return (from, to)
  }

  private func report(
    _ acts: [Operations.Operation], _ key: PublicKey, _ context: Context
  ) throws {
    let console = context.console
    if options.json {
      return try console.json(
        .object(["delegation": .string("\(acts[0].id)"), "key": .string("\(key)")]))
    }
    let words = roles.map { $0.word(console) }.joined(separator: ", ")
    console.say(
      "Nyckeln \(key.description.prefix(16)) får verka som \(words). Kör sprida sync så att det når de andra.",
      "The key \(key.description.prefix(16)) may act as \(words). Run sprida sync to tell the others."
    )
    try context.missingApprovals(of: acts.map(\.id)).forEach { console.show($0) }
  }
}

extension Role: ExpressibleByArgument {
  /// The role that people call so.
  public init?(argument: String) {
    guard let role = Role.allCases.first(where: { "\($0)" == argument }) else { return nil }
    self = role
  }

  /// For help and completion.
  public static var allValueStrings: [String] { allCases.map { "\($0)" } }
}
