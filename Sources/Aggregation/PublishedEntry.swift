import OperationStore
import Operations
import Practice
import Signatures

/// An entry with what follows from the records of others: what reports count and the catalogue shows.
package struct PublishedEntry: Sendable {
  package let listed: ListedRecord
  package let owner: Digest
  package let review: ReviewStatus
  package let freshness: Freshness

  /// Every entry, withdrawn ones too, in Swedish order of their titles.
  static func all(
    _ holdings: Holdings, _ store: OperationStore, asOf: String
  ) throws -> [PublishedEntry] {
    let owners = Owners(store, try store.charter())
    let reviews = Dictionary(grouping: try owners.ofReviews(holdings.reviews)) {
      $0.review.value(ReviewStatus.entryPath)
    }
    return try holdings.entries.map { listed in
      let owner = try owners.owner(of: listed.key)
      let about = reviews.isEmpty ? [] : reviews[listed.key.text] ?? []
      return PublishedEntry(
        listed: listed, owner: owner,
        review: ReviewStatus(of: listed, ownedBy: owner, about, region: owners.charter.region),
        freshness: Freshness(
          confirmed: listed.values("confirmed_at").first,
          created: PartialDate.day(listed.created), today: asOf))
    }
  }

  package var key: RecordKey { listed.key }
  package var title: String { listed.title }
  package var stages: [StageTime] { listed.stages }
  package var isWithdrawn: Bool { listed.isWithdrawn }
  package func values(_ path: String) -> [String] { listed.values(path) }
  package func value(_ path: String) -> String { listed.value(path) }

  // MARK: - As the catalogue names it

  /// A name that stays whatever the address: a hash of its key, cut to a UUID of version 8 (RFC 9562).
  package var identifier: String { "urn:uuid:" + UUIDv8.text(listed.name.bytes) }
  /// Of its page, below the site's address.
  package var path: String { "entry/\(pageName).html" }
  package var pageName: String { String("\(listed.name)".prefix(32)) }
  package var created: String { Moment.text(listed.created) }
  package var updated: String { Moment.text(listed.updated) }
}

/// Who owns which record: its publisher, or whoever has succeeded it.
struct Owners {
  let charter: Charter
  private let store: OperationStore

  init(_ store: OperationStore, _ charter: Charter) {
    (self.store, self.charter) = (store, charter)
  }

  func owner(of key: RecordKey) throws -> Digest {
    charter.successions.isEmpty ? key.organisation : try store.owner(of: key)
  }

  func ofReviews(
    _ reviews: [ListedRecord]
  ) throws -> [(review: ListedRecord, owner: Digest)] {
    try reviews.map { (review: $0, owner: try owner(of: $0.key)) }
  }
}
