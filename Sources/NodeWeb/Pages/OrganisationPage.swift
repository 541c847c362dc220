import Aggregation
import Operations
import Practice

/// Who publishes, county by county.
struct OrganisationsPage {
  let page: Page

  init(_ site: Site, _ language: Language) {
    let none = Localised(sv: "Övriga", en: "Others")[language]
    let byCounty = Dictionary(grouping: site.publishers) { Self.county(of: $0) ?? none }
    let names = byCounty.keys.sorted {
      ($0 == none ? 1 : 0, SwedishOrder.sortKey($0)) < (
        $1 == none ? 1 : 0, SwedishOrder.sortKey($1)
      )
    }
    page = Page(
      path: "organisations.html",
      title: Localised(sv: "Organisationer", en: "Organisations")[language],
      template: "organisations",
      content: [
        "counties": names.map { name in
          [
            "name": name,
            "organisations": (byCounty[name] ?? []).map { organisation in
              [
                "slug": organisation.slug, "name": VisibleText.line(organisation.name),
                "count": site.entries(of: organisation).count,
              ] as [String: Any]
            },
          ] as [String: Any]
        }
      ])
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
    let name = "organisation/\(organisation.slug)"
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
