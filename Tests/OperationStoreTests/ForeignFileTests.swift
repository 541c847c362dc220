import Foundation
import GRDB
import OperationStore
import Testing

/// Files that are not a store of this version: refused, with the reason, and left as they are.
@Suite struct ForeignFileTests {
  private let folder: Folder

  init() throws {
    folder = try Folder()
  }

  private func refusal(_ path: String) -> StoreError? {
    do {
      _ = try OperationStore.open(path: path)
      return nil
    } catch {
      return error as? StoreError
    }
  }

  @Test(arguments: [
    "", "not a database at all, however long it goes on",
    "SQLite format 3\0 and then something else" + String(repeating: "x", count: 5000),
  ])
  func `a file that is no database is not a store and stays as it is`(text: String) throws {
    try folder.write(text.utf8, to: folder.store)
    let error = refusal(folder.store)
    guard case .notAStore = error else {
      Issue.record("refused as \(String(describing: error))")
      return
    }
    #expect(FileManager.default.contents(atPath: folder.store) == Data(text.utf8))
  }

  @Test func `another program's database is not a store`() throws {
    let queue = try DatabaseQueue(path: folder.store)
    try queue.write { try $0.execute(sql: "CREATE TABLE setting (name TEXT, value BLOB)") }
    try queue.close()
    let before = FileManager.default.contents(atPath: folder.store)
    guard case .notAStore = refusal(folder.store) else {
      Issue.record("not refused as another program's")
      return
    }
    #expect(FileManager.default.contents(atPath: folder.store) == before)
  }

  @Test func `a store of a later version is refused and says to upgrade`() throws {
    let office = try Office()
    _ = try office.store(path: folder.store)
    let queue = try DatabaseQueue(path: folder.store)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 1000") }
    try queue.close()
    let before = FileManager.default.contents(atPath: folder.store)
    let error = refusal(folder.store)
    guard case .newerSchema = error else {
      Issue.record("refused as \(String(describing: error))")
      return
    }
    #expect("\(StoreError.newerSchema(path: "p"))".contains("upgrade"))
    #expect(FileManager.default.contents(atPath: folder.store) == before)
  }

  @Test func `a missing file and a folder cannot be opened, and nothing is made`() throws {
    for path in [folder.store, folder.path] {
      guard case .cannotOpen = refusal(path) else {
        Issue.record("\(path) is not refused as one that cannot be opened")
        continue
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func `a store whose founding operation was changed contradicts itself`() throws {
    let office = try Office()
    _ = try office.store(path: folder.store)
    let queue = try DatabaseQueue(path: folder.store)
    try queue.write { db in
      try db.execute(
        sql: """
          UPDATE operation SET envelope = (SELECT envelope FROM operation WHERE arrival = 2),
            body = (SELECT body FROM operation WHERE arrival = 2) WHERE arrival = 1
          """)
    }
    try queue.close()
    guard case .corrupt = refusal(folder.store) else {
      Issue.record("not refused as damaged")
      return
    }
  }
}
