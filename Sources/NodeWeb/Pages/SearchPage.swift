import Aggregation
import OperationStore
import Operations
import Practice

/// What a search finds, and how it may be narrowed down.
struct SearchPage {
  static let facets: [ListedRecord.Path] = [.themes, .stage, .evidence]
  private static let shownMax = 50
  private static let wordsMax = 200
  /// More are not counted.
  private static let foundMax = 10_000

  let page: Page

  /// `parameters` are those of the address: `q`, and a code for each facet.
  init(
    _ site: Site, _ store: OperationStore, _ parameters: [String: String], _ language: Language
  ) throws {
    let words = String((parameters["q"] ?? "").prefix(Self.wordsMax))
    let chosen = Self.facets.compactMap { path in
      parameters[path.name].map { (path: path, value: String($0.prefix(Self.wordsMax))) }
    }
    let conditions = chosen.map { site.facet($0.path).has($0.value) }
    let found = try Self.places(words, site, store) { place in
      conditions.allSatisfy { $0(place) }
    }
    let (places, isMore) = (found.prefix(Self.foundMax), found.count > Self.foundMax)
    let entries = places.prefix(Self.shownMax).map { site.catalogue.entries[Int($0)] }
    page = Page(
      path: "search", title: Localised(sv: "Sökning", en: "Search")[language],
      template: "search",
      content: [
        "query": VisibleText.line(words), "entries": site.lines(entries, language),
        "lead": Self.lead(places.count, isMore, chosen, site, language),
        "facets": Self.facets.compactMap { path -> [String: Any]? in
          let values = site.facet(path).counts(places)
          guard values.count > 1 else { return nil }
          return [
            "label": Schema.bundled.family("entry")?[path.name]?.label[language] ?? path.name,
            "values": values.sorted { ($1.count, $0.value) < ($0.count, $1.value) }.map { value in
              [
                "label": site.label(value.value, Self.vocabulary(path), language),
                "count": value.count,
                "query": Self.address(
                  words, chosen.filter { $0.path != path } + [(path: path, value: value.value)]),
              ] as [String: Any]
            },
          ]
        },
      ])
  }

  /// Where in the catalogue those stand that hold the words, the best first; all without words.
  ///
  /// One more than are counted, if there are.
  private static func places(
    _ words: String, _ site: Site, _ store: OperationStore, where isWanted: (Int32) -> Bool
  ) throws -> [Int32] {
    guard !words.isEmpty else {
      return (0..<Int32(site.catalogue.entries.count)).filter(isWanted)
    }
    // The site is of a moment ago: what has been edited since is found under its new row.
    let newer = try store.keys(above: site.lastEntry, family: "entry")
    func place(_ row: Int64) -> Int32? {
      site.place(row: row) ?? newer[row].flatMap(site.catalogue.place)
    }
    return try store.rows(holding: words, limit: foundMax + 1) { row in
      place(row).map(isWanted) ?? false
    }.compactMap(place)
  }

  private typealias Chosen = [(path: ListedRecord.Path, value: String)]

  private static func vocabulary(_ path: ListedRecord.Path) -> String {
    path == .themes ? "theme" : path.name
  }

  private static func lead(
    _ found: Int, _ isMore: Bool, _ chosen: Chosen, _ site: Site,
    _ language: Language
  ) -> String {
    let count = isMore ? "\(found)+" : "\(found)"
    let within = chosen.map { site.label($0.value, vocabulary($0.path), language) }
      .joined(separator: ", ")
    let narrowed = within.isEmpty ? "" : " (\(within))"
    return Localised(
      sv: "\(count) exempel\(narrowed). Högst \(shownMax) visas.",
      en:
        "\(count) \(count == "1" ? "entry" : "entries")\(narrowed). At most \(shownMax) are shown.")[
        language]
  }

  /// The parameters of an address, percent-encoded.
  private static func address(_ words: String, _ chosen: Chosen) -> String {
    let pairs = [("q", words)] + chosen.map { ($0.path.name, $0.value) }
    return pairs.map { "\($0.0)=" + PercentEncoding.component($0.1) }.joined(separator: "&")
  }
}
