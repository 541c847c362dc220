import OperationStore
import Operations
import Practice
import Signatures

/// The strongest approving review of an entry, by others than its owner.
package struct ReviewStatus: Sendable {
  package static let family = "review"
  /// The field that says which entry a review, an adoption or a comment is about.
  private static let entryPath = "entry"

  /// With the code of the vocabulary `review_level`; none is a declaration of the owner's own.
  package enum Level: String, CaseIterable, Sendable {
    case none = "SELF"
    case peer = "PEER"
    case council = "COUNC"
  }

  package let level: Level
  /// Whether the entry has been edited since.
  package let isOfEarlierVersion: Bool
  /// Milliseconds since 1970 of the review's latest edit, as claimed; nil without a review.
  package let reviewed: Int64?

  package init(
    of state: RecordState, _ store: OperationStore, _ charter: Charter
  ) throws {
    try self.init(of: state.key, version: "\(state.version)", store, charter)
  }

  /// Folds the entry only if somebody has reviewed it.
  package init(of key: RecordKey, _ store: OperationStore, _ charter: Charter) throws {
    try self.init(
      of: key, version: try store.record(key).map { "\($0.version)" } ?? "", store, charter)
  }

  private init(
    of key: RecordKey, version makeVersion: @autoclosure () throws -> String,
    _ store: OperationStore, _ charter: Charter
  ) throws {
    let owner = try store.owner(of: key)
    let approving = try store.records(
      family: Self.family, path: Self.entryPath, value: key.text
    ).filter { review in
      try !review.isWithdrawn && store.owner(of: review.key) != owner
        && review.facets["decision"]?.first == "APPROVED"
        && Self.isByReviewers(review.key, store)
    }
    guard !approving.isEmpty else {
      (level, isOfEarlierVersion, reviewed) = (.none, false, nil)
      return
    }
    let version = try makeVersion()
    let best = approving.max { a, b in
      Self.rank(a, charter, version) < Self.rank(b, charter, version)
    }
    level = best.map { $0.key.organisation == charter.region ? .council : .peer } ?? .none
    isOfEarlierVersion = best.map { !Self.isOf(version, $0) } ?? false
    reviewed = best?.updated
  }

  /// Whoever may only publish can name a record a review, too.
  private static func isByReviewers(_ review: RecordKey, _ store: OperationStore) throws -> Bool {
    try store.operations(of: review).allSatisfy {
      $0.operation.header.operationClass == .review
    }
  }

  private static func isOf(_ version: String, _ review: RecordSummary) -> Bool {
    review.facets["version"]?.contains(version) ?? false
  }

  private static func rank(
    _ review: RecordSummary, _ charter: Charter, _ version: String
  ) -> (Int, Int, Int64) {
    (
      isOf(version, review) ? 1 : 0, review.key.organisation == charter.region ? 1 : 0,
      review.updated
    )
  }

  /// How many have been reviewed at each level, `SELF` first.
  package static func counts(_ statuses: [ReviewStatus]) -> [(level: Level, count: Int)] {
    Level.allCases.map { level in (level: level, count: statuses.count { $0.level == level }) }
  }

  /// Whether others have approved what stands there now.
  package var isApproved: Bool { level != .none && !isOfEarlierVersion }
}
