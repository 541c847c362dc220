import OperationStore
import Operations
import Practice
import Signatures

/// An entry with what follows from the records of others: what reports count and the catalogue shows.
package final class PublishedEntry: Sendable {
  package let listed: ListedRecord
  /// Nil when that is its publisher.
  private let heir: SharedPublisher?
  package let review: ReviewStatus
  package let freshness: Freshness

  private init(
    _ listed: ListedRecord, owner: Digest, review: ReviewStatus, freshness: Freshness
  ) {
    self.listed = listed
    heir = listed.heir(owner)
    (self.review, self.freshness) = (review, freshness)
  }

  /// Every entry, withdrawn ones too, in Swedish order of their titles.
  static func all(
    _ holdings: Holdings, _ store: OperationStore, asOf: String
  ) throws -> [PublishedEntry] {
    let owners = Owners(store, holdings.charter)
    let reviews = Dictionary(grouping: try owners.ofReviews(holdings.reviews), by: \.review.about)
    // Many were confirmed on one day, or made on one and not confirmed.
    var confirmedOn: [String: Freshness] = [:]
    var madeOn: [String: Freshness] = [:]
    return try holdings.entries.map { listed in
      let owner = try owners.owner(of: listed.key)
      let confirmed = listed.values(.confirmed).first
      let known = confirmed.flatMap { confirmedOn[$0] }
      let freshness: Freshness
      if let known {
        freshness = known
      } else {
        let created = PartialDate.day(listed.created)
        let fresh =
          (confirmed == nil ? madeOn[created] : nil)
          ?? Freshness(confirmed: confirmed, created: created, today: asOf)
        if let confirmed {
          // What is no date says nothing, and its creation counts.
          if fresh.confirmed != nil { confirmedOn[confirmed] = fresh }
        } else {
          madeOn[created] = fresh
        }
        freshness = fresh
      }
      return PublishedEntry(
        listed, owner: owner,
        review: ReviewStatus(
          version: listed.version, ownedBy: owner, reviews[listed.key] ?? [],
          region: owners.charter.region),
        freshness: freshness)
    }
  }

  package var owner: Digest { heir?.id ?? listed.key.organisation }
  package var key: RecordKey { listed.key }
  package var title: String { listed.title }
  package var stages: [StageTime] { listed.stages }
  package var isWithdrawn: Bool { listed.isWithdrawn }
  package func values(_ path: ListedRecord.Path) -> [String] { listed.values(path) }
  package func value(_ path: ListedRecord.Path) -> String { listed.value(path) }

  // MARK: - As the catalogue names it

  /// A name that stays whatever the address: the hash of its page's name, cut to a UUID of version 8
  /// (RFC 9562).
  package var identifier: String { "urn:uuid:" + UUIDv8.text(PageName.digest(of: key).bytes) }
  /// Of its page, below the site's address.
  package var path: String { "entry/\(PageName(of: key)).html" }
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
