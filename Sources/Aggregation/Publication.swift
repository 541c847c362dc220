import OperationStore
import Signatures

/// What a site shows of a store at one moment: the catalogue, and every report over it.
package struct Publication: Sendable {
  /// A page has no room for more rows of a table.
  package static let rowsMax = 100

  package let catalogue: Catalogue
  package let reports: [Report]
  /// The greatest row of an entry that is in it.
  package let lastEntry: Int64

  /// Of what has been read of a store.
  package init(
    _ store: OperationStore, _ holdings: Holdings, publisher: Digest?, asOf day: String
  ) throws {
    lastEntry = holdings.lastEntry
    let published = try PublishedEntry.all(holdings, store, asOf: day)
    catalogue = try Catalogue(
      store, holdings, published: published, publisher: publisher, asOf: day)
    let facts = try ReportFacts(store, holdings, published: published, asOf: day)
    // One after another: a whole report may be as great as all that it counts.
    reports = ReportName.allCases.map { Report($0, facts).cut(toRows: Self.rowsMax) }
  }
}
