/// One field of a family, or one column of a table field (`Protocol/schema/README.md#fields`).
package struct FieldDefinition: Decodable, Equatable, Sendable {
  package let name: String
  package let type: FieldType
  /// Absent for a column, which is a register.
  package let merge: MergeRule?
  package let label: Localised
  package let hint: Localised?
  package let vocabulary: String?
  /// The family a reference points at, or whose records have a text as their code.
  package let target: String?
  package let required: Requirement?
  /// Imported records may lack the field although it is required.
  package let onlyByHand: Bool?
  /// What is required under a condition is then demanded before publishing too, of whoever writes by
  /// hand.
  package let demanded: Bool?
  /// Asked for, but never demanded.
  package let advised: Requirement?
  package let maxBytes: Int?
  package let maxCount: Int?
  package let min: Int64?
  package let max: Int64?
  /// A regular expression that the whole text matches.
  package let pattern: String?
  package let example: String?
  /// The document form of the value a new record gets when none is given.
  package let `default`: String?
  /// The one value allowed, in document form.
  package let only: String?
  package let columns: [FieldDefinition]?
  /// For programs: left out where people read, but for documents that they edit.
  package let hidden: Bool?

  package var isHidden: Bool { hidden == true }
  /// Whether its texts are codes of records.
  package var isTag: Bool { type == .text && target != nil }

  enum CodingKeys: String, CodingKey {
    case name, type, merge, label, hint, vocabulary, target, required, advised, min, max
    case pattern, example, `default`, only, columns, hidden, demanded
    case onlyByHand = "only_by_hand"
    case maxBytes = "max_bytes"
    case maxCount = "max_count"
  }

  /// The names a heading or key may use.
  func isNamed(_ text: String) -> Bool {
    let wanted = text.caseFolded
    return [name, label.sv, label.en].contains { $0.caseFolded == wanted }
  }
}

/// The shape of a value.
///
/// Each has one encoding (`Protocol/schema/README.md#types`).
package enum FieldType: String, Decodable, Sendable {
  case text
  case longText = "long_text"
  case url
  case code
  case codes
  case integer
  case date
  case boolean
  case reference
  case link
  case codedText = "coded_text"
  case partner
  case table
}

/// How concurrent edits of a field meet.
package enum MergeRule: String, Decodable, Sendable {
  /// One value; concurrent ones are a conflict that is shown.
  case register
  /// Add-wins set of values.
  case set
  /// Rows of registers.
  case table
}

/// When a field must be present.
package enum Requirement: Equatable, Sendable {
  case always
  /// When `field` has one of `values`, or any value at all if `values` is empty, and none of
  /// `unless` is given.
  case when(field: String, values: [String], unless: [String] = [])
}

extension Requirement: Decodable {
  private enum CodingKeys: String, CodingKey {
    case field = "if"
    case values = "in"
    case unless
  }

  package init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard word == "always" else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "expected always, found \(word)"))
      }
      self = .always
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self = .when(
      field: try container.decode(String.self, forKey: .field),
      values: try container.decodeIfPresent([String].self, forKey: .values) ?? [],
      unless: try container.decodeIfPresent([String].self, forKey: .unless) ?? [])
  }
}
