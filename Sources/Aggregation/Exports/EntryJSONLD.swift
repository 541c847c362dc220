import Operations
import Practice

/// Entries as linked data in the words of schema.org.
struct EntryJSONLD {
  private let catalogue: Catalogue
  private let settings: Catalogue.Settings

  init(_ catalogue: Catalogue, _ settings: Catalogue.Settings) {
    (self.catalogue, self.settings) = (catalogue, settings)
  }

  /// Also safe within a script element of a page.
  var text: String {
    get throws {
      let text = try JSON.object([
        "@context": .string("https://schema.org/"),
        "@graph": .array(catalogue.entries.map(article)),
      ]).text
      return text.unicodeScalars.map { $0 == "<" ? "\\u003c" : String($0) }.joined() + "\n"
    }
  }

  private func article(_ entry: Catalogue.Entry) -> JSON {
    var members: [String: JSON] = [
      "@type": .string(entry.text("kind") == "report" ? "Report" : "Article"),
      "@id": .string(settings.baseURL + entry.path), "identifier": .string(entry.identifier),
      "name": .string(entry.title), "abstract": .string(entry.summary),
      "inLanguage": .string(entry.text("language").isEmpty ? "sv" : entry.text("language")),
      "datePublished": .string(entry.created), "dateModified": .string(entry.updated),
      "creativeWorkStatus": .string(entry.review.label(settings.language)),
      "publisher": publisher(entry.owner),
      "about": .array(
        entry.texts("themes").map { code in
          .object([
            "@type": .string("DefinedTerm"), "termCode": .string(code),
            "name": .string(
              Schema.bundled.vocabularies["theme"]?.label(of: code, settings.language) ?? code),
          ])
        }),
    ]
    let license = entry.text("license")
    if !license.isEmpty { members["license"] = .string(license) }
    let keywords = entry.texts("keywords")
    if !keywords.isEmpty { members["keywords"] = .array(keywords.map(JSON.string)) }
    let sources = entry.texts("based_on").compactMap(address)
    if !sources.isEmpty { members["isBasedOn"] = .array(sources.map(JSON.string)) }
    if let place = place(entry.owner) { members["spatialCoverage"] = place }
    let grants = grants(entry)
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
    catalogue.entries.first { $0.key.text == reference }.map { settings.baseURL + $0.path }
  }

  private func place(_ organisation: Organisation?) -> JSON? {
    let region = (organisation?.codes.own ?? []).lazy.compactMap {
      try? OrganisationCode(parsing: $0).region
    }.first
    return region.map {
      .object(["@type": .string("AdministrativeArea"), "name": .string($0.countyName)])
    }
  }

  private func grants(_ entry: Catalogue.Entry) -> [JSON] {
    entry.state.rows(of: "funding").map { row in
      func cell(_ name: String) -> String { entry.state.cell("funding", row, name).first ?? "" }
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
