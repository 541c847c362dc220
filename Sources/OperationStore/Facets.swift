/// The short displayed values of a record by path, and how one column holds them.
///
/// Its separators are control characters, which neither paths nor values have
/// (`Protocol/operation.md#text`).
struct Facets: Sendable, Equatable {
  private static let valueSeparator: UInt8 = 0x1f
  private static let pathSeparator: UInt8 = 0x1e

  let all: [(path: String, values: [String])]

  static func == (lhs: Facets, rhs: Facets) -> Bool { lhs.packed == rhs.packed }

  /// Paths ascend; those without a value are left out, and each value stands once, ascending.
  init(_ facets: [(path: String, values: [String])]) {
    all = facets.filter { !$0.values.isEmpty }.map { facet in
      facet.values.count == 1
        ? facet : (path: facet.path, values: Set(facet.values).sorted())
    }
  }

  init(packed: String) {
    all = packed.utf8.split(separator: Self.pathSeparator).map { facet in
      let parts = facet.split(separator: Self.valueSeparator, omittingEmptySubsequences: false)
      return (
        path: String(Substring(parts[0])),
        values: parts.dropFirst().map { String(Substring($0)) }
      )
    }
  }

  var packed: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    for facet in all {
      if !bytes.isEmpty { bytes.append(Self.pathSeparator) }
      bytes += facet.path.utf8
      for value in facet.values {
        bytes.append(Self.valueSeparator)
        bytes += value.utf8
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// By which records are found: cells of tables have paths of their own, which nobody knows.
  var found: [(path: String, value: String)] {
    all.filter { !$0.path.utf8.contains(UInt8(ascii: "/")) }.flatMap { facet in
      facet.values.map { (path: facet.path, value: $0) }
    }
  }
}
