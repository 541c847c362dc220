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

  /// Fields that must be given with what the document says, such as the basis of its evidence.
  ///
  /// What it lacked already in `former`, for the same reason, is not demanded again.
  static func demands(of document: Document, since former: Document?) -> [Problem] {
    document.family.fields.filter { $0.demanded == true && document[$0.name] == nil }
      .compactMap { field in
        guard let condition = condition(field.required, in: document) else { return nil }
        if let former, former[field.name] == nil, let reason = condition.first,
          former[reason] == document[reason]
        {
          return nil
        }
        return Problem(.missingNow, field: field.name, expected: condition)
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
