import Signatures

/// The answer to one message, built range by range (`Protocol/reconciliation.md#answer`).
struct Answer<Items: ReconcilableSet> {
  private let items: Items
  private let isInitiator: Bool
  /// What may be written before the frame has to be closed; nil without a limit.
  private let byteBudget: Int?

  private(set) var have: [Digest] = []
  private(set) var need: [Digest] = []
  /// Once the frame is full; nothing more may be added.
  private(set) var isClosed = false

  private var writer = MessageWriter()
  /// Where the next range begins: our index and the peer's bound.
  private var index = 0
  private var bound = Bound.start
  /// Whether a skip up to `bound` must precede the next range written.
  private var skipIsDue = false
  /// The index at the last bound written, where a closing fingerprint begins.
  ///
  /// The reference uses `index`, which leaves what was dropped out of the sum and can lose it.
  private var writtenIndex = 0

  init(items: Items, isInitiator: Bool, frameSizeLimit: Int) {
    self.items = items
    self.isInitiator = isInitiator
    byteBudget = frameSizeLimit == 0 ? nil : frameSizeLimit - Negentropy.closingReserveBytes
  }

  var message: [UInt8] { writer.bytes }

  mutating func add(_ range: MessageRange) throws {
    let own = index..<(try items.lowerBound(from: index, range.bound))
    switch range.content {
    case .skip: skipIsDue = true
    case .fingerprint(let theirs):
      if try items.fingerprint(own) == theirs {
        skipIsDue = true
      } else {
        try split(own, to: range.bound)
      }
    case .ids(let theirs):
      if isInitiator {
        try compare(own, with: theirs)
        skipIsDue = true
      } else {
        try list(own, to: range.bound)
      }
    }
    index = own.upperBound
    bound = range.bound
  }

  /// Writes all of `own` as ids or as fingerprints of its parts; nothing when that does not fit.
  mutating func split(_ own: Range<Int>, to end: Bound) throws {
    let mark = writer.mark
    writeDueSkip()
    if own.count < Negentropy.idListBelow {
      writer.ids(try ids(own), to: end)
    } else {
      try writeBuckets(own, to: end)
    }
    guard isFull else {
      writtenIndex = own.upperBound
      return
    }
    writer.rewind(to: mark)
    try close()
  }

  /// Opens with one fingerprint for what is believed to be equal; a responder answers any list of ids,
  /// also an empty one, with its own.
  mutating func trust(_ own: Range<Int>, to checkpoint: Bound) throws {
    writer.fingerprint(try items.fingerprint(own), to: checkpoint)
    writer.ids([], to: .infinity)
  }

  private mutating func writeBuckets(_ own: Range<Int>, to end: Bound) throws {
    let (size, larger) = own.count.quotientAndRemainder(dividingBy: Negentropy.bucketCount)
    var start = own.lowerBound
    for bucket in 0..<Negentropy.bucketCount {
      let next = start + size + (bucket < larger ? 1 : 0)
      let bound =
        next == own.upperBound
        ? end : Bound(between: try items.item(at: next - 1), and: try items.item(at: next))
      writer.fingerprint(try items.fingerprint(start..<next), to: bound)
      start = next
    }
  }

  /// Writes the ids of `own`, as many as fit.
  private mutating func list(_ own: Range<Int>, to end: Bound) throws {
    let room = byteBudget.map { ($0 - writer.bytes.count) / Digest.byteCount + 1 } ?? .max
    let listed = own.prefix(room)
    let isWhole = listed.count == own.count
    let listEnd = isWhole ? end : Bound(before: try items.item(at: listed.upperBound))
    writeDueSkip()
    writer.ids(try ids(listed), to: listEnd)
    writtenIndex = listed.upperBound
    if isFull { try close() }
  }

  private func ids(_ range: Range<Int>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count * Digest.byteCount)
    try items.forEach(in: range) { bytes += $0.id.bytes }
    return bytes
  }

  /// Notes the ids that one side of `own` lacks, each in the order of the side that holds it.
  private mutating func compare(_ own: Range<Int>, with theirs: [Digest]) throws {
    var unmatched = Set(theirs)
    var lacking: [Digest] = []
    try items.forEach(in: own) { item in
      if unmatched.remove(item.id) == nil { lacking.append(item.id) }
    }
    have += lacking
    need += theirs.filter { unmatched.remove($0) != nil }
  }

  private mutating func writeDueSkip() {
    guard skipIsDue else { return }
    writer.skip(to: bound)
    skipIsDue = false
  }

  private var isFull: Bool {
    byteBudget.map { writer.bytes.count > $0 } ?? false
  }

  /// Leaves all that is not yet written to a later round.
  private mutating func close() throws {
    writer.fingerprint(try items.fingerprint(writtenIndex..<items.count), to: .infinity)
    isClosed = true
  }
}
