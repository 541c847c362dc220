import Operations
import WireFormat

/// What a record still lacks.
///
/// Shown as a status; it never decides storage, merge or acceptance.
package enum Validation {
  /// Fields that are needed or asked for because of what the document says, such as its stage, as
  /// far as its kind asks for them.
  package static func problems(of document: Document) -> [Problem] {
    let blank = document.family.fields.filter { document[$0.name] == nil }
    return blank.filter { document.asks(for: $0) }.compactMap { field in
      if let condition = condition(field.required, in: document) {
        return Problem(.missingNow, field: field.name, expected: condition)
      }
      return condition(field.advised, in: document).map {
        Problem(.advised, field: field.name, expected: $0)
      }
    }
  }

  /// Everything the schema says about a stored record, faulty values included.
  package static func problems(
    of state: RecordState, family: Family, schema: Schema, byHand: Bool = false
  ) -> [Problem] {
    let document = Document(state: state, family: family, schema: schema)
    var problems: [Problem] = []
    do {
      _ = try Document(
        parsing: document.rendered, family: family, schema: schema, byHand: byHand)
    } catch {
      problems = error.problems.map { problem in
        var placeless = problem
        placeless.line = nil
        return placeless
      }
    }
    return problems + self.problems(of: document)
  }

  /// The field and the values that make the requirement hold, or nil when it does not.
  private static func condition(_ requirement: Requirement?, in document: Document) -> [String]? {
    guard case .when(let field, let values, let unless) = requirement,
      let content = document[field], unless.allSatisfy({ document[$0] == nil })
    else { return nil }
    if values.isEmpty { return [field] }
    let isMet = content.values.contains { value in
      if case .value(.text(let text)) = value { values.contains(text) } else { false }
    }
    return isMet ? [field] + values : nil
  }
}
