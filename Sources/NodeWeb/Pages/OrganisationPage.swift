import Aggregation
import Operations
import Practice

/// Who publishes and who is silent: a grid of each county's organisations, the darker the more.
struct OrganisationsPage {
  /// From how many entries on a tile is of each shade.
  private static let shades = [0, 1, 5, 20]
  let page: Page

  init(_ site: Site, _ language: Language) {
    let none = Localised(sv: "Övriga", en: "Others")[language]
    let byCounty = Dictionary(grouping: site.organisations) { Self.county(of: $0) ?? none }
    let names = byCounty.keys.sorted {
      ($0 == none ? 1 : 0, SwedishOrder.sortKey($0)) < (
        $1 == none ? 1 : 0, SwedishOrder.sortKey($1)
      )
    }
    let silent = site.organisations.count - site.publishers.count
    page = Page(
      path: "organisations.html",
      title: Localised(sv: "Organisationer", en: "Organisations")[language],
      template: "organisations",
      content: [
        "lead": Localised(
          sv: """
            \(site.publishers.count) av \(site.organisations.count) organisationer har publicerat \
            exempel, \(silent) har det inte. Talet i rutan säger hur många.
            """,
          en: """
            \(site.publishers.count) of \(site.organisations.count) organisations have published \
            entries, \(silent) have not. The number in the tile says how many.
            """)[language],
        "legend": Self.shades.indices.map { shade in
          ["shade": shade, "range": Self.range(of: shade)] as [String: Any]
        },
        "counties": names.map { name in
          [
            "name": name,
            "organisations": (byCounty[name] ?? []).map { organisation in
              let count = site.entries(of: organisation).count
              return [
                "slug": site.slug(of: organisation), "name": VisibleText.line(organisation.name),
                "count": count, "isSilent": count == 0,
                "shade": Self.shades.lastIndex { $0 <= count } ?? 0,
              ] as [String: Any]
            },
          ] as [String: Any]
        },
      ])
  }

  private static func range(of shade: Int) -> String {
    guard shade + 1 < shades.count else { return "\(shades[shade])–" }
    let last = shades[shade + 1] - 1
    return last == shades[shade] ? "\(last)" : "\(shades[shade])–\(last)"
  }

  private static func county(of organisation: Organisation) -> String? {
    organisation.codes.own.lazy.compactMap { try? OrganisationCode(parsing: $0).region?.countyName }
      .first
  }
}

/// What one organisation has published.
struct OrganisationPage {
  let page: Page

  init?(_ site: Site, _ organisation: Organisation, _ number: Int, _ language: Language) {
    let name = "organisation/\(site.slug(of: organisation))"
    guard let list = EntryList(site.entries(of: organisation), name, number, language) else {
      return nil
    }
    page = Page(
      path: EntryList.path(name, number), title: VisibleText.line(organisation.name),
      titleLanguage: language == .swedish ? nil : "sv", template: "list",
      content: [
        "lead": VisibleText.line(organisation.codes.own.joined(separator: ", ")),
        "entries": site.lines(list.entries, language), "paging": list.paging,
      ])
  }
}
