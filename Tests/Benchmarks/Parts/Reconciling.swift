import Reconciliation
import Signatures
import TestSupport

/// Two sets of a million items that differ by a few: what finding them costs.
struct Reconciling {
  private static let count = 1_000_000
  private static let fiveYears: UInt64 = 5 * 365 * 86_400

  private enum Place: String {
    case scattered = "anywhere in five years"
    case lastDay = "in the last day"
  }

  func run() throws {
    print(
      """
      | 1 000 000 items, differing | first message | bytes | round trips | CPU of both |
      |---|---|---:|---:|---:|
      """)
    for differing in [0, 1, 100, 1000] {
      try measure(differing, .scattered, isCheckpointed: false)
      guard differing > 0 else { continue }
      try measure(differing, .lastDay, isCheckpointed: false)
      try measure(differing, .lastDay, isCheckpointed: true)
    }
  }

  /// Half of what differs is held by either side alone.
  private func measure(_ differing: Int, _ place: Place, isCheckpointed: Bool) throws {
    var generator = SeededGenerator(seed: UInt64(differing))
    let lastDay = Self.fiveYears - 86_400
    func item(from start: UInt64) -> ReconcilableItem {
      ReconcilableItem(
        seconds: UInt64.random(in: start..<Self.fiveYears, using: &generator),
        id: SHA256.hash(generator.bytes(8)))
    }
    let common = (0..<(Self.count - differing)).map { _ in
      ReconcilableItem(
        seconds: UInt64.random(in: 0..<lastDay, using: &generator),
        id: SHA256.hash(generator.bytes(8)))
    }
    let apart = (0..<differing).map { _ in item(from: place == .lastDay ? lastDay : 0) }
    let (client, server) = (
      try tree(common, apart.indices.filter { $0 % 2 == 0 }.map { apart[$0] }),
      try tree(common, apart.indices.filter { $0 % 2 == 1 }.map { apart[$0] })
    )
    var (bytes, trips, found) = (0, 0, 0)
    let seconds = try cpuSeconds {
      var (initiator, responder) = (try Reconciler(), try Reconciler())
      var message = try initiator.initiate(
        over: client, checkpoint: isCheckpointed ? Bound(seconds: lastDay, prefix: []) : nil)
      while true {
        guard case .message(let answer) = try responder.reconcile(message, over: server).next else {
          return
        }
        let step = try initiator.reconcile(answer, over: client)
        bytes += message.count + answer.count
        trips += 1
        found += step.have.count + step.need.count
        guard case .message(let next) = step.next else { return }
        message = next
      }
    }
    precondition(found == differing, "every difference, once")
    let first = isCheckpointed ? "checkpoint" : "split"
    print(
      "| \(differing) \(place.rawValue) | \(first) | \(bytes) | \(trips) | \(fixed(seconds * 1000)) ms |"
    )
  }

  private func tree(
    _ common: [ReconcilableItem], _ own: [ReconcilableItem]
  ) throws -> SumTree<EncodedPages> {
    let pages = EncodedPages()
    var tree = try SumTree(pages)
    for item in (common + own).sorted() { try tree.insert(item) }
    return try pages.store(tree)
  }
}
