import FoundationEssentials
import GRDB
import Operations
import Reconciliation

/// The pages of one scope's tree in the table `sum_page`, read within one transaction.
final class StoredSumPages: SumPages {
  /// Above the pages of all trees before, whatever they hold.
  private static let numbersOfTree: Int64 = 1 << 40

  private let db: Database
  private let first: Int64
  private var cache = SumPageCache()

  fileprivate init(tree: Int64, _ db: Database) {
    self.db = db
    first = tree * Self.numbersOfTree
  }

  func page(_ number: Int64) throws -> SumPage? {
    try cache.page(number) {
      let statement = try db.cachedStatement(sql: "SELECT content FROM sum_page WHERE page = ?")
      guard let content = try Data.fetchOne(statement, arguments: [first + number]) else {
        return nil
      }
      guard let page = SumPage(bytes: [UInt8](content)) else {
        throw SumTreeError.damaged(page: number)
      }
      return page
    }
  }

  func nextNumber() throws -> Int64 {
    let last = try Int64.fetchOne(
      db, sql: "SELECT max(page) FROM sum_page WHERE page >= ? AND page < ?",
      arguments: [first, first + Self.numbersOfTree])
    return last.map { $0 - first + 1 } ?? 0
  }

  func store(_ page: SumPage?, _ number: Int64) throws {
    guard let page else {
      let statement = try db.cachedStatement(sql: "DELETE FROM sum_page WHERE page = ?")
      return try statement.execute(arguments: [first + number])
    }
    let statement = try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO sum_page (page, content) VALUES (?, ?)")
    try statement.execute(arguments: [first + number, Data(page.bytes)])
  }
}

extension Scope {
  func sumPages(_ db: Database) -> StoredSumPages {
    switch self {
    case .charter: StoredSumPages(tree: 0, db)
    case .records: StoredSumPages(tree: 1, db)
    }
  }
}
