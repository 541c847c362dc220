import Practice

/// What several councils have together: the entries of their exports, each counted once.
///
/// An entry that names another by `same_as` is that one published again (`SameAs`). A function of the
/// exports alone, in whatever order they are given.
package struct CombinedExports {
  package struct Entry: Sendable {
    /// Its own key and those of the entries that are the same, ascending.
    package let keys: [String]
    /// How many of the exports have one of them.
    package let exports: Int
    package let title: String
    package let publisher: String
    package let themes: [String]
    package let stage: String
    package let review: String
    package let confirmed: String?
  }

  package let entries: [Entry]
  /// How many entries each export has.
  package let counts: [Int]

  /// Each export as `sprida export` prints it; nil when one is not.
  package init?(_ exports: [JSON]) {
    var byKey: [String: JSON] = [:]
    var places: [String: Set<Int>] = [:]
    for (index, export) in exports.enumerated() {
      guard case .array(let records) = export else { return nil }
      for record in records {
        guard let family = record["family"]?.string, let id = record["record"]?.string,
          let organisation = record["organisation"]?["id"]?.string
        else { return nil }
        guard family == "entry", record["withdrawn"]?.isTrue != true else { continue }
        let key = "\(organisation)/\(id)"
        byKey[key] = record
        places[key, default: []].insert(index)
      }
    }
    counts = exports.indices.map { index in places.values.count { $0.contains(index) } }
    let same = SameAs(byKey.mapValues { $0.values("same_as") }) { byKey[$0] != nil }
    let groups = Dictionary(grouping: byKey.keys) { same.original(of: $0) }
    entries = groups.sorted { $0.key < $1.key }.compactMap { original, keys in
      guard let record = byKey[original] else { return nil }
      let held = keys.reduce(into: Set<Int>()) { $0.formUnion(places[$1] ?? []) }
      return Entry(
        keys: keys.sorted(), exports: held.count, title: record.values("title").first ?? "",
        publisher: record["owner"]?["name"]?.string ?? "", themes: record.values("themes"),
        stage: record.values("stage").first ?? "", review: record["review_status"]?.string ?? "",
        confirmed: record.values("confirmed_at").first)
    }
  }

  /// Entries that several exports hold.
  package var shared: [Entry] { entries.filter { $0.exports > 1 } }

  /// How many have each value, in the order of the vocabulary, other values after it.
  package func counts(
    _ vocabulary: String, _ values: (Entry) -> [String]
  ) -> [(code: String, count: Int)] {
    ReportFacts.byCode(entries, vocabulary, values).map { (code: $0.code, count: $0.facts.count) }
  }
}

extension JSON {
  /// The displayed texts of a field of an exported record.
  fileprivate func values(_ field: String) -> [String] {
    guard let field = self["fields"]?[field] else { return [] }
    let values = (field["values"]?.elements ?? []).prefix(1) + (field["elements"]?.elements ?? [])
    return values.compactMap { $0["value"]?.string }
  }
}
