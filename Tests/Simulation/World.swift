import CRDT
import Foundation
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport

/// A region on a virtual network and clock: first a storm of edits and faults, then calm, in which
/// every node must come to hold the same.
///
/// Everything follows from the seed. Faults are drawn per run, some of them off altogether.
package final class World {
  package struct Outcome: Sendable {
    package var operations = 0
    package var records = 0
    package var sessions = 0
    package var failedSessions = 0
    package var frames = 0
    package var bytes = 0
    /// What is wrong; empty when the run is good.
    package var problems: [String] = []
  }

  private let seed: UInt64
  private var generator: SeededGenerator
  private let region: SampleRegion
  private let nodes: [VirtualNode]
  private let faults: Faults
  /// One run in twenty keeps its stores in files, and a restart opens them anew.
  private let folder: String?
  private var connections: [VirtualConnection] = []
  private var now: UInt64 = SampleRegion.start.milliseconds + 86_400_000
  private var outcome = Outcome()

  package init(seed: UInt64) throws {
    self.seed = seed
    var generator = SeededGenerator(seed: seed)
    let count = 3 + Int(generator.next() % 6)
    // Fewer organisations than nodes: two officers of one organisation sit at different nodes.
    region = try SampleRegion(seed: seed % 8, organisations: 4, officersPerOrganisation: 2)
    faults = Faults(using: &generator)
    let folder = seed % 20 == 0 ? try Self.scratchFolder() : nil
    self.folder = folder
    var nodes: [VirtualNode] = []
    for index in 0..<count {
      let organisation = region.organisations[index % 4]
      nodes.append(
        VirtualNode(
          name: index,
          key: index < 4 ? organisation.node.publicKey : Self.secondNode(index).publicKey,
          officer: organisation.officers[index / 4],
          store: try Self.emptyStore(region, folder, &generator), isOnDisk: folder != nil,
          clockSkew: faults.hasWrongClocks ? Int64(generator.next() % 7_200_000) - 3_600_000 : 0))
    }
    self.nodes = nodes
    self.generator = generator
    try seedCharter()
  }

  private static func secondNode(_ index: Int) -> SigningKey {
    SampleRegion.key("second node \(index)", seed: 0)
  }

  private static func emptyStore(
    _ region: SampleRegion, _ folder: String?, _ generator: inout SeededGenerator
  ) throws -> OperationStore {
    guard let id = StoreID(generator.bytes(StoreID.byteCount)) else { fatalError("16 bytes") }
    return try OperationStore.create(
      path: folder.map { "\($0)/\(Hex.encode(id.bytes)).sqlite" }, founding: region.founding, id: id
    )
  }

  private static func scratchFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-simulation-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }

  deinit {
    if let folder { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// Node 0 holds the whole charter; everybody else has only the region link, which names node 0.
  private func seedCharter() throws {
    let store = nodes[0].store
    guard let source = StoreID([UInt8](repeating: 0, count: StoreID.byteCount)) else { return }
    _ = try store.ingest(
      region.charterOperations.map(Parcel.init), in: .charter, from: source, cursor: nil, now: now)
    for (index, node) in nodes.enumerated() where index >= 4 {
      let admin = region.organisations[index % 4].admin
      let random = generator.bytes(Body.randomByteCount)
      _ = try store.publish(
        [.act(.node(key: node.key, address: ""), name: nil)], with: admin.key, as: [.admin],
        clock: now, random: { random })
    }
  }

  // MARK: - Storm

  package func run(events: Int = 60) throws -> Outcome {
    for _ in 0..<events { try event() }
    for connection in connections { close(connection) }
    connections = []
    try calm()
    return outcome
  }

  private func event() throws {
    now += generator.next() % 60_000
    let draw = generator.next() % 100
    switch draw {
    case 0..<25: try nodes.randomElement(using: &generator)?.edit(now: now, using: &generator)
    case 25..<40: try connect()
    case 40..<43 where faults.hasRestarts: try restart()
    case 43..<45 where faults.hasReplacedStores: try replaceStore()
    case 45..<48 where faults.hasCuts: connections.randomElement(using: &generator)?.cut()
    default: try deliver()
    }
    for connection in connections where !connection.isOpen || connection.isFinished {
      close(connection)
    }
    connections.removeAll { !$0.isOpen || $0.isFinished }
  }

  private func connect() throws {
    let pair = nodes.shuffled(using: &generator).prefix(2)
    guard let caller = pair.first, let callee = pair.last else { return }
    connections.append(try connection(caller, callee))
  }

  private func connection(
    _ caller: VirtualNode, _ callee: VirtualNode
  ) throws -> VirtualConnection {
    try VirtualConnection(
      from: caller, to: callee, isPinned: callee === nodes[0], now: now, using: &generator)
  }

  /// Several frames at once, so that sessions both overlap and end.
  private func deliver() throws {
    for _ in 0..<8 {
      guard let connection = connections.randomElement(using: &generator) else { return }
      try connection.step(now: now, faults: faults, using: &generator)
    }
  }

  private func restart() throws {
    guard let node = nodes.randomElement(using: &generator) else { return }
    restart(node)
    try node.reopen()
  }

  private func replaceStore() throws {
    guard let node = nodes.dropFirst().randomElement(using: &generator) else { return }
    restart(node)
    node.replaceStore(try Self.emptyStore(region, folder, &generator))
  }

  private func restart(_ node: VirtualNode) {
    for connection in connections where connection.involves(node) { connection.cut() }
  }

  private func close(_ connection: VirtualConnection) {
    outcome.sessions += 1
    outcome.frames += connection.frames
    outcome.bytes += connection.bytes
    if !connection.isFinished { outcome.failedSessions += 1 }
  }

  // MARK: - Calm

  /// Without faults, three rounds of everybody calling node 0 must make all nodes equal.
  private func calm() throws {
    for round in 1...3 {
      for node in nodes.dropFirst() { try sync(node, nodes[0], mustBeEqual: round == 3) }
    }
    try check()
  }

  private func sync(_ caller: VirtualNode, _ callee: VirtualNode, mustBeEqual: Bool) throws {
    now += 1000
    let connection = try connection(caller, callee)
    var steps = 0
    while connection.isOpen, !connection.isFinished, steps < 10_000 {
      try connection.step(now: now, faults: .none, using: &generator)
      steps += 1
    }
    close(connection)
    if !connection.isFinished {
      problem("a calm session did not end: \(connection.failure.map { "\($0)" } ?? "no error")")
    } else if connection.reports[0].isEqual != connection.reports[1].isEqual {
      problem("the two sides of a session disagree on equality")
    } else if mustBeEqual, !connection.reports[0].isEqual {
      problem("node \(caller.name) is not equal: \(connection.reports[0].ingested.refusals)")
    }
  }

  private func check() throws {
    let reference = try nodes[0].store.projectionDump()
    let operations = try nodes[0].store.status().held
    outcome.operations = operations
    outcome.records = try nodes[0].store.status().records
    for node in nodes {
      if try node.store.projectionDump() != reference {
        problem("node \(node.name) shows another state than node 0")
      }
      let held = try node.store.arrivals(of: node.acknowledged).count
      let everywhere = try nodes[0].store.arrivals(of: node.acknowledged).count
      if held != node.acknowledged.count || everywhere != node.acknowledged.count {
        problem("an acknowledged operation of node \(node.name) is missing")
      }
      if try node.store.status().waiting > 0 { problem("node \(node.name) still waits") }
    }
    let before = reference
    try nodes[0].store.rebuild()
    if try nodes[0].store.projectionDump() != before { problem("rebuild changed a projection") }
  }

  private func problem(_ text: String) {
    outcome.problems.append(text)
  }
}
