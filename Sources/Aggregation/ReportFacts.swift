import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// Everything that reports count, of what `Holdings` have read of a store at one moment.
package struct ReportFacts: Sendable {
  /// One that counts: its owner is a member and it is not withdrawn.
  typealias Entry = PublishedEntry

  package final class Adoption: Sendable {
    let listed: ListedRecord
    /// Nil when that is its publisher.
    private let heir: SharedPublisher?
    /// Empty when that is what was adopted.
    private let original: [RecordKey]
    /// Nobody adopts an entry of their own.
    let isByOther: Bool

    init(_ listed: ListedRecord, owner: Digest, entry: RecordKey?, isByOther: Bool) {
      self.listed = listed
      heir = listed.heir(owner)
      original = entry == listed.about ? [] : entry.map { [$0] } ?? []
      self.isByOther = isByOther
    }

    package var owner: Digest { heir?.id ?? listed.key.organisation }
    /// The key of the entry that counts for what was adopted, perhaps of none here; nil when it is no
    /// key.
    var entry: RecordKey? { original.first ?? listed.about }

    var key: RecordKey { listed.key }
    func value(_ path: ListedRecord.Path) -> String { listed.value(path) }
    func values(_ path: ListedRecord.Path) -> [String] { listed.values(path) }
    var state: String { listed.value(.state) }
    var isInUse: Bool { AdoptionReport.inUse.contains(state) }
  }

  /// An organisation of the council's list; nil while it is not connected.
  package struct Member: Sendable, Equatable {
    package let code: String
    package let organisation: Digest?
    package let isAssociate: Bool

    var cell: Report.Cell {
      organisation.map(Report.Cell.organisation) ?? .stated(code)
    }
  }

  let asOf: String
  let members: [Member]
  let entries: [Entry]
  let adoptions: [Adoption]
  /// The day of the latest operation about a record of each organisation.
  let latestSigned: [Digest: String]
  let admitted: [Digest: String]
  /// Of every organisation in the roster: the key of its name in Swedish order.
  private let nameKeys: [Digest: String]
  package let provenance: Provenance

  /// The facts of a day, counting the organisations that were members on a date (`2018`, `2018-05` or a
  /// day), of what has been read of a store.
  package init(
    _ store: OperationStore, _ holdings: Holdings, asOf: String, membersOn date: String? = nil
  ) throws {
    try self.init(
      store, holdings, published: PublishedEntry.all(holdings, store, asOf: asOf), asOf: asOf,
      membersOn: date)
  }

  /// The same with all entries as they have been joined already.
  init(
    _ store: OperationStore, _ holdings: Holdings, published: [PublishedEntry], asOf: String,
    membersOn date: String? = nil
  ) throws {
    let membersOn = date ?? asOf
    let (charter, snapshot) = (holdings.charter, holdings.snapshot)
    let latest = holdings.latestSigned.mapValues(PartialDate.day)
    let members = Members.on(membersOn, holdings)
    let counted = Set(members.compactMap(\.organisation))
    let all = published.filter { !$0.isWithdrawn }
    let ofMembers = all.filter { counted.contains($0.owner) }
    let same = Self.same(ofMembers)
    // What is published twice counts once.
    let entries = ofMembers.filter { same.original(of: $0.key) == $0.key }
    let owners = Owners(store, charter)
    self.asOf = asOf
    self.members = members
    self.entries = entries
    adoptions = try holdings.adoptions.filter { !$0.isWithdrawn }.map { listed in
      let owner = try owners.owner(of: listed.key)
      let adopted = listed.about
      // Also of an entry that is withdrawn, or not here.
      let entryOwner = try adopted.map { try owners.owner(of: $0) }
      return Adoption(
        listed, owner: owner, entry: adopted.map(same.original), isByOther: entryOwner != owner)
    }.filter { counted.contains($0.owner) }
    latestSigned = latest
    admitted = Dictionary(
      charter.organisations.map {
        ($0.id, PartialDate.day(Int64(clamping: $0.admitted.milliseconds)))
      }, uniquingKeysWith: { first, _ in first })
    nameKeys = Dictionary(
      charter.organisations.map { ($0.id, SwedishOrder.sortKey($0.name)) },
      uniquingKeysWith: { first, _ in first })
    let halfYearAgo = PartialDate.adding(months: -6, to: asOf) ?? asOf
    provenance = Provenance(
      asOf: asOf, membersOn: membersOn, digest: snapshot.total.summary(region: store.region),
      operations: snapshot.total.count, members: members.count,
      missing: members.filter { member in
        member.organisation.map { latest[$0] == nil } ?? true
      },
      stale: members.compactMap { member in
        member.organisation.flatMap { latest[$0] }.flatMap {
          $0 < halfYearAgo ? (member: member, latest: $0) : nil
        }
      },
      reviewed: ReviewStatus.counts(entries.map(\.review)),
      outside: all.count - ofMembers.count,
      latestConfirmed: entries.compactMap(\.freshness.confirmed).max())
  }

  private static func same(_ entries: [PublishedEntry]) -> SameAs<RecordKey> {
    let naming = entries.filter { !$0.value(.sameAs).isEmpty }
    let links = Dictionary(
      naming.map { ($0.key, $0.values(.sameAs).compactMap { RecordKey(text: $0) }) },
      uniquingKeysWith: { first, _ in first })
    let named = Set(links.values.flatMap(\.self))
    let here = named.isEmpty ? [] : Set(entries.map(\.key).filter(named.contains))
    return SameAs(links, isHere: here.contains)
  }

  // MARK: - Counting

  /// What is stated at `path` by how many, in the order of the vocabulary, other codes after it, what
  /// is not stated last.
  static func byCode<Fact>(
    _ facts: [Fact], _ vocabulary: String, _ values: (Fact) -> [String]
  ) -> [(code: String, facts: [Fact])] {
    var byCode: [String: [Fact]] = [:]
    for fact in facts {
      let stated = values(fact)
      for code in stated.isEmpty ? [""] : stated { byCode[code, default: []].append(fact) }
    }
    let known = Schema.bundled.vocabularies[vocabulary]?.codes.map(\.code) ?? []
    let others = byCode.keys.filter { !known.contains($0) && !$0.isEmpty }.sorted()
    return (known + others + [""]).compactMap { code in
      byCode[code].map { (code: code, facts: $0) }
    }
  }

  /// In Swedish order of their names, those that are not connected last, by their codes.
  var membersInOrder: [Member] {
    members.sorted {
      let keys = [$0, $1].map { $0.organisation.flatMap { nameKeys[$0] } ?? "\u{10ffff}" }
      return (keys[0], $0.code) < (keys[1], $1.code)
    }
  }

  /// In Swedish order of their names.
  func inOrder(_ organisations: some Sequence<Digest>) -> [Digest] {
    organisations.sorted { (nameKeys[$0] ?? "", $0) < (nameKeys[$1] ?? "", $1) }
  }
}

extension PublishedEntry {
  var cell: Report.Cell { .entry(key, title: title) }
  var stageCell: Report.Cell { .code(value(.stage), vocabulary: "stage") }
  var reviewCell: Report.Cell {
    .review(review.level, isOfEarlierVersion: review.isOfEarlierVersion)
  }
  var confirmedCell: Report.Cell { freshness.confirmed.map(Report.Cell.stated) ?? .none }
}
