import Aggregation
import FoundationEssentials
import OperationStore
import Operations
import Practice
import Signatures
import Synchronization

/// The site of a store as it is now: made anew when something has arrived or a day has begun.
package final class LiveSite: Sendable {
  package let store: OperationStore
  package let settings: Catalogue.Settings
  private let publisher: Digest?
  private let today: @Sendable () -> String
  /// The version of the program, which makes the same set into other pages.
  private let program: String
  private let made = Mutex<Made?>(nil)

  private struct Made: Sendable {
    let arrival: UInt64
    let day: String
    let site: Site
    let catalogue: Catalogue
  }

  /// `today` gives whole days, `2026-11-28`.
  package init(
    _ store: OperationStore, publisher: Digest?, _ settings: Catalogue.Settings,
    program: String, today: @escaping @Sendable () -> String
  ) {
    (self.store, self.publisher, self.settings, self.today) = (store, publisher, settings, today)
    self.program = program
  }

  private func current() throws -> Made {
    let (arrival, day) = (try store.snapshot().last.number, today())
    return try made.withLock { made in
      if let made, made.arrival == arrival, made.day == day { return made }
      let (catalogue, facts) = try store.consistently {
        let catalogue = try Catalogue(store, publisher: publisher, asOf: day)
        return (
          catalogue, try ReportFacts(store, asOf: day, published: catalogue.published)
        )
      }
      let site = try Site(
        catalogue, ReportName.allCases.map { Report($0, facts) }, settings, hasSearch: true)
      let fresh = Made(arrival: arrival, day: day, site: site, catalogue: catalogue)
      made = fresh
      return fresh
    }
  }

  /// What is at an address, and its type; nil when nothing is.
  package func content(
    at path: String, _ parameters: [String: String]
  ) throws -> (bytes: [UInt8], type: String)? {
    let made = try current()
    if path == "search" || path == "en/search" {
      let language: Language = path == "search" ? .swedish : .english
      let page = try SearchPage(made.site, store, parameters, language).page
      return (Array(try made.site.render(page, language).utf8), Self.html)
    }
    if let form = ExportForm.allCases.first(where: { $0.fileName == path }) {
      let writer = CatalogueWriter(store, made.catalogue, settings)
      let bytes =
        form == .sqlite ? try database(writer) : try writer.text(form).map { Array($0.utf8) }
      return bytes.map { ($0, form.mediaType) }
    }
    return try made.site.text(at: path).map {
      (Array($0.utf8), path.hasSuffix(".css") ? "text/css; charset=utf-8" : Self.html)
    }
  }

  /// What is shown where nothing is.
  package func missing(at path: String) throws -> String { try current().site.missing(at: path) }

  package static let html = "text/html; charset=utf-8"

  /// The file of the form `sqlite`, made for one answer.
  private func database(_ writer: CatalogueWriter) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(
      path: "sprida-\(UUID().uuidString).sqlite")
    defer { try? FileManager.default.removeItem(at: file) }
    try writer.writeDatabase(to: file.path)
    return [UInt8](try Data(contentsOf: file))
  }

  /// Changes whenever anything that is shown does.
  package func version() throws -> String {
    let made = try current()
    return "\(program)-" + String("\(made.catalogue.digest)".prefix(16)) + "-" + made.day
  }

  /// For Prometheus.
  package func metrics() throws -> String {
    let (made, status) = (try current(), try store.status())
    let figures: [(name: String, help: String, value: Int)] = [
      ("sprida_operations", "Operations held", status.held),
      ("sprida_entries", "Entries published", made.catalogue.entries.count),
      (
        "sprida_entries_stale", "Entries that nobody has confirmed for eighteen months",
        made.catalogue.entries.count(where: \.freshness.isStale)
      ),
      (
        "sprida_conflicts", "Fields in conflict",
        made.catalogue.entries.reduce(0) { $0 + $1.state.conflicts.count }
      ),
      ("sprida_organisations", "Organisations in the roster", made.catalogue.organisations.count),
      ("sprida_waiting", "Operations that wait for what they follow", status.waiting),
      (
        "sprida_refusals_total", "Operations refused",
        status.refusals.reduce(0) { $0 + $1.count }
      ),
    ]
    let sessions = status.peers.map { peer in
      "sprida_peer_session_seconds{node=\"\(peer.node)\"} \(peer.latest / 1000)"
    }
    return figures.map { "# HELP \($0.name) \($0.help)\n\($0.name) \($0.value)\n" }.joined()
      + "# HELP sprida_peer_session_seconds Latest session with a node, seconds since 1970\n"
      + sessions.map { $0 + "\n" }.joined()
  }
}
