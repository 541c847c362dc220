import ArgumentParser
import Node
import OperationStore
import Operations
import PeerTransport
import Practice
import Signatures
import WireFormat

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a node: of a council, of an organisation, or of an officer's device.",
    discussion: """
      sprida init --council "Mälardalsrådet" --address sprida.malardalsradet.se:7441
      sprida init --organisation kommun:1441 --region LINK --address sprida.lerum.se:7441
      sprida init --device --region LINK              an officer's; --role admin for a colleague's

      A council of several, of whom three must agree on what concerns everybody:
      sprida init --member                            each prints a line for the one who founds
      sprida init --council "Mälardalsrådet" --member-line LINE --member-line LINE --threshold 3 …
      sprida init --member --region LINK              each, with the link that the founder got
      """)

  @OptionGroup var options: GlobalOptions

  @Option(help: ArgumentHelp("Found a region with this council.", valueName: "name"))
  var council: String?

  @Option(help: ArgumentHelp("kommun:1441, region:14 or org:2021003054.", valueName: "code"))
  var organisation: String?

  @Flag(help: "A person's device: keys of its own, no listener.")
  var device = false

  @Option(help: "What the device's key is for: author, reviewer, admin or council.")
  var role: Role = .author

  @Flag(help: "A seat in the council of a region that is about to be founded.")
  var member = false

  @Option(help: ArgumentHelp("Another who sits in the council.", valueName: "line"))
  var memberLine: [String] = []

  @Option(
    help: ArgumentHelp(
      "How many of the council must stand behind what concerns everybody.", valueName: "number"))
  var threshold: UInt64 = 1

  @Option(help: ArgumentHelp("The region link that the council prints.", valueName: "link"))
  var region: String?

  @Option(
    help: ArgumentHelp("The organisation's name, if the code list has none.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Where others call this node; none: it only calls out.", valueName: "host:port"))
  var address = ""

  func validate() throws {
    let kinds = [council != nil, organisation != nil, device, member].count { $0 }
    guard kinds == 1 else {
      throw ValidationError("Give one of --council, --organisation, --device and --member.")
    }
    guard member || (council == nil) == (region != nil) else {
      throw ValidationError("--region LINK goes with --organisation, --device and --member.")
    }
    guard council != nil || (memberLine.isEmpty && threshold == 1) else {
      throw ValidationError("--member-line and --threshold go with --council.")
    }
    guard (1...UInt64(memberLine.count + 1)).contains(threshold) else {
      throw ValidationError(
        "--threshold: found \(threshold), expected 1 to \(memberLine.count + 1), the council's seats."
      )
    }
    guard memberLine.count < Limits.councilKeysMax else {
      throw ValidationError("A council has at most \(Limits.councilKeysMax) seats.")
    }
    guard [.author, .reviewer, .admin, .council].contains(role), device || role == .author else {
      throw ValidationError("--role author, reviewer, admin or council goes with --device.")
    }
    guard address.isEmpty || PeerAddress(address) != nil else {
      throw ValidationError("--address: found “\(address)”, expected host:port.")
    }
  }

  func run() throws {
    if let council { return try founding(council) }
    if member, region == nil { return try drawingSeat() }
    let link = try RegionLink(text: region ?? "")
    if let organisation { return try joining(organisation, link) }
    if member { return try takingSeat(link) }
    try enrolling(link)
  }

  private func founding(_ name: String) throws {
    let console = options.console
    let members = try memberLine.map { try CouncilMember(text: try Given.text($0)) }
    guard Set(members.map(\.key)).count == members.count else {
      throw Failure.invalid(
        console.text(
          "En plats i rådet är angiven två gånger.", "A seat of the council is given twice."))
    }
    let setup = try Setup.found(
      name: name, address: address, members: members, threshold: threshold, folder: options.folder,
      audit: options.auditLog)
    if options.json {
      return try console.json(
        .object(["region": .string("\(setup.store.region)"), "link": .string(setup.link.text)]))
    }
    console.say(
      "Kretsen \(name) är grundad i \(options.folder).",
      "The region of \(name) is founded in \(options.folder).")
    console.say(
      "Ge den här kretslänken till varje organisation som ska med:",
      "Give this region link to every organisation that is to join:")
    console.say("\n\(setup.link.text)\n")
    console.say(
      "Flytta keys/council.key, keys/next-council.key och keys/admin.key till ett säkert ställe; "
        + "serve behöver dem inte.",
      "Move keys/council.key, keys/next-council.key and keys/admin.key to a safe place; "
        + "serve does not need them.")
  }

  private func joining(_ text: String, _ link: RegionLink) throws {
    let console = options.console
    let code = try code(text)
    guard let name = name ?? code.displayName else {
      throw Failure.invalid(
        console.text(
          "\(text) har inget känt namn; ange --name.", "\(text) has no known name; give --name."))
    }
    let request = try Setup.join(
      code: code.description, name: name, address: address, link: link, folder: options.folder,
      audit: options.auditLog)
    if options.json { return try console.json(.object(["request": .string(request)])) }
    console.say(
      "\(name) har en nod i \(options.folder). Skicka den här raden till rådet:",
      "\(name) has a node in \(options.folder). Send this line to the council:")
    console.say("\n\(request)\n")
    console.say(
      "När rådet har svarat: sprida sync, sedan sprida key delegate --here för en handläggare.",
      "When the council has answered: sprida sync, then sprida key delegate --here for an officer.")
  }

  private func code(_ text: String) throws -> OrganisationCode {
    do {
      return try OrganisationCode(parsing: text)
    } catch {
      throw Failure.invalid(error.message(language: options.console.language))
    }
  }

  private func drawingSeat() throws {
    let line = try Setup.drawSeat(folder: options.folder, audit: options.auditLog)
    let console = options.console
    if options.json { return try console.json(.object(["member": .string(line)])) }
    console.say(
      "Skicka den här raden till den som grundar kretsen (sprida init --council … --member-line RAD):",
      "Send this line to whoever founds the region (sprida init --council … --member-line LINE):")
    console.say("\n\(line)\n")
    console.say(
      "När du har fått kretslänken: sprida init --member --region LÄNK, i samma mapp.",
      "Once you have the region link: sprida init --member --region LINK, in the same folder.")
  }

  private func takingSeat(_ link: RegionLink) throws {
    let store = try Setup.takeSeat(
      link: link, address: address, folder: options.folder, audit: options.auditLog)
    let console = options.console
    if options.json { return try console.json(.object(["region": .string("\(store.region)")])) }
    console.say(
      "Du sitter i rådet; noden finns i \(options.folder). Kör sprida sync.",
      "You sit in the council; the node is in \(options.folder). Run sprida sync.")
  }

  private var keyName: NodeDirectory.KeyName {
    switch role {
    case .admin: .admin
    case .council: .council
    default: .officer
    }
  }

  private func enrolling(_ link: RegionLink) throws {
    let request = try Setup.enrol(
      link: link, as: keyName, folder: options.folder, audit: options.auditLog)
    let console = options.console
    if options.json { return try console.json(.object(["request": .string(request)])) }
    console.say(
      "Skicka den här raden till den som sköter organisationens nod (sprida key delegate RAD):",
      "Send this line to whoever runs your organisation's node (sprida key delegate LINE):")
    console.say("\n\(request)\n")
  }
}
