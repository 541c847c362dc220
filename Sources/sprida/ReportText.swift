import Aggregation
import OperationStore
import Operations
import Practice

/// A report for people: its tables, and what it rests on.
struct ReportText {
  private let report: Report
  private let words: ReportWords
  private let isExplained: Bool
  private var console: Console { words.console }

  init(_ report: Report, _ words: ReportWords, isExplained: Bool) {
    self.report = report
    self.words = words
    self.isExplained = isExplained
  }

  func lines() throws -> [String] {
    [console.bold(words.text(report.name.title)), words.text(report.name.question), ""]
      + (try report.tables.flatMap { try lines(of: $0) }) + footer
  }

  private func lines(of table: Report.Table) throws -> [String] {
    let title = [words.text(table.title)]
    guard !table.rows.isEmpty else {
      return [title[0] + ": " + console.text("inget", "nothing"), ""]
    }
    var shown = Table(
      table.columns.map { (words.text($0.title), $0.isFigure ? .right : .left) },
      main: table.columns.firstIndex { $0.name == "entry" })
    for row in table.rows { shown.add(row.map(words.text)) }
    return title + shown.lines(console) + [""]
      + (isExplained ? try explanation(of: table) : [])
  }

  /// Each figure with the records that it counts.
  private func explanation(of table: Report.Table) throws -> [String] {
    var lines: [String] = []
    for row in table.rows {
      if !table.columns.contains(where: \.isFigure), case .entry(let key, _)? = row.first {
        lines.append("    \(key.text)  \(try words.title(of: key))")
      }
      for (column, cell) in zip(table.columns, row) where !cell.records.isEmpty {
        let title = words.title(of: row, in: table)
        lines.append("  \(title) · \(words.text(column.title)) = \(words.text(cell))")
        lines += try cell.records.map { "    \($0.text)  \(try words.title(of: $0))" }
      }
    }
    return lines.isEmpty ? [] : lines + [""]
  }

  // MARK: - Provenance

  private var footer: [String] {
    let provenance = report.provenance
    let operations = console.count(provenance.operations, .operation)
    let members = console.count(provenance.members, .member)
    return [
      console.text(
        "Beräknat ur \(operations) med mängdsumman \(provenance.digest).",
        "Computed from \(operations) with the set digest \(provenance.digest)."),
      console.text(
        "Frågeversion \(Report.version); signerat till och med \(provenance.asOf); \(members) \(provenance.membersOn).",
        "Query version \(Report.version); signed up to and including \(provenance.asOf); \(members) \(provenance.membersOn)."
      ),
      reviewed,
    ] + missing + stale + outside
  }

  private var reviewed: String {
    console.reviewed(report.provenance.reviewed) + "."
      + console.confirmed(report.provenance.latestConfirmed)
  }

  private var missing: [String] {
    guard !report.provenance.missing.isEmpty else { return [] }
    let names = report.provenance.missing.map(words.name).inSwedishOrder.joined(separator: ", ")
    return [
      console.text("Har inte publicerat något: \(names).", "Have published nothing: \(names).")
    ]
  }

  private var stale: [String] {
    guard !report.provenance.stale.isEmpty else { return [] }
    let names = report.provenance.stale.map { "\(words.name(of: $0.member)) (\($0.latest))" }
      .inSwedishOrder.joined(separator: ", ")
    return [
      console.text("Inget nytt på ett halvår: \(names).", "Nothing new for half a year: \(names).")
    ]
  }

  private var outside: [String] {
    let count = report.provenance.outside
    guard count > 0 else { return [] }
    let entries = console.count(count, .entry)
    return [
      console.text(
        "\(entries) räknas inte, för utgivaren var inte medlem då.",
        "\(entries) not counted, for the publisher was no member then.")
    ]
  }
}
