import Operations
import Practice

/// Entries as linked data in the words of schema.org.
struct EntryJSONLD {
  private let catalogue: Catalogue
  private let settings: Catalogue.Settings

  init(_ catalogue: Catalogue, _ settings: Catalogue.Settings) {
    (self.catalogue, self.settings) = (catalogue, settings)
  }

  /// An entry a line; also safe within a script element of a page.
  func write(to give: (String) throws -> Void) throws {
    try give("{\"@context\": \"https://schema.org/\", \"@graph\": [")
    var separator = "\n"
    for entry in catalogue.entries {
      guard let full = try catalogue.full(entry) else { continue }
      let text = try article(full).line
      try give(
        separator + text.unicodeScalars.map { $0 == "<" ? "\\u003c" : String($0) }.joined())
      separator = ",\n"
    }
    try give("\n]}\n")
  }

  private func article(_ full: Catalogue.FullEntry) -> JSON {
    let entry = full.entry
    let owner = catalogue.owner(of: entry)
    var members: [String: JSON] = [
      "@type": .string(full.text("kind") == "report" ? "Report" : "Article"),
      "@id": .string(settings.baseURL + entry.path), "identifier": .string(entry.identifier),
      "name": .string(entry.title), "abstract": .string(full.summary),
      "inLanguage": .string(full.text("language").isEmpty ? "sv" : full.text("language")),
      "datePublished": .string(entry.created), "dateModified": .string(entry.updated),
      "creativeWorkStatus": .string(entry.review.label(settings.language)),
      "publisher": publisher(owner),
      "about": .array(
        full.texts("themes").map { code in
          .object([
            "@type": .string("DefinedTerm"), "termCode": .string(code),
            "name": .string(
              Schema.bundled.vocabularies["theme"]?.label(of: code, settings.language) ?? code),
          ])
        }),
    ]
    let license = full.text("license")
    if !license.isEmpty { members["license"] = .string(license) }
    let keywords = full.texts("keywords")
    if !keywords.isEmpty { members["keywords"] = .array(keywords.map(JSON.string)) }
    let sources = full.texts("based_on").compactMap(address)
    if !sources.isEmpty { members["isBasedOn"] = .array(sources.map(JSON.string)) }
    if let place = place(owner) { members["spatialCoverage"] = place }
    let grants = grants(full.state)
    if !grants.isEmpty { members["funding"] = .array(grants) }
    if let confirmed = entry.freshness.confirmed {
      members["lastReviewed"] = .string(confirmed)
    }
    return .object(members)
  }

  private func publisher(_ organisation: Organisation?) -> JSON {
    let codes = organisation?.codes.own ?? []
    let isGovernment = codes.contains { !$0.hasPrefix("org:") }
    return .object([
      "@type": .string(isGovernment ? "GovernmentOrganization" : "Organization"),
      "name": .string(organisation?.name ?? ""),
      "identifier": .array(
        codes.map { code in
          let parts = code.split(separator: ":").map(String.init)
          return .object([
            "@type": .string("PropertyValue"), "propertyID": .string(parts.first ?? ""),
            "value": .string(parts.last ?? ""),
          ])
        }),
    ])
  }

  /// The address of an entry that is published here.
  private func address(_ reference: String) -> String? {
    RecordKey(text: reference).flatMap(catalogue.entry).map { settings.baseURL + $0.path }
  }

  private func place(_ organisation: Organisation?) -> JSON? {
    let region = (organisation?.codes.own ?? []).lazy.compactMap {
      try? OrganisationCode(parsing: $0).region
    }.first
    return region.map {
      .object(["@type": .string("AdministrativeArea"), "name": .string($0.countyName)])
    }
  }

  private func grants(_ state: RecordState) -> [JSON] {
    state.rows(of: "funding").map { row in
      func cell(_ name: String) -> String { state.cell("funding", row, name).first ?? "" }
      var grant: [String: JSON] = [
        "@type": .string("MonetaryGrant"),
        "funder": .object(["@type": .string("Organization"), "name": .string(cell("funder"))]),
      ]
      if !cell("diarienummer").isEmpty { grant["identifier"] = .string(cell("diarienummer")) }
      if let amount = Int64(cell("amount")) {
        grant["amount"] = .object([
          "@type": .string("MonetaryAmount"), "currency": .string("SEK"),
          "value": .number(amount),
        ])
      }
      return .object(grant)
    }
  }
}

/// The licence of the catalogue itself; an entry's own is its address already.
enum License {
  static let cc0 = "http://creativecommons.org/publicdomain/zero/1.0/"
}
