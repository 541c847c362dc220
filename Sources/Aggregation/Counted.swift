/// The records behind a figure, as they were counted; most figures are shown without.
package struct Counted: Sendable, Equatable {
  static let none = Counted([ListedRecord]())

  private let list: @Sendable () -> [ListedRecord]

  init(_ facts: [some Countable]) { list = { facts.map(\.listed) } }

  package var records: [ListedRecord] { list() }

  package static func == (lhs: Counted, rhs: Counted) -> Bool { lhs.records == rhs.records }
}

/// What a report counts.
protocol Countable: Sendable {
  /// The record that it is about.
  var listed: ListedRecord { get }
}

extension ListedRecord: Countable {
  var listed: ListedRecord { self }
}

extension PublishedEntry: Countable {}
extension ReportFacts.Adoption: Countable {}
