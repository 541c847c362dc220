import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// What a node publishes to the world: every entry that it holds and that is not withdrawn.
///
/// It holds what is counted; the texts of an entry are read when it is shown (`full`).
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

  /// An entry with all its texts.
  package struct FullEntry: Sendable {
    package let entry: PublishedEntry
    package let state: RecordState

    package var summary: String { state.displayedText("summary") }

    /// The displayed texts, codes and references at a path.
    package func texts(_ path: String) -> [String] {
      guard let field = state[path] else { return [] }
      return (field.values.prefix(1) + field.elements).compactMap { $0.value?.exportText }
    }

    package func text(_ path: String) -> String { texts(path).first ?? "" }
  }

  package struct Adopter: Sendable {
    let organisation: Digest
    package let state: String
  }

  package let region: String
  package var title: Localised {
    Localised(sv: "Goda exempel i \(region)", en: "Good practice in \(region)")
  }
  /// Whose node publishes it; the council itself has no code.
  package let publisher: Organisation?
  /// In Swedish order of their titles.
  package let entries: [PublishedEntry]
  /// Withdrawn ones, which feeds name as deleted.
  package let withdrawn: [PublishedEntry]
  package let organisations: [Organisation]
  package let digest: Digest
  package let operations: UInt64
  package let asOf: String
  private let store: OperationStore
  /// Organisations whose records another has taken over, and that have published nothing since.
  package let succeeded: Set<Digest>
  private let organisationsByID: [Digest: Organisation]
  /// Adoptions by others, ascending by what they are about.
  private let adoptions: [PublishedAdoption]
  /// Places in `entries`.
  private let places: [PageName: Int32]
  /// The latest first.
  private let latest: [PublishedEntry]

  /// Of what has been read of a store.
  package init(
    _ store: OperationStore, _ holdings: Holdings, publisher: Digest?, asOf: String
  ) throws {
    try self.init(
      store, holdings, published: PublishedEntry.all(holdings, store, asOf: asOf),
      publisher: publisher, asOf: asOf)
  }

  /// The same with all entries as they have been joined already.
  init(
    _ store: OperationStore, _ holdings: Holdings, published: [PublishedEntry],
    publisher: Digest?, asOf: String
  ) throws {
    let (charter, snapshot) = (holdings.charter, holdings.snapshot)
    let owners = Owners(store, charter)
    entries = published.filter { !$0.isWithdrawn }
    withdrawn = published.filter(\.isWithdrawn)
    places = Dictionary(
      entries.enumerated().map { (PageName(of: $0.element.key), Int32($0.offset)) },
      uniquingKeysWith: { first, _ in first })
    region = charter.organisation(charter.region)?.name ?? ""
    self.publisher = publisher.flatMap(charter.organisation)
    organisations = charter.organisations
    let withEntries = Set(published.map(\.owner))
    succeeded = Set(charter.successions.filter { $0.records.isEmpty }.map(\.from))
      .subtracting(withEntries)
    organisationsByID = Dictionary(
      charter.organisations.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    latest = Self.latest(entries)
    adoptions = try PublishedAdoption.byOthers(holdings.adoptions, owners)
    digest = snapshot.total.summary(region: store.region)
    operations = snapshot.total.count
    self.asOf = asOf
    self.store = store
  }

  /// The entry of a page, if it is published here.
  package func entry(pageName: String) -> PublishedEntry? {
    PageName(pageName).flatMap { places[$0] }.map { entries[Int($0)] }
  }

  /// The entry of a key, if it is published here.
  package func entry(_ key: RecordKey) -> PublishedEntry? {
    place(of: key).map { entries[Int($0)] }
  }

  /// Where in `entries` it stands.
  package func place(of key: RecordKey) -> Int32? { places[PageName(of: key)] }

  package func organisation(_ id: Digest) -> Organisation? { organisationsByID[id] }

  package func name(of adopter: Adopter) -> String {
    organisation(adopter.organisation)?.name ?? ""
  }

  package func owner(of entry: PublishedEntry) -> Organisation? { organisation(entry.owner) }

  /// Adopters by others than the owner, and their states.
  package func adopters(of entry: PublishedEntry) -> [Adopter] {
    adoptions.about(entry.key).map {
      Adopter(organisation: $0.owner, state: $0.listed.value(.state))
    }
  }

  /// Adoptions by others that are in use.
  package func adoptions(of entry: PublishedEntry) -> Int {
    adopters(of: entry).count { AdoptionReport.inUse.contains($0.state) }
  }

  /// An entry as it is now, read from the store; nil when it is no more, or has been withdrawn.
  package func full(_ entry: PublishedEntry) throws -> FullEntry? {
    try store.record(entry.key).flatMap {
      $0.isWithdrawn ? nil : FullEntry(entry: entry, state: $0)
    }
  }

  /// A signed edit of an entry.
  package struct Edit: Sendable {
    /// Milliseconds since 1970, as claimed.
    package let time: Int64
    package let author: PublicKey
    /// The one that the key signs for; nil when the roster does not name it.
    package let organisation: Organisation?
    /// Names of fields, each once, ascending.
    package let fields: [String]
    package let isFirst: Bool
  }

  private static let editsMax = 100

  /// The first and the latest accepted edits of an entry in the order of their times.
  package func edits(of entry: PublishedEntry) throws -> [Edit] {
    let all = try store.operations(of: entry.key).filter(\.isAccepted).map(\.operation)
      .sorted { ($0.header.timestamp, $0.id) < ($1.header.timestamp, $1.id) }
    let accepted = all.prefix(1) + all.dropFirst().suffix(Self.editsMax)
    let charter = try store.charter()
    return accepted.enumerated().compactMap { index, operation in
      guard case .changes(_, _, let changes) = operation.header.content else { return nil }
      let fields = changes.map { String($0.path.prefix(while: { $0 != "/" })) }
      return Edit(
        time: Int64(clamping: operation.header.timestamp.milliseconds),
        author: operation.header.author,
        organisation: charter.grant(of: operation).flatMap { self.organisation($0.organisation) },
        fields: Set(fields).sorted(), isFirst: index == 0)
    }
  }

  /// What has been published or edited last, at most so many of `latestMax`.
  package func latest(_ count: Int) -> ArraySlice<PublishedEntry> { latest.prefix(count) }

  /// As many as feeds tell of.
  static let latestMax = 100

  private static func latest(_ entries: [PublishedEntry]) -> [PublishedEntry] {
    var latest: [PublishedEntry] = []
    for entry in entries {
      if latest.count == latestMax, let last = latest.last, !last.isBefore(entry) { continue }
      latest.insert(entry, at: latest.firstIndex { $0.isBefore(entry) } ?? latest.endIndex)
      if latest.count > latestMax { latest.removeLast() }
    }
    return latest
  }
}

extension PublishedEntry {
  fileprivate func isBefore(_ other: PublishedEntry) -> Bool {
    (listed.updated, key) < (other.listed.updated, other.key)
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
