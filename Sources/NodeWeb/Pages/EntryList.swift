import Aggregation
import Practice

/// A list of entries on as many pages as it takes.
///
/// They are `theme/INNO.html`, `theme/INNO/2.html` …
struct EntryList {
  static let perPage = 100

  /// Shown below the list; empty when one page holds all.
  let paging: [String: Any]
  let entries: [PublishedEntry]

  /// Nil for a page that there is not; the first one there always is.
  init?(
    _ all: some RandomAccessCollection<PublishedEntry>, _ name: String, _ number: Int,
    _ language: Language
  ) {
    let last = Self.pageCount(all.count)
    guard (1...last).contains(number) else { return nil }
    entries = Array(all.dropFirst((number - 1) * Self.perPage).prefix(Self.perPage))
    guard last > 1 else {
      paging = [:]
      return
    }
    var paging: [String: Any] = [
      "where": Localised(
        sv: "Sida \(number) av \(last), \(all.count) exempel",
        en: "Page \(number) of \(last), \(all.count) entries")[language]
    ]
    if number > 1 { paging["previous"] = Self.path(name, number - 1) }
    if number < last { paging["next"] = Self.path(name, number + 1) }
    self.paging = paging
  }

  private static func pageCount(_ count: Int) -> Int { max(1, (count + perPage - 1) / perPage) }

  static func path(_ name: String, _ number: Int) -> String {
    number == 1 ? "\(name).html" : "\(name)/\(number).html"
  }

  static func paths(of name: String, count: Int) -> [String] {
    (1...pageCount(count)).map { path(name, $0) }
  }

  /// The list and the number of a page; the number is 1 for a page of anything else.
  ///
  /// Lists are `entries`, `conflicts` and those within a folder: an organisation may be called by digits alone.
  static func place(of path: String) -> (name: String, number: Int)? {
    guard path.hasSuffix(".html") else { return nil }
    let name = String(path.dropLast(5))
    guard let slash = name.lastIndex(of: "/"), let number = Int(name[name.index(after: slash)...]),
      number > 1
    else { return (name, 1) }
    let list = String(name[..<slash])
    return ["entries", "conflicts"].contains(list) || list.contains("/")
      ? (list, number) : (name, 1)
  }
}
