/// Which entries are one: an entry that names another by `same_as` is that one published again.
///
/// A record speaks only for itself: what it names is counted all the same. Where several name each
/// other in a circle, the one with the least key counts.
struct SameAs {
  private let links: [String: [String]]

  /// What each entry that is here names, by key; what is not here is nobody's original.
  init(_ links: [String: [String]]) {
    self.links = links.mapValues { $0.filter { links[$0] != nil } }
  }

  /// The key of the entry that counts for one.
  func original(of key: String) -> String {
    var path = [key]
    while let next = links[path[path.count - 1]]?.min(), next != path[path.count - 1] {
      if let start = path.firstIndex(of: next) { return path[start...].min() ?? key }
      path.append(next)
    }
    return path[path.count - 1]
  }
}
