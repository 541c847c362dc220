import FoundationEssentials
import Glibc

/// What somebody on this node has dealt with, kept in `inbox.json`: records by their full id, and
/// which state of them was seen.
package struct InboxMarks: Codable, Equatable, Sendable {
  /// Milliseconds since 1970 of the newest operation that was seen, by record.
  package private(set) var seen: [String: Int64]

  package init() { seen = [:] }

  /// Whether the record is as it was when it was dealt with.
  package func has(_ record: String, updated: Int64) -> Bool {
    seen[record].map { $0 >= updated } ?? false
  }

  package mutating func add(_ record: String, updated: Int64) { seen[record] = updated }
}

extension NodeDirectory {
  private var inboxPath: String { path + "/inbox.json" }

  /// Empty when there is no file, or one that was not written here.
  package func inboxMarks() throws -> InboxMarks {
    guard access(inboxPath, F_OK) == 0 else { return InboxMarks() }
    return
      (try? JSONDecoder().decode(
        InboxMarks.self, from: Data(try PrivateFile.read(inboxPath)))) ?? InboxMarks()
  }

  package func remember(_ marks: InboxMarks) throws {
    let bytes = Array(try JSONEncoder().encode(marks))
    if access(inboxPath, F_OK) == 0 {
      try PrivateFile.replace(inboxPath, bytes)
    } else {
      try PrivateFile.create(inboxPath, bytes)
    }
  }
}
