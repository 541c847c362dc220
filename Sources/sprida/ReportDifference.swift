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

  /// Throws `Mismatch` when they are not two of one kind.
  init(_ before: JSON, _ after: JSON) throws {
    for member in ["report", "version"] where before[member]?.shown != after[member]?.shown {
      throw Mismatch(
        what: member, before: before[member]?.shown ?? "–", after: after[member]?.shown ?? "–")
    }
    guard before["report"] != nil else { throw Mismatch(what: "report", before: "–", after: "–") }
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

  private mutating func compare(_ former: JSON?, _ table: JSON) {
    let columns = (table["columns"]?.elements ?? []).map { column in
      (
        name: column["name"]?.shown ?? "", title: column["title"]?.shown ?? "",
        isFigure: column["figure"]?.isTrue ?? false
      )
    }
    // What tells rows apart: whatever is no figure, and an id before a title.
    func key(_ row: JSON) -> String {
      columns.filter { !$0.isFigure }.prefix(3)
        .map { (row[$0.name + "_id"] ?? row[$0.name])?.shown ?? "" }.joined(separator: "\u{1f}")
    }
    func title(_ row: JSON) -> String {
      columns.filter { !$0.isFigure }.prefix(3)
        .map { (row[$0.name + "_label"] ?? row[$0.name])?.shown ?? "" }
        .filter { !$0.isEmpty }.joined(separator: " · ")
    }
    let (old, new) = (former?["rows"]?.elements ?? [], table["rows"]?.elements ?? [])
    let (oldByKey, newByKey) = (
      Dictionary(old.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first }),
      Dictionary(new.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    )
    let rows = new + old.filter { newByKey[key($0)] == nil }
    for row in rows {
      let (before, after) = (oldByKey[key(row)], newByKey[key(row)])
      let isWhole = before != nil && after != nil
      for (index, column) in columns.enumerated() where column.isFigure || !isWhole || index > 2 {
        let (was, became) = (before?[column.name]?.shown ?? "–", after?[column.name]?.shown ?? "–")
        guard was != became, column.isFigure || index > 2 else { continue }
        changes.append(
          Change(
            table: table["title"]?.shown ?? "", row: title(row), column: column.title, before: was,
            after: became))
      }
      let hasFigures = columns.contains { $0.isFigure }
      if !isWhole, !hasFigures {
        changes.append(
          Change(
            table: table["title"]?.shown ?? "", row: title(row), column: "",
            before: before == nil ? "–" : "✓", after: after == nil ? "–" : "✓"))
      }
    }
  }
}

extension JSON {
  fileprivate subscript(member: String) -> JSON? {
    if case .object(let members) = self { members[member] } else { nil }
  }

  fileprivate var elements: [JSON] {
    if case .array(let elements) = self { elements } else { [] }
  }

  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }

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
