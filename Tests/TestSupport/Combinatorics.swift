/// Calls `body` with every order of `items` (Heap's algorithm).
package func forEachPermutation<Item>(
  of items: [Item], _ body: ([Item]) throws -> Void
) rethrows {
  var items = items
  var counters = [Int](repeating: 0, count: items.count)
  try body(items)
  var index = 0
  while index < items.count {
    guard counters[index] < index else {
      counters[index] = 0
      index += 1
      continue
    }
    items.swapAt(index.isMultiple(of: 2) ? 0 : counters[index], index)
    try body(items)
    counters[index] += 1
    index = 0
  }
}

/// Makes every combination of choices, one after another: the small-domain counterpart of a random
/// generator.
///
///     var choices = Choices()
///     repeat { … choices.pick(below: 3) … } while choices.advance()
package struct Choices {
  private var path: [(value: Int, bound: Int)] = []
  private var depth = 0

  package init() {}

  /// A number from 0 up to `bound`.
  package mutating func pick(below bound: Int) -> Int {
    if depth == path.count { path.append((0, bound)) }
    defer { depth += 1 }
    return path[depth].value
  }

  /// Moves on to the next combination; false when there is none.
  package mutating func advance() -> Bool {
    depth = 0
    while let last = path.popLast() {
      if last.value + 1 < last.bound {
        path.append((last.value + 1, last.bound))
        return true
      }
    }
    return false
  }
}
