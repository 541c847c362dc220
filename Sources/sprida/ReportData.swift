import Aggregation
import OperationStore
import Operations
import Practice

/// A report for programs: JSON, and its tables as rows of text.
struct ReportData {
  private let report: Report
  private let words: ReportWords

  init(_ report: Report, _ words: ReportWords) {
    self.report = report
    self.words = words
  }

  // MARK: - JSON

  /// With the records of each figure when it is to be explained.
  func json(isExplained: Bool) -> JSON {
    let provenance = report.provenance
    return .object([
      "report": .string(report.name.rawValue), "version": .number(Report.version),
      "title": .string(words.text(report.name.title)),
      "language": .string(words.console.language.code), "as_of": .string(provenance.asOf),
      "members_on": .string(provenance.membersOn), "members": .number(provenance.members),
      "set_digest": .string("\(provenance.digest)"),
      "operations": .number(Int64(clamping: provenance.operations)),
      "missing": .array(provenance.missing.map { .string($0.code) }),
      "stale": .array(
        provenance.stale.map {
          .object(["code": .string($0.member.code), "latest": .string($0.latest)])
        }),
      "review_status": .reviewed(provenance.reviewed),
      "latest_confirmed": .optional(provenance.latestConfirmed),
      "outside": .number(provenance.outside),
      "tables": .array(report.tables.map { json(of: $0, isExplained: isExplained) }),
    ])
  }

  private func json(of table: Report.Table, isExplained: Bool) -> JSON {
    .object([
      "name": .string(table.name), "title": .string(words.text(table.title)),
      "columns": .array(
        table.columns.map {
          .object([
            "name": .string($0.name), "title": .string(words.text($0.title)),
            "figure": .bool($0.isFigure),
          ])
        }),
      "rows": .array(
        table.rows.map { row in
          .object(
            Dictionary(
              zip(table.columns, row).flatMap { column, cell in
                members(column.name, cell, isExplained: isExplained)
              }, uniquingKeysWith: { first, _ in first }))
        }),
    ])
  }

  private func members(
    _ name: String, _ cell: Report.Cell, isExplained: Bool
  ) -> [(String, JSON)] {
    let value: JSON =
      switch cell {
      case .count(let count, _): .number(count)
      case .number(let number, _): .number(number)
      case .percent(let percent, _): .number(percent)
      case .code(let code, _): .string(code)
      case .review(let level, _): .string(level.rawValue)
      case .few, .none: .null
      default: .string(words.value(cell))
      }
    var members = [(name, value)]
    switch cell {
    case .entry(let key, _): members.append((name + "_id", .string(key.text)))
    case .organisation(let id): members.append((name + "_id", .string("\(id)")))
    case .review(_, let isOfEarlierVersion):
      members.append((name + "_earlier_version", .bool(isOfEarlierVersion)))
    case .code: members.append((name + "_label", .string(words.value(cell))))
    case .few: members.append((name + "_few", .bool(true)))
    case .count, .number, .percent:
      if isExplained {
        members.append((name + "_records", .array(cell.records.map { .string($0.text) })))
      }
    default: break
    }
    return members
  }

  // MARK: - CSV

  /// One table; each row says itself what it was computed from, and how that has been reviewed.
  func csv(_ form: CSV, of table: Report.Table) -> String {
    let isForPeople = form == .excel
    func cells(_ column: Report.Column, _ cell: Report.Cell) -> [String] {
      let value = isForPeople ? words.value(cell) : words.code(cell)
      guard column.name == "entry" else { return [value] }
      if case .entry(let key, _) = cell { return [value, key.text] }
      return [value, ""]
    }
    let heading = table.columns.flatMap { column -> [String] in
      let name = isForPeople ? words.text(column.title) : column.name
      return column.name == "entry" ? [name, "id"] : [name]
    }
    return form.text(
      [heading + sources.map { isForPeople ? words.text($0.title) : $0.name }]
        + table.rows.map { row in
          zip(table.columns, row).flatMap(cells) + sources.map(\.value)
        })
  }

  private var sources: [(name: String, title: Localised, value: String)] {
    let provenance = report.provenance
    let reviewed = provenance.reviewed.map { "\($0.level.rawValue) \($0.count)" }
    return [
      ("version", Localised(sv: "Frågeversion", en: "Query version"), "\(Report.version)"),
      ("as_of", Localised(sv: "Signerat till och med", en: "Signed up to"), provenance.asOf),
      ("members_on", Localised(sv: "Medlemmar", en: "Members on"), provenance.membersOn),
      ("set_digest", Localised(sv: "Mängdsumma", en: "Set digest"), "\(provenance.digest)"),
      (
        "latest_confirmed", Localised(sv: "Senast bekräftat", en: "Latest confirmed"),
        provenance.latestConfirmed ?? ""
      ),
      (
        "review_status", Localised(sv: "Granskningsstatus", en: "Review status"),
        reviewed.joined(separator: ", ")
      ),
    ]
  }
}
