import Operations
import Practice
import Signatures

/// One of the council's questions with its answer in tables (`Protocol/reports.md`).
///
/// A function of the exchanged set and of two dates: two nodes with one set digest give equal reports.
package struct Report: Sendable {
  /// Of a figure's definition, not of its layout; one more when a figure would come out otherwise.
  package static let version = 1
  /// Shares and medians of fewer are not shown: a single organisation would be seen through them.
  package static let leastShown = 5

  package struct Column: Sendable, Equatable {
    /// For machines; stable.
    package let name: String
    package let title: Localised
    package let isFigure: Bool

    // What tables of entries have in common.
    static let entry = words("entry", "Exempel", "Entry")
    static let owner = words("owner", "Utgivare", "Publisher")
    static let organisation = words("organisation", "Organisation", "Organisation")
    static let stage = words("stage", "Skede", "Stage")
    static let review = words("review", "Granskning", "Review")
    static let confirmed = words("confirmed", "Bekräftat", "Confirmed")
    static let entries = figure("entries", "Exempel", "Entries")
    static let adoptions = figure("adoptions", "Övertaganden", "Adoptions")
    static let share = figure("share", "Andel", "Share")

    static func words(_ name: String, _ swedish: String, _ english: String) -> Column {
      Column(name: name, title: Localised(sv: swedish, en: english), isFigure: false)
    }

    static func figure(_ name: String, _ swedish: String, _ english: String) -> Column {
      Column(name: name, title: Localised(sv: swedish, en: english), isFigure: true)
    }

    /// One figure for each stage; a prefix keeps it apart from the other columns.
    static func figure(_ code: Vocabulary.Code) -> Column {
      figure("stage_" + code.code, code.sv, code.en)
    }
  }

  package enum Cell: Sendable, Equatable {
    /// As somebody has stated it.
    case stated(String)
    case words(Localised)
    /// A code of a vocabulary; empty: not stated.
    case code(String, vocabulary: String)
    case organisation(Digest)
    case entry(RecordKey, title: String)
    case review(ReviewStatus.Level, isOfEarlierVersion: Bool)
    /// How many, and which.
    case count(Int, of: Counted)
    /// A sum, or a median, over some records.
    case number(Int, of: Counted)
    /// Rounded percent, and which records are the part.
    case percent(Int, of: Counted)
    /// Fewer than `leastShown`.
    case few
    case none
  }

  /// Rows, each made when it is asked for: a table of all entries is longer than what is shown of it.
  package struct Rows: RandomAccessCollection, Sendable {
    package let startIndex = 0
    package let endIndex: Int
    private let row: @Sendable (Int) -> [Cell]

    init<Item: Sendable>(of items: [Item], _ row: @escaping @Sendable (Item) -> [Cell]) {
      endIndex = items.count
      self.row = { row(items[$0]) }
    }

    package subscript(position: Int) -> [Cell] { row(position) }
  }

  package struct Table: Sendable {
    package let name: String
    package let title: Localised
    package let columns: [Column]
    package private(set) var rows: Rows
    /// How many rows there are, also when not all of them are here.
    package let rowCount: Int

    init(
      _ name: String, _ swedish: String, _ english: String, _ columns: [Column], _ rows: [[Cell]]
    ) {
      self.init(name, swedish, english, columns, Rows(of: rows) { $0 })
    }

    init(_ name: String, _ swedish: String, _ english: String, _ columns: [Column], _ rows: Rows) {
      self.name = name
      title = Localised(sv: swedish, en: english)
      self.columns = columns
      self.rows = rows
      rowCount = rows.count
    }

    fileprivate func cut(to count: Int) -> Table {
      var table = self
      table.rows = Rows(of: rows.prefix(count).map { $0.map(\.withoutRecords) }) { $0 }
      return table
    }
  }

  package let name: ReportName
  package private(set) var tables: [Table]
  package let provenance: Provenance

  package init(_ name: ReportName, _ facts: ReportFacts) {
    self.name = name
    tables = name.tables(facts)
    provenance = facts.provenance
  }

  /// For a page: the first rows of each table, and figures without the records that they count.
  package func cut(toRows count: Int) -> Report {
    var report = self
    report.tables = tables.map { $0.cut(to: count) }
    return report
  }
}

extension Report.Cell {
  static func count(_ facts: [some Countable]) -> Report.Cell {
    .count(facts.count, of: Counted(facts))
  }

  fileprivate var withoutRecords: Report.Cell {
    switch self {
    case .count(let count, _): .count(count, of: .none)
    case .number(let number, _): .number(number, of: .none)
    case .percent(let percent, _): .percent(percent, of: .none)
    default: self
    }
  }

  /// A part of a whole, unless the whole is so small that it tells of single ones.
  static func share(_ part: [some Countable], of whole: Int) -> Report.Cell {
    whole < Report.leastShown
      ? .few : .percent((200 * part.count + whole) / (2 * whole), of: Counted(part))
  }

  /// The middle of some values, rounded down.
  static func median(_ values: [(value: Int, record: ListedRecord)]) -> Report.Cell {
    guard !values.isEmpty else { return .none }
    guard values.count >= Report.leastShown else { return .few }
    let sorted = values.map(\.value).sorted()
    let middle = sorted.count / 2
    let median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    return .number(median, of: Counted(values.map(\.record)))
  }
}

/// What a report rests on, for whoever has to defend it or make it again.
package struct Provenance: Sendable {
  /// The day up to which signed operations count, `2026-11-28`.
  package let asOf: String
  /// The date whose members are counted: a day, a month or a year.
  package let membersOn: String
  package let digest: Digest
  package let operations: UInt64
  package let members: Int
  /// Members that have published nothing in this set.
  package let missing: [ReportFacts.Member]
  /// Members of whom nothing has been signed for half a year, with the day of the latest.
  package let stale: [(member: ReportFacts.Member, latest: String)]
  /// Entries by the level of their review, `SELF` first.
  package let reviewed: [(level: ReviewStatus.Level, count: Int)]
  /// Entries that are not counted since their organisation was no member then.
  package let outside: Int
  /// The latest day that an entry was confirmed; nil: none was.
  package let latestConfirmed: String?
}
