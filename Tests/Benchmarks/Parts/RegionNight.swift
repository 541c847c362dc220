import CRDT
import Node
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import WireFormat

/// Nights of a region: every node calls its peers one after another, all of them in any order.
struct RegionNight {
  private static let nodeCount = 300
  private static let peersPerNode = 3
  private static let nights = 3

  private let region: SampleRegion
  private var stores: [OperationStore]
  private var generator = SeededGenerator(seed: 300)
  private var nonce: UInt64 = 0

  init() throws {
    let region = try SampleRegion(
      seed: 300, organisations: Self.nodeCount, officersPerOrganisation: 1)
    self.region = region
    stores = try (0..<Self.nodeCount).map { index in
      let bytes = [UInt8(index >> 8), UInt8(index & 0xff)] + [UInt8](repeating: 0, count: 14)
      guard let id = StoreID(bytes) else { fatalError("16 bytes") }
      let store = try OperationStore.create(path: nil, founding: region.founding, id: id)
      for first in stride(from: 0, to: region.charterOperations.count, by: 500) {
        _ = try store.ingest(
          region.charterOperations[first...].prefix(500).map(Parcel.init), in: .charter, from: id,
          cursor: nil, now: SampleRegion.start.milliseconds)
      }
      return store
    }
  }

  mutating func run() throws {
    print(
      """
      | night | news | bodies that had to travel | travelled in vain | times that all peers were called |
      |---:|---:|---:|---:|---:|
      """)
    var peers: [(Int, Int)] = []
    for node in 0..<Self.nodeCount {
      let others = (0..<Self.nodeCount).filter { $0 != node }.shuffled(using: &generator)
      peers += others.prefix(Self.peersPerNode).map { (node, $0) }
    }
    for night in 1...Self.nights {
      let now = SampleRegion.start.milliseconds + UInt64(night) * 86_400_000
      for node in stores.indices { try publish(at: node, now) }
      let needed = Self.nodeCount * (Self.nodeCount - 1)
      var (sent, calls) = (0, 0)
      repeat {
        calls += 1
        for (caller, callee) in peers.shuffled(using: &generator) {
          sent += try meet(caller, callee, now)
        }
      } while try !isEqual()
      print("| \(night) | \(Self.nodeCount) | \(needed) | \(sent - needed) | \(calls) |")
    }
  }

  private func publish(at node: Int, _ now: UInt64) throws {
    let changes = [
      ChangeDraft(type: .set, path: "title", value: .text("Nytt från \(node), \(now)"))
    ]
    _ = try stores[node].publish(
      [.record(changes, family: "entry", record: nil)],
      with: region.organisations[node].officers[0].key, as: [.author], clock: now,
      random: { SHA256.hash([UInt8(node >> 8), UInt8(node & 0xff)]).bytes.suffix(16) })
  }

  private func isEqual() throws -> Bool {
    let first = try stores[0].snapshot().records
    return try stores.allSatisfy { try $0.snapshot().records == first }
  }

  /// One session; how many operations travelled.
  private mutating func meet(_ caller: Int, _ callee: Int, _ now: UInt64) throws -> Int {
    nonce += 2
    func bytes(_ number: UInt64) -> [UInt8] {
      (0..<16).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) : 0 }
    }
    func node(_ index: Int) -> PublicKey { region.organisations[index].node.publicKey }
    var sessions = [
      SyncSession(
        .initiator, store: stores[caller], ownNode: node(caller), peerNode: node(callee),
        isPinned: false, nonce: bytes(nonce), usesDeltas: true),
      SyncSession(
        .responder, store: stores[callee], ownNode: node(callee), peerNode: node(caller),
        isPinned: false, nonce: bytes(nonce + 1), usesDeltas: true),
    ]
    try sessions[0].start(now: now)
    var frames: [[[UInt8]]] = [[], []]
    func pump(_ side: Int) throws {
      while let frame = try sessions[side].nextFrame() { frames[1 - side].append(frame) }
    }
    try pump(0)
    while let side = frames.indices.first(where: { !frames[$0].isEmpty }) {
      try sessions[side].receive(frames[side].removeFirst(), now: now)
      try pump(side)
    }
    guard sessions.allSatisfy(\.report.isEqual) else { fatalError("a session did not end equal") }
    return sessions[0].report.sent + sessions[1].report.sent
  }
}
