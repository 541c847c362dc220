/// The fields of one kind of record; a file of `Protocol/schema`.
package struct Family: Decodable, Equatable, Sendable {
  package let name: String
  package let label: Localised
  /// The field that a `# ` heading gives.
  package let titleField: String?
  /// The field that the text before the first `## ` heading gives.
  package let preambleField: String?
  /// The reference that fixes the record id, for families with one record per target.
  package let onePer: String?
  /// Holds personal data: kept out of exports, erased when it expires.
  package let isPersonal: Bool
  package let derived: [DerivedField]
  package let fields: [FieldDefinition]

  private enum CodingKeys: String, CodingKey {
    case name = "family"
    case label
    case titleField = "title"
    case preambleField = "preamble"
    case onePer = "one_per"
    case isPersonal = "personal"
    case derived, fields
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    label = try container.decode(Localised.self, forKey: .label)
    titleField = try container.decodeIfPresent(String.self, forKey: .titleField)
    preambleField = try container.decodeIfPresent(String.self, forKey: .preambleField)
    onePer = try container.decodeIfPresent(String.self, forKey: .onePer)
    isPersonal = try container.decodeIfPresent(Bool.self, forKey: .isPersonal) ?? false
    derived = try container.decodeIfPresent([DerivedField].self, forKey: .derived) ?? []
    fields = try container.decode([FieldDefinition].self, forKey: .fields)
  }

  package subscript(name: String) -> FieldDefinition? {
    fields.first { $0.name == name }
  }

  /// The field that a key or heading means: its name, or its label in any language and case.
  package func field(named text: String) -> FieldDefinition? {
    self[text.caseFolded] ?? fields.first { $0.isNamed(text) }
  }

  func derivedField(named text: String) -> DerivedField? {
    derived.first {
      [$0.name, $0.label.sv, $0.label.en].contains { $0.caseFolded == text.caseFolded }
    }
  }
}

/// A value that readers compute and nobody enters.
package struct DerivedField: Decodable, Equatable, Sendable {
  package let name: String
  package let label: Localised
  /// How it is computed, for a reader of the schema.
  package let rule: String
}
