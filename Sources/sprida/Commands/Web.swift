import Aggregation
import ArgumentParser
import FoundationEssentials
import Logging
import Node
import NodeWeb
import OperationStore
import Operations
import PeerTransport
import Practice

struct Web: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "web",
    abstract: words(
      "Visa katalogen för webbläsare, tills den stoppas.",
      "Show the catalogue to browsers, until stopped."),
    discussion: words(
      """
      sprida web --listen 127.0.0.1:8080

      Sidorna kan bara läsas. Låt en webbserver med TLS stå framför. Där finns också
      /search, /health, /metrics (Prometheus), feed.atom och det andra som sprida export
      skriver.
      """,
      """
      sprida web --listen 127.0.0.1:8080

      The pages can only be read. Put a web server with TLS in front. There are also
      /search, /health, /metrics (Prometheus), feed.atom and whatever else sprida export
      writes.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var publishing: PublishingOptions

  @Option(
    help: ArgumentHelp(
      words("Var den lyssnar.", "Where to listen."), valueName: words("värd:port", "host:port")))
  var listen = "127.0.0.1:8080"

  func run() async throws {
    let context = try options.context()
    let console = context.console
    guard let address = PeerAddress(listen) else { throw NodeError.address(listen) }
    let settings = try publishing.settings(
      console, orElse: "http://\(address.host):\(address.port)/")
    let charter = try context.store.charter()
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "sprida-web-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let site = try LiveSite(
      context.store, try context.holdings(of: context.store),
      publisher: try context.ownOrganisation(charter)?.id, settings,
      program: Sprida.configuration.version, folder: folder, today: { SystemClock.today })
    var logger = Logger(label: "sprida") { _ in LineLogHandler() }
    logger.logLevel = .warning
    let service = WebService(site, host: address.host, port: address.port, logger: logger)
    try await service.run { port in
      // Not buffered: whoever started the process waits for this line.
      console.data(
        console.text("Läs på", "Read at") + " http://\(address.host):\(port)/\n")
    }
  }
}
