import Operations
import Practice

/// What is new, for readers and portals: Atom (RFC 4287, deletions by RFC 6721) and JSON Feed 1.1.
struct Feeds {
  private static let shownMax = 100

  private let catalogue: Catalogue
  private let settings: Catalogue.Settings
  /// The latest first.
  private let latest: [Catalogue.Entry]

  init(_ catalogue: Catalogue, _ settings: Catalogue.Settings) {
    (self.catalogue, self.settings) = (catalogue, settings)
    latest = Array(
      catalogue.entries.sorted {
        ($1.state.updated, $1.key) < ($0.state.updated, $0.key)
      }.prefix(Self.shownMax))
  }

  private var title: String {
    catalogue.title[settings.language]
  }

  /// Below the summary, so that no reader lacks it.
  private func text(of entry: Catalogue.Entry) -> String {
    let review = entry.review.label(settings.language)
    let owner = entry.owner?.name ?? ""
    let confirmed = entry.freshness.confirmed ?? "–"
    return entry.summary + "\n\n"
      + Localised(
        sv: "Utgivare: \(owner). Granskning: \(review). Bekräftat: \(confirmed).",
        en: "Publisher: \(owner). Review: \(review). Confirmed: \(confirmed).")[settings.language]
  }

  var atom: String {
    let updated = latest.first?.updated ?? Moment.text(0)
    let head: [XML] = [
      .text("id", settings.baseURL), .text("title", title), .text("updated", updated),
      .empty("link", [("rel", "self"), ("href", settings.baseURL + "feed.atom")]),
      .empty("link", [("rel", "alternate"), ("href", settings.baseURL)]),
      .element("author", [.text("name", catalogue.region)]),
      .text("generator", "sprida"),
    ]
    let deleted = catalogue.withdrawn.map { entry in
      XML.empty("at:deleted-entry", [("ref", entry.identifier), ("when", entry.updated)])
    }
    return XML.element(
      "feed",
      [
        (name: "xmlns", value: "http://www.w3.org/2005/Atom"),
        (name: "xmlns:at", value: "http://purl.org/atompub/tombstones/1.0"),
        (name: "xml:lang", value: settings.language.code),
      ], head + latest.map(atomEntry) + deleted
    ).document
  }

  private func atomEntry(_ entry: Catalogue.Entry) -> XML {
    let categories = entry.texts("themes").map { code in
      let label = Schema.bundled.vocabularies["theme"]?.label(of: code, settings.language) ?? code
      return XML.empty("category", [("term", code), ("label", label)])
    }
    return .element(
      "entry",
      [
        .text("id", entry.identifier), .text("title", entry.title),
        .text("published", entry.created), .text("updated", entry.updated),
        .empty("link", [("rel", "alternate"), ("href", settings.baseURL + entry.path)]),
        .element("author", [.text("name", entry.owner?.name ?? "–")]),
      ] + categories + [.text("summary", entry.summary), .text("content", text(of: entry))])
  }

  var json: String {
    get throws {
      try JSON.object([
        "version": .string("https://jsonfeed.org/version/1.1"), "title": .string(title),
        "home_page_url": .string(settings.baseURL),
        "feed_url": .string(settings.baseURL + "feed.json"),
        "language": .string(settings.language.code), "items": .array(latest.map(item)),
      ]).text + "\n"
    }
  }

  private func item(_ entry: Catalogue.Entry) -> JSON {
    .object([
      "id": .string(entry.identifier), "url": .string(settings.baseURL + entry.path),
      "title": .string(entry.title), "summary": .string(entry.summary),
      "content_text": .string(text(of: entry)), "date_published": .string(entry.created),
      "date_modified": .string(entry.updated),
      "authors": .array([.object(["name": .string(entry.owner?.name ?? "–")])]),
      "tags": .array(entry.texts("themes").map(JSON.string)),
      "_sprida": .object([
        "review_status": .string(entry.review.level.rawValue),
        "confirmed": .optional(entry.freshness.confirmed),
      ]),
    ])
  }
}
