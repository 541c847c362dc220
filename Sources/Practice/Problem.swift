/// One thing wrong with a document: where, what was found, what was expected.
///
/// Holds facts only; the wording is in `Problem+Message.swift`.
package struct Problem: Equatable, Sendable {
  package enum Code: String, Sendable, CaseIterable {
    case unknownField = "unknown-field"
    case derivedField = "derived-field"
    case duplicateField = "duplicate-field"
    case unknownFamily = "unknown-family"
    case notASection = "not-a-section"
    case strayText = "stray-text"
    case missing = "missing"
    case missingNow = "missing-now"
    case advised = "advised"
    case unknownCode = "unknown-code"
    case tooLong = "too-long"
    case tooMany = "too-many"
    case badDate = "bad-date"
    case badInteger = "bad-integer"
    case outOfRange = "out-of-range"
    case badBoolean = "bad-boolean"
    case notAllowed = "not-allowed"
    case badAddress = "bad-address"
    case badPattern = "bad-pattern"
    case badOrganisation = "bad-organisation"
    case badReference = "bad-reference"
    case unresolvedReference = "unresolved-reference"
    case badRow = "bad-row"
    case wrongShape = "wrong-shape"
    case controlCharacter = "control-character"
    case headNotClosed = "head-not-closed"
    case yamlSyntax = "yaml-syntax"
    case tooLarge = "too-large"
  }

  package let code: Code
  /// The path of the field as a reader sees it (`costs[2].amount`), or nil for the whole document.
  package var field: String?
  /// Counted from 1; nil when the document was not read from a text.
  package var line: Int?
  /// Counted from 1; known where the head's syntax is broken.
  package var column: Int?
  package var found: String
  /// Allowed codes, a limit, an example: data that the wording completes.
  package var expected: [String]
  package var suggestion: String?

  package init(
    _ code: Code, field: String? = nil, line: Int? = nil, column: Int? = nil, found: String = "",
    expected: [String] = [], suggestion: String? = nil
  ) {
    self.code = code
    self.field = field
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
    self.suggestion = suggestion
  }
}

/// Everything that is wrong with a document, in the order of its lines.
package struct DocumentError: Error, Equatable, Sendable {
  package let problems: [Problem]
  /// Of the document, for the labels of its fields.
  package let family: Family?

  package init(_ problems: [Problem], family: Family? = nil) {
    self.family = family
    let ordered = problems.enumerated().sorted { a, b in
      (a.element.line ?? .max, a.offset) < (b.element.line ?? .max, b.offset)
    }
    self.problems = ordered.map(\.element)
  }
}
