import Operations
import Practice

/// The catalogue as national portals harvest it: DCAT-AP-SE 3.0.1 as RDF/XML.
///
/// One dataset, not one for each entry, and no blank nodes: a harvester joins what has one address.
struct DCATCatalogue {
  private static let namespaces = [
    ("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xmlns:dcat", "http://www.w3.org/ns/dcat#"),
    ("xmlns:dcterms", "http://purl.org/dc/terms/"), ("xmlns:foaf", "http://xmlns.com/foaf/0.1/"),
    ("xmlns:vcard", "http://www.w3.org/2006/vcard/ns#"),
  ]
  private static let authorities = "http://publications.europa.eu/resource/authority/"

  /// The files that portals list.
  private static let forms: [ExportForm] = [.csv, .jsonld, .sqlite, .atom]

  private let catalogue: Catalogue
  private let settings: Catalogue.Settings
  private let number: String
  private let mailbox: String

  /// Nil without the publisher's organisation number and mailbox, which portals demand.
  init?(_ catalogue: Catalogue, _ settings: Catalogue.Settings) {
    guard let number = settings.number, let mailbox = settings.mailbox else { return nil }
    (self.catalogue, self.settings) = (catalogue, settings)
    (self.number, self.mailbox) = (number, mailbox)
  }

  var text: String {
    XML.element(
      "rdf:RDF", Self.namespaces.map { (name: $0.0, value: $0.1) },
      [catalog, dataset] + Self.forms.map(distribution) + [agent, contact]
    ).document
  }

  private var publisherURI: String { "http://dataportal.se/organisation/SE\(number)" }
  private var datasetURI: String { settings.baseURL + "dataset" }
  private var contactURI: String { settings.baseURL + "contact" }

  private var description: Localised {
    let count = catalogue.entries.count
    let reviewed = ReviewStatus.counts(catalogue.entries.map(\.review)).map {
      "\($0.level.rawValue) \($0.count)"
    }.joined(separator: ", ")
    let confirmed = catalogue.entries.compactMap(\.freshness.confirmed).max() ?? "–"
    return Localised(
      sv: """
        \(count) exempel på nya arbetssätt som kommuner, regioner och andra har publicerat och \
        signerat. Granskning: \(reviewed). Senast bekräftat: \(confirmed). Beräknat ur mängden \
        \(catalogue.digest), \(catalogue.asOf).
        """,
      en: """
        \(count) examples of new ways of working that municipalities, regions and others have \
        published and signed. Review: \(reviewed). Latest confirmed: \(confirmed). Computed from the \
        set \(catalogue.digest), \(catalogue.asOf).
        """)
  }

  private func both(_ name: String, _ text: Localised) -> [XML] {
    [("sv", text.sv), ("en", text.en)].map { .text(name, $0.1, [("xml:lang", $0.0)]) }
  }

  private func resource(_ name: String, _ address: String) -> XML {
    .empty(name, [("rdf:resource", PercentEncoding.address(address))])
  }

  private func node(_ type: String, _ address: String, _ content: [XML]) -> XML {
    .element(type, [(name: "rdf:about", value: PercentEncoding.address(address))], content)
  }

  private var catalog: XML {
    node(
      "dcat:Catalog", settings.baseURL + "catalog",
      both("dcterms:title", catalogue.title) + both("dcterms:description", description) + [
        resource("dcterms:publisher", publisherURI), resource("dcterms:license", License.cc0),
        resource("dcat:dataset", datasetURI), resource("foaf:homepage", settings.baseURL),
        resource("dcterms:language", Self.authorities + "language/SWE"), modified,
      ])
  }

  private var dataset: XML {
    let themes = Set(catalogue.entries.flatMap { $0.values(.themes) }).compactMap {
      Schema.bundled.vocabularies["theme"]?[$0]?.eu
    }
    let issued = catalogue.entries.map(\.listed.created).min().map(PartialDate.day)
    let date = "http://www.w3.org/2001/XMLSchema#date"
    return node(
      "dcat:Dataset", datasetURI,
      both("dcterms:title", catalogue.title) + both("dcterms:description", description) + [
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
        } + Self.forms.map { resource("dcat:distribution", address(of: $0)) })
  }

  private var modified: XML {
    .text(
      "dcterms:modified", catalogue.asOf,
      [("rdf:datatype", "http://www.w3.org/2001/XMLSchema#date")])
  }

  private func address(of form: ExportForm) -> String {
    settings.baseURL + "distribution/" + form.fileName
  }

  private func distribution(_ form: ExportForm) -> XML {
    node(
      "dcat:Distribution", address(of: form),
      both("dcterms:title", form.title) + [
        resource("dcat:accessURL", settings.baseURL + form.fileName),
        resource("dcat:downloadURL", settings.baseURL + form.fileName),
        .text("dcterms:format", String(form.mediaType.prefix { $0 != ";" })),
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
}
