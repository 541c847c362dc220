import Practice

/// What has changed between two reports that `sprida report --json` printed.
struct ReportDifference {
  struct Change {
    let table: String
    let row: String
    let column: String
    let before: String
    let after: String
  }

  private(set) var changes: [Change] = []

  /// Throws `Mismatch` when they are not two of one kind and language.
  init(_ before: JSON, _ after: JSON) throws {
    for member in ["report", "version", "language"] {
      let (was, became) = (before[member]?.shown ?? "–", after[member]?.shown ?? "–")
      guard was == became, before[member] != nil else {
        throw Mismatch(what: member, before: was, after: became)
      }
    }
    for table in after["tables"]?.elements ?? [] {
      let name = table["name"]?.shown ?? ""
      let former = (before["tables"]?.elements ?? []).first { $0["name"]?.shown == name }
      compare(former, table)
    }
  }

  struct Mismatch: Error {
    let what: String
    let before: String
    let after: String
  }

  private struct Column {
    let name: String
    let title: String
    let isFigure: Bool
  }

  /// Of both, for a column goes with its last row.
  private static func columns(_ former: JSON?, _ table: JSON) -> [Column] {
    var columns: [Column] = []
    for column in [table, former].compactMap(\.self).flatMap({ $0["columns"]?.elements ?? [] }) {
      let name = column["name"]?.shown ?? ""
      guard !columns.contains(where: { $0.name == name }) else { continue }
      columns.append(
        Column(
          name: name, title: column["title"]?.shown ?? "",
          isFigure: column["figure"]?.isTrue ?? false))
    }
    return columns
  }

  private mutating func compare(_ former: JSON?, _ table: JSON) {
    let columns = Self.columns(former, table)
    let naming = columns.filter { !$0.isFigure }.prefix(3)
    // What tells rows apart: whatever is no figure, and an id before a title.
    func key(_ row: JSON) -> String {
      naming.map { (row[$0.name + "_id"] ?? row[$0.name])?.shown ?? "" }
        .joined(separator: "\u{1f}")
    }
    func title(_ row: JSON) -> String {
      naming.map { (row[$0.name + "_label"] ?? row[$0.name])?.shown ?? "" }
        .filter { !$0.isEmpty && $0 != "–" }.joined(separator: " · ")
    }
    let (old, new) = (former?["rows"]?.elements ?? [], table["rows"]?.elements ?? [])
    let (oldByKey, newByKey) = (
      Dictionary(old.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first }),
      Dictionary(new.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    )
    let compared = columns.filter { column in !naming.contains { $0.name == column.name } }
    for row in new + old.filter({ newByKey[key($0)] == nil }) {
      let (before, after) = (oldByKey[key(row)], newByKey[key(row)])
      func add(_ column: String, _ was: String, _ became: String) {
        guard was != became else { return }
        changes.append(
          Change(
            table: table["title"]?.shown ?? "", row: title(row), column: column, before: was,
            after: became))
      }
      for column in compared {
        add(column.title, Self.shown(before, column), Self.shown(after, column))
      }
      // Of a row without figures it is news that it is there.
      if compared.allSatisfy({ !$0.isFigure }) {
        add("", before == nil ? "–" : "✓", after == nil ? "–" : "✓")
      }
    }
  }

  /// A figure that the other report has no column for is 0 where its row is.
  private static func shown(_ row: JSON?, _ column: Column) -> String {
    guard let row else { return "–" }
    let value = row[column.name]?.shown ?? (column.isFigure ? "0" : "–")
    return row[column.name + "_earlier_version"]?.isTrue == true ? value + " *" : value
  }
}

extension JSON {
  /// A scalar as people read it; nothing is a dash.
  fileprivate var shown: String {
    switch self {
    case .string(let text): text
    case .number(let number): "\(number)"
    case .bool(let bool): "\(bool)"
    case .null, .array, .object: "–"
    }
  }
}
