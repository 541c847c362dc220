import Aggregation
import Mustache
import Practice

/// Fills the templates, in which every text is escaped.
struct Renderer {
  private let library: MustacheLibrary
  let styleSheet: String

  init() throws {
    MustacheContentTypes.register(ScalarMarkup(), named: ScalarMarkup.name)
    var library = MustacheLibrary()
    for (name, bytes) in [
      ("layout", PackageResources.layout_mustache), ("start", PackageResources.start_mustache),
      ("entries", PackageResources.entries_mustache), ("list", PackageResources.list_mustache),
      ("paging", PackageResources.paging_mustache),
      ("entry", PackageResources.entry_mustache), ("report", PackageResources.report_mustache),
      ("organisations", PackageResources.organisations_mustache),
      ("accessibility", PackageResources.accessibility_mustache),
      ("missing", PackageResources.missing_mustache), ("search", PackageResources.search_mustache),
    ] {
      let text = String(decoding: bytes, as: UTF8.self)
      try library.register("{{% CONTENT_TYPE:\(ScalarMarkup.name)}}" + text, named: name)
    }
    self.library = library
    styleSheet = String(decoding: PackageResources.style_css, as: UTF8.self)
  }

  struct MissingTemplate: Error {
    let name: String
  }

  func render(_ page: Page, of site: Site, _ language: Language) throws -> String {
    let words = SiteWords.all.mapValues { $0[language] }
    let home = page.home()
    let shared: [String: Any] = ["words": words, "home": home]
    let content = try render(page.template, page.content.merging(shared) { own, _ in own })
    let root = page.root(in: language)
    let other: Language = language == .swedish ? .english : .swedish
    var layout: [String: Any] = [
      "language": language.code, "title": page.title, "site": site.title(language), "root": root,
      "navigation": navigation(page, language), "content": content,
      "digest": "\(site.catalogue.digest)", "day": site.catalogue.asOf,
      "hasSearch": site.hasSearch, "query": page.content["query"] ?? "",
      "otherLanguage": other.code, "otherPath": root + page.path(in: other),
    ]
    if let titleLanguage = page.titleLanguage { layout["titleLanguage"] = titleLanguage }
    return try render("layout", layout.merging(shared) { own, _ in own })
  }

  private func navigation(_ page: Page, _ language: Language) -> [[String: Any]] {
    SiteWords.navigation.map { path, label in
      ["path": path, "label": label[language], "isHere": page.path == path]
    }
  }

  private func render(_ name: String, _ content: [String: Any]) throws -> String {
    guard let text = library.render(content, withTemplate: name) else {
      throw MissingTemplate(name: name)
    }
    return text
  }
}

/// Mustache's own escaping looks for characters, and misses those that a mark has joined.
private struct ScalarMarkup: MustacheContentType {
  static let name = "SCALARS"

  func escapeText(_ text: String) -> String { MarkupText.escaped(text) }
}
