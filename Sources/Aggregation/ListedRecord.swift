import OperationStore
import Operations
import Practice
import Signatures

/// A record as reports and pages count it: what they ask of many at once, and no text but the title.
///
/// There are as many as the region has published, so that each byte counts: what records have in common,
/// such as codes and publishers, is held once (`SharedValues`).
package final class ListedRecord: Sendable {
  /// Read of every record; what else a record states is read when that record is shown.
  package enum Path: UInt32, Sendable, CaseIterable {
    // In the order of their names, as what is stated stands.
    case confirmed, decision, evidence, kind, language, missing, novelty, obstacles, outcome,
      periodEnd, prerequisites, sameAs, stage, state, successFactors, themes, version

    package var name: String {
      switch self {
      case .confirmed: "confirmed_at"
      case .periodEnd: "period_end"
      case .sameAs: "same_as"
      case .successFactors: "success_factors"
      default: "\(self)"
      }
    }

    fileprivate static let byName = Dictionary(
      uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    fileprivate var bit: UInt32 { 1 << rawValue }
  }

  /// Of these tables every cell.
  private static let tables: Set<Substring> = ["costs", "evaluations", "funding"]

  /// Of the store; 0 for one that is read alone.
  package let row: Int64
  private let publisher: SharedPublisher
  private let record: Digest
  package let title: String
  /// Milliseconds since 1970, as claimed.
  package let created: Int64
  package let updated: Int64
  private let conflictCount: Int32
  package let isWithdrawn: Bool
  /// What a review says that it has seen.
  let version: Digest
  let isReview: Bool
  package let stages: [StageTime]
  /// Whose entry a review or an adoption is about, and which.
  private let aboutPublisher: SharedPublisher?
  private let aboutRecord: Digest
  /// Ascending by path and value.
  private let stated: [SharedValue]
  /// One bit for each path at which something is stated: most are not looked for further.
  private let present: UInt32
  /// Of tables, ascending by path and text.
  private let cells: [(path: String, text: String)]

  convenience init(_ summary: RecordSummary) {
    var shared = SharedValues()
    self.init(summary, row: 0, &shared)
  }

  init(_ summary: RecordSummary, row: Int64, _ shared: inout SharedValues) {
    self.row = row
    publisher = shared.publisher(summary.key.organisation)
    (record, title) = (summary.key.record, summary.title)
    (created, updated) = (summary.created, summary.updated)
    (conflictCount, isWithdrawn) = (Int32(clamping: summary.conflicts), summary.isWithdrawn)
    (version, isReview, stages) = (summary.version, summary.isReview, summary.stages)
    var about: RecordKey?
    var stated: [SharedValue] = []
    var present: UInt32 = 0
    var cells: [(path: String, text: String)] = []
    for (path, values) in summary.statements {
      if path == ReviewStatus.entryPath {
        about = values.first.flatMap { RecordKey(text: $0) }
      } else if let path = Path.byName[path] {
        if !values.isEmpty { present |= path.bit }
        stated += values.map { shared.value(path, $0) }
      } else if Self.isCell(path) {
        cells += values.map { (path: path, text: $0) }
      }
    }
    aboutPublisher = about.map { shared.publisher($0.organisation) }
    aboutRecord = about?.record ?? .zero
    (self.stated, self.present, self.cells) = (stated, present, cells)
  }

  /// Nil when the owner is its publisher, as it is of nearly all.
  func heir(_ owner: Digest) -> SharedPublisher? {
    owner == publisher.id ? nil : SharedPublisher(owner)
  }

  package var key: RecordKey { RecordKey(organisation: publisher.id, record: record) }

  /// Which entry a review or an adoption is about; nil when it names none.
  var about: RecordKey? {
    aboutPublisher.map { RecordKey(organisation: $0.id, record: aboutRecord) }
  }

  /// Fields with several live values.
  package var conflicts: Int { Int(conflictCount) }

  private static func isCell(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 && tables.contains(parts[0])
  }

  /// What it states at a path, ascending.
  package func values(_ path: Path) -> [String] { stated(path).map(\.text) }

  /// The first of them; empty for none.
  package func value(_ path: Path) -> String { stated(path).first?.text ?? "" }

  package func isStated(_ path: Path) -> Bool { !stated(path).isEmpty }

  private func stated(_ path: Path) -> ArraySlice<SharedValue> {
    guard present & path.bit != 0 else { return [] }
    // Each path before it has one value at least.
    let first = (present & (path.bit - 1)).nonzeroBitCount
    return stated[first...].drop { $0.path != path }.prefix { $0.path == path }
  }

  /// The rows of a table, ascending by their ids, each a value for each column that is read.
  func rows(of table: String) -> [[String: String]] {
    let prefix = table + "/"
    var rows: [(id: Substring, cells: [String: String])] = []
    for value in cells where value.path.hasPrefix(prefix) {
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
  let path: ListedRecord.Path
  let text: String

  init(path: ListedRecord.Path, text: String) { (self.path, self.text) = (path, text) }
}

/// An organisation, of however many records.
final class SharedPublisher: Sendable {
  let id: Digest

  init(_ id: Digest) { self.id = id }
}

/// What has been read so far that others may have too.
struct SharedValues: Sendable {
  private var publishers: [Digest: SharedPublisher] = [:]
  private var byPath: [ListedRecord.Path: [String: SharedValue]] = [:]

  mutating func value(_ path: ListedRecord.Path, _ text: String) -> SharedValue {
    if let known = byPath[path]?[text] { return known }
    let value = SharedValue(path: path, text: text)
    byPath[path, default: [:]][text] = value
    return value
  }

  mutating func publisher(_ id: Digest) -> SharedPublisher {
    if let known = publishers[id] { return known }
    let publisher = SharedPublisher(id)
    publishers[id] = publisher
    return publisher
  }
}
