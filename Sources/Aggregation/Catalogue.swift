import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// What a node publishes to the world: every entry that it holds and that is not withdrawn.
package struct Catalogue: Sendable {
  /// Where and by whom it is published.
  package struct Settings: Sendable {
    /// Ends with a slash; every address begins with it.
    package let baseURL: String
    /// The publisher's organisation number, ten digits; needed for DCAT.
    package let number: String?
    /// The publisher's mailbox; needed for DCAT.
    package let mailbox: String?
    package let language: Language

    package init(baseURL: String, number: String?, mailbox: String?, language: Language) {
      self.baseURL = baseURL.hasSuffix("/") ? baseURL : baseURL + "/"
      (self.number, self.mailbox, self.language) = (number, mailbox, language)
    }
  }

  package struct Entry: Sendable {
    fileprivate let published: PublishedEntry
    package let owner: Organisation?
    /// Adopters by others than the owner, and their states.
    package let adopters: [(name: String, state: String)]

    package var state: RecordState { published.state }
    package var review: ReviewStatus { published.review }
    package var freshness: Freshness { published.freshness }
    package var stages: [(code: String, time: Int64)] { published.stages }
    package var key: RecordKey { state.key }
    /// Adoptions by others that are in use.
    package var adoptions: Int { adopters.count { AdoptionReport.inUse.contains($0.state) } }
    package var title: String { state.displayedText("title") }
    package var summary: String { state.displayedText("summary") }
    package var isWithdrawn: Bool { state.isWithdrawn }

    /// The displayed texts, codes and references at a path.
    package func texts(_ path: String) -> [String] {
      guard let field = state[path] else { return [] }
      return (field.values.prefix(1) + field.elements).compactMap { $0.value?.exportText }
    }

    package func text(_ path: String) -> String { texts(path).first ?? "" }

    /// A name that stays whatever the address: a hash of its key, cut to a UUID of version 8 (RFC 9562).
    package var identifier: String { "urn:uuid:" + UUIDv8.text(digest.bytes) }
    package var path: String { "entry/\(name).html" }
    /// Of the organisation and the record: others may publish under the same record id.
    package var name: String { String("\(digest)".prefix(32)) }
    private var digest: Digest { SHA256.hash(Array(key.text.utf8)) }
    package var created: String { Moment.text(Int64(clamping: state.created.milliseconds)) }
    package var updated: String { Moment.text(Int64(clamping: state.updated.milliseconds)) }
  }

  package let region: String
  package var title: Localised {
    Localised(sv: "Goda exempel i \(region)", en: "Good practice in \(region)")
  }
  /// Whose node publishes it; the council itself has no code.
  package let publisher: Organisation?
  /// All that it was made of, withdrawn ones too.
  package let published: [PublishedEntry]
  /// In Swedish order of their titles.
  package let entries: [Entry]
  /// Withdrawn ones, which feeds name as deleted.
  package let withdrawn: [Entry]
  package let organisations: [Organisation]
  package let digest: Digest
  package let operations: UInt64
  package let asOf: String

  package init(_ store: OperationStore, publisher: Digest?, asOf: String) throws {
    let charter = try store.charter()
    let snapshot = try store.snapshot()
    let adoptions = Dictionary(
      grouping: try store.records(family: "adoption").filter { !$0.isWithdrawn },
      by: { $0.facets["entry"]?.first ?? "" })
    let published = try PublishedEntry.all(store, charter, asOf: asOf)
    let all = try published.map { entry in
      let adopters = try (adoptions[entry.key.text] ?? []).compactMap { adoption in
        let adopter = try store.owner(of: adoption.key)
        return adopter == entry.owner
          ? nil
          : (
            name: charter.organisation(adopter)?.name ?? "",
            state: adoption.facets["state"]?.first ?? ""
          )
      }
      return Entry(
        published: entry, owner: charter.organisation(entry.owner), adopters: adopters)
    }
    self.published = published
    region = charter.organisation(charter.region)?.name ?? ""
    self.publisher = publisher.flatMap(charter.organisation)
    entries = all.filter { !$0.isWithdrawn }
    withdrawn = all.filter(\.isWithdrawn)
    organisations = charter.organisations
    digest = snapshot.total.summary(region: store.region)
    operations = snapshot.total.count
    self.asOf = asOf
  }
}

extension CBOR {
  /// A value on one line, its parts after one another; a reference as organisation/record.
  package var exportText: String? {
    switch self {
    case .text(let text): text
    case .unsigned(let number): "\(number)"
    case .negative(let number): CBOR.decimal(negative: number)
    case .bool(let bool): bool ? "true" : "false"
    case .bytes: nil
    case .array(let items):
      RecordKey(reference: self)?.text
        ?? items.compactMap(\.exportText).filter { !$0.isEmpty }.joined(separator: ": ")
    }
  }
}
