import Foundation
import GRDB

/// A new folder that goes with the value.
final class Folder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  var store: String { path + "/store.sqlite" }

  func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(Array(bytes)).write(to: URL(fileURLWithPath: path))
  }

  /// Whether the bytes of `text` stand in any file of the folder.
  func holds(_ text: String) throws -> Bool {
    let files = try FileManager.default.subpathsOfDirectory(atPath: path)
    return files.contains { file in
      FileManager.default.contents(atPath: path + "/" + file)?
        .firstRange(of: Data(text.utf8)) != nil
    }
  }
}

/// A reader that stays in a transaction.
enum OpenReader {
  static func holding(_ path: String, _ body: () throws -> Void) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { db in
      try db.execute(sql: "BEGIN")
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM operation")
      try body()
      try db.execute(sql: "COMMIT")
    }
  }
}
