/// The short displayed values of a record by path, as one text.
///
/// Its separators are control characters, which neither paths nor values have
/// (`Protocol/operation.md#text`).
package struct Facets: Sendable, Equatable {
  private static let valueSeparator: Unicode.Scalar = "\u{1f}"
  private static let pathSeparator: Unicode.Scalar = "\u{1e}"

  let packed: String

  init(packed: String) { self.packed = packed }

  /// Paths ascend; those without a value are left out, and each value stands once.
  init(_ facets: [(path: String, values: [String])]) {
    packed = facets.filter { !$0.values.isEmpty }.map { facet in
      ([facet.path] + Set(facet.values).sorted()).joined(separator: String(Self.valueSeparator))
    }.joined(separator: String(Self.pathSeparator))
  }

  /// Values ascend.
  package var all: [(path: String, values: [String])] {
    packed.unicodeScalars.split(separator: Self.pathSeparator).map { facet in
      let parts = facet.split(separator: Self.valueSeparator, omittingEmptySubsequences: false)
        .map(String.init)
      return (path: parts[0], values: Array(parts.dropFirst()))
    }
  }

  package var byPath: [String: [String]] {
    Dictionary(all.map { ($0.path, $0.values) }, uniquingKeysWith: { first, _ in first })
  }

  /// By which records are found: cells of tables have paths of their own, which nobody knows.
  var found: [(path: String, value: String)] {
    all.filter { !$0.path.utf8.contains(UInt8(ascii: "/")) }.flatMap { facet in
      facet.values.map { (path: facet.path, value: $0) }
    }
  }
}
