import Aggregation
import Operations
import Practice
import Signatures

/// The catalogue as pages, each in two languages: what a web server shows and a static site holds.
///
/// Nothing runs in a page, nothing is asked of anybody else, and equal sets give equal pages.
package struct Site {
  let catalogue: Catalogue
  let reports: [Report]
  let settings: Catalogue.Settings
  /// Whether somebody answers searches, as no static site does.
  let hasSearch: Bool
  /// Organisations that have an entry here, in Swedish order.
  let publishers: [Organisation]
  private let renderer: Renderer
  private let organisationsByID: [Digest: Organisation]
  private let entriesByKey: [String: Catalogue.Entry]
  private let entriesByName: [String: Catalogue.Entry]

  package init(
    _ catalogue: Catalogue, _ reports: [Report], _ settings: Catalogue.Settings,
    hasSearch: Bool = false
  ) throws {
    (self.catalogue, self.reports, self.settings) = (catalogue, reports, settings)
    self.hasSearch = hasSearch
    renderer = try Renderer()
    organisationsByID = Dictionary(
      catalogue.organisations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    entriesByKey = Dictionary(
      catalogue.entries.map { ($0.key.text, $0) }, uniquingKeysWith: { first, _ in first })
    entriesByName = Dictionary(
      catalogue.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let owners = Set(catalogue.entries.compactMap(\.owner?.id))
    publishers = catalogue.organisations.filter { owners.contains($0.id) }.sorted {
      (SwedishOrder.sortKey($0.name), $0.id) < (SwedishOrder.sortKey($1.name), $1.id)
    }
  }

  /// A file of the site.
  package struct File {
    /// Below the site's address, such as `entry/3689….html`.
    package let path: String
    package let text: String
  }

  /// Every file, the style sheet first; feeds and other forms are files of their own.
  package func files() throws -> [File] {
    let pages = try Language.allCases.flatMap { language in
      try paths.compactMap { path in
        try page(path, language).map {
          File(path: $0.path(in: language), text: try renderer.render($0, of: self, language))
        }
      }
    }
    return [File(path: "style.css", text: renderer.styleSheet)] + pages
  }

  private func place(_ path: String) -> (language: Language, rest: String) {
    let english = Language.english.code + "/"
    return path.hasPrefix(english)
      ? (.english, String(path.dropFirst(english.count))) : (.swedish, path)
  }

  /// What is shown where nothing is.
  package func missing(at path: String) throws -> String {
    let (language, rest) = place(path)
    return try render(MissingPage(rest, language).page, language)
  }

  /// The file at an address below the site's own; nil when there is none.
  package func text(at path: String) throws -> String? {
    if path == "style.css" { return renderer.styleSheet }
    let (language, rest) = place(path)
    return try page(rest.isEmpty ? "index.html" : rest, language).map {
      try renderer.render($0, of: self, language)
    }
  }

  func render(_ page: Page, _ language: Language) throws -> String {
    try renderer.render(page, of: self, language)
  }

  /// Of all pages, below the root of a language.
  private var paths: [String] {
    ["index.html", "entries.html", "organisations.html", "accessibility.html"]
      + themes(.swedish).map { "theme/\($0.code).html" }
      + publishers.map { "organisation/\($0.slug).html" } + catalogue.entries.map(\.path)
      + reports.map { "report/\($0.name.rawValue).html" }
  }

  private func page(_ path: String, _ language: Language) -> Page? {
    switch path {
    case "index.html": return StartPage(self, language).page
    case "entries.html": return EntriesPage(self, language).page
    case "organisations.html": return OrganisationsPage(self, language).page
    case "accessibility.html": return AccessibilityPage(self, language).page
    default: break
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].hasSuffix(".html") else { return nil }
    let name = parts[1].dropLast(5)
    return switch parts[0] {
    case "entry": entriesByName[String(name)].map { EntryPage(self, $0, language).page }
    case "theme":
      themes(language).first { $0.code == name }.map { ThemePage(self, $0, language).page }
    case "organisation":
      publishers.first { $0.slug == name }.map { OrganisationPage(self, $0, language).page }
    case "report":
      reports.first { $0.name.rawValue == name }.map { ReportPage(self, $0, language).page }
    default: nil
    }
  }

  // MARK: - What pages share

  func title(_ language: Language) -> String { VisibleText.line(catalogue.title[language]) }

  func organisation(_ id: Digest) -> Organisation? { organisationsByID[id] }

  /// The entry that a reference names, if it is published here.
  func entry(_ reference: String) -> Catalogue.Entry? { entriesByKey[reference] }

  /// The themes that entries have, in the order of the vocabulary, with how many have each.
  func themes(_ language: Language) -> [(code: String, label: String, count: Int)] {
    let vocabulary = Schema.bundled.vocabularies["theme"]
    return (vocabulary?.codes ?? []).compactMap { code in
      let count = catalogue.entries.count { $0.texts("themes").contains(code.code) }
      return count == 0 ? nil : (code: code.code, label: code.label(language), count: count)
    }
  }

  /// The lines of a list of entries.
  func lines(_ entries: [Catalogue.Entry], _ language: Language) -> [[String: Any]] {
    entries.map { entry in
      [
        "path": entry.path, "title": VisibleText.line(entry.title),
        "owner": VisibleText.line(entry.owner?.name ?? ""), "lang": entry.language,
        "stage": label(entry.text("stage"), "stage", language),
        "review": entry.review.label(language), "isStale": entry.freshness.isStale,
      ]
    }
  }

  func label(_ code: String, _ vocabulary: String, _ language: Language) -> String {
    CellWords(language) { _ in "" }.label(VisibleText.line(code), vocabulary)
  }
}

extension Catalogue.Entry {
  /// The language that it is written in.
  var language: String {
    let stated = text("language")
    return stated.isEmpty || !stated.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") }
      ? "sv" : stated
  }
}

extension Organisation {
  /// Its place in addresses: its code while that is its own, or the beginning of its id.
  var slug: String {
    code.isEmpty || isRemoved ? String(id.description.prefix(12)) : code.replacing(":", with: "-")
  }
}
