import OperationStore

/// What a store holds of the records that reports and pages are made of, kept up with it.
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

  package init() {}

  /// All that a store holds now.
  package init(of store: OperationStore) throws {
    self.init()
    try catchUp(with: store)
  }

  /// Takes up what has come, and lets go of what is no more.
  ///
  /// Whoever calls sees to it that nothing arrives meanwhile (`OperationStore.consistently`), or calls
  /// again. `onRead` hears now and then how many have been read.
  package mutating func catchUp(
    with store: OperationStore, onRead: (_ count: Int) -> Void = { _ in }
  ) throws {
    var count = 0
    for name in ["entry", "adoption", ReviewStatus.family] {
      var family = families[name] ?? Family()
      try store.eachRecord(family: name, above: family.last) { row, summary in
        family.byRow[row] = ListedRecord(summary, row: row, &shared)
        family.last = row
        count += 1
        if count.isMultiple(of: Self.readsPerNotice) { onRead(count) }
      }
      let rows = try store.rows(family: name)
      family.records = rows.compactMap { family.byRow[$0] }
      if family.byRow.count > rows.count {
        let live = Set(rows)
        family.byRow = family.byRow.filter { live.contains($0.key) }
      }
      families[name] = family
    }
  }

  var entries: [ListedRecord] { families["entry"]?.records ?? [] }
  var adoptions: [ListedRecord] { families["adoption"]?.records ?? [] }
  var reviews: [ListedRecord] { families[ReviewStatus.family]?.records ?? [] }
}
