import Operations
import Practice

/// The catalogue as national portals harvest it: DCAT-AP-SE 3.0.1 as RDF/XML.
///
/// One dataset, not one for each entry, and no blank nodes: a harvester joins what has one address.
package struct DCATCatalogue {
  private static let namespaces = [
    ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xmlns:dcat", "http://www.w3.org/ns/dcat#"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"), ("xmlns:foaf", "http://xmlns.com/foaf/0.1/"),
    ("xmlns:vcard", "http://www.w3.org/2006/vcard/ns#"),
  ]
  private static let authorities = "http://publications.europa.eu/resource/authority/"

  /// A file of the catalogue, and what portals call it.
  private struct Distribution {
    let file: String
    let mediaType: String
    let title: Localised
  }

  private static let distributions = [
    Distribution(
      file: "entries.csv", mediaType: "text/csv",
      title: Localised(sv: "Alla exempel som CSV", en: "All entries as CSV")),
    Distribution(
      file: "entries.jsonld", mediaType: "application/ld+json",
      title: Localised(sv: "Alla exempel som JSON-LD", en: "All entries as JSON-LD")),
    Distribution(
      file: "catalogue.sqlite", mediaType: "application/vnd.sqlite3",
      title: Localised(sv: "Hela katalogen som SQLite", en: "The whole catalogue as SQLite")),
    Distribution(
      file: "feed.atom", mediaType: "application/atom+xml",
      title: Localised(sv: "Senaste nytt som Atom", en: "The latest as Atom")),
  ]

  private let catalogue: Catalogue
  private let settings: Catalogue.Settings
  private let number: String
  private let mailbox: String

  /// Nil without the publisher's organisation number and mailbox, which portals demand.
  package init?(_ catalogue: Catalogue, _ settings: Catalogue.Settings) {
    guard let number = settings.number, let mailbox = settings.mailbox else { return nil }
    (self.catalogue, self.settings) = (catalogue, settings)
    (self.number, self.mailbox) = (number, mailbox)
  }

  package var text: String {
    XML.element(
      "rdf:RDF", Self.namespaces.map { (name: $0.0, value: $0.1) },
      [catalog, dataset] + Self.distributions.map(distribution) + [agent, contact]
    ).document
  }

  private var publisherURI: String { "http://dataportal.se/organisation/SE\(number)" }
  private var datasetURI: String { settings.baseURL + "dataset" }
  private var contactURI: String { settings.baseURL + "contact" }

  private var title: Localised {
    Localised(
      sv: "Goda exempel i \(catalogue.region)", en: "Good practice in \(catalogue.region)")
  }

  private var description: Localised {
    let count = catalogue.entries.count
    return Localised(
      sv: """
        \(count) exempel på nya arbetssätt som kommuner, regioner och andra har publicerat och \
        signerat, med granskningsstatus. Beräknat ur mängden \(catalogue.digest), \(catalogue.asOf).
        """,
      en: """
        \(count) examples of new ways of working that municipalities, regions and others have \
        published and signed, with their review status. Computed from the set \(catalogue.digest), \
        \(catalogue.asOf).
        """)
  }

  private func both(_ name: String, _ text: Localised) -> [XML] {
    [("sv", text.sv), ("en", text.en)].map { .text(name, $0.1, [("xml:lang", $0.0)]) }
  }

  private func resource(_ name: String, _ address: String) -> XML {
    .empty(name, [("rdf:resource", Self.encoded(address))])
  }

  private func node(_ type: String, _ address: String, _ content: [XML]) -> XML {
    .element(type, [(name: "rdf:about", value: Self.encoded(address))], content)
  }

  private var catalog: XML {
    node(
      "dcat:Catalog", settings.baseURL + "catalog",
      both("dcterms:title", title) + both("dcterms:description", description) + [
        resource("dcterms:publisher", publisherURI), resource("dcterms:license", License.cc0),
        resource("dcat:dataset", datasetURI), resource("foaf:homepage", settings.baseURL),
        resource("dcterms:language", Self.authorities + "language/SWE"), modified,
      ])
  }

  private var dataset: XML {
    let themes = Set(catalogue.entries.flatMap { $0.texts("themes") }).compactMap {
      Schema.bundled.vocabularies["theme"]?[$0]?.eu
    }
    let issued = catalogue.entries.map(\.created).min().map { String($0.prefix(10)) }
    let date = "http://www.w3.org/2001/XMLSchema#date"
    return node(
      "dcat:Dataset", datasetURI,
      both("dcterms:title", title) + both("dcterms:description", description) + [
        resource("dcterms:publisher", publisherURI), resource("dcat:contactPoint", contactURI),
        resource("dcterms:accessRights", Self.authorities + "access-right/PUBLIC"),
        resource("dcterms:accrualPeriodicity", Self.authorities + "frequency/DAILY"),
        resource("dcterms:language", Self.authorities + "language/SWE"),
        resource("dcat:landingPage", settings.baseURL), modified,
        .text("dcat:keyword", "innovation", [("xml:lang", "sv")]),
        .text("dcat:keyword", "goda exempel", [("xml:lang", "sv")]),
      ] + (issued.map { [.text("dcterms:issued", $0, [("rdf:datatype", date)])] } ?? [])
        + Set(themes).sorted().map {
          resource("dcat:theme", Self.authorities + "data-theme/\($0)")
        } + Self.distributions.map { resource("dcat:distribution", address(of: $0)) })
  }

  private var modified: XML {
    .text(
      "dcterms:modified", catalogue.asOf,
      [("rdf:datatype", "http://www.w3.org/2001/XMLSchema#date")])
  }

  private func address(of distribution: Distribution) -> String {
    settings.baseURL + "distribution/" + distribution.file
  }

  private func distribution(_ distribution: Distribution) -> XML {
    node(
      "dcat:Distribution", address(of: distribution),
      both("dcterms:title", distribution.title) + [
        resource("dcat:accessURL", settings.baseURL + distribution.file),
        resource("dcat:downloadURL", settings.baseURL + distribution.file),
        .text("dcterms:format", distribution.mediaType),
        resource("dcterms:license", License.cc0), modified,
      ])
  }

  private var agent: XML {
    let code = catalogue.publisher?.code ?? ""
    let type =
      code.hasPrefix("kommun:")
      ? "LocalAuthority" : code.hasPrefix("region:") ? "RegionalAuthority" : "NonProfitOrganisation"
    return node(
      "foaf:Agent", publisherURI,
      [
        .text("foaf:name", catalogue.publisher?.name ?? catalogue.region),
        resource("dcterms:type", "http://purl.org/adms/publishertype/\(type)"),
      ])
  }

  private var contact: XML {
    node(
      "vcard:Organization", contactURI,
      [
        .text("vcard:fn", catalogue.publisher?.name ?? catalogue.region),
        resource("vcard:hasEmail", "mailto:" + mailbox),
      ])
  }

  /// What an address may not hold, percent-encoded.
  private static func encoded(_ address: String) -> String {
    let kept = Set("-._~:/?#[]@!$&'()*+,;=%".utf8)
    return address.utf8.map { byte in
      let isWord =
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      guard !isWord, !kept.contains(byte) else { return String(UnicodeScalar(byte)) }
      let hex = String(byte, radix: 16, uppercase: true)
      return "%" + (hex.count == 1 ? "0" : "") + hex
    }.joined()
  }
}
