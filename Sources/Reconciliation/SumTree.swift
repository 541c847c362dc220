import Signatures

/// Where a `SumTree` finds its pages.
package protocol SumPages {
  /// Nil when there is none with this number.
  func page(_ number: Int64) throws -> SumPage?
  /// A number above those of all pages there are.
  func nextNumber() throws -> Int64
}

/// Pages that have been decoded: as many as a search through the greatest tree needs many times over,
/// for a scan may not keep all.
package struct SumPageCache {
  private static let countMax = 256
  private var pages: [Int64: SumPage] = [:]

  package init() {}

  /// The page with a number, read by `read` unless it is here.
  package mutating func page(
    _ number: Int64, _ read: () throws -> SumPage?
  ) rethrows -> SumPage? {
    if let page = pages[number] { return page }
    guard let page = try read() else { return nil }
    if pages.count >= Self.countMax { pages = [:] }
    pages[number] = page
    return page
  }
}

/// Why a tree cannot be read: what stores it has changed or lost a page.
package enum SumTreeError: Error, Equatable {
  case missing(page: Int64)
  case damaged(page: Int64)
}

extension SumTreeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .missing(let page): "page \(page) of a tree of sums is gone"
    case .damaged(let page): "page \(page) of a tree of sums is damaged"
    }
  }
}

/// An ordered set in pages, each of which knows the count and the sum of every page below it: any
/// range's sum, count and parts cost a few pages, whatever the size (a counted B+-tree).
///
/// Changes stay in memory until the caller stores `changes`. Two trees over equal sets may differ in
/// their pages, for these tell of the order of arrival; they agree in every answer.
package struct SumTree<Pages: SumPages>: ReconcilableSet {
  package static var root: Int64 { 0 }

  package let pages: Pages
  /// What differs from `pages`; nil: the page is gone.
  private var changed: [Int64: SumPage?] = [:]
  private var nextNumber: Int64?
  package private(set) var total: SumTotal

  package init(_ pages: Pages) throws {
    self.pages = pages
    total = try pages.page(Self.root)?.total ?? SumTotal()
  }

  package var count: Int { total.count }

  /// The pages to be stored, ascending; nil for one to be deleted.
  package var changes: [(number: Int64, page: SumPage?)] {
    changed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  // MARK: - Reading

  package func item(at index: Int) throws -> ReconcilableItem {
    let (items, first, number) = try leaf(at: index)
    guard index - first < items.count else { throw SumTreeError.damaged(page: number) }
    return items[index - first]
  }

  package func lowerBound(from: Int, _ bound: Bound) throws -> Int {
    guard !bound.isInfinity else { return count }
    let (items, first) = try leaf(of: bound.leastItem)
    return max(from, first + items.place(of: bound.leastItem))
  }

  package func contains(_ item: ReconcilableItem) throws -> Bool {
    let items = try leaf(of: item).items
    let place = items.place(of: item)
    return place < items.count && items[place] == item
  }

  package func sum(_ range: Range<Int>) throws -> IDSum {
    try sumOfFirst(range.upperBound) - sumOfFirst(range.lowerBound)
  }

  package func forEach(
    in range: Range<Int>, _ body: (ReconcilableItem) throws -> Void
  ) throws {
    var index = range.lowerBound
    while index < range.upperBound {
      let (items, first, number) = try leaf(at: index)
      let end = min(items.count, range.upperBound - first)
      guard index - first < end else { throw SumTreeError.damaged(page: number) }
      for item in items[(index - first)..<end] { try body(item) }
      index = first + end
    }
  }

  private func sumOfFirst(_ count: Int) throws -> IDSum {
    var sum = IDSum()
    var rest = count
    var (number, page) = (Self.root, try page(Self.root))
    while case .branch(let level, let children) = page {
      var next: SumPage.Child?
      for child in children {
        guard rest >= child.total.count else {
          next = child
          break
        }
        rest -= child.total.count
        sum += child.total.sum
      }
      guard let next else { break }
      (number, page) = (next.page, try self.page(next.page, level: level - 1))
    }
    if case .leaf(let items) = page, rest <= items.count {
      for item in items[..<rest] { sum += IDSum(item.id) }
      rest = 0
    }
    guard rest == 0 else { throw SumTreeError.damaged(page: number) }
    return sum
  }

  /// The leaf that holds the item at `index`, and the index of its first.
  private func leaf(
    at index: Int
  ) throws -> (items: [ReconcilableItem], first: Int, number: Int64) {
    var first = 0
    var (number, page) = (Self.root, try page(Self.root))
    while true {
      switch page {
      case .leaf(let items): return (items, first, number)
      case .branch(let level, let children):
        var next: SumPage.Child?
        for child in children {
          guard index >= first + child.total.count else {
            next = child
            break
          }
          first += child.total.count
        }
        guard let next else { throw SumTreeError.damaged(page: number) }
        (number, page) = (next.page, try self.page(next.page, level: level - 1))
      }
    }
  }

  /// The leaf where `item` is or belongs, and the index of its first.
  private func leaf(
    of item: ReconcilableItem
  ) throws -> (items: [ReconcilableItem], first: Int) {
    var first = 0
    var page = try page(Self.root)
    while true {
      switch page {
      case .leaf(let items): return (items, first)
      case .branch(let level, let children):
        let place = children.place(for: item)
        for child in children[..<place] { first += child.total.count }
        page = try self.page(children[place].page, level: level - 1)
      }
    }
  }

  private func page(_ number: Int64, level: UInt64? = nil) throws -> SumPage {
    guard let page = try changed[number] ?? pages.page(number) else {
      guard number == Self.root else { throw SumTreeError.missing(page: number) }
      return .leaf([])
    }
    // Levels that fall by one at each step also rule out a circle.
    let isSound = level.map { page.level == $0 } ?? true
    guard isSound, page.level == 0 || !page.isEmpty else {
      throw SumTreeError.damaged(page: number)
    }
    return page
  }

  // MARK: - Changing

  /// Whether the item was not there.
  @discardableResult
  package mutating func insert(_ item: ReconcilableItem) throws -> Bool {
    guard let growth = try insert(item, into: Self.root, level: nil) else { return false }
    total.insert(item.id)
    if let sibling = growth.sibling { try raiseRoot(beside: sibling) }
    return true
  }

  /// Whether the item was there.
  @discardableResult
  package mutating func remove(_ item: ReconcilableItem) throws -> Bool {
    guard try remove(item, from: Self.root, level: nil) else { return false }
    total.remove(item.id)
    if total.count == 0 { changed[Self.root] = .leaf([]) }
    return true
  }

  private struct Growth {
    /// What did not fit any more, in a page of its own.
    var sibling: SumPage.Child?
  }

  /// Nil when the item was there.
  private mutating func insert(
    _ item: ReconcilableItem, into number: Int64, level: UInt64?
  ) throws -> Growth? {
    switch try page(number, level: level) {
    case .leaf(var items):
      let place = items.place(of: item)
      guard place == items.count || items[place] != item else { return nil }
      items.insert(item, at: place)
      let rest = items.splitOff(above: SumPage.itemsMax, after: place)
      changed[number] = .leaf(items)
      return Growth(sibling: try rest.first.map { try add(.leaf(rest), least: $0) })
    case .branch(let level, var children):
      var place = children.place(for: item)
      guard let growth = try insert(item, into: children[place].page, level: level - 1) else {
        return nil
      }
      children[place].least = min(children[place].least, item)
      if let sibling = growth.sibling {
        children[place].total = try page(children[place].page, level: level - 1).total
        place += 1
        children.insert(sibling, at: place)
      } else {
        children[place].total.insert(item.id)
      }
      let rest = children.splitOff(above: SumPage.childrenMax, after: place)
      changed[number] = .branch(level: level, children)
      return Growth(
        sibling: try rest.first.map { try add(.branch(level: level, rest), least: $0.least) })
    }
  }

  /// The root keeps its number: what it held moves down.
  private mutating func raiseRoot(beside sibling: SumPage.Child) throws {
    let former = try page(Self.root)
    let least =
      switch former {
      case .leaf(let items): items[0]
      case .branch(_, let children): children[0].least
      }
    let left = try add(former, least: least)
    changed[Self.root] = .branch(level: former.level + 1, [left, sibling])
  }

  private mutating func add(_ page: SumPage, least: ReconcilableItem) throws -> SumPage.Child {
    let number = try max(nextNumber ?? pages.nextNumber(), Self.root + 1)
    nextNumber = number + 1
    changed[number] = page
    return SumPage.Child(page: number, total: page.total, least: least)
  }

  private mutating func remove(
    _ item: ReconcilableItem, from number: Int64, level: UInt64?
  ) throws -> Bool {
    switch try page(number, level: level) {
    case .leaf(var items):
      let place = items.place(of: item)
      guard place < items.count, items[place] == item else { return false }
      items.remove(at: place)
      changed[number] = .leaf(items)
    case .branch(let level, var children):
      let place = children.place(for: item)
      let child = children[place].page
      guard try remove(item, from: child, level: level - 1) else { return false }
      children[place].total.remove(item.id)
      if children[place].total.count == 0 {
        children.remove(at: place)
        changed[child] = .some(nil)
      }
      changed[number] = .branch(level: level, children)
    }
    return true
  }

  // MARK: - Checking

  /// Whether every page says the truth of the pages below it, and all items are in order.
  package func isSound() throws -> Bool {
    var last: ReconcilableItem?
    do {
      return try isSound(try page(Self.root), after: &last) == total
    } catch is SumTreeError {
      return false
    }
  }

  /// What the page holds; nil when something is wrong.
  private func isSound(_ page: SumPage, after last: inout ReconcilableItem?) throws -> SumTotal? {
    switch page {
    case .leaf(let items):
      for item in items {
        guard last.map({ $0 < item }) ?? true else { return nil }
        last = item
      }
    case .branch(let level, let children):
      for child in children {
        guard last.map({ $0 < child.least }) ?? true else { return nil }
        let below = try self.page(child.page, level: level - 1)
        guard try isSound(below, after: &last) == child.total else { return nil }
      }
    }
    return page.total
  }
}

extension [ReconcilableItem] {
  /// The index of the first that is not below `item`.
  fileprivate func place(of item: ReconcilableItem) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension [SumPage.Child] {
  /// The index of the child where `item` is or belongs.
  fileprivate func place(for item: ReconcilableItem) -> Int {
    Swift.max(0, (firstIndex { item < $0.least } ?? count) - 1)
  }
}

extension Array {
  /// Takes away what goes into a page of its own when there is too much in this one.
  ///
  /// Half of it; but what grows at its end, as news do, leaves a full page behind.
  fileprivate mutating func splitOff(above most: Int, after place: Int) -> [Element] {
    guard count > most else { return [] }
    let kept = place == count - 1 ? most : count / 2
    defer { removeLast(count - kept) }
    return Array(self[kept...])
  }
}
