import Aggregation
import Operations
import Practice
import Signatures

/// The catalogue as pages, each in two languages: what a web server shows and a static site holds.
///
/// Nothing runs in a page, nothing is asked of anybody else, and equal sets give equal pages.
package struct Site: Sendable {
  let catalogue: Catalogue
  let reports: [Report]
  let settings: Catalogue.Settings
  /// Whether somebody answers searches, as no static site does.
  let hasSearch: Bool
  /// Members of the region, and whoever has an entry here, in Swedish order.
  let organisations: [Organisation]
  /// Those that have an entry here.
  let publishers: [Organisation]
  /// Codes that one live admission claims.
  private let ownCodes: Set<String>
  /// Entries with a field of several versions.
  let inConflict: [PublishedEntry]
  private let renderer: Renderer
  /// Places in the catalogue's entries.
  private let placesByOwner: [Digest: [Int32]]
  private let placesByTheme: [String: [Int32]]
  private let placesByRow: [Int64: Int32]
  /// The greatest row of an entry that is in it.
  let lastEntry: Int64
  private let facets: [ListedRecord.Path: FacetIndex]

  package init(
    _ publication: Publication, _ settings: Catalogue.Settings, hasSearch: Bool = false
  ) throws {
    (catalogue, reports) = (publication.catalogue, publication.reports)
    (self.settings, self.hasSearch, lastEntry) = (settings, hasSearch, publication.lastEntry)
    renderer = try Renderer()
    var byOwner: [Digest: [Int32]] = [:]
    var byTheme: [String: [Int32]] = [:]
    var byRow: [Int64: Int32] = [:]
    for (place, entry) in catalogue.entries.enumerated() {
      if hasSearch { byRow[entry.listed.row] = Int32(place) }
      byOwner[entry.owner, default: []].append(Int32(place))
      for theme in entry.values(.themes) { byTheme[theme, default: []].append(Int32(place)) }
    }
    (placesByOwner, placesByTheme, placesByRow) = (byOwner, byTheme, byRow)
    let all = catalogue.entries
    facets = Dictionary(
      uniqueKeysWithValues: (hasSearch ? SearchPage.facets : []).map { ($0, FacetIndex(all, $0)) })
    let present = catalogue.organisations.filter {
      !$0.isRemoved && !publication.catalogue.succeeded.contains($0.id)
    }
    // The council has no code.
    let members = Set(present.filter { !$0.code.isEmpty }.map(\.id))
    organisations = catalogue.organisations.filter {
      byOwner[$0.id] != nil || members.contains($0.id)
    }.sorted { (SwedishOrder.sortKey($0.name), $0.id) < (SwedishOrder.sortKey($1.name), $1.id) }
    publishers = organisations.filter { byOwner[$0.id] != nil }
    let codes = Dictionary(grouping: present, by: \.code)
    ownCodes = Set(codes.filter { !$0.key.isEmpty && $0.value.count == 1 }.keys)
    inConflict = catalogue.entries.filter { $0.listed.conflicts > 0 }
  }

  /// A file of the site.
  package struct File {
    /// Below the site's address, such as `entry/3689….html`.
    package let path: String
    package let text: String
  }

  /// Gives every file, the style sheet first; feeds and other forms are files of their own.
  package func eachFile(_ give: (File) throws -> Void) throws {
    try give(File(path: "style.css", text: renderer.styleSheet))
    for language in Language.allCases {
      for path in paths {
        guard let page = try page(path, language) else { continue }
        try give(File(path: page.path(in: language), text: try render(page, language)))
      }
    }
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
    let lists =
      [("entries", catalogue.entries.count), ("conflicts", inConflict.count)]
      + themes(.swedish).map { ("theme/\($0.code)", $0.count) }
      + publishers.map { ("organisation/\(slug(of: $0))", entries(of: $0).count) }
    return ["index.html", "organisations.html", "accessibility.html"]
      + lists.flatMap { EntryList.paths(of: $0.0, count: $0.1) }
      + catalogue.entries.map(\.path) + reports.map { "report/\($0.name.rawValue).html" }
  }

  private func page(_ path: String, _ language: Language) throws -> Page? {
    switch path {
    case "index.html": return StartPage(self, language).page
    case "organisations.html": return OrganisationsPage(self, language).page
    case "accessibility.html": return AccessibilityPage(self, language).page
    default: break
    }
    guard let (name, number) = EntryList.place(of: path) else { return nil }
    if name == "entries" { return EntriesPage(self, number, language)?.page }
    if name == "conflicts" { return ConflictsPage(self, number, language)?.page }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "theme":
      return themes(language).first { $0.code == parts[1] }.flatMap {
        ThemePage(self, $0, number, language)?.page
      }
    case "organisation":
      return publishers.first { slug(of: $0) == parts[1] }.flatMap {
        OrganisationPage(self, $0, number, language)?.page
      }
    case "entry" where number == 1:
      return try catalogue.entry(pageName: parts[1]).flatMap(catalogue.full).map {
        try EntryPage(self, $0, language).page
      }
    case "report" where number == 1:
      return reports.first { $0.name.rawValue == parts[1] }.map {
        ReportPage(self, $0, language).page
      }
    default: return nil
    }
  }

  // MARK: - What pages share

  func title(_ language: Language) -> String { VisibleText.line(catalogue.title[language]) }

  func organisation(_ id: Digest) -> Organisation? { catalogue.organisation(id) }

  /// Its place in addresses: its code while that is its alone, or the beginning of its id.
  func slug(of organisation: Organisation) -> String {
    organisation.isRemoved || !ownCodes.contains(organisation.code)
      ? String(organisation.id.description.prefix(12)) : organisation.code.replacing(":", with: "-")
  }

  func entries(of organisation: Organisation) -> some RandomAccessCollection<PublishedEntry> {
    (placesByOwner[organisation.id] ?? []).lazy.map { catalogue.entries[Int($0)] }
  }

  func entries(ofTheme code: String) -> some RandomAccessCollection<PublishedEntry> {
    (placesByTheme[code] ?? []).lazy.map { catalogue.entries[Int($0)] }
  }

  /// Where the entry of a row of the store stands in the catalogue, if it is published here.
  func place(row: Int64) -> Int32? { placesByRow[row] }

  /// Of a path of `SearchPage.facets`, where there is a search.
  func facet(_ path: ListedRecord.Path) -> FacetIndex { facets[path] ?? FacetIndex([], path) }

  /// The entry that a reference names, if it is published here.
  func entry(_ reference: String) -> PublishedEntry? {
    RecordKey(text: reference).flatMap(catalogue.entry)
  }

  /// The themes that entries have, in the order of the vocabulary, with how many have each.
  func themes(_ language: Language) -> [(code: String, label: String, count: Int)] {
    let vocabulary = Schema.bundled.vocabularies["theme"]
    return (vocabulary?.codes ?? []).compactMap { code in
      let count = entries(ofTheme: code.code).count
      return count == 0 ? nil : (code: code.code, label: code.label(language), count: count)
    }
  }

  /// The lines of a list of entries.
  func lines(_ entries: some Sequence<PublishedEntry>, _ language: Language) -> [[String: Any]] {
    entries.map { entry in
      [
        "path": entry.path, "title": VisibleText.line(entry.title),
        "owner": VisibleText.line(catalogue.owner(of: entry)?.name ?? ""),
        "lang": entry.language, "stage": label(entry.value(.stage), "stage", language),
        "review": entry.review.label(language), "isStale": entry.freshness.isStale,
      ]
    }
  }

  func label(_ code: String, _ vocabulary: String, _ language: Language) -> String {
    CellWords(language) { _ in "" }.label(VisibleText.line(code), vocabulary)
  }
}

extension PublishedEntry {
  /// The language that it is written in.
  var language: String {
    let stated = value(.language)
    return stated.isEmpty || !stated.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "-") }
      ? "sv" : stated
  }
}
