import FoundationEssentials
import Glibc

/// Up to where somebody has read the news on this node; kept in `digest.json`.
package struct DigestMark: Codable, Equatable, Sendable {
  /// The store whose arrivals are counted; a restored one counts anew.
  package let store: String
  /// The number of the latest arrival then.
  package let arrival: Int64
  /// Milliseconds since 1970, own clock.
  package let shown: UInt64

  package init(store: String, arrival: Int64, shown: UInt64) {
    self.store = store
    self.arrival = arrival
    self.shown = shown
  }
}

extension NodeDirectory {
  private var digestPath: String { path + "/digest.json" }

  /// Nil when nobody has read any, or when the file is not one that was written here.
  package func digestMark() throws -> DigestMark? {
    guard access(digestPath, F_OK) == 0 else { return nil }
    return try? JSONDecoder().decode(
      DigestMark.self, from: Data(try PrivateFile.read(digestPath)))
  }

  package func remember(_ mark: DigestMark) throws {
    let bytes = Array(try JSONEncoder().encode(mark))
    if access(digestPath, F_OK) == 0 {
      try PrivateFile.replace(digestPath, bytes)
    } else {
      try PrivateFile.create(digestPath, bytes)
    }
  }
}
