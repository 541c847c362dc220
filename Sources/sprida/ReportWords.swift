import Aggregation
import OperationStore
import Operations
import Practice

/// How the cells of a report read, in one language.
struct ReportWords {
  let context: Context
  let charter: Charter
  var console: Console { context.console }
  private var language: Language { console.language }

  init(_ context: Context) throws {
    self.context = context
    charter = try context.store.charter()
  }

  func text(_ localised: Localised) -> String { localised[language] }

  /// For people: numbers in groups, a dash for nothing.
  func text(_ cell: Report.Cell) -> String {
    switch cell {
    case .count(let records): console.number(records.count)
    case .number(let number, _): console.number(number)
    case .none: "–"
    default: value(cell)
    }
  }

  /// For programs and spreadsheets: plain numbers, nothing for nothing.
  func value(_ cell: Report.Cell) -> String {
    switch cell {
    case .stated(let text): text
    case .words(let words): words[language]
    case .code(let code, let vocabulary): label(code, vocabulary)
    case .organisation(let id): context.organisationName(id, charter)
    case .entry(_, let title): title
    case .review(let level, let isOfEarlierVersion):
      label(level.rawValue, "review_level")
        + (isOfEarlierVersion ? console.text(" (tidigare version)", " (earlier version)") : "")
    case .count(let records): "\(records.count)"
    case .number(let number, _): "\(number)"
    case .percent(let percent): "\(percent) %"
    case .few: console.text("färre än \(Report.leastShown)", "fewer than \(Report.leastShown)")
    case .none: ""
    }
  }

  private func label(_ code: String, _ vocabulary: String) -> String {
    code.isEmpty
      ? console.text("ej angivet", "not stated")
      : Schema.bundled.vocabularies[vocabulary]?.label(of: code, language) ?? code
  }

  func name(of member: ReportFacts.Member) -> String {
    member.organisation.map { context.organisationName($0, charter) } ?? member.code
  }

  func title(of key: RecordKey) throws -> String {
    Console.line(try context.store.record(key)?.displayedText("title") ?? "")
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
    case .count(let records), .number(_, let records): records
    default: []
    }
  }
}
