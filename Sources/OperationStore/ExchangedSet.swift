import GRDB
import Operations
import Reconciliation
import Signatures

/// What a transaction changes in the set that is exchanged: its digests and the trees of its sums,
/// each read when first touched and written once, at the end.
struct ExchangedSet {
  private let db: Database
  private var digests = SetDigests()
  private var trees: [Scope: SumTree<StoredSumPages>] = [:]

  init(_ db: Database) {
    self.db = db
  }

  mutating func insert(
    _ item: ReconcilableItem, _ operationClass: OperationClass, of organisation: Digest
  ) throws {
    try digests.insert(item.id, scope: SetDigests.scope(operationClass, of: organisation), db)
    try change(Scope(operationClass)) { try $0.insert(item) }
  }

  mutating func remove(
    _ item: ReconcilableItem, _ operationClass: OperationClass, of organisation: Digest
  ) throws {
    try digests.remove(item.id, scope: SetDigests.scope(operationClass, of: organisation), db)
    try change(Scope(operationClass)) { try $0.remove(item) }
  }

  /// The tree may not be copied while it changes, so it is taken out for that.
  private mutating func change(
    _ scope: Scope, _ body: (inout SumTree<StoredSumPages>) throws -> Bool
  ) throws {
    var tree = try trees.removeValue(forKey: scope) ?? Self.tree(scope, db)
    guard try body(&tree) else {
      throw StoreError.corrupt("the tree of sums (\(scope)) is not that of the operations")
    }
    trees[scope] = tree
  }

  mutating func flush() throws {
    try digests.flush(db)
    for scope in Scope.allCases {
      guard let tree = trees[scope] else { continue }
      for (number, page) in tree.changes { try tree.pages.store(page, number) }
    }
    trees = [:]
  }

  /// The operations of a scope that are exchanged, as they are stored.
  static func tree(_ scope: Scope, _ db: Database) throws -> SumTree<StoredSumPages> {
    try SumTree(scope.sumPages(db))
  }
}

extension ReconcilableItem {
  /// The item of an operation from its row.
  init(_ row: Row) throws {
    self.init(seconds: UInt64(row["seconds"] as Int64), id: try row.digest("id"))
  }
}
