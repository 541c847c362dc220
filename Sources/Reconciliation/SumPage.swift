import Signatures

/// How many items there are and what their ids add up to.
package struct SumTotal: Equatable, Sendable {
  package private(set) var count = 0
  package private(set) var sum = IDSum()

  package static func += (lhs: inout SumTotal, rhs: SumTotal) {
    lhs.count += rhs.count
    lhs.sum += rhs.sum
  }

  mutating func insert(_ id: Digest) {
    count += 1
    sum += IDSum(id)
  }

  mutating func remove(_ id: Digest) {
    count -= 1
    sum -= IDSum(id)
  }
}

/// One page of a `SumTree`: items in order, or what the pages below hold.
package enum SumPage: Equatable, Sendable {
  case leaf([ReconcilableItem])
  /// The level is one more than that of the children; leaves are on level 0.
  case branch(level: UInt64, [Child])

  package struct Child: Equatable, Sendable {
    let page: Int64
    var total: SumTotal
    /// Not above any item of the page, and above every item of the pages before it.
    var least: ReconcilableItem
  }

  /// A full page is stored in at most 4,061 bytes: as much as SQLite keeps beside a row.
  static let itemsMax = 100
  static let childrenMax = 46

  var level: UInt64 {
    switch self {
    case .leaf: 0
    case .branch(let level, _): level
    }
  }

  var total: SumTotal {
    var total = SumTotal()
    switch self {
    case .leaf(let items): for item in items { total.insert(item.id) }
    case .branch(_, let children): for child in children { total += child.total }
    }
    return total
  }

  var isEmpty: Bool {
    switch self {
    case .leaf(let items): items.isEmpty
    case .branch(_, let children): children.isEmpty
    }
  }
}

// MARK: - Bytes

// Words of 64 bits, most significant byte first: the level, then items or children.
extension SumPage {
  private static let wordsOfItem = 5
  private static let wordsOfChild = 11

  package var bytes: [UInt8] {
    var words = [level]
    switch self {
    case .leaf(let items):
      for item in items { words += item.words }
    case .branch(_, let children):
      for child in children {
        words += [UInt64(bitPattern: child.page), UInt64(child.total.count)]
        words += child.total.sum.littleEndian.wordList
        words += child.least.words
      }
    }
    return words.map { $0.bigEndian }.withUnsafeBytes { Array($0) }
  }

  /// Nil unless `bytes` are a page.
  package init?(bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count.isMultiple(of: 8) else { return nil }
    let words = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: 8).map {
        UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
      }
    }
    let (level, rest) = (words[0], words.dropFirst())
    let step = level == 0 ? Self.wordsOfItem : Self.wordsOfChild
    guard rest.count.isMultiple(of: step) else { return nil }
    let starts = stride(from: rest.startIndex, to: rest.endIndex, by: step)
    if level == 0 {
      self = .leaf(starts.map { ReconcilableItem(words: rest[$0...]) })
    } else {
      let children = starts.compactMap { Child(words: rest[$0...]) }
      guard children.count == rest.count / step else { return nil }
      self = .branch(level: level, children)
    }
  }
}

extension SumPage.Child {
  /// More than any store holds; what is stored must not overflow a sum of counts.
  private static let countMax: UInt64 = 1 << 40

  fileprivate init?(words: ArraySlice<UInt64>) {
    let start = words.startIndex
    guard words[start + 1] <= Self.countMax else { return nil }
    page = Int64(bitPattern: words[start])
    total = SumTotal(
      count: Int(words[start + 1]), sum: IDSum(Digest(wordList: words[(start + 2)...])))
    least = ReconcilableItem(words: words[(start + 6)...])
  }
}

extension ReconcilableItem {
  fileprivate var words: [UInt64] { [seconds] + id.wordList }

  fileprivate init(words: ArraySlice<UInt64>) {
    let start = words.startIndex
    self.init(seconds: words[start], id: Digest(wordList: words[(start + 1)...]))
  }
}

extension Digest {
  fileprivate var wordList: [UInt64] { [words.0, words.1, words.2, words.3] }

  fileprivate init(wordList words: ArraySlice<UInt64>) {
    let start = words.startIndex
    self.init(words: (words[start], words[start + 1], words[start + 2], words[start + 3]))
  }
}
