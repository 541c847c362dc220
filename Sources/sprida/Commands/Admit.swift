import ArgumentParser
import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import PeerTransport
import Practice
import Signatures

struct Admit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "admit",
    abstract: words(
      "Anta en organisation i kretsen (på rådets nod).",
      "Admit an organisation to the region (on the council's node)."),
    discussion: words(
      """
      sprida admit sprida-join:…      raden som organisationen skickade; - läser den
      sprida admit --hosted org:2021003054 --name KTH
                                      en utan nod: dess nycklar finns här
      """,
      """
      sprida admit sprida-join:…      the line that the organisation sent; - reads it
      sprida admit --hosted org:2021003054 --name KTH
                                      one without a node: its keys stay here
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words("Ansökan, eller - för standard in.", "The join request, or - for standard input."),
      valueName: words("ansökan", "request")))
  var request: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Anta en organisation utan egen nod; flera koder med komma emellan.",
        "Admit an organisation that keeps no node; several codes by comma."),
      valueName: words("kod", "code")))
  var hosted: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Koden för den kommun eller region vars bolag den är.",
        "The code of the municipality or region whose company it is."),
      valueName: words("kod", "code")))
  var ownedBy: String?

  @Option(
    help: ArgumentHelp(
      words("Namnet på organisationen utan nod.", "The hosted organisation's name."),
      valueName: words("namn", "name")))
  var name: String?

  func validate() throws {
    guard (request == nil) != (hosted == nil) else {
      throw ValidationError(
        words("Ange en ansökan eller --hosted.", "Give a join request or --hosted."))
    }
    guard hosted != nil || (name == nil && ownedBy == nil) else {
      throw ValidationError(
        words(
          "--name och --owned-by hör till --hosted.", "--name and --owned-by go with --hosted."))
    }
  }

  func run() throws {
    let context = try options.context()
    let operation = try hosted.map { try host($0, context) } ?? admit(context)
    let console = context.console
    let charter = try context.store.charter()
    if options.json {
      return try console.json(
        .object([
          "organisation": .string("\(operation.id)"),
          "name": .string(charter.organisation(operation.id)?.name ?? ""),
        ]))
    }
    let name = context.organisationName(operation.id, charter)
    let codes = charter.organisation(operation.id)?.codes.text ?? ""
    let address = charter.nodes.first { $0.organisation == operation.id }?.address ?? ""
    let place = address.isEmpty ? console.text("ringer bara ut", "only calls out") : address
    console.say(
      "\(name) (\(codes), \(place)) är med i kretsen.",
      "\(name) (\(codes), \(place)) is admitted.")
  }

  private func admit(_ context: Context) throws -> Operations.Operation {
    let request = try JoinRequest(text: try Given.text(request ?? "-"))
    let console = context.console
    guard request.region == context.store.region else {
      throw Failure.invalid(
        console.text("Ansökan gäller en annan krets.", "The request is for another region."))
    }
    try check(request, context)
    let admitted = try context.store.sign(
      [.act(.admit(request.admission), name: request.name)],
      with: try context.directory.key(.council), as: [.council])[0]
    context.audit.append(acts: [admitted], organisation: admitted.id)
    return admitted
  }

  /// The council signs this for ever, so what a stranger wrote is judged first.
  private func check(_ request: JoinRequest, _ context: Context) throws {
    let console = context.console
    let admission = request.admission
    let codes = try GivenCodes.checked(AdmissionCodes(admission.code), console)
    guard codes.text == admission.code else {
      throw Failure.invalid(
        console.text(
          "Ansökans koder: hittade ”\(Console.line(admission.code))”, väntade ”\(codes.text)”.",
          "The request's codes: found “\(Console.line(admission.code))”, expected “\(codes.text)”.")
      )
    }
    try refuseTwice(codes, context)
    guard admission.address.isEmpty || PeerAddress(admission.address) != nil else {
      throw NodeError.address(admission.address)
    }
    guard admission.root.isValidPoint, admission.node.isValidPoint else {
      throw Failure.invalid(
        console.text("Ansökans nycklar är ogiltiga.", "The keys of the request are not valid."))
    }
    guard try context.store.charter().node(admission.node) == nil else {
      throw Failure.invalid(
        console.text(
          "Nodnyckeln hör redan till någon.", "The node key belongs to somebody already."))
    }
  }

  private func host(_ list: String, _ context: Context) throws -> Operations.Operation {
    let codes = try GivenCodes.read(list, ownedBy: ownedBy, context.console)
    guard let name = name ?? GivenCodes.knownName(codes) else {
      throw Failure.invalid(context.console.text("Ange --name.", "Give --name."))
    }
    try refuseTwice(codes, context)
    return try Setup.host(
      codes: codes, name: name, directory: context.directory, store: context.store,
      audit: context.audit)
  }

  /// Two live admissions of one code would make the code resolve to nobody.
  private func refuseTwice(_ codes: AdmissionCodes, _ context: Context) throws {
    let present = try context.store.charter().organisations.filter { !$0.isRemoved }
    for code in codes.own {
      guard let held = present.first(where: { $0.codes.own.contains(code) }) else { continue }
      throw Failure.invalid(
        context.console.text(
          "\(code) är redan antagen som \(held.name).",
          "\(code) is admitted already, as \(held.name)."))
    }
  }
}

/// What people give as an argument or by a pipe.
enum Given {
  /// The argument itself, or standard input for `-`.
  static func text(_ argument: String) throws -> String {
    guard argument == "-" else { return argument }
    return try text(StandardStreams.readAll(), from: words("standard in", "standard input"))
  }

  /// Bytes as text; what is not UTF-8 is refused, for it would be signed with its å, ä and ö lost.
  static func text(_ bytes: [UInt8], from name: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure.invalid(
        words(
          "\(name) är inte text i UTF-8; spara som UTF-8, eller ställ in terminalen på det.",
          "\(name) is not text in UTF-8; save it as UTF-8, or set the terminal to it."))
    }
    return text
  }

  /// The contents of a file, or of standard input for `-`.
  static func file(_ path: String) throws -> String {
    if path == "-" { return try text("-") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.invalid(words("\(path) går inte att läsa.", "\(path) cannot be read."))
    }
    return try text([UInt8](data), from: path)
  }

  /// The JSON in a file; `expected` says what a file without any lacks.
  static func json(_ path: String, _ console: Console, orElse expected: String) throws -> JSON {
    let text = try file(path)
    do {
      return try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    } catch {
      throw Failure.invalid(console.text("\(path) \(expected).", "\(path) \(expected)."))
    }
  }
}
