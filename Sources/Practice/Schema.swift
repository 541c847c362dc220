import Foundation

/// The families and vocabularies, read from `Protocol/schema`.
package struct Schema: Equatable, Sendable {
  package let families: [Family]
  package let vocabularies: [String: Vocabulary]

  /// Decodes one file per family and the file of vocabularies.
  package init(families files: [[UInt8]], vocabularies: [UInt8]) throws(SchemaError) {
    var families: [Family] = []
    for file in files { families.append(try Self.decode(Family.self, file)) }
    self.families = families
    self.vocabularies = try Self.vocabularies(vocabularies)
    try check()
  }

  package func family(_ name: String) -> Family? {
    families.first { $0.name == name }
  }

  /// The family that a key means: its name, or its label in any language and case.
  package func family(named text: String) -> Family? {
    let wanted = text.caseFolded
    return families.first { family in
      [family.name, family.label.sv, family.label.en].contains { $0.caseFolded == wanted }
    }
  }

  package func vocabulary(of field: FieldDefinition) -> Vocabulary? {
    field.vocabulary.flatMap { vocabularies[$0] }
  }

  private static func vocabularies(
    _ file: [UInt8]
  ) throws(SchemaError) -> [String: Vocabulary] {
    struct Entry: Decodable {
      let label: Localised
      let extends: String?
      let codes: [Vocabulary.Code]
    }
    let entries = try decode([String: Entry].self, file)
    var result: [String: Vocabulary] = [:]
    for (name, entry) in entries {
      let inherited = try entry.extends.map { base throws(SchemaError) in
        guard let codes = entries[base]?.codes else {
          throw .unknownVocabulary(field: name, vocabulary: base)
        }
        return codes
      }
      result[name] = Vocabulary(
        name: name, label: entry.label, codes: (inherited ?? []) + entry.codes)
    }
    return result
  }

  private static func decode<T: Decodable>(
    _ type: T.Type, _ file: [UInt8]
  ) throws(SchemaError) -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(file))
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// Every name a definition mentions exists, so that no later lookup can miss.
  private func check() throws(SchemaError) {
    for family in families {
      for field in family.fields {
        for part in [field] + (field.columns ?? []) { try check(part, in: family) }
        guard field.merge != nil, (field.merge == .table) == (field.columns != nil) else {
          throw .badMerge(field: "\(family.name).\(field.name)")
        }
      }
      try checkTemplates(of: family)
    }
  }

  private func checkTemplates(of family: Family) throws(SchemaError) {
    for template in family.templates {
      let path = "\(family.name).\(template.values.first ?? "")"
      for name in template.fields + template.without + template.defaults.keys.sorted() {
        guard family[name] != nil else { throw .unknownField(field: path, other: name) }
      }
      let codes = family.templateField.flatMap { family[$0] }.flatMap(vocabulary)
      for value in template.values where codes?[value] == nil {
        throw .unknownField(field: path, other: value)
      }
    }
  }

  private func check(_ field: FieldDefinition, in family: Family) throws(SchemaError) {
    let path = "\(family.name).\(field.name)"
    if let vocabulary = field.vocabulary, vocabularies[vocabulary] == nil {
      throw .unknownVocabulary(field: path, vocabulary: vocabulary)
    }
    if let target = field.target, self.family(target) == nil {
      throw .unknownFamily(field: path, family: target)
    }
    if let pattern = field.pattern, (try? Regex(pattern)) == nil {
      throw .badPattern(field: path, pattern: pattern)
    }
    for case .when(let condition, _, let unless) in [field.required, field.advised].compactMap({
      $0
    }) {
      for other in [condition] + unless {
        guard family[other] != nil else { throw .unknownField(field: path, other: other) }
      }
    }
  }
}

/// Why a schema file is not one; always a defect of the file.
package enum SchemaError: Error, Equatable {
  case unreadable(String)
  case unknownVocabulary(field: String, vocabulary: String)
  case unknownFamily(field: String, family: String)
  case unknownField(field: String, other: String)
  case badPattern(field: String, pattern: String)
  case badMerge(field: String)
}
