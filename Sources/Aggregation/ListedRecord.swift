import OperationStore
import Operations
import Practice
import Signatures

/// A record as reports and pages count it: what they ask of many at once, and no text but the title.
///
/// Values that records have in common, such as codes, are held once (`SharedValues`).
package final class ListedRecord: Sendable {
  /// Read of every record; what else a record states is read when that record is shown.
  private static let paths: Set<String> = [
    "confirmed_at", "decision", "evidence", "kind", "language", "missing", "novelty",
    "obstacles", "outcome", "period_end", "prerequisites", "same_as", "stage", "state",
    "success_factors", "themes", "version",
  ]
  /// Of these tables every cell.
  private static let tables: Set<Substring> = ["costs", "evaluations", "funding"]

  /// Of the store; nil for one that is read alone.
  package let row: Int64?
  package let key: RecordKey
  package let title: String
  /// Milliseconds since 1970, as claimed.
  package let created: Int64
  package let updated: Int64
  /// Fields with several live values.
  package let conflicts: Int
  package let isWithdrawn: Bool
  /// What a review says that it has seen.
  let version: Digest
  let isReview: Bool
  package let stages: [StageTime]
  /// Which entry a review or an adoption is about; nil when it names none.
  let about: RecordKey?
  /// Ascending by path and value.
  private let stated: [SharedValue]

  convenience init(_ summary: RecordSummary) {
    var shared = SharedValues()
    self.init(summary, row: nil, &shared)
  }

  init(_ summary: RecordSummary, row: Int64?, _ shared: inout SharedValues) {
    self.row = row
    (key, title) = (summary.key, summary.title)
    (created, updated) = (summary.created, summary.updated)
    (conflicts, isWithdrawn) = (summary.conflicts, summary.isWithdrawn)
    (version, isReview, stages) = (summary.version, summary.isReview, summary.stages)
    var about: RecordKey?
    var stated: [SharedValue] = []
    for (path, values) in summary.statements {
      if path == "entry" {
        about = values.first.flatMap { RecordKey(text: $0) }
      } else if Self.isRead(path) {
        for value in values { stated.append(shared.value(path, value)) }
      }
    }
    (self.about, self.stated) = (about, stated)
  }

  private static func isRead(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 ? tables.contains(parts[0]) : paths.contains(path)
  }

  /// What it states at a path, ascending.
  package func values(_ path: String) -> [String] {
    stated.filter { $0.path == path }.map(\.text)
  }

  /// The first of them; empty for none.
  package func value(_ path: String) -> String { stated.first { $0.path == path }?.text ?? "" }

  /// The rows of a table, ascending by their ids, each a value for each column that is read.
  func rows(of table: String) -> [[String: String]] {
    let prefix = table + "/"
    var rows: [(id: Substring, cells: [String: String])] = []
    for value in stated where value.path.hasPrefix(prefix) {
      let parts = value.path.split(separator: "/", omittingEmptySubsequences: false)
      if rows.last?.id != parts[1] { rows.append((id: parts[1], cells: [:])) }
      if !value.text.isEmpty { rows[rows.count - 1].cells[String(parts[2])] = value.text }
    }
    return rows.map(\.cells)
  }
}

extension ListedRecord: Equatable {
  /// The same record, as it has been read here.
  package static func == (lhs: ListedRecord, rhs: ListedRecord) -> Bool {
    lhs.key == rhs.key && lhs.version == rhs.version
  }
}

/// One value at one path, of however many records.
final class SharedValue: Sendable {
  let path: String
  let text: String

  init(path: String, text: String) { (self.path, self.text) = (path, text) }
}

/// The values that have been read so far.
struct SharedValues: Sendable {
  private var byPath: [String: [String: SharedValue]] = [:]

  mutating func value(_ path: String, _ text: String) -> SharedValue {
    if let known = byPath[path]?[text] { return known }
    let value = SharedValue(path: path, text: text)
    // Row ids are nobody else's: no other record shares a cell.
    if !path.utf8.contains(UInt8(ascii: "/")) { byPath[path, default: [:]][text] = value }
    return value
  }
}
