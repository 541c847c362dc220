import OperationStore
import Operations
import Signatures

/// What a store holds of all that reports and pages are made of, at one moment; kept up with it.
///
/// A record that changes gets a new row, so that a night costs its news: of what has been read before
/// only the numbers of the rows are asked for again.
package struct Holdings: Sendable {
  private struct Family: Sendable {
    var byRow: [Int64: ListedRecord] = [:]
    /// The greatest row that has been read.
    var last: Int64 = 0
    /// In Swedish order of their titles.
    var records: [ListedRecord] = []
  }

  private static let readsPerNotice = 1000

  private var shared = SharedValues()
  private var families: [String: Family] = [:]
  package private(set) var mark: OperationStore.Mark
  private(set) var charter: Charter
  private(set) var snapshot: StoreSnapshot
  /// Milliseconds since 1970, as claimed.
  private(set) var latestSigned: [Digest: Int64]
  /// What the council has stated of its members.
  private(set) var memberships: [RecordSummary]

  /// All that a store holds now; `onRead` hears now and then how many records have been read.
  package init(
    of store: OperationStore, onRead: (_ count: Int) -> Void = { _ in }
  ) throws {
    (mark, charter, snapshot) = (try store.mark(), try store.charter(), try store.snapshot())
    (latestSigned, memberships) = ([:], [])
    try catchUp(with: store, onRead: onRead)
  }

  /// Takes up what has come, and lets go of what is no more.
  package mutating func catchUp(
    with store: OperationStore, onRead: (_ count: Int) -> Void = { _ in }
  ) throws {
    // What has been read is kept, so that each try finds less to read.
    try store.consistently {
      mark = try store.mark()
      for name in ["entry", "adoption", ReviewStatus.family] {
        try read(name, store, onRead)
      }
      (charter, snapshot) = (try store.charter(), try store.snapshot())
      latestSigned = try store.latestSigned()
      memberships = try store.records(family: Members.family)
    }
  }

  private mutating func read(
    _ name: String, _ store: OperationStore, _ onRead: (Int) -> Void
  ) throws {
    var family = families[name] ?? Family()
    try store.eachRecord(family: name, above: family.last) { row, summary in
      family.byRow[row] = ListedRecord(summary, row: row, &shared)
      family.last = row
      if family.byRow.count.isMultiple(of: Self.readsPerNotice) { onRead(family.byRow.count) }
    }
    let rows = try store.rows(family: name)
    family.records = rows.compactMap { family.byRow[$0] }
    if family.byRow.count > rows.count {
      let live = Set(rows)
      family.byRow = family.byRow.filter { live.contains($0.key) }
    }
    families[name] = family
  }

  /// The greatest row of an entry.
  package var lastEntry: Int64 { families["entry"]?.last ?? 0 }

  var entries: [ListedRecord] { families["entry"]?.records ?? [] }
  var adoptions: [ListedRecord] { families["adoption"]?.records ?? [] }
  var reviews: [ListedRecord] { families[ReviewStatus.family]?.records ?? [] }
}
