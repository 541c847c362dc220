import OperationStore
import Operations
import Practice
import Signatures

/// The strongest approving review of an entry, by others than its owner.
package struct ReviewStatus: Sendable {
  package static let family = "review"
  /// The field that says which entry a review, an adoption or a comment is about.
  static let entryPath = "entry"

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

  /// Of one record; `version` is what it says now.
  package init(
    of key: RecordKey, version: Digest, _ store: OperationStore, _ charter: Charter
  ) throws {
    let about = try store.records(family: Self.family, path: Self.entryPath, value: key.text)
      .map { ListedRecord($0) }.filter { $0.about == key }
    let owners = Owners(store, charter)
    self.init(
      version: version, ownedBy: try owners.owner(of: key), try owners.ofReviews(about),
      region: charter.region)
  }

  /// Of an entry that says a version, with all the reviews that name it.
  init(
    version: Digest, ownedBy owner: Digest, _ reviews: [(review: ListedRecord, owner: Digest)],
    region: Digest
  ) {
    // Whoever may only publish can name a record a review, too.
    let approving = reviews.filter {
      !$0.review.isWithdrawn && $0.owner != owner && $0.review.value(.decision) == "APPROVED"
        && $0.review.isReview
    }.map(\.review)
    guard !approving.isEmpty else {
      (level, isOfEarlierVersion, reviewed) = (.none, false, nil)
      return
    }
    let version = "\(version)"
    let best = approving.max { a, b in
      Self.rank(a, region, version) < Self.rank(b, region, version)
    }
    level = best.map { $0.key.organisation == region ? .council : .peer } ?? .none
    isOfEarlierVersion = best.map { !Self.isOf(version, $0) } ?? false
    reviewed = best?.updated
  }

  private static func isOf(_ version: String, _ review: ListedRecord) -> Bool {
    review.values(.version).contains(version)
  }

  private static func rank(
    _ review: ListedRecord, _ region: Digest, _ version: String
  ) -> (Int, Int, Int64) {
    (isOf(version, review) ? 1 : 0, review.key.organisation == region ? 1 : 0, review.updated)
  }

  /// How many have been reviewed at each level, `SELF` first.
  package static func counts(_ statuses: [ReviewStatus]) -> [(level: Level, count: Int)] {
    Level.allCases.map { level in (level: level, count: statuses.count { $0.level == level }) }
  }

  /// Whether others have approved what stands there now.
  package var isApproved: Bool { level != .none && !isOfEarlierVersion }
}
