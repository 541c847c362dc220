import Operations
import Signatures

/// Which records to find, and in which order.
package struct RecordQuery: Sendable {
  package enum Order: String, Sendable, CaseIterable {
    /// Whole words before parts of words, titles before texts, then the last changed first; without
    /// words by title.
    case best
    /// In Swedish order.
    case title
    /// The last changed first.
    case updated
    /// The most adopted first.
    case adoptions
    /// The last confirmed first; those never confirmed last.
    case confirmed
  }

  /// Records with one of `values` at `path`.
  package struct Facet: Sendable {
    package let path: String
    package let values: [String]

    package init(path: String, values: [String]) {
      self.path = path
      self.values = values
    }
  }

  /// Such as `entry` or `adoption`.
  package var family: String
  /// What somebody typed; nil for all.
  package var words: String?
  /// Whose records, by the organisations that published them; nil for all.
  package var organisations: [Digest]?
  /// All of them must hold.
  package var facets: [Facet] = []
  /// Only those that refer at this path to a record of one of these organisations.
  package var about: (path: String, organisations: [Digest])?
  /// Only those with a field that has several live values.
  package var isInConflict = false
  package var isWithdrawnShown = false
  package var order = Order.best

  package init(family: String, words: String? = nil) {
    self.family = family
    self.words = words
  }
}

/// Some of the records that a query finds, in its order.
package struct RecordPage: Sendable {
  package let records: [RecordSummary]
  /// How many there are in all.
  package let total: Int
  /// Whether there are more than `total`, which nobody has counted.
  package let isMore: Bool

  /// Of a broad search that is ordered by how well they match, no more are told apart.
  package static let rankedMax = 1000
}

/// How many of the records that a query finds have each value.
package struct FacetCounts: Sendable {
  package struct Count: Sendable, Equatable {
    /// Empty for the records that have none.
    package let value: String
    package let count: Int
  }

  package let total: Int
  /// Ascending by value.
  package let byPath: [String: [Count]]
  /// By the publishing organisation, ascending.
  package let organisations: [(organisation: Digest, count: Int)]
}

/// What has arrived at a node of the records that a query finds.
package struct RecordNews: Sendable {
  /// Created, the latest arrival first; no more than were asked for.
  package let created: [RecordSummary]
  /// Known before, and edited.
  package let edited: [RecordSummary]
  package let createdCount: Int
  package let editedCount: Int
  /// Whose records those are that were created.
  package let publishers: Set<Digest>
  /// How many of those that were created have each theme, ascending by code.
  package let themes: [FacetCounts.Count]
}
