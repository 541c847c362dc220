import Dispatch
import Synchronization

extension Array where Element: Sendable {
  /// Fewer than so many are not worth a second core.
  private static var partCountMin: Int { 16 }

  /// As `map`, on all cores.
  func concurrentMap<T: Sendable>(_ transform: @Sendable (Element) -> T) -> [T] {
    guard count >= 2 * Self.partCountMin else { return map(transform) }
    let length = Swift.max(Self.partCountMin, count / 32)
    let parts = stride(from: 0, to: count, by: length).map {
      self[$0..<Swift.min($0 + length, count)]
    }
    let results = Mutex<[[T]]>(Array<[T]>(repeating: [], count: parts.count))
    DispatchQueue.concurrentPerform(iterations: parts.count) { index in
      let part = parts[index].map(transform)
      results.withLock { $0[index] = part }
    }
    return results.withLock { $0.flatMap(\.self) }
  }
}
