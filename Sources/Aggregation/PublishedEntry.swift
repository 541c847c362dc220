import OperationStore
import Operations
import Practice
import Signatures

/// An entry with what follows from the records of others: what reports count and the catalogue shows.
package final class PublishedEntry: Sendable {
  package let listed: ListedRecord
  package let owner: Digest
  package let review: ReviewStatus
  package let freshness: Freshness

  private init(
    _ listed: ListedRecord, owner: Digest, review: ReviewStatus, freshness: Freshness
  ) {
    (self.listed, self.owner, self.review, self.freshness) = (listed, owner, review, freshness)
  }

  /// Every entry, withdrawn ones too, in Swedish order of their titles.
  static func all(
    _ holdings: Holdings, _ store: OperationStore, asOf: String
  ) throws -> [PublishedEntry] {
    let owners = Owners(store, try store.charter())
    let reviews = Dictionary(grouping: try owners.ofReviews(holdings.reviews), by: \.review.about)
    // Many were confirmed on one day.
    var byDay: [String: Freshness] = [:]
    return try holdings.entries.map { listed in
      let owner = try owners.owner(of: listed.key)
      let confirmed = listed.values("confirmed_at").first
      let created = PartialDate.day(listed.created)
      let freshness =
        byDay[confirmed ?? created]
        ?? Freshness(confirmed: confirmed, created: created, today: asOf)
      // What is no date says nothing, and its creation counts.
      if confirmed == nil || freshness.confirmed != nil { byDay[confirmed ?? created] = freshness }
      return PublishedEntry(
        listed, owner: owner,
        review: ReviewStatus(
          of: listed, ownedBy: owner, reviews[listed.key] ?? [], region: owners.charter.region),
        freshness: freshness)
    }
  }

  package var key: RecordKey { listed.key }
  package var title: String { listed.title }
  package var stages: [StageTime] { listed.stages }
  package var isWithdrawn: Bool { listed.isWithdrawn }
  package func values(_ path: String) -> [String] { listed.values(path) }
  package func value(_ path: String) -> String { listed.value(path) }

  // MARK: - As the catalogue names it

  /// Names it wherever it is published: a hash of the organisation and the record, for others may
  /// publish under the same record id.
  static func name(of key: RecordKey) -> Digest { SHA256.hash(Array(key.text.utf8)) }

  /// A name that stays whatever the address: that hash, cut to a UUID of version 8 (RFC 9562).
  package var identifier: String { "urn:uuid:" + UUIDv8.text(Self.name(of: key).bytes) }
  /// Of its page, below the site's address.
  package var path: String { "entry/\(pageName).html" }
  var pageName: String { String("\(Self.name(of: key))".prefix(32)) }
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
