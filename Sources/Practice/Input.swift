/// What a person or an importer entered, before any field has judged it.
///
/// Scalars stay text: YAML's guesses (`0114` a number, `no` a boolean) are not ours.
package indirect enum Input: Equatable, Sendable {
  case empty
  case text(String, line: Int? = nil)
  case list([Input], line: Int? = nil)
  case map([Entry], line: Int? = nil)

  package struct Entry: Equatable, Sendable {
    package let key: String
    package let value: Input
    package let line: Int?

    package init(_ key: String, _ value: Input, line: Int? = nil) {
      self.key = key
      self.value = value
      self.line = line
    }
  }

  package enum Shape: String, Sendable {
    case empty, text, list, map
  }

  package var line: Int? {
    switch self {
    case .empty: nil
    case .text(_, let line), .list(_, let line), .map(_, let line): line
    }
  }

  var shape: Shape {
    switch self {
    case .empty: .empty
    case .text: .text
    case .list: .list
    case .map: .map
    }
  }

  /// The elements of a list; a single value counts as a list of one.
  var elements: [Input] {
    switch self {
    case .empty: []
    case .list(let items, _): items.filter { $0 != .empty }
    case .text, .map: [self]
    }
  }
}
