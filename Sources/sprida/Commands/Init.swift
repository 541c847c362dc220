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
    commandName: "init",
    abstract: words(
      "Skapa en nod: för ett råd, en organisation eller en handläggares dator.",
      "Make a node: of a council, of an organisation, or of an officer's device."),
    discussion: words(
      """
      sprida init --council "Mälardalsrådet" --address sprida.malardalsradet.se:7441
      sprida init --organisation kommun:1441 --region LÄNK --address VÄRD:PORT
      sprida init --device --region LÄNK               en handläggares dator
      sprida init --device --region LÄNK --role admin  en kollegas, som får delegera

      Ett råd av flera, av vilka tre måste vara överens om det som rör alla:
      sprida init --member                    var och en får en rad till grundaren
      sprida init --council NAMN --member-line RAD --member-line RAD --threshold 3
      sprida init --member --region LÄNK      var och en, med grundarens länk
      """,
      """
      sprida init --council "Mälardalsrådet" --address sprida.malardalsradet.se:7441
      sprida init --organisation kommun:1441 --region LINK --address HOST:PORT
      sprida init --device --region LINK               an officer's device
      sprida init --device --region LINK --role admin  a colleague's, to delegate

      A council of several, of whom three must agree on what concerns everybody:
      sprida init --member                    each gets a line for the founder
      sprida init --council NAME --member-line LINE --member-line LINE --threshold 3
      sprida init --member --region LINK      each, with the founder's link
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words("Grunda en krets med det här rådet.", "Found a region with this council."),
      valueName: words("namn", "name")))
  var council: String?

  @Option(
    help: ArgumentHelp(
      words(
        "kommun:1441, region:14 eller org:2021003054; flera med komma emellan.",
        "kommun:1441, region:14 or org:2021003054; several by comma."),
      valueName: words("kod", "code")))
  var organisation: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Koden för den kommun eller region vars bolag organisationen är.",
        "The code of the municipality or region whose company the organisation is."),
      valueName: words("kod", "code")))
  var ownedBy: String?

  @Flag(
    help: ArgumentHelp(
      words(
        "En persons dator: egna nycklar, och ingen ringer till den.",
        "A person's device: keys of its own, no listener.")))
  var device = false

  @Option(
    help: ArgumentHelp(
      words(
        "Vad datorns nyckel är till för: author, reviewer, admin eller council; annars author.",
        "What the device's key is for: author, reviewer, admin or council; else author."),
      valueName: words("roll", "role")))
  var role: Role?

  @Flag(
    help: ArgumentHelp(
      words(
        "En plats i rådet för en krets som ska grundas.",
        "A seat in the council of a region that is about to be founded.")))
  var member = false

  @Option(
    help: ArgumentHelp(
      words("Ännu en som sitter i rådet.", "Another who sits in the council."),
      valueName: words("rad", "line")))
  var memberLine: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        "Hur många i rådet som måste stå bakom det som rör alla.",
        "How many of the council must stand behind what concerns everybody."),
      valueName: words("antal", "number")))
  var threshold: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      words("Kretslänken som rådet har fått.", "The region link that the council prints."),
      valueName: words("länk", "link")))
  var region: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Organisationens namn, om kodlistan saknar det.",
        "The organisation's name, if the code list has none."), valueName: words("namn", "name")))
  var name: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Där andra når noden; utan adress ringer den bara ut.",
        "Where others call this node; none: it only calls out."),
      valueName: words("värd:port", "host:port")))
  var address = ""

  func validate() throws {
    let kinds = [council != nil, organisation != nil, device, member].count { $0 }
    guard kinds == 1 else {
      throw ValidationError(
        words(
          "Ange en av --council, --organisation, --device och --member.",
          "Give one of --council, --organisation, --device and --member."))
    }
    guard member || (council == nil) == (region != nil) else {
      throw ValidationError(
        words(
          "--region LÄNK hör till --organisation, --device och --member.",
          "--region LINK goes with --organisation, --device and --member."))
    }
    guard ownedBy == nil || organisation != nil else {
      throw ValidationError(
        words("--owned-by hör till --organisation.", "--owned-by goes with --organisation."))
    }
    guard council != nil || (memberLine.isEmpty && threshold == 1) else {
      throw ValidationError(
        words(
          "--member-line och --threshold hör till --council.",
          "--member-line and --threshold go with --council."))
    }
    guard (1...UInt64(memberLine.count + 1)).contains(threshold) else {
      throw ValidationError(
        words(
          "--threshold: hittade \(threshold), väntade 1 till \(memberLine.count + 1), rådets platser.",
          "--threshold: found \(threshold), expected 1 to \(memberLine.count + 1), the council's seats."
        )
      )
    }
    guard memberLine.count < Limits.councilKeysMax else {
      throw ValidationError(
        words(
          "Ett råd har högst \(Limits.councilKeysMax) platser.",
          "A council has at most \(Limits.councilKeysMax) seats."))
    }
    let roles: [Role] = [.author, .reviewer, .admin, .council]
    guard role == nil || device, roles.contains(role ?? .author) else {
      throw ValidationError(
        words(
          "--role author, reviewer, admin eller council hör till --device.",
          "--role author, reviewer, admin or council goes with --device."))
    }
    guard address.isEmpty || PeerAddress(address) != nil else {
      throw ValidationError(
        words(
          "--address: hittade ”\(address)”, väntade värd:port.",
          "--address: found “\(address)”, expected host:port."))
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
    let codes = try GivenCodes.read(text, ownedBy: ownedBy, console)
    guard let name = name ?? GivenCodes.knownName(codes) else {
      throw Failure.invalid(
        console.text(
          "\(text) har inget känt namn; ange --name.", "\(text) has no known name; give --name."))
    }
    let request = try Setup.join(
      codes: codes, name: name, address: address, link: link, folder: options.folder,
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
