import OperationStore
import Operations
import Practice

/// What entries have cost, and who has paid.
enum MoneyReport {
  /// A row of the table `costs` or `funding` of an entry.
  fileprivate struct Row {
    let entry: RecordKey
    let cells: [String: String]
    var amount: Int? { cells["amount"].flatMap { Int($0) } }
  }

  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let funding = rows(of: "funding", facts.entries)
    let costs = rows(of: "costs", facts.entries)
    let byFunder = Dictionary(grouping: funding) { $0.cells["funder"] ?? "" }
    return [
      Report.Table(
        "funders", "Finansiärer", "Funders",
        [
          .words("funder", "Finansiär", "Funder"), .figure("entries", "Exempel", "Entries"),
          .figure("amount", "Kronor", "SEK"),
          .figure("unknown", "Utan belopp", "Without an amount"),
        ],
        byFunder.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }.map {
          figures($0.key.isEmpty ? .code("", vocabulary: "") : .stated($0.key), $0.value)
        }),
      Report.Table(
        "costs", "Kostnader", "Costs",
        [
          .words("type", "Slag", "Type"), .figure("entries", "Exempel", "Entries"),
          .figure("amount", "Kronor", "SEK"),
          .figure("unknown", "Utan belopp", "Without an amount"),
        ],
        ReportFacts.byCode(costs, "cost_type") { $0.cells["type"].map { [$0] } ?? [] }.map {
          figures(.code($0.code, vocabulary: "cost_type"), $0.facts)
        }),
      Report.Table(
        "stating", "Hur många anger pengar", "How many state money",
        [
          .figure("entries", "Exempel", "Entries"),
          .figure("funding", "Anger finansiering", "State funding"),
          .figure("costs", "Anger kostnader", "State costs"),
        ],
        [
          [
            .count(facts.entries.map(\.key)), .count(distinct(funding)), .count(distinct(costs)),
          ]
        ]),
    ]
  }

  private static func figures(_ title: Report.Cell, _ rows: [Row]) -> [Report.Cell] {
    [
      title, .count(distinct(rows)),
      .number(rows.total, of: distinct(rows.filter { $0.amount != nil })),
      .count(distinct(rows.filter { $0.amount == nil })),
    ]
  }

  private static func distinct(_ rows: [Row]) -> [RecordKey] {
    Set(rows.map(\.entry)).sorted()
  }

  private static func rows(of table: String, _ entries: [ReportFacts.Entry]) -> [Row] {
    entries.flatMap { entry -> [Row] in
      var cells: [Substring: [String: String]] = [:]
      for (path, values) in entry.summary.facets {
        let parts = path.split(separator: "/")
        guard parts.count == 3, parts[0] == table else { continue }
        cells[parts[1], default: [:]][String(parts[2])] = values.first
      }
      return cells.sorted { $0.key < $1.key }.map { Row(entry: entry.key, cells: $0.value) }
    }
  }
}

extension [MoneyReport.Row] {
  fileprivate var total: Int { compactMap(\.amount).reduce(0) { $0 &+ $1 } }
}
