import Operations
import Practice

/// Entries as rows: every field that is not a table, and at the end how they have been reviewed.
struct EntryCSV {
  private static let separator = " | "

  private let catalogue: Catalogue
  private let settings: Catalogue.Settings
  private let form: CSV
  private let fields: [FieldDefinition]

  init(_ catalogue: Catalogue, _ settings: Catalogue.Settings, _ form: CSV) {
    (self.catalogue, self.settings, self.form) = (catalogue, settings, form)
    fields = (Schema.bundled.family("entry")?.fields ?? []).filter {
      $0.merge != .table && !$0.isHidden && $0.name != "contact_ref"
    }
  }

  func write(to give: (String) throws -> Void) throws {
    try give(form.mark + form.line(heading))
    for entry in catalogue.entries {
      if let full = try catalogue.full(entry) { try give(form.line(row(full))) }
    }
  }

  private var isForPeople: Bool { form == .excel }
  private var language: Language { settings.language }

  private var heading: [String] {
    let own: [(name: String, title: Localised)] = [
      ("id", Localised(sv: "Id", en: "Id")),
      ("publisher_code", Localised(sv: "Utgivarens kod", en: "Publisher's code")),
      ("publisher", Localised(sv: "Utgivare", en: "Publisher")),
    ]
    let last: [(name: String, title: Localised)] = [
      ("adoptions_in_use", Localised(sv: "I bruk hos andra", en: "In use with others")),
      ("created", Localised(sv: "Publicerat", en: "Published")),
      ("updated", Localised(sv: "Ändrat", en: "Edited")),
      ("url", Localised(sv: "Adress", en: "Address")),
      ("set_digest", Localised(sv: "Mängdsumma", en: "Set digest")),
      ("review_status", Localised(sv: "Granskningsstatus", en: "Review status")),
    ]
    let columns = own + fields.map { (name: $0.name, title: $0.label) } + last
    return columns.map { isForPeople ? $0.title[language] : $0.name }
  }

  private func row(_ full: Catalogue.FullEntry) -> [String] {
    let entry = full.entry
    let owner = catalogue.owner(of: entry)
    return [entry.key.text, owner?.code ?? "", owner?.name ?? ""]
      + fields.map { field in
        full.texts(field.name).map { shown($0, field) }.joined(separator: Self.separator)
      } + [
        "\(catalogue.adoptions(of: entry))", entry.created, entry.updated,
        settings.baseURL + entry.path, "\(catalogue.digest)",
        isForPeople ? entry.review.label(language) : entry.review.code,
      ]
  }

  /// Codes with their labels for people, as they are for programs.
  private func shown(_ text: String, _ field: FieldDefinition) -> String {
    guard isForPeople, let vocabulary = Schema.bundled.vocabulary(of: field) else { return text }
    return vocabulary.label(of: text, language)
  }
}

extension ReviewStatus.Level {
  package func label(_ language: Language, isOfEarlierVersion: Bool) -> String {
    (Schema.bundled.vocabularies["review_level"]?.label(of: rawValue, language) ?? rawValue)
      + (isOfEarlierVersion
        ? Localised(sv: " (tidigare version)", en: " (earlier version)")[language] : "")
  }
}

extension ReviewStatus {
  package func label(_ language: Language) -> String {
    level.label(language, isOfEarlierVersion: isOfEarlierVersion)
  }

  /// For programs.
  var code: String { level.rawValue + (isOfEarlierVersion ? " earlier" : "") }
}
