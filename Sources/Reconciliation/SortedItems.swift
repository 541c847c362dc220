/// A set in memory: a sorted array and the sum of the ids before each index.
package struct SortedItems: ReconcilableSet, Sendable {
  private var items: [ReconcilableItem] = []
  /// One more than `items`; the last is the sum of all.
  private var sums = [IDSum()]

  /// Sorts `unsorted` and drops exact duplicates.
  ///
  /// Throws `reservedTimestamp` for an item at infinity.
  package init(_ unsorted: some Sequence<ReconcilableItem>) throws(ReconciliationError) {
    let sorted = unsorted.sorted()
    guard sorted.last?.seconds != .max else { throw .reservedTimestamp }
    items.reserveCapacity(sorted.count)
    sums.reserveCapacity(sorted.count + 1)
    var sum = IDSum()
    for item in sorted where item != items.last {
      items.append(item)
      sum += IDSum(item.id)
      sums.append(sum)
    }
  }

  package var count: Int { items.count }

  package func item(at index: Int) -> ReconcilableItem {
    items[index]
  }

  package func lowerBound(from: Int, _ bound: Bound) -> Int {
    let least = bound.leastItem
    var (low, high) = (from, items.count)
    while low < high {
      let middle = low + (high - low) / 2
      if items[middle] < least { low = middle + 1 } else { high = middle }
    }
    return low
  }

  package func sum(_ range: Range<Int>) -> IDSum {
    sums[range.upperBound] - sums[range.lowerBound]
  }
}
