import Practice

/// One page before it is rendered.
struct Page {
  /// Below the root of its language, such as `theme/INNO.html`.
  let path: String
  let title: String
  /// When the title is in another language than the page.
  var titleLanguage: String?
  /// The template of its content, and what fills it.
  let template: String
  let content: [String: Any]

  /// Swedish stands first, English in a folder of its own.
  func path(in language: Language) -> String {
    (language == .swedish ? "" : language.code + "/") + path
  }

  /// From the page to the root of its language, and to the root of the site.
  func home() -> String { up(path) }
  func root(in language: Language) -> String { up(path(in: language)) }

  private func up(_ path: String) -> String {
    String(repeating: "../", count: path.split(separator: "/").count - 1)
  }
}
