import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// What a region has published and taken up: the figures of `sprida report`.
///
/// Everything but `heard` and `isHostedHere` is a function of the exchanged set alone, so two nodes with one set digest
/// print the same figures.
package struct CouncilReport: Sendable {
  package struct Count: Sendable, Equatable {
    /// A code of the schema, or empty when records state none.
    package let code: String
    package let count: Int
  }

  package struct OrganisationRow: Sendable {
    package let organisation: Organisation
    package let entries: Int
    package let adoptions: Int
    /// Milliseconds since 1970 of the latest session with one of its nodes, own clock; nil: never.
    package let heard: Int64?
    /// Its records are signed on this node.
    package let isHostedHere: Bool
  }

  package struct EntryRow: Sendable {
    package let entry: ListedRecord
    /// Adopters by state, most advanced first.
    package let adopters: [(organisation: Digest, state: String)]
  }

  package let region: Organisation?
  package let organisations: [OrganisationRow]
  package let themes: [Count]
  package let stages: [Count]
  package let kinds: [Count]
  /// Entries that somebody has adopted, the most adopted first.
  package let adopted: [EntryRow]
  package let entries: Int
  package let conflicts: Int
  /// Entries and adoptions whose text has the mark `[EXEMPEL]`.
  package let invented: Int
  /// Entries by the level of their review, `SELF` first.
  package let reviewed: [(level: ReviewStatus.Level, count: Int)]
  /// The latest day that an entry was confirmed; nil: none was.
  package let latestConfirmed: String?
  package let digest: Digest
  package let operations: UInt64

  package static let inventedMark = "[EXEMPEL]"

  package var published: Int { organisations.count { $0.entries + $0.adoptions > 0 } }

  /// Of what has been read of a store to which nothing is added meanwhile.
  package init(_ store: OperationStore, _ holdings: Holdings) throws {
    let (charter, snapshot) = (holdings.charter, holdings.snapshot)
    let owners = Owners(store, charter)
    let entries = try PublishedEntry.all(holdings, store, asOf: "").filter { !$0.isWithdrawn }
    let adoptions = holdings.adoptions
    var counts: [Digest: (entries: Int, adoptions: Int)] = [:]
    for entry in entries { counts[entry.owner, default: (0, 0)].entries += 1 }
    for adoption in adoptions {
      counts[try owners.owner(of: adoption.key), default: (0, 0)].adoptions += 1
    }
    let heard = try Self.heard(store, charter)
    let local = try store.organisationsSignedHere()
    region = charter.organisation(charter.region)
    organisations = charter.organisations.map { organisation in
      let own = counts[organisation.id] ?? (0, 0)
      return OrganisationRow(
        organisation: organisation, entries: own.entries, adoptions: own.adoptions,
        heard: heard[organisation.id], isHostedHere: local.contains(organisation.id))
    }
    themes = Self.counts(entries, .themes, order: "theme")
    stages = Self.counts(entries, .stage, order: "stage")
    kinds = Self.counts(entries, .kind, order: "kind")
    adopted = Self.adopted(entries.map(\.listed), adoptions)
    self.entries = entries.count
    conflicts = (entries.map(\.listed) + adoptions).reduce(0) { $0 + $1.conflicts }
    invented = try store.countRecords(in: ["entry", "adoption"], holding: Self.inventedMark)
    latestConfirmed = entries.compactMap { $0.values(.confirmed).first }.max()
    reviewed = ReviewStatus.counts(entries.map(\.review))
    digest = snapshot.total.summary(region: store.region)
    operations = snapshot.total.count
  }

  private static func heard(
    _ store: OperationStore, _ charter: Charter
  ) throws -> [Digest: Int64] {
    var heard: [Digest: Int64] = [:]
    for peer in try store.status().peers {
      guard let organisation = charter.node(peer.node)?.organisation else { continue }
      heard[organisation] = max(heard[organisation] ?? 0, peer.latest)
    }
    return heard
  }

  private static func counts(
    _ entries: [PublishedEntry], _ path: ListedRecord.Path, order vocabulary: String
  ) -> [Count] {
    ReportFacts.byCode(entries, vocabulary) { $0.values(path) }.map {
      Count(code: $0.code, count: $0.facts.count)
    }
  }

  private static func adopted(
    _ entries: [ListedRecord], _ adoptions: [ListedRecord]
  ) -> [EntryRow] {
    let byTarget = Dictionary(grouping: adoptions) { $0.about }
    let states = Schema.bundled.vocabularies["adoption_state"]?.codes.map(\.code) ?? []
    return entries.compactMap { entry in
      guard let own = byTarget[entry.key] else { return nil }
      let adopters = own.map {
        (organisation: $0.key.organisation, state: $0.value(.state))
      }
      return EntryRow(
        entry: entry,
        adopters: adopters.sorted {
          (states.firstIndex(of: $0.state) ?? 0, $1.organisation)
            > (states.firstIndex(of: $1.state) ?? 0, $0.organisation)
        })
    }.sorted { $0.adopters.count > $1.adopters.count }
  }
}
