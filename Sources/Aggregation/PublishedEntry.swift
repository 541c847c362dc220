import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// An entry with what follows from the records of others and from its history: what reports count and
/// the catalogue shows.
package struct PublishedEntry: Sendable {
  package let summary: RecordSummary
  package let state: RecordState
  package let owner: Digest
  package let review: ReviewStatus
  package let freshness: Freshness
  /// Stages that it came to, once each stays there; milliseconds since 1970, as claimed.
  package let stages: [(code: String, time: Int64)]

  package var key: RecordKey { summary.key }

  /// Every entry of a store, withdrawn ones too, in Swedish order of their titles.
  static func all(
    _ store: OperationStore, _ charter: Charter, asOf: String
  ) throws -> [PublishedEntry] {
    try store.records(family: "entry").compactMap { summary in
      guard let state = try store.record(summary.key) else { return nil }
      return PublishedEntry(
        summary: summary, state: state, owner: try store.owner(of: summary.key),
        review: try ReviewStatus(of: state, store, charter),
        freshness: Freshness(
          confirmed: summary.facets["confirmed_at"]?.first,
          created: PartialDate.day(summary.created), today: asOf),
        stages: try stages(of: summary.key, store))
    }
  }

  private static func stages(
    of key: RecordKey, _ store: OperationStore
  ) throws -> [(code: String, time: Int64)] {
    var stages: [(code: String, time: Int64)] = []
    for past in try store.history(of: "stage", in: key) {
      guard case .text(let code)? = past.value, stages.last?.code != code else { continue }
      stages.append((code: code, time: past.time))
    }
    return stages
  }
}
