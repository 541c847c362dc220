/// What reconciliation asks of a set: its items by index, in order, and the sums of ranges.
///
/// An array answers from memory, a store from a tree of counts and sums; errors of the storage pass
/// through to the caller.
package protocol ReconcilableSet {
  var count: Int { get }

  /// The item at `index`, which is below `count`.
  func item(at index: Int) throws -> ReconcilableItem

  /// The first index from `from` on whose item is not below `bound.leastItem`, else `count`.
  func lowerBound(from: Int, _ bound: Bound) throws -> Int

  /// The sum of the ids in `range`, which is not empty.
  func sum(_ range: Range<Int>) throws -> IDSum

  /// Visits the items of `range` in order; a tree does so page by page.
  func forEach(in range: Range<Int>, _ body: (ReconcilableItem) throws -> Void) throws
}

extension ReconcilableSet {
  package func forEach(
    in range: Range<Int>, _ body: (ReconcilableItem) throws -> Void
  ) throws {
    for index in range { try body(item(at: index)) }
  }

  package func fingerprint(_ range: Range<Int>) throws -> Fingerprint {
    let sum = range.isEmpty ? IDSum() : try sum(range)
    return sum.fingerprint(count: range.count)
  }
}
