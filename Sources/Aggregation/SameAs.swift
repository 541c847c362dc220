/// Which entries are one: an entry that names another by `same_as` is that one published again.
///
/// A record speaks only for itself: what it names is counted all the same. Where several name each
/// other in a circle, the one with the least key counts.
struct SameAs<Key: Hashable & Comparable> {
  private let links: [Key: [Key]]

  /// What each entry names that names any; what is not here is nobody's original.
  init(_ links: [Key: [Key]], isHere: (Key) -> Bool) {
    self.links = links.mapValues { $0.filter(isHere) }
  }

  /// The key of the entry that counts for one.
  func original(of key: Key) -> Key {
    var path = [key]
    while let next = links[path[path.count - 1]]?.min(), next != path[path.count - 1] {
      if let start = path.firstIndex(of: next) { return path[start...].min() ?? key }
      path.append(next)
    }
    return path[path.count - 1]
  }
}
