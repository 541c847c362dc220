import Aggregation
import OperationStore
import Operations
import Practice
import Signatures
import Synchronization

/// The site of a store as it was a moment ago.
///
/// Whoever asks is never kept waiting for figures to be counted: `refresh` makes the next site beside
/// the one that is shown, and reads of the store only what is new.
package final class LiveSite: Sendable {
  package let store: OperationStore
  package let settings: Catalogue.Settings
  private let publisher: Digest?
  private let today: @Sendable () -> String
  /// The version of the program, which makes the same set into other pages.
  private let program: String
  private let shown: Mutex<Shown>
  /// Held while the next site is made.
  private let holdings: Mutex<Holdings>
  /// Of the files that are made of a whole catalogue when somebody asks for one.
  private let files: CatalogueFiles

  private struct Shown: Sendable {
    let mark: OperationStore.Mark
    let day: String
    let site: Site
  }

  /// `holdings` is what has been read of the store; `today` gives whole days, `2026-11-28`; `folder` is
  /// for files of its own.
  package init(
    _ store: OperationStore, _ holdings: Holdings, publisher: Digest?,
    _ settings: Catalogue.Settings, program: String, folder: String,
    today: @escaping @Sendable () -> String
  ) throws {
    (self.store, self.publisher, self.settings, self.today) = (store, publisher, settings, today)
    self.program = program
    files = CatalogueFiles(folder)
    shown = Mutex(try Self.make(store, publisher, settings, today(), holdings))
    self.holdings = Mutex(holdings)
  }

  private static func make(
    _ store: OperationStore, _ publisher: Digest?, _ settings: Catalogue.Settings, _ day: String,
    _ holdings: Holdings
  ) throws -> Shown {
    let publication = try Publication(store, holdings, publisher: publisher, asOf: day)
    return Shown(
      mark: holdings.mark, day: day, site: try Site(publication, settings, hasSearch: true))
  }

  /// Shows what has come, and a day that has begun; when nothing has, lets go of the files of what was
  /// shown before.
  package func refresh() throws {
    let day = today()
    try holdings.withLock { holdings in
      let mark = try store.mark()
      let now = shown.withLock(\.self)
      guard now.mark != mark || now.day != day else {
        return files.keepOnly(version(of: now.site))
      }
      try holdings.catchUp(with: store)
      let next = try Self.make(store, publisher, settings, day, holdings)
      shown.withLock { $0 = next }
    }
  }

  /// The site; throws while the store may show nothing, as after a restore.
  private func site() throws -> Site {
    _ = try store.mark()
    return shown.withLock(\.site)
  }

  /// What is at an address.
  package enum Content: Sendable {
    case text(String, type: String)
    /// A file of the catalogue, which stays for a moment after the site has become another.
    case file(path: String, type: String)
  }

  /// What is at an address, of which version of the site; nil when nothing is.
  package func content(
    at path: String, _ parameters: [String: String]
  ) throws -> (content: Content, version: String)? {
    let site = try site()
    let version = version(of: site)
    return try content(at: path, parameters, site, version).map {
      (content: $0, version: version)
    }
  }

  private func content(
    at path: String, _ parameters: [String: String], _ site: Site, _ version: String
  ) throws -> Content? {
    if path == "search" || path == "en/search" {
      let language: Language = path == "search" ? .swedish : .english
      let page = try SearchPage(site, store, parameters, language).page
      return .text(try site.render(page, language), type: Self.html)
    }
    if let form = ExportForm.allCases.first(where: { $0.fileName == path }) {
      let writer = CatalogueWriter(store, site.catalogue, settings)
      guard form != .dcat || writer.canDescribe else { return nil }
      return .file(path: try files.path(of: form, writer, version), type: form.mediaType)
    }
    return try site.text(at: path).map {
      .text($0, type: path.hasSuffix(".css") ? "text/css; charset=utf-8" : Self.html)
    }
  }

  /// What is shown where nothing is.
  package func missing(at path: String) throws -> String { try site().missing(at: path) }

  package static let html = "text/html; charset=utf-8"

  /// Changes whenever anything that is shown does; throws while nothing may be shown.
  package func version() throws -> String { version(of: try site()) }

  private func version(of site: Site) -> String {
    "\(program)-" + String("\(site.catalogue.digest)".prefix(16)) + "-" + site.catalogue.asOf
  }

  /// For Prometheus.
  package func metrics() throws -> String {
    let (catalogue, status) = (try site().catalogue, try store.status())
    let figures: [(name: String, help: String, value: Int)] = [
      ("sprida_operations", "Operations held", status.held),
      ("sprida_entries", "Entries published", catalogue.entries.count),
      (
        "sprida_entries_stale", "Entries that nobody has confirmed for eighteen months",
        catalogue.entries.count(where: \.freshness.isStale)
      ),
      (
        "sprida_conflicts", "Fields in conflict",
        catalogue.entries.reduce(0) { $0 + $1.listed.conflicts }
      ),
      ("sprida_organisations", "Organisations in the roster", catalogue.organisations.count),
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
