import Operations
import Practice

/// What is new, for readers and portals: Atom (RFC 4287, deletions by RFC 6721) and JSON Feed 1.1.
struct Feeds {
  private let catalogue: Catalogue
  private let settings: Catalogue.Settings
  /// The latest first.
  private let latest: [Catalogue.FullEntry]

  init(_ catalogue: Catalogue, _ settings: Catalogue.Settings) throws {
    (self.catalogue, self.settings) = (catalogue, settings)
    latest = try catalogue.latest(Catalogue.latestMax).compactMap(catalogue.full)
  }

  private var title: String {
    catalogue.title[settings.language]
  }

  /// Below the summary, so that no reader lacks it.
  private func text(of full: Catalogue.FullEntry) -> String {
    let review = full.entry.review.label(settings.language)
    let owner = catalogue.owner(of: full.entry)?.name ?? ""
    let confirmed = full.entry.freshness.confirmed ?? "–"
    return full.summary + "\n\n"
      + Localised(
        sv: "Utgivare: \(owner). Granskning: \(review). Bekräftat: \(confirmed).",
        en: "Publisher: \(owner). Review: \(review). Confirmed: \(confirmed).")[settings.language]
  }

  var atom: String {
    let updated = latest.first?.entry.updated ?? Moment.text(0)
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

  private func atomEntry(_ full: Catalogue.FullEntry) -> XML {
    let entry = full.entry
    let categories = full.texts("themes").map { code in
      let label = Schema.bundled.vocabularies["theme"]?.label(of: code, settings.language) ?? code
      return XML.empty("category", [("term", code), ("label", label)])
    }
    return .element(
      "entry",
      [
        .text("id", entry.identifier), .text("title", entry.title),
        .text("published", entry.created), .text("updated", entry.updated),
        .empty("link", [("rel", "alternate"), ("href", settings.baseURL + entry.path)]),
        .element("author", [.text("name", catalogue.owner(of: entry)?.name ?? "–")]),
      ] + categories + [.text("summary", full.summary), .text("content", text(of: full))])
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

  private func item(_ full: Catalogue.FullEntry) -> JSON {
    let entry = full.entry
    return .object([
      "id": .string(entry.identifier), "url": .string(settings.baseURL + entry.path),
      "title": .string(entry.title), "summary": .string(full.summary),
      "content_text": .string(text(of: full)), "date_published": .string(entry.created),
      "date_modified": .string(entry.updated),
      "authors": .array([.object(["name": .string(catalogue.owner(of: entry)?.name ?? "–")])]),
      "tags": .array(full.texts("themes").map(JSON.string)),
      "_sprida": .object([
        "review_status": .string(entry.review.level.rawValue),
        "confirmed": .optional(entry.freshness.confirmed),
      ]),
    ])
  }
}
