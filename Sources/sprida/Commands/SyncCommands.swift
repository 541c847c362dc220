import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import Node
import OperationStore
import Operations
import PeerTransport
import Practice
import ServiceLifecycle
import Signatures
import SyncSession
import UnixSignals

struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: words("Utbyt nytt med grannarna nu.", "Exchange with peers now."),
    discussion: words(
      """
      sprida sync                  med några grannar, och med rådet
      sprida sync kommun:1441      med en
      """,
      """
      sprida sync                  with some peers, and the council
      sprida sync kommun:1441      with one
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "En kod, ett namn eller en adress i stadgan; annars alla.",
        "A code, a name or an address of the charter; else all."),
      valueName: words("granne", "peer")))
  var peer: String?

  func run() async throws {
    let context = try options.context()
    let identity = try context.directory.key(.node)
    let peers = try peers(context, identity)
    let progress = Progress(context.console)
    let duty = try ErasureDuty(context.directory, store: context.store, audit: context.audit)
    let aftermath = SessionAftermath(store: context.store, audit: context.audit, duty: duty)
    duty.carryOut()
    var results: [JSON] = []
    var unreachable: [String] = []
    var unequal: [String] = []
    for peer in peers {
      do {
        var outcome: SyncOutcome
        repeat {
          outcome = try await Syncing.call(
            peer, store: context.store, identity: identity, progress: progress.show
          ) {
            context.audit.append(refusedBy: $0, peer: peer.key)
          }
          progress.clear()
          try aftermath.follow(outcome, .out)
          results.append(json(peer, outcome))
          if !options.json { tell(peer, outcome, context) }
        } while try Syncing.mayFetchMore(after: outcome, store: context.store)
        if !outcome.report.isEqual { unequal.append(peer.name) }
      } catch let error where error is PeerTransportError || error is SessionError {
        context.audit.append(
          .refusal(RefusalCause(error), peer: peer.key, address: peer.address))
        results.append(
          .object([
            "peer": .string(peer.name), "address": .string(peer.address), "equal": .bool(false),
            "error": .string("\(error)"),
          ]))
        unreachable.append(
          Console.line(peer.name) + ": " + Wording(language: context.console.language).of(error))
      }
    }
    try Setup.completeDelegations(
      directory: context.directory, store: context.store, audit: context.audit)
    if options.json { try context.console.json(.array(results)) }
    if !unreachable.isEmpty { throw Failure.peer(unreachable.joined(separator: "\n        ")) }
    if !unequal.isEmpty {
      throw Failure.unequal(
        context.console.text("Inte lika med: ", "Not equal to: ") + unequal.joined(separator: ", "))
    }
  }

  private func peers(_ context: Context, _ identity: SigningKey) throws -> [Peer] {
    let charter = try context.store.charter()
    let known = Peers(
      charter: charter, link: try context.directory.settings.regionLink, own: identity.publicKey)
    if let peer { return try known.named(peer, charter: charter) }
    var generator = SystemRandomNumberGenerator()
    let peers = known.tonight(council: charter.region, using: &generator)
    guard !peers.isEmpty else { throw NodeError.noPeers }
    return peers
  }

  private func tell(_ peer: Peer, _ outcome: SyncOutcome, _ context: Context) {
    let console = context.console
    let report = outcome.report
    let equal = equality(report, context)
    let (received, sent) = (
      console.number(report.received), console.number(report.sent)
    )
    let bytes =
      console.number(outcome.bytesReceived) + " + " + console.number(outcome.bytesSent)
    let trips = console.count(report.roundTrips, .roundTrip)
    let time = console.number(Int(outcome.duration / .milliseconds(1)))
    console.show(
      console.text("Synk med \(peer.name): ", "Sync with \(peer.name): ")
        + console.text(
          "\(received) hämtade, \(sent) skickade, \(bytes) byte, \(trips), \(time) ms, lika: ",
          "\(received) received, \(sent) sent, \(bytes) bytes, \(trips), \(time) ms, equal: "
        ) + equal)
    if let failure = outcome.filesFailure {
      let reason = Wording(language: console.language).of(failure)
      console.warn(
        "  bilagorna kom inte alla över, resten tas nästa gång: \(reason)",
        "  not all attachments came across, the rest will next time: \(reason)")
    }
    if report.attachmentsReceived + report.attachmentsSent > 0 {
      console.say(
        "  bilagor: \(report.attachmentsReceived) hämtade, \(report.attachmentsSent) skickade",
        "  attachments: \(report.attachmentsReceived) received, \(report.attachmentsSent) sent")
    }
    for refusal in report.refusals.prefix(5) {
      console.warn(
        "  avvisad \(refusal.id.description.prefix(12)): \(refusal.reason) (\(refusal.code))",
        "  refused \(refusal.id.description.prefix(12)): \(refusal.reason) (\(refusal.code))")
    }
    if report.isCopy {
      console.warn(
        "  lagret är en kopia eller har backats: \(peer.name) minns vad det inte har. Inget går förlorat; "
          + "kör sprida doctor",
        "  the store is a copy or was rolled back: \(peer.name) remembers what it lacks. Nothing is lost; "
          + "run sprida doctor")
    }
    if report.alarm {
      console.warn(
        "  LARM: mängderna skilde sig fast fingeravtrycken var lika; spara loggen och kontakta rådet",
        "  ALARM: the sets differed though the fingerprints agreed; keep the log, tell the council")
    }
    if abs(report.clockSkew) > 15 * 60 * 1000 {
      console.warn(
        "  klockan går \(report.clockSkew / 1000) s fel mot \(peer.name)",
        "  the clock is \(report.clockSkew / 1000) s off against \(peer.name)")
    }
  }

  private func equality(_ report: SessionReport, _ context: Context) -> String {
    let console = context.console
    if report.isEqual { return console.text("ja", "yes") }
    guard report.isEqualButForPaused, let charter = try? context.store.charter() else {
      return console.red(console.text("nej", "no"))
    }
    let names = report.paused.map { context.organisationName($0, charter) }.joined(separator: ", ")
    return console.red(
      console.text("så när som på \(names) (pausad)", "but for \(names) (paused)"))
  }

  private func json(_ peer: Peer, _ outcome: SyncOutcome) -> JSON {
    let report = outcome.report
    return .object([
      "peer": .string(peer.name), "address": .string(peer.address),
      "received": .number(report.received), "sent": .number(report.sent),
      "attachments_received": .number(report.attachmentsReceived),
      "attachments_sent": .number(report.attachmentsSent),
      "duplicates": .number(report.duplicates),
      "waiting": .number(report.waiting),
      "refused": .array(
        report.refusals.prefix(100).map {
          .object([
            "id": .string("\($0.id)"), "code": .string($0.code), "reason": .string($0.reason),
          ])
        }),
      "bytes_in": .number(outcome.bytesReceived), "bytes_out": .number(outcome.bytesSent),
      "round_trips": .number(report.roundTrips),
      "milliseconds": .number(Int(outcome.duration / .milliseconds(1))),
      "reconciled": .bool(report.usedReconciliation), "alarm": .bool(report.alarm),
      "equal": .bool(report.isEqual),
      "equal_but_for": report.isEqualButForPaused
        ? .array(report.paused.map { .string("\($0)") }) : .array([]),
      "copy": .bool(report.isCopy), "operations": .number(Int64(clamping: report.count)),
      "set_digest": .string("\(report.digest)"),
    ])
  }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: words(
      "Svara grannar och synka varje natt, tills den stoppas.",
      "Answer peers and sync every night, until stopped."),
    discussion: "sprida serve --listen 0.0.0.0:7441")

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words(
        "Var noden lyssnar; annars på porten i nodens adress, på alla gränssnitt.",
        "Where to listen; else the port of the node's address on all interfaces."),
      valueName: words("värd:port", "host:port")))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Timmen (UTC) då nattens synk börjar.", "The hour (UTC) in which the nightly sync starts."),
      valueName: "0-23"))
  var hour = 1

  func validate() throws {
    guard (0...23).contains(hour) else {
      throw ValidationError(
        words(
          "--hour: hittade \(hour), väntade 0 till 23.", "--hour: found \(hour), expected 0 to 23.")
      )
    }
  }

  func run() async throws {
    let context = try options.context()
    let console = context.console
    let identity = try context.directory.key(.node)
    let link = try context.directory.settings.regionLink
    var logger = Logger(label: "sprida") { _ in LineLogHandler() }
    logger.logLevel = .info
    let audit = AuditLog(folder: context.directory.path) { [logger] in
      logger.warning("the audit log could not be written", metadata: ["reason": "\($0)"])
    }
    let duty = try ErasureDuty(context.directory, store: context.store, audit: audit)
    var services: [any Service] = [
      NightlyService(
        store: context.store, identity: identity, link: link, hour: hour, audit: audit, duty: duty,
        logger: logger)
    ]
    if let address = try listeningAddress(context) {
      let listener = try await ListenerService.bind(
        host: address.host, port: address.port, store: context.store, identity: identity,
        audit: audit, duty: duty, logger: logger
      ) { port in
        // Not buffered: whoever started the process waits for this line.
        StandardStreams.write(
          Array("\(console.text("Lyssnar på", "Listening on")) \(address.host):\(port)\n".utf8))
      }
      services.insert(listener, at: 0)
    } else {
      context.console.say("Ringer bara ut.", "Only calling out.")
    }
    var configuration = ServiceGroupConfiguration(
      services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
      logger: logger)
    // A session that has not ended by then goes on the next night.
    configuration.maximumGracefulShutdownDuration = .seconds(30)
    let group = ServiceGroup(configuration: configuration)
    audit.append(.node(.started))
    defer { audit.append(.node(.stopped)) }
    try await group.run()
  }

  /// Nil for a node that nobody calls.
  private func listeningAddress(_ context: Context) throws -> PeerAddress? {
    if let listen {
      guard let address = PeerAddress(listen) else { throw NodeError.address(listen) }
      return address
    }
    let own = context.directory.settings.address
    guard let address = PeerAddress(own) else { return nil }
    return PeerAddress("0.0.0.0:\(address.port)")
  }
}
