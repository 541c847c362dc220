import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Answers browsers and portals, and changes nothing.
package struct WebService: Sendable {
  private let site: LiveSite
  private let host: String
  private let port: Int
  private let logger: Logger
  private let files = FileIO()

  package init(_ site: LiveSite, host: String, port: Int, logger: Logger) {
    (self.site, self.host, self.port, self.logger) = (site, host, port, logger)
  }

  /// Runs until the process is told to end; `onReady` gets the port.
  package func run(onReady: @escaping @Sendable (Int) -> Void) async throws {
    let router = Router(options: [.autoGenerateHeadEndpoints])
    router.get("/health") { _, _ in try Self.health(site) }
    router.get("/metrics") { _, _ in
      Self.response(try site.metrics(), "text/plain; version=0.0.4; charset=utf-8")
    }
    for path in ["/", "/**"] { router.get(.init(path)) { try await answer($0, $1) } }
    var application = Application(
      router: router,
      configuration: .init(address: .hostname(host, port: port), serverName: "sprida"),
      onServerRunning: { channel in onReady(channel.localAddress?.port ?? 0) }, logger: logger)
    application.addServices(SiteRefresher(site: site, logger: logger))
    try await application.runService()
  }

  private func answer(
    _ request: Request, _ context: BasicRequestContext
  ) async throws -> Response {
    let path = String(request.uri.path.drop { $0 == "/" })
    let parameters = Dictionary(
      request.uri.queryParameters.map { (String($0.key), String($0.value)) },
      uniquingKeysWith: { first, _ in first })
    let name = path.isEmpty ? "index.html" : path.hasSuffix("/") ? path + "index.html" : path
    guard let (content, version) = try site.content(at: name, parameters) else {
      return Self.response(try site.missing(at: name), LiveSite.html, status: .notFound)
    }
    let tag = "\"\(version)\""
    if request.headers[.ifNoneMatch] == tag, parameters.isEmpty {
      return Response(status: .notModified, headers: [.eTag: tag])
    }
    var response =
      switch content {
      case .text(let text, let type): Self.response(text, type)
      case .file(let path, let type):
        Self.response(try await files.loadFile(path: path, context: context), type)
      }
    response.headers[.eTag] = tag
    return response
  }

  private static func health(_ site: LiveSite) throws -> Response {
    do {
      return response(
        "{\"status\": \"ok\", \"version\": \"\(try site.version())\"}\n", "application/json")
    } catch {
      return response(
        "{\"status\": \"failed\"}\n", "application/json", status: .serviceUnavailable)
    }
  }

  /// Nothing is guessed, framed, run, or told to others.
  private static func response(
    _ text: String, _ type: String, status: HTTPResponse.Status = .ok
  ) -> Response {
    response(.init(byteBuffer: ByteBuffer(string: text)), type, status: status)
  }

  private static func response(
    _ body: ResponseBody, _ type: String, status: HTTPResponse.Status = .ok
  ) -> Response {
    var headers: HTTPFields = [
      .contentType: type, .xContentTypeOptions: "nosniff", .cacheControl: "no-cache",
      .contentSecurityPolicy: """
      default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
      base-uri 'none'; frame-ancestors 'none'
      """,
    ]
    if let policy = HTTPField.Name("Referrer-Policy") { headers[policy] = "no-referrer" }
    return Response(status: status, headers: headers, body: body)
  }
}
