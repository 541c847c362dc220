import Aggregation

/// Which entries have which value at a path, so that any of them are counted by value in no time.
struct FacetIndex: Sendable {
  /// Ascending.
  private let values: [String]
  /// Of each entry in turn: where its codes begin in `codes`; and at last where they end.
  private let starts: [Int32]
  /// Places in `values`.
  private let codes: [Int32]

  init(_ entries: [PublishedEntry], _ path: ListedRecord.Path) {
    let stated = entries.map { $0.values(path) }
    values = Set(stated.flatMap(\.self)).sorted()
    let places = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
    var (starts, codes): ([Int32], [Int32]) = ([0], [])
    for values in stated {
      codes += values.compactMap { places[$0] }
      starts.append(Int32(codes.count))
    }
    (self.starts, self.codes) = (starts, codes)
  }

  /// How many of some entries have each value that any of them has; ascending by value.
  func counts(_ entries: some Sequence<Int32>) -> [(value: String, count: Int)] {
    var counts = [Int](repeating: 0, count: values.count)
    for entry in entries {
      for code in codes(of: entry) { counts[Int(code)] += 1 }
    }
    return zip(values, counts).filter { $0.1 > 0 }.map { (value: $0.0, count: $0.1) }
  }

  func has(_ value: String) -> (Int32) -> Bool {
    guard let place = values.firstIndex(of: value) else { return { _ in false } }
    return { codes(of: $0).contains(Int32(place)) }
  }

  private func codes(of entry: Int32) -> ArraySlice<Int32> {
    codes[Int(starts[Int(entry)])..<Int(starts[Int(entry) + 1])]
  }
}
