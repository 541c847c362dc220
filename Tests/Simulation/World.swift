import CRDT
import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import WireFormat

/// A region on a virtual network and clock: first a storm of edits and faults, then calm, in which
/// every honest node must come to hold the same.
///
/// Everything follows from the seed. Faults are drawn per run, some of them off altogether. Node 0
/// and its organisation are always honest, and of the council's keys at most one is stolen.
package final class World {
  package struct Outcome: Sendable {
    package var operations = 0
    package var records = 0
    package var sessions = 0
    package var failedSessions = 0
    package var frames = 0
    package var bytes = 0
    /// How often something happened that the run is there for.
    package var events: [String: Int] = [:]
    /// What is wrong; empty when the run is good.
    package var problems: [String] = []
  }

  private static let organisations = 5
  static let lateOffice = 4

  var generator: SeededGenerator
  let region: SampleRegion
  let faults: Faults
  let bug: PlantedBug?
  var nodes: [VirtualNode] = []
  var offices: [Office] = []
  var seats: [Seat] = []
  var forgers: [String: Forger] = [:]
  var now: UInt64 = SampleRegion.start.milliseconds + 86_400_000
  var outcome = Outcome()
  var promises = Promises()
  /// Everything that anybody has signed.
  var signed: [Digest: Operation] = [:]
  /// What was typed, by the operation that holds it.
  var typed: [Digest: String] = [:]
  /// Acts that wait for approvals.
  var proposals: [Digest] = []
  var connections: [VirtualConnection] = []
  /// Where stores have files; nil when all are in memory.
  let folder: ScratchFolder?
  private var typedCount = 0

  package init(seed: UInt64, bug: PlantedBug? = nil) throws {
    var generator = SeededGenerator(seed: seed)
    let count = 3 + Int(generator.next() % 6)
    faults = Faults(using: &generator)
    self.bug = bug
    let seatCount = 1 + Int(generator.next() % 3)
    folder = faults.needsFiles || seed % 20 == 0 ? try ScratchFolder() : nil
    region = try SampleRegion(
      seed: seed % 8, organisations: Self.organisations, officersPerOrganisation: 3,
      seats: seatCount, threshold: UInt64(min(2, seatCount)))
    self.generator = generator
    offices = region.organisations.enumerated().map { index, organisation in
      Office(organisation, home: index < min(Self.lateOffice, count) ? index : nil)
    }
    let liars = faults.hasLiars ? 1 + Int(self.generator.next() % UInt64(count - 1)) : 0
    try makeNodes(count, liars: Set((1..<count).shuffled(using: &self.generator).prefix(liars)))
    let honest = (0..<count).filter { nodes[$0].isHonest }
    seats = region.seats.enumerated().map { index, seat in
      Seat(key: seat.key, next: seat.next, home: honest[index % honest.count])
    }
    for operation in region.charterOperations { signed[operation.id] = operation }
    try seedCharter(count)
  }

  // MARK: - The region

  /// Fewer organisations than nodes: officers of one organisation sit at several nodes.
  private func makeNodes(_ count: Int, liars: Set<Int>) throws {
    for index in 0..<count {
      let office = index < 4 ? index : 1 + (index - 4) % 3
      try makeNode(
        index, office, key: index < 4 ? offices[office].node : Self.secondNode(index),
        officer: index < 4 ? 0 : 1 + (index - 4) / 3, isLiar: liars.contains(index))
    }
    guard faults.hasAuthority else { return }
    try makeNode(
      count, Self.lateOffice, key: offices[Self.lateOffice].node, officer: 0, isLiar: false)
  }

  private func makeNode(
    _ index: Int, _ office: Int, key: SigningKey, officer: Int, isLiar: Bool
  ) throws {
    let skew = faults.hasWrongClocks ? Int64(generator.next() % 7_200_000) - 3_600_000 : 0
    let organisation = region.organisations[office]
    nodes.append(
      try VirtualNode(
        name: "\(index)", key: key.publicKey, office: office,
        officer: organisation.officers[officer].key, folder: folder?.path,
        clockSkew: isLiar ? skew * Int64(generator.next() % 80_000) : skew,
        liar: isLiar ? Liar(using: &generator) : nil, bug: bug, store: emptyStore))
    guard isLiar else { return }
    forgers["\(index)"] = Forger(
      region: region, organisation: organisation, mayStealSeat: region.seats.count > 1,
      using: &generator)
  }

  private static func secondNode(_ index: Int) -> SigningKey {
    SampleRegion.key("second node \(index)", seed: 0)
  }

  func emptyStore(_ path: String?) throws -> OperationStore {
    guard let id = StoreID(generator.bytes(StoreID.byteCount)) else { fatalError("16 bytes") }
    return try OperationStore.create(path: path, founding: region.founding, id: id)
  }

  /// Node 0 holds the charter as it began, and all others only the region link, which names it.
  ///
  /// The last organisation's acts are at its own node alone.
  private func seedCharter(_ count: Int) throws {
    let late = region.organisations[Self.lateOffice].id
    let all = region.charterOperations
    let known = all[..<(all.firstIndex { $0.id == late } ?? all.endIndex)]
    try take(Array(known), at: nodes[0])
    if nodes.count > count { try take(all, at: nodes[count]) }
    for node in nodes[..<count].dropFirst(4) {
      try publish(
        [.act(.node(key: node.key, address: ""), name: nil)], at: nodes[0],
        with: offices[node.office].admin, as: .admin)
    }
  }

  func take(_ operations: [Operation], at node: VirtualNode) throws {
    guard let source = StoreID([UInt8](repeating: 0, count: StoreID.byteCount)) else { return }
    for operation in operations {
      _ = try node.store.ingest(
        [Parcel(operation)], in: Scope(operation.header.operationClass), from: source, cursor: nil,
        now: now)
    }
  }

  /// Signs at a node; what is returned has been promised.
  @discardableResult
  func publish(
    _ drafts: [OperationStore.Draft], at node: VirtualNode, with key: SigningKey, as role: Role
  ) throws -> [Operation] {
    let operations = try node.publish(drafts, with: key, as: role, now: now, using: &generator)
    acknowledge(operations, at: node)
    return operations
  }

  private func acknowledge(_ operations: [Operation], at node: VirtualNode) {
    for operation in operations { signed[operation.id] = operation }
    if node.isHonest { promises.make(operations.map(\.id)) }
  }

  // MARK: - Storm

  package func run(events: Int = 80) throws -> Outcome {
    for _ in 0..<events { try event() }
    for connection in connections { close(connection) }
    connections = []
    try calm()
    return outcome
  }

  private func event() throws {
    now += generator.next() % 60_000
    switch generator.next() % 100 {
    case 0..<20: try edit()
    case 20..<34: try connect()
    case 34..<37 where faults.hasRestarts: try restart()
    case 37..<39 where faults.hasReplacedStores: try replaceStore()
    case 39..<42 where faults.hasCuts: connections.randomElement(using: &generator)?.cut()
    case 42..<50 where faults.hasAuthority: try govern()
    case 50..<56 where faults.hasLiars: try forge()
    case 56..<59 where faults.hasErasures: try order()
    case 59..<64 where faults.hasRestores: try restoreSomething()
    case 64..<66 where faults.hasClones: try clone()
    default: try deliver()
    }
    for connection in connections where !connection.isOpen || connection.isFinished {
      close(connection)
    }
    connections.removeAll { !$0.isOpen || $0.isFinished }
  }

  /// A text that occurs nowhere else.
  func type() -> String {
    typedCount += 1
    return "värde \(typedCount) \(Hex.encode(generator.bytes(6)))"
  }

  private func edit() throws {
    guard let node = nodes.randomElement(using: &generator) else { return }
    let text = type()
    let operations = try node.edit(text, now: now, using: &generator)
    acknowledge(operations, at: node)
    for operation in operations where operation.body != nil { typed[operation.id] = text }
  }

  private func connect() throws {
    let pair = nodes.shuffled(using: &generator).prefix(2)
    guard let caller = pair.first, let callee = pair.last else { return }
    connections.append(try connection(caller, callee))
  }

  func connection(
    _ caller: VirtualNode, _ callee: VirtualNode
  ) throws -> VirtualConnection {
    let known = try nodes.filter(\.isHonest).map { try $0.store.id() }
    for node in [caller, callee] { node.liar?.otherStores = known }
    return try VirtualConnection(
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

  /// Its sessions end.
  func restart(_ node: VirtualNode) {
    for connection in connections where connection.involves(node) { connection.cut() }
  }

  private func replaceStore() throws {
    guard let node = nodes.dropFirst().randomElement(using: &generator),
      node.office != Self.lateOffice
    else { return }
    try losing(node) { try node.replaceStore(emptyStore) }
  }

  private func forge() throws {
    guard let node = nodes.filter({ !$0.isHonest }).randomElement(using: &generator),
      let forger = forgers[node.name]
    else { return }
    if generator.chance(20) {
      let forgery = try forger.falsify(now: now, using: &generator)
      node.liar?.keep(Parcel(forgery))
      return
    }
    let text = type()
    guard
      let operation = try forger.sign(
        .text(text), knowing: node.store, now: now, using: &generator)
    else { return }
    signed[operation.id] = operation
    if case .changes = operation.header.content { typed[operation.id] = text }
    node.liar?.keep(Parcel(operation))
    try take([operation], at: node)
    count("forgery")
  }

  func close(_ connection: VirtualConnection) {
    outcome.sessions += 1
    outcome.frames += connection.frames
    outcome.bytes += connection.bytes
    if !connection.isFinished { outcome.failedSessions += 1 }
    checkReports(connection)
  }

  func count(_ event: String) { outcome.events[event, default: 0] += 1 }

  func problem(_ text: String) { outcome.problems.append(text) }
}
