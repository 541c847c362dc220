import Node
import OperationStore
import Operations
import Practice
import Signatures

/// The strongest approving review of an entry, by others than its owner.
struct ReviewStatus {
  static let family = "review"

  /// With the code of the vocabulary `review_level`; none is a declaration of the owner's own.
  enum Level: String {
    case none = "SELF"
    case peer = "PEER"
    case council = "COUNC"
  }

  let level: Level
  /// Whether the entry has been edited since.
  let isOfEarlierVersion: Bool
  /// `2026-11-22`; empty without a review.
  let day: String

  init(of state: RecordState, _ context: Context, _ charter: Charter) throws {
    try self.init(of: state.key, version: "\(state.version)", context, charter)
  }

  /// Folds the entry only if somebody has reviewed it.
  init(of record: RecordSummary, _ context: Context, _ charter: Charter) throws {
    try self.init(
      of: record.key, version: try context.store.record(record.key).map { "\($0.version)" } ?? "",
      context, charter)
  }

  private init(
    of key: RecordKey, version makeVersion: @autoclosure () throws -> String, _ context: Context,
    _ charter: Charter
  ) throws {
    let path = News.referring.first { $0.family.name == Self.family }?.path ?? ""
    let owner = try context.store.owner(of: key)
    let approving = try context.store.records(
      family: Self.family, path: path, value: key.text
    ).filter { review in
      try !review.isWithdrawn && context.store.owner(of: review.key) != owner
        && review.facets["decision"]?.first == "APPROVED"
        && Self.isByReviewers(review.key, context)
    }
    guard !approving.isEmpty else {
      (level, isOfEarlierVersion, day) = (.none, false, "")
      return
    }
    let version = try makeVersion()
    let best = approving.max { a, b in
      Self.rank(a, charter, version) < Self.rank(b, charter, version)
    }
    level = best.map { $0.key.organisation == charter.region ? .council : .peer } ?? .none
    isOfEarlierVersion = best.map { !Self.isOf(version, $0) } ?? false
    day = best.map { context.console.date($0.updated) } ?? ""
  }

  /// Whoever may only publish can name a record a review, too.
  private static func isByReviewers(_ review: RecordKey, _ context: Context) throws -> Bool {
    try context.store.operations(of: review).allSatisfy {
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

  /// Whether others have approved what stands there now.
  var isApproved: Bool { level != .none && !isOfEarlierVersion }

  func text(_ console: Console) -> String {
    let status =
      switch level {
      case .none: console.text("egendeklarerad, inte granskad", "self-declared, not reviewed")
      case .peer: console.text("kollegialt läst \(day)", "read by peers \(day)")
      case .council: console.text("granskad av rådet \(day)", "reviewed by the council \(day)")
      }
    return isOfEarlierVersion
      ? status + console.text(", i en tidigare version", ", in an earlier version") : status
  }
}
