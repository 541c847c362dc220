import CRDT
import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import WireFormat

/// One region for all tests of this target; each organisation has a node and an officer.
enum Fixture {
  static let clock = SampleRegion.start.milliseconds + 86_400_000
  private static let shared = Result { try SampleRegion(seed: 21, organisations: 3) }

  static func region() throws -> SampleRegion { try shared.get() }
}

/// A node with a store in memory and two officers who write on it.
final class Member {
  private(set) var store: OperationStore
  let node: PublicKey
  private let officers: [SampleRegion.Delegate]
  private let region: SampleRegion
  private let index: UInt8
  private var written: UInt8 = 0
  private var replacements: UInt8 = 0

  /// The node of organisation `index`; a `newcomer` holds the founding operation alone.
  init(_ index: UInt8, isNewcomer: Bool = false) throws {
    region = try Fixture.region()
    self.index = index
    node = region.organisations[Int(index)].node.publicKey
    officers = region.organisations[Int(index)].officers
    store = try Self.store(region, index, 0)
    if !isNewcomer { try learnCharter() }
  }

  func learnCharter() throws {
    let source = Self.storeID(0xff, 0)
    _ = try store.ingest(
      region.charterOperations.map(Parcel.init), in: .charter, from: source, cursor: nil,
      now: Fixture.clock)
  }

  /// The machine is lost: a store under a new id takes its place, empty but for the founding
  /// operation.
  func replaceStore() throws {
    replacements += 1
    store = try Self.store(region, index, replacements)
  }

  /// Goes on with another store, such as a copy of an earlier state.
  func use(_ store: OperationStore) {
    self.store = store
    written += 100
  }

  /// Starts anew with an empty store in a file.
  func useFile(_ path: String) throws {
    store = try OperationStore.create(
      path: path, founding: region.founding, id: Self.storeID(index, 0xfe))
  }

  /// Publishes entries that carry so many bytes beside their title.
  @discardableResult
  func write(
    _ count: Int = 1, bytes: Int = 20, by officer: Int = 0, at clock: UInt64 = Fixture.clock
  ) throws -> [Digest] {
    try (0..<count).map { _ in
      written += 1
      let random = [index, written] + [UInt8](repeating: 7, count: Body.randomByteCount - 2)
      let filler = CBOR.bytes([UInt8](repeating: 0, count: bytes))
      let changes = [
        ChangeDraft(type: .set, path: "title", value: .text("Nr \(written) av \(index)")),
        ChangeDraft(type: .set, path: "filler", value: filler),
      ]
      let published = try store.publish(
        [.record(changes, family: "entry", record: nil)], with: officers[officer].key,
        as: [.author],
        clock: clock + UInt64(written), random: { random })
      return published[0].id
    }
  }

  /// Publishes another title; `latest` is the operation that gave the present one.
  @discardableResult
  func edit(_ entry: Digest, after latest: Digest, title: String) throws -> Digest {
    written += 1
    let random = [index, written] + [UInt8](repeating: 8, count: Body.randomByteCount - 2)
    let change = ChangeDraft(
      type: .set, path: "title", value: .text(title),
      targets: [AssignmentID(operation: latest, index: 0)])
    return try store.publish(
      [.record([change], family: "entry", record: entry)], with: officers[0].key, as: [.author],
      clock: Fixture.clock + UInt64(written), random: { random })[0].id
  }

  /// Publishes an entry that names a file of so many bytes.
  func attach(_ count: Int) throws -> NamedFile { try attach([count])[0] }

  /// Publishes an entry that names a file for each size.
  func attach(_ sizes: [Int]) throws -> [NamedFile] {
    written += 1
    var generator = SeededGenerator(seed: UInt64(index) << 8 | UInt64(written))
    let files = sizes.compactMap {
      OperationStore.NewFile(
        generator.bytes($0), salt: generator.bytes(Attachment.saltByteCount))
    }
    try name(files.map(\.attachment), files, generator.bytes(Body.randomByteCount))
    return files.map { NamedFile(attachment: $0.attachment, bytes: $0.bytes) }
  }

  /// Publishes an entry that names files which nobody has.
  func nameAbsent(_ count: Int, size: Int) throws {
    written += 1
    var generator = SeededGenerator(seed: UInt64(index) << 8 | UInt64(written))
    let names = (0..<count).compactMap { _ in
      Attachment(
        digest: SHA256.hash(generator.bytes(8)), salt: generator.bytes(Attachment.saltByteCount),
        size: size)
    }
    try name(names, [], generator.bytes(Body.randomByteCount))
  }

  /// Publishes an entry that names a file under another name than its own.
  func name(_ attachment: Attachment) throws {
    written += 1
    var generator = SeededGenerator(seed: UInt64(index) << 8 | UInt64(written))
    try name([attachment], [], generator.bytes(Body.randomByteCount))
  }

  private func name(
    _ attachments: [Attachment], _ files: [OperationStore.NewFile], _ random: [UInt8]
  ) throws {
    let changes = attachments.enumerated().flatMap { row, attachment in
      [
        ("digest", CBOR.text("\(attachment.digest)")),
        ("salt", .text(Hex.encode(attachment.salt))), ("size", .unsigned(UInt64(attachment.size))),
      ].map { ChangeDraft(type: .set, path: "attachments/\(row)/\($0.0)", value: $0.1) }
    }
    _ = try store.publish(
      [.record(changes, family: "entry", record: nil)], with: officers[0].key, as: [.author],
      naming: files, clock: Fixture.clock + UInt64(written), random: { random })
  }

  struct NamedFile {
    let attachment: Attachment
    let bytes: [UInt8]
  }

  var records: [Digest] {
    get throws {
      try store.arrivals(in: .records, after: 0, through: .max, notFrom: nil, without: []).map(\.id)
    }
  }

  func parcel(_ id: Digest) throws -> Parcel? {
    try store.arrivals(of: [id]).first.flatMap { try store.parcel(arrival: $0.number) }
  }

  private static func store(
    _ region: SampleRegion, _ index: UInt8, _ replacement: UInt8
  ) throws -> OperationStore {
    try OperationStore.create(
      path: nil, founding: region.founding, id: storeID(index, replacement))
  }

  private static func storeID(_ index: UInt8, _ replacement: UInt8) -> StoreID {
    let rest = [UInt8](repeating: 0, count: StoreID.byteCount - 2)
    guard let id = StoreID([index, replacement] + rest) else { fatalError("16 bytes") }
    return id
  }
}

/// Two sessions and every frame between them, delivered in turns.
struct Meeting {
  struct Frame {
    let sender: Int
    let bytes: [UInt8]
  }

  private(set) var sessions: [SyncSession]
  private var inbound: [[[UInt8]]] = [[], []]
  /// All that were sent, whether delivered or not.
  private(set) var frames: [Frame] = []
  private(set) var delivered = 0

  init(
    _ caller: Member, _ callee: Member, stores: [(any SyncStore)?] = [nil, nil],
    isPinned: Bool = true, nonces: [UInt8] = [1, 2], usesDeltas: Bool = false
  ) throws {
    let nonces = nonces.map { [UInt8](repeating: $0, count: Hello.nonceByteCount) }
    sessions = [
      SyncSession(
        .initiator, store: stores[0] ?? caller.store, ownNode: caller.node, peerNode: callee.node,
        isPinned: isPinned, nonce: nonces[0], usesDeltas: usesDeltas),
      SyncSession(
        .responder, store: stores[1] ?? callee.store, ownNode: callee.node, peerNode: caller.node,
        isPinned: false, nonce: nonces[1], usesDeltas: usesDeltas),
    ]
    try sessions[0].start(now: Fixture.clock)
    try pump(0)
  }

  /// Delivers frames until both sides have ended, nothing is under way, or `limit` are delivered.
  mutating func run(upTo limit: Int = 5000, before: (Int) throws -> Void = { _ in }) throws {
    var turn = 1
    while delivered < limit, !inbound.allSatisfy(\.isEmpty) {
      if inbound[turn].isEmpty { turn = 1 - turn }
      try before(delivered)
      try sessions[turn].receive(inbound[turn].removeFirst(), now: Fixture.clock)
      delivered += 1
      try pump(turn)
      turn = 1 - turn
    }
  }

  private mutating func pump(_ side: Int) throws {
    while let frame = try sessions[side].nextFrame() {
      inbound[1 - side].append(frame)
      frames.append(Frame(sender: side, bytes: frame))
    }
  }

  var caller: SessionReport { sessions[0].report }
  var callee: SessionReport { sessions[1].report }
  var isFinished: Bool { sessions.allSatisfy(\.isFinished) }
  var isEqual: Bool { isFinished && caller.isEqual && callee.isEqual }
  /// As a transport counts: four bytes of length before each frame.
  var byteCount: Int { frames.map { $0.bytes.count + 4 }.reduce(0, +) }

  var messages: [Message] {
    get throws { try frames.map { try Message(decoding: $0.bytes) } }
  }

  /// The parcels that were sent, in both directions.
  var parcels: [Parcel] {
    get throws {
      try messages.flatMap { message -> [Parcel] in
        guard case .operations(_, let delivery) = message else { return [] }
        return delivery.parcels
      }
    }
  }
}

/// Runs one session to its end.
@discardableResult
func meet(
  _ caller: Member, _ callee: Member, stores: [(any SyncStore)?] = [nil, nil],
  isPinned: Bool = true, nonces: [UInt8] = [1, 2], usesDeltas: Bool = false
) throws -> Meeting {
  var meeting = try Meeting(
    caller, callee, stores: stores, isPinned: isPinned, nonces: nonces, usesDeltas: usesDeltas)
  try meeting.run()
  return meeting
}
