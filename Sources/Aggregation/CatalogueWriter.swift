import OperationStore
import Practice

/// A form in which the catalogue is published.
package enum ExportForm: String, CaseIterable, Sendable {
  case csv, excel, jsonld, atom, jsonfeed, dcat, sqlite

  package var fileName: String {
    switch self {
    case .csv: "entries.csv"
    case .excel: "entries-excel.csv"
    case .jsonld: "entries.jsonld"
    case .atom: "feed.atom"
    case .jsonfeed: "feed.json"
    case .dcat: "catalog.rdf"
    case .sqlite: "catalogue.sqlite"
    }
  }

  package var mediaType: String {
    switch self {
    case .csv, .excel: "text/csv; charset=utf-8"
    case .jsonld: "application/ld+json"
    case .atom: "application/atom+xml"
    case .jsonfeed: "application/feed+json"
    case .dcat: "application/rdf+xml"
    case .sqlite: "application/vnd.sqlite3"
    }
  }

  package var title: Localised {
    switch self {
    case .csv: Localised(sv: "exempel som CSV för program", en: "entries as CSV for programs")
    case .excel: Localised(sv: "exempel som CSV för Excel", en: "entries as CSV for Excel")
    case .jsonld:
      Localised(
        sv: "exempel som länkade data (schema.org)", en: "entries as linked data (schema.org)")
    case .atom: Localised(sv: "det senaste som Atom", en: "the latest as Atom")
    case .jsonfeed: Localised(sv: "det senaste som JSON Feed", en: "the latest as JSON Feed")
    case .dcat:
      Localised(
        sv: "katalogen för dataportaler (DCAT-AP-SE)",
        en: "the catalogue for data portals (DCAT-AP-SE)")
    case .sqlite:
      Localised(
        sv: "allt i en fil för analys, som i Datasette",
        en: "all in one file for analysis, as in Datasette")
    }
  }
}

/// Writes a catalogue in any of its forms.
package struct CatalogueWriter {
  private let store: OperationStore
  private let catalogue: Catalogue
  private let settings: Catalogue.Settings

  package init(
    _ store: OperationStore, _ catalogue: Catalogue, _ settings: Catalogue.Settings
  ) {
    (self.store, self.catalogue, self.settings) = (store, catalogue, settings)
  }

  /// Whether what portals demand of a publisher is known.
  package var canDescribe: Bool { DCATCatalogue(catalogue, settings) != nil }

  /// Gives a form that is text piece by piece, so that no catalogue is too great; gives nothing of a
  /// form that is none (`writeDatabase`), or that lacks what it needs.
  package func write(_ form: ExportForm, to give: (String) throws -> Void) throws {
    switch form {
    case .csv: try EntryCSV(catalogue, settings, .plain).write(to: give)
    case .excel: try EntryCSV(catalogue, settings, .excel).write(to: give)
    case .jsonld: try EntryJSONLD(catalogue, settings).write(to: give)
    case .atom: try give(Feeds(catalogue, settings).atom)
    case .jsonfeed: try give(Feeds(catalogue, settings).json)
    case .dcat: try DCATCatalogue(catalogue, settings).map { try give($0.text) }
    case .sqlite: break
    }
  }

  /// Fills the file of the form `sqlite`.
  package func writeDatabase(to path: String) throws {
    try CatalogueFile(store, catalogue).write(to: path)
  }

  /// Writes a form to a file, whatever it is.
  package func writeFile(_ form: ExportForm, to path: String) throws {
    if form == .sqlite { return try writeDatabase(to: path) }
    try TextFile.write(path) { try write(form, to: $0) }
  }
}
