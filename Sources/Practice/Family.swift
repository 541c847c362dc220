import Operations

/// The fields of one kind of record; a file of `Protocol/schema`.
package struct Family: Decodable, Equatable, Sendable {
  package let name: String
  package let label: Localised
  /// The class of the operations that say something of such a record, and so the role that signs.
  package let operationClass: OperationClass
  /// The field that a `# ` heading gives.
  package let titleField: String?
  /// The field that the text before the first `## ` heading gives.
  package let preambleField: String?
  /// The reference that fixes the record id, for families with one record per target.
  package let onePer: String?
  /// Holds personal data: kept out of exports, erased when it expires.
  package let isPersonal: Bool
  package let derived: [DerivedField]
  /// The field whose value chooses the template, such as an entry's kind.
  package let templateField: String?
  package let templates: [Template]
  package let fields: [FieldDefinition]

  private enum CodingKeys: String, CodingKey {
    case name = "family"
    case label
    case operationClass = "class"
    case titleField = "title"
    case preambleField = "preamble"
    case onePer = "one_per"
    case isPersonal = "personal"
    case templateField = "template_by"
    case derived, templates, fields
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    label = try container.decode(Localised.self, forKey: .label)
    let className = try container.decodeIfPresent(String.self, forKey: .operationClass)
    operationClass = try Self.operationClass(className ?? "record", container)
    titleField = try container.decodeIfPresent(String.self, forKey: .titleField)
    preambleField = try container.decodeIfPresent(String.self, forKey: .preambleField)
    onePer = try container.decodeIfPresent(String.self, forKey: .onePer)
    isPersonal = try container.decodeIfPresent(Bool.self, forKey: .isPersonal) ?? false
    derived = try container.decodeIfPresent([DerivedField].self, forKey: .derived) ?? []
    templateField = try container.decodeIfPresent(String.self, forKey: .templateField)
    templates = try container.decodeIfPresent([Template].self, forKey: .templates) ?? []
    fields = try container.decode([FieldDefinition].self, forKey: .fields)
  }

  private static func operationClass(
    _ name: String, _ container: KeyedDecodingContainer<CodingKeys>
  ) throws -> OperationClass {
    switch name {
    case "record": return .record
    case "review": return .review
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .operationClass, in: container,
        debugDescription: "expected record or review, found \(name)")
    }
  }

  package subscript(name: String) -> FieldDefinition? {
    fields.first { $0.name == name }
  }

  /// The definition of a field, or of a table's column by the path of a cell.
  package func definition(at path: String) -> FieldDefinition? {
    let parts = path.split(separator: "/")
    let field = self[String(parts.first ?? "")]
    return parts.count == 3 ? field?.columns?.first { $0.name == parts[2] } : field
  }

  /// The field that a key or heading means: its name, or its label in any language and case.
  package func field(named text: String) -> FieldDefinition? {
    self[text.caseFolded] ?? fields.first { $0.isNamed(text) }
  }

  /// `Områden (themes[1])` for the path of a field or of something in it.
  func name(ofPath path: String, _ language: Language) -> String {
    let name = String(path.prefix { !"[./".contains($0) })
    guard let label = self[name]?.label[language], label.caseFolded != path else { return path }
    return "\(label) (\(path))"
  }

  /// What a record with `value` in the template field asks for; nil when it asks for everything.
  package func template(for value: String) -> Template? {
    templates.first { $0.values.contains(value) }
  }

  func derivedField(named text: String) -> DerivedField? {
    derived.first {
      [$0.name, $0.label.sv, $0.label.en].contains { $0.caseFolded == text.caseFolded }
    }
  }
}

/// What one kind of record asks for, of all that its family has.
package struct Template: Decodable, Equatable, Sendable {
  /// The values of the family's template field that it is for.
  package let values: [String]
  /// Fields that it asks for beside those that every record needs.
  package let fields: [String]
  /// Fields that every other record needs and one of these does not.
  package let without: [String]
  /// By field, the document form of what a person need not enter.
  package let defaults: [String: String]

  private enum CodingKeys: String, CodingKey {
    case values = "for"
    case defaults = "default"
    case fields, without
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    values = try container.decode([String].self, forKey: .values)
    fields = try container.decode([String].self, forKey: .fields)
    without = try container.decodeIfPresent([String].self, forKey: .without) ?? []
    defaults = try container.decodeIfPresent([String: String].self, forKey: .defaults) ?? [:]
  }

  func asks(for field: FieldDefinition) -> Bool {
    field.required == .always ? !without.contains(field.name) : fields.contains(field.name)
  }
}

/// A value that readers compute and nobody enters.
package struct DerivedField: Decodable, Equatable, Sendable {
  package let name: String
  package let label: Localised
  /// How it is computed, for a reader of the schema.
  package let rule: String
}
