import Practice

/// What several councils have together: the entries of their exports, each counted once.
///
/// Entries are the same when one names the other by `same_as`, be it by way of others. A function of
/// the exports alone, in whatever order they are given.
package struct CombinedExports {
  /// Entries that are the same, by their keys, ascending.
  package struct Entry: Sendable {
    package let keys: [String]
    /// Of the one with the least key.
    package let title: String
    package let publisher: String
    package let themes: [String]
    package let stage: String
    package let review: String
  }

  package let entries: [Entry]
  /// How many entries each export has.
  package let counts: [Int]

  /// Each export as `sprida export` prints it; nil when one is not.
  package init?(_ exports: [JSON]) {
    var byKey: [String: JSON] = [:]
    var groups = Groups()
    var counts: [Int] = []
    for export in exports {
      guard case .array(let records) = export else { return nil }
      var count = 0
      for record in records {
        guard let family = record["family"]?.text, let id = record["record"]?.text,
          let organisation = record["organisation"]?["id"]?.text
        else { return nil }
        guard family == "entry", record["withdrawn"]?.isTrue != true else { continue }
        let key = "\(organisation)/\(id)"
        count += 1
        byKey[key] = record
        groups.add(key)
        for same in record.values("same_as") { groups.join(key, same) }
      }
      counts.append(count)
    }
    self.counts = counts
    entries = groups.all.compactMap { keys in
      let here = keys.filter { byKey[$0] != nil }
      guard let first = here.first.flatMap({ byKey[$0] }) else { return nil }
      return Entry(
        keys: here, title: first.values("title").first ?? "",
        publisher: first["owner"]?["name"]?.text ?? "", themes: first.values("themes"),
        stage: first.values("stage").first ?? "", review: first["review_status"]?.text ?? "")
    }
  }

  /// Entries that several exports hold.
  package var shared: [Entry] { entries.filter { $0.keys.count > 1 } }

  /// How many have each value, in the order of the vocabulary, other values after it.
  package func counts(
    _ vocabulary: String, _ values: (Entry) -> [String]
  ) -> [(code: String, count: Int)] {
    ReportFacts.byCode(entries, vocabulary, values).map { (code: $0.code, count: $0.facts.count) }
  }
}

/// Which keys belong together (disjoint sets).
private struct Groups {
  private var parents: [String: String] = [:]

  mutating func add(_ key: String) { _ = root(of: key) }

  mutating func join(_ a: String, _ b: String) {
    let (first, second) = (root(of: a), root(of: b))
    parents[max(first, second)] = min(first, second)
  }

  private mutating func root(of key: String) -> String {
    guard let parent = parents[key] else {
      parents[key] = key
      return key
    }
    guard parent != key else { return key }
    let root = root(of: parent)
    parents[key] = root
    return root
  }

  /// Each group ascending, the groups by their least keys.
  var all: [[String]] {
    var copy = self
    let byRoot = Dictionary(grouping: parents.keys) { copy.root(of: $0) }
    return byRoot.sorted { $0.key < $1.key }.map { $0.value.sorted() }
  }
}

extension JSON {
  fileprivate subscript(member: String) -> JSON? {
    if case .object(let members) = self { members[member] } else { nil }
  }

  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }

  /// The displayed texts of a field of an exported record.
  fileprivate func values(_ field: String) -> [String] {
    guard let field = self["fields"]?[field] else { return [] }
    func items(_ name: String) -> [JSON] {
      if case .array(let items)? = field[name] { items } else { [] }
    }
    return (items("values").prefix(1) + items("elements")).compactMap { $0["value"]?.text }
  }
}
