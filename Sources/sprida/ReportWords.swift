import Aggregation
import OperationStore
import Operations
import Practice

/// How the cells of a report read, in one language.
struct ReportWords {
  let console: Console
  /// The store that was counted, which is not the node's own for an earlier day.
  private let store: OperationStore
  private let words: CellWords

  init(_ context: Context, _ store: OperationStore) throws {
    let charter = try store.charter()
    console = context.console
    self.store = store
    words = CellWords(console.language) { context.organisationName($0, charter) }
  }

  func text(_ localised: Localised) -> String { localised[console.language] }

  /// For people: numbers in groups, a dash for nothing.
  func text(_ cell: Report.Cell) -> String {
    switch cell {
    case .count(let count, _): console.number(count)
    case .number(let number, _): console.number(number)
    case .none: "–"
    default: value(cell)
    }
  }

  /// For spreadsheets: plain numbers, nothing for nothing.
  func value(_ cell: Report.Cell) -> String { words.text(cell) }

  /// For programs: codes, and numbers alone.
  func code(_ cell: Report.Cell) -> String {
    switch cell {
    case .code(let code, _): code
    case .percent(let percent, _): "\(percent)"
    case .few: "few"
    case .organisation(let id): "\(id)"
    case .review(let level, let isOfEarlierVersion):
      level.rawValue + (isOfEarlierVersion ? " earlier" : "")
    default: words.text(cell)
    }
  }

  func name(of member: ReportFacts.Member) -> String {
    member.organisation.map { words.text(.organisation($0)) } ?? member.code
  }

  func title(of key: RecordKey) throws -> String {
    Console.line(try store.record(key)?.displayedText("title") ?? "")
  }

  /// The beginning of a row, which tells it from others.
  func title(of row: [Report.Cell], in table: Report.Table) -> String {
    zip(table.columns, row).filter { !$0.0.isFigure }.prefix(3).map { value($0.1) }
      .filter { !$0.isEmpty }.joined(separator: " · ")
  }
}

extension Report.Cell {
  /// The records behind a figure.
  var records: [RecordKey] {
    switch self {
    case .count(_, let counted), .number(_, let counted), .percent(_, let counted):
      counted.records.map(\.key)
    default: []
    }
  }
}
