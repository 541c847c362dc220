import OperationStore
import Operations
import Practice

/// What entries have cost, and who has paid.
enum MoneyReport {
  /// Own work is stated in hours, which are no money.
  private static let hours = "HOURS"

  /// A row of the table `costs` or `funding` of an entry.
  fileprivate struct Row {
    let entry: ListedRecord
    /// Who pays, or the type of the cost; empty: not stated.
    let title: String
    let amount: Int?
  }

  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let funding = rows(of: "funding", by: "funder", facts.entries)
    let costs = rows(of: "costs", by: "type", facts.entries)
    let byFunder = Dictionary(grouping: funding, by: \.title)
    return [
      Report.Table(
        "funders", "Finansiärer", "Funders",
        [
          .words("funder", "Finansiär", "Funder"), .entries,
          .figure("amount", "Kronor", "SEK"),
          .figure("unknown", "Utan belopp", "Without an amount"),
        ],
        byFunder.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }.map {
          figures($0.key.isEmpty ? .code("", vocabulary: "") : .stated($0.key), $0.value)
        }),
      Report.Table(
        "costs", "Kostnader", "Costs",
        [
          .words("type", "Slag", "Type"), .entries,
          .figure("amount", "Kronor", "SEK"),
          .figure("unknown", "Utan belopp", "Without an amount"),
        ],
        ReportFacts.byCode(costs.filter { $0.title != hours }, "cost_type", titles).map {
          figures(.code($0.code, vocabulary: "cost_type"), $0.facts)
        }),
      Report.Table(
        "hours", "Eget arbete", "Own work",
        [
          .words("type", "Slag", "Type"), .entries,
          .figure("amount", "Timmar", "Hours"),
          .figure("unknown", "Utan antal", "Without a number"),
        ],
        ReportFacts.byCode(costs.filter { $0.title == hours }, "cost_type", titles).map {
          figures(.code($0.code, vocabulary: "cost_type"), $0.facts)
        }),
      Report.Table(
        "stating", "Hur många anger pengar", "How many state money",
        [
          .entries,
          .figure("funding", "Anger finansiering", "State funding"),
          .figure("costs", "Anger kostnader", "State costs"),
        ],
        [
          [
            .count(facts.entries), .count(distinct(funding)), .count(distinct(costs)),
          ]
        ]),
    ]
  }

  private static func figures(_ title: Report.Cell, _ rows: [Row]) -> [Report.Cell] {
    [
      title, .count(distinct(rows)),
      .number(rows.total, of: Counted(distinct(rows.filter { $0.amount != nil }))),
      .count(distinct(rows.filter { $0.amount == nil })),
    ]
  }

  /// The rows of one entry stand together.
  private static func distinct(_ rows: [Row]) -> [ListedRecord] {
    var entries: [ListedRecord] = []
    for row in rows where entries.last !== row.entry { entries.append(row.entry) }
    return entries.sorted { $0.key < $1.key }
  }

  private static func titles(_ row: Row) -> [String] { row.title.isEmpty ? [] : [row.title] }

  private static func rows(
    of table: String, by column: String, _ entries: [ReportFacts.Entry]
  ) -> [Row] {
    entries.flatMap { entry in
      entry.listed.rows(of: table).map { row in
        Row(
          entry: entry.listed, title: row[column] ?? "", amount: row["amount"].flatMap { Int($0) })
      }
    }
  }
}

extension [MoneyReport.Row] {
  /// No sum of real money comes near the end of the numbers; what would pass it stays there.
  fileprivate var total: Int {
    compactMap(\.amount).reduce(0) { sum, amount in
      let (total, isOver) = sum.addingReportingOverflow(amount)
      return isOver ? (amount > 0 ? .max : .min) : total
    }
  }
}
