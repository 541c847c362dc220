import Aggregation
import Operations
import Practice

/// What there is, at a glance.
struct StartPage {
  private static let latestMax = 10
  let page: Page

  init(_ site: Site, _ language: Language) {
    let (entries, publishers) = (site.catalogue.entries, site.publishers)
    page = Page(
      path: "index.html", title: site.title(language), template: "start",
      content: [
        "lead": Localised(
          sv: """
            \(entries.count) exempel på nya arbetssätt från \(publishers.count) organisationer. Varje \
            exempel är signerat av den som har publicerat det och visar hur det är granskat.
            """,
          en: """
            \(entries.count) examples of new ways of working from \(publishers.count) organisations. \
            Each is signed by whoever has published it and shows how it has been reviewed.
            """)[language],
        "entries": site.lines(site.catalogue.latest(Self.latestMax), language),
        "themes": site.themes(language).map {
          ["code": $0.code, "label": $0.label, "count": $0.count] as [String: Any]
        },
        "conflicts": site.inConflict.count, "hasConflicts": !site.inConflict.isEmpty,
        "reports": site.reports.map {
          [
            "name": $0.name.rawValue, "title": $0.name.title[language],
            "question": $0.name.question[language],
          ]
        },
      ])
  }
}

/// All entries, in Swedish order.
struct EntriesPage {
  let page: Page

  init?(_ site: Site, _ number: Int, _ language: Language) {
    guard let list = EntryList(site.catalogue.entries, "entries", number, language) else {
      return nil
    }
    page = Page(
      path: EntryList.path("entries", number),
      title: Localised(sv: "Alla exempel", en: "All entries")[language], template: "list",
      content: ["entries": site.lines(list.entries, language), "paging": list.paging])
  }
}

/// Entries of which somebody has to choose between versions.
struct ConflictsPage {
  let page: Page

  init?(_ site: Site, _ number: Int, _ language: Language) {
    guard let list = EntryList(site.inConflict, "conflicts", number, language) else { return nil }
    page = Page(
      path: EntryList.path("conflicts", number),
      title: Localised(sv: "Ändrat på två håll", en: "Edited in two places")[language],
      template: "list",
      content: [
        "lead": Localised(
          sv: "Varje version visas på exemplets sida, tills utgivaren har valt.",
          en: "Each version is shown on the entry's page, until its publisher has chosen.")[
            language],
        "entries": site.lines(list.entries, language), "paging": list.paging,
      ])
  }
}

/// The entries of one theme.
struct ThemePage {
  let page: Page

  init?(
    _ site: Site, _ theme: (code: String, label: String, count: Int), _ number: Int,
    _ language: Language
  ) {
    let name = "theme/\(theme.code)"
    guard let list = EntryList(site.entries(ofTheme: theme.code), name, number, language) else {
      return nil
    }
    page = Page(
      path: EntryList.path(name, number), title: theme.label, template: "list",
      content: ["entries": site.lines(list.entries, language), "paging": list.paging])
  }
}
