import Aggregation
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// What has come to a node since somebody last looked, as it concerns one organisation.
struct News {
  /// What others say about an organisation's entries, such as adoptions.
  struct Said {
    let family: Family
    let news: RecordNews
  }

  let own: Organisation?
  /// Codes of the themes that it is about; empty for all.
  let themes: [String]
  /// Others' entries.
  let entries: RecordNews
  let said: [Said]
  /// Own records with open conflicts.
  let conflicts: [RecordSummary]
  /// Own entries that are to be confirmed within a month, the most urgent first.
  let due: [(entry: RecordSummary, freshness: Freshness)]
  /// Links of own records that did not answer when this node last asked.
  let deadLinks: Int

  /// A family of records that refer to entries, and the field in which they do.
  static let referring: [(family: Family, path: String)] = Schema.bundled.families.compactMap {
    family in
    guard family.name != Document.defaultFamily, !family.isPersonal else { return nil }
    let field = family.fields.first { $0.type == .reference && $0.target == Document.defaultFamily }
    return field.map { (family, $0.name) }
  }

  /// `chosen` are codes of themes instead of those of the organisation's own entries.
  init(
    _ context: Context, _ charter: Charter, after arrival: Int64, themes chosen: [String]?,
    limit: Int
  ) throws {
    let own = try context.ownOrganisation(charter)
    let ids = own.map { [$0.id] + charter.predecessors(of: $0.id) } ?? []
    let store = context.store
    let themes =
      try chosen
      ?? Set(
        store.publishedValues(of: ["themes"], family: Document.defaultFamily)
          .filter { ids.contains($0.organisation) }.map(\.value)
      ).sorted()
    var others = RecordQuery(family: Document.defaultFamily)
    others.organisations = charter.organisations.map(\.id).filter { !ids.contains($0) }
    if !themes.isEmpty { others.facets = [.init(path: "themes", values: themes)] }
    entries = try store.news(others, after: arrival, limit: limit)
    said = try Self.referring.map { family, path in
      var query = RecordQuery(family: family.name)
      query.about = (path: path, organisations: ids)
      return Said(family: family, news: try store.news(query, after: arrival, limit: limit))
    }
    conflicts = try Schema.bundled.families.filter { !$0.isPersonal }.flatMap { family in
      var query = RecordQuery(family: family.name)
      query.organisations = ids
      query.isInConflict = true
      return try store.find(query, limit: limit).records
    }
    due = try Self.due(ids, context)
    deadLinks = try store.deadLinkCount(of: ids, family: Document.defaultFamily)
    self.own = own
    self.themes = themes
  }

  private static let monthMilliseconds: UInt64 = 30 * 86_400_000

  static func due(
    _ organisations: [Digest], _ context: Context
  ) throws -> [(entry: RecordSummary, freshness: Freshness)] {
    let console = context.console
    let soon = console.date(Int64(clamping: SystemClock.now + monthMilliseconds))
    var query = RecordQuery(family: Document.defaultFamily)
    query.organisations = organisations
    return try context.store.find(query).records.map { entry in
      (
        entry: entry,
        freshness: Freshness(of: entry, today: SystemClock.today, console)
      )
    }.filter { $0.freshness.due <= soon }
      .sorted { ($0.freshness.due, $0.entry.key) < ($1.freshness.due, $1.entry.key) }
  }

  var isEmpty: Bool {
    entries.createdCount + entries.editedCount + conflicts.count + due.count + deadLinks == 0
      && said.allSatisfy { $0.news.createdCount + $0.news.editedCount == 0 }
  }
}
