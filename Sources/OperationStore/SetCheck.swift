import FoundationEssentials
import GRDB
import Operations
import Reconciliation
import Signatures

/// Whether the operations of a store are what they were when it took them, and its digests theirs.
struct SetCheck {
  private static let shownMax = 20
  private static let progressEvery = 500

  var damage = StoreDamage()
  private(set) var count = 0
  private var digests: [Digest: SetDigest] = [:]
  private var exchangedCount: [Scope: Int] = [:]
  /// Scopes whose tree lacks an operation.
  private var lacking: Set<Scope> = []

  /// Reads every operation once; with `isDeep` also its signature is verified anew.
  init(
    _ db: Database, region: Digest, isDeep: Bool, progress: (Int, Int) -> Void
  ) throws {
    let all = try Int.fetchOne(db, sql: "SELECT count(*) FROM operation") ?? 0
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, envelope, body, class, organisation, seconds, exchanged FROM operation
        ORDER BY arrival
        """)
    let trees = isDeep ? try Self.soundTrees(db) : [:]
    while let row = try rows.next() {
      let id = try row.digest("id")
      if let code = Self.fault(of: id, row, region, isDeep: isDeep) {
        damage.operationCount += 1
        if damage.operations.count < Self.shownMax {
          damage.operations.append(StoreDamage.Operation(id: id, code: code))
        }
      }
      if row["exchanged"] == 1,
        let operationClass = OperationClass(rawValue: UInt64(clamping: row["class"] as Int64))
      {
        let scope = SetDigests.scope(operationClass, of: try row.digest("organisation"))
        digests[scope, default: SetDigest()].insert(id)
        if isDeep { try compare(ReconcilableItem(row), Scope(operationClass), with: trees) }
      }
      count += 1
      if count.isMultiple(of: Self.progressEvery) { progress(count, all) }
    }
    try compare(db)
    if isDeep, Scope.allCases.contains(where: { isWrong($0, trees[$0]) }) {
      damage.projections.append("sum_page")
    }
    if isDeep { damage.attachments = try Attachments.damaged(db).map(\.digest) }
  }

  /// The code of `Protocol/errors.md` for what is wrong with the stored bytes.
  private static func fault(
    of id: Digest, _ row: Row, _ region: Digest, isDeep: Bool
  ) -> String? {
    let parcel = row.parcel()
    guard parcel.id == id else { return "operation-id" }
    do {
      _ =
        isDeep
        ? try Operation(
          envelope: parcel.envelope, body: parcel.body, region: id == region ? .zero : region,
          bodyMayBeMissing: true)
        : try Operation(stored: parcel.envelope, body: parcel.body)
      return nil
    } catch {
      return error.code
    }
  }

  /// The trees whose pages agree with one another.
  private static func soundTrees(_ db: Database) throws -> [Scope: SumTree<StoredSumPages>] {
    var trees: [Scope: SumTree<StoredSumPages>] = [:]
    for scope in Scope.allCases {
      guard let tree = try? ExchangedSet.tree(scope, db), try tree.isSound() else { continue }
      trees[scope] = tree
    }
    return trees
  }

  private mutating func compare(
    _ item: ReconcilableItem, _ scope: Scope, with trees: [Scope: SumTree<StoredSumPages>]
  ) throws {
    exchangedCount[scope, default: 0] += 1
    if let tree = trees[scope], try !tree.contains(item) { lacking.insert(scope) }
  }

  /// As many items as operations and each operation among them: the same set.
  private func isWrong(_ scope: Scope, _ tree: SumTree<StoredSumPages>?) -> Bool {
    tree?.count != exchangedCount[scope, default: 0] || lacking.contains(scope)
  }

  private mutating func compare(_ db: Database) throws {
    let said = try Data.fetchAll(db, sql: "SELECT scope FROM set_digest").compactMap { Digest($0) }
    for scope in Set(said).union(digests.keys).sorted() {
      let (found, own) = (digests[scope], try SetDigests.read(scope, db))
      if (found ?? SetDigest()) != (own ?? SetDigest()) { damage.digests.append(scope) }
    }
  }
}

/// What is wrong with a store's file; empty when it is whole.
package struct StoreDamage: Sendable, Equatable {
  package struct Operation: Sendable, Equatable {
    package let id: Digest
    package let code: String
  }

  /// What SQLite's own check says.
  package var integrity: [String] = []
  /// The first of those whose bytes are not what was signed.
  package var operations: [Operation] = []
  package var operationCount = 0
  /// Scopes whose set digest is not that of their operations: an organisation, or zero for the
  /// charter.
  package var digests: [Digest] = []
  /// Files whose bytes are not what their names say.
  package var attachments: [Digest] = []
  /// Projections that a rebuild would make otherwise.
  package var projections: [String] = []

  package var isEmpty: Bool { self == StoreDamage() }

  /// SQLite's check of the pages, then that of the set; a file that cannot be read is damaged too.
  static func find(
    _ db: Database, region: Digest, isDeep: Bool, progress: (Int, Int) -> Void
  ) -> (damage: StoreDamage, count: Int) {
    do {
      let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
      var check = try SetCheck(db, region: region, isDeep: isDeep, progress: progress)
      if integrity != ["ok"] { check.damage.integrity = integrity }
      return (check.damage, check.count)
    } catch {
      var damage = StoreDamage()
      damage.integrity = ["\(error)"]
      return (damage, 0)
    }
  }
}

extension StoreDamage: CustomStringConvertible {
  package var description: String {
    [
      integrity.isEmpty ? nil : integrity.joined(separator: "; "),
      operationCount == 0 ? nil : "operations that are not what was signed: \(operationCount)",
      digests.isEmpty ? nil : "set digests that are not of their operations: \(digests.count)",
      attachments.isEmpty ? nil : "attachments that are damaged: \(attachments.count)",
      projections.isEmpty ? nil : "projections that differ: \(projections.joined(separator: ", "))",
    ].compactMap(\.self).joined(separator: "; ")
  }
}
