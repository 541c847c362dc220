import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// A random history of a region: honest acts, mistakes and thefts, everything from a seed.
///
/// Few keys and few organisations, so that keys have several roles and acts meet each other.
struct RandomAuthority {
  /// A key and an operation that gives it a right, whether or not anybody accepts that.
  struct Holder {
    let key: SigningKey
    let delegation: Digest
    let role: Role
    let organisation: Digest
  }

  /// Who the graph of `prev` is made of, so that a key follows itself in one role.
  private struct Line: Hashable {
    let key: PublicKey
    let role: Role
    let organisation: Digest
  }

  /// The next key that an operation has fixed.
  private struct Commitment {
    let operation: Digest
    let next: Int
    let role: Role
    let organisation: Digest
  }

  let seed: UInt64
  let founding: Operation
  private(set) var operations: [Operation] = []
  private(set) var holders: [Holder] = []
  private(set) var organisations: [Digest] = []
  var generator: SeededGenerator
  private var commitments: [Commitment] = []
  private var signed: [Line: [Digest]] = [:]
  private var heads: [Line: Set<Digest>] = [:]
  private var clock: UInt64 = 0

  /// The pool; all regions share it, for keys are slow to make.
  static let keys = (0..<24).map { SampleRegion.key("pool/\($0)", seed: 1) }
  private static let byPublic = Dictionary(uniqueKeysWithValues: keys.map { ($0.publicKey, $0) })

  init(seed: UInt64, acts count: Int) throws {
    self.seed = seed
    var generator = SeededGenerator(seed: seed)
    let seats = Int.random(in: 1...4, using: &generator)
    let threshold = Int.random(in: 1...min(3, seats), using: &generator)
    let council = (0..<seats).map {
      Act.CouncilKey(key: Self.keys[$0].publicKey, successor: Self.hash(of: $0 + 4))
    }
    founding = try Operation.charter(
      .found(council: council, threshold: UInt64(threshold)), name: "Provkretsen",
      by: Operation.Signer(
        key: Self.keys[0], delegation: nil, region: .zero, prev: [],
        timestamp: SampleRegion.time(0), random: generator.bytes(16)))
    self.generator = generator
    for index in 0..<seats {
      let holder = Holder(
        key: Self.keys[index], delegation: founding.id, role: .council, organisation: founding.id)
      holders.append(holder)
      commitments.append(
        Commitment(
          operation: founding.id, next: index + 4, role: .council, organisation: founding.id))
    }
    for _ in 0..<Int.random(in: 1...3, using: &self.generator) { try settle() }
    while operations.count < count { try act() }
  }

  private static func hash(of index: Int) -> Digest {
    Act.successorHash(of: keys[index % keys.count].publicKey)
  }

  /// An organisation with an admin and an officer, as most are.
  private mutating func settle() throws {
    let id = try admit(by: holders[0])
    guard let root = holders.first(where: { $0.delegation == id }) else { return }
    let admin = try delegate(.admin, by: root)
    for role in [Role.author, .author, .reviewer] { _ = try delegate(role, by: admin) }
  }
}

// MARK: - Signing

extension RandomAuthority {
  /// Signs as `holder`, mostly after all that its key has signed in this role.
  @discardableResult
  mutating func sign(
    _ operationClass: OperationClass, _ content: Header.Content, name: String? = nil,
    by holder: Holder
  ) throws -> Operation {
    let line = Line(
      key: holder.key.publicKey, role: holder.role, organisation: holder.organisation)
    let prev = content.isRotation ? [] : previous(line)
    clock += 1
    let time = pick(8) == 0 ? UInt64(pick(120)) : clock
    let operation = try Operation.sign(
      operationClass, content, values: name.map { [.text($0)] } ?? [],
      by: Operation.Signer(
        key: holder.key, delegation: holder.delegation, region: founding.id, prev: prev,
        timestamp: SampleRegion.time(time), random: generator.bytes(16)))
    operations.append(operation)
    signed[line, default: []].append(operation.id)
    heads[line, default: []].subtract(prev)
    heads[line, default: []].insert(operation.id)
    return operation
  }

  private mutating func previous(_ line: Line) -> [Digest] {
    switch pick(10) {
    case 0: []
    case 1, 2: signed[line].flatMap { choose($0) }.map { [$0] } ?? []
    default: (heads[line] ?? []).sorted()
    }
  }

  mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &generator) }

  mutating func choose<Item>(_ items: [Item]) -> Item? {
    items.randomElement(using: &generator)
  }

  private mutating func someKey() -> Int { pick(Self.keys.count) }

  /// Mostly a key that has a role already.
  private mutating func someoneKey() -> PublicKey {
    if pick(6) > 0, let holder = choose(holders) { return holder.key.publicKey }
    return Self.keys[someKey()].publicKey
  }

  private mutating func someIDs(_ candidates: [Digest], _ count: Int) -> [Digest] {
    var ids = Set((0..<count).compactMap { _ in choose(candidates) })
    if pick(12) == 0 { ids.insert(SHA256.hash(generator.bytes(4))) }
    return ids.sorted()
  }
}

// MARK: - Acts

extension RandomAuthority {
  /// One act of somebody, or a rotation.
  mutating func act() throws {
    if pick(8) == 0, let commitment = choose(commitments) { return try rotate(commitment) }
    // Few are officers, and it is not they who decide.
    let important = holders.filter { $0.role != .author && $0.role != .reviewer }
    guard let holder = choose(pick(3) == 0 ? holders : important) else { return }
    try act(as: holder)
  }

  mutating func act(as holder: Holder) throws {
    switch holder.role {
    case .author: try sign(.record, Self.changes, by: holder)
    case .reviewer: try sign(.review, Self.changes, by: holder)
    case .service: try sign(.receipt, .receipt(Receipt(orders: [])), by: holder)
    case .admin, .root: try govern(as: holder)
    case .council:
      if pick(3) == 0 { try govern(as: holder) } else { try decide(as: holder) }
    }
  }

  private static let changes = Header.Content.changes(family: "entry", record: nil, [])

  /// What every stratum does.
  private mutating func govern(as holder: Holder) throws {
    let all = operations.map(\.id)
    switch pick(10) {
    case 0, 1:
      let order = Order(kind: .erase, basis: 1, operations: someIDs(all, 1))
      try sign(.order, .order(order), by: holder)
    case 2, 3:
      // Also roles that the signer may not give, and of those that the own one may revoke.
      let roles: [Role] = [.author, .author, .admin, .reviewer, .service, .council]
      _ = try delegate(choose(roles) ?? .author, by: holder)
    case 4, 5, 6: try revoke(by: holder)
    case 7, 8: try sign(.charter, .act(.vouch(operations: someIDs(all, 2))), by: holder)
    default:
      let act = Act.node(key: someoneKey(), address: "n\(pick(9)):1")
      try sign(.charter, .act(act), by: holder)
    }
  }

  private mutating func decide(as holder: Holder) throws {
    let places = organisations + [founding.id]
    let (from, to) = (choose(places) ?? founding.id, choose(places) ?? founding.id)
    switch pick(12) {
    case 0: _ = try admit(by: holder)
    case 1: try sign(.charter, .act(.succeed(from: from, to: to, records: [])), by: holder)
    case 2: try sign(.charter, .act(.remove(organisation: from, cuts: someCuts())), by: holder)
    case 3: _ = try delegate(.council, by: holder)
    case 4, 5, 6: try revoke(by: holder)
    default:
      let late = operations.filter(Self.needsMore).suffix(6).map(\.id)
      guard let subject = choose(pick(5) == 0 ? operations.map(\.id) : late) else { return }
      try sign(.charter, .act(.approve(operation: subject)), by: holder)
    }
  }

  private static func needsMore(_ operation: Operation) -> Bool {
    guard case .act(let act) = operation.header.content else { return false }
    return switch act {
    case .remove, .succeed, .revoke, .vouch, .delegate(_, .council, _, _): true
    default: false
    }
  }

  private mutating func admit(by holder: Holder) throws -> Digest {
    let (root, next, node) = (someKey(), someKey(), someKey())
    let admission = Act.Admission(
      root: Self.keys[root].publicKey, successor: Self.hash(of: next),
      node: Self.keys[node].publicKey, address: "n:1", code: "kommun:\(pick(3))")
    let id = try sign(.charter, .act(.admit(admission)), name: "Ort \(pick(9))", by: holder).id
    organisations.append(id)
    holders.append(
      Holder(key: Self.keys[root], delegation: id, role: .root, organisation: id))
    commitments.append(Commitment(operation: id, next: next, role: .root, organisation: id))
    return id
  }

  private mutating func delegate(_ role: Role, by holder: Holder) throws -> Holder {
    let key = Self.byPublic[someoneKey()] ?? Self.keys[0]
    let from = pick(6) == 0 ? SampleRegion.time(UInt64(pick(60))).milliseconds : 0
    let to = pick(6) == 0 ? SampleRegion.time(UInt64(pick(90))).milliseconds : 0
    let act = Act.delegate(key: key.publicKey, role: role, from: from, to: to)
    let delegation = try sign(.charter, .act(act), by: holder).id
    let new = Holder(
      key: key, delegation: delegation, role: role, organisation: holder.organisation)
    holders.append(new)
    return new
  }

  private mutating func revoke(by holder: Holder) throws {
    let key = someoneKey()
    let act = Act.revoke(
      key: key, heads: someHeads(of: key), disowned: pick(4) == 0 ? someHeads(of: key) : [])
    try sign(.charter, .act(act), by: holder)
  }

  /// Of any depth, sometimes none, sometimes of another key, sometimes of nobody.
  private mutating func someHeads(of key: PublicKey) -> [Digest] {
    let own = operations.filter { $0.header.author == key }.map(\.id)
    switch pick(6) {
    case 0: return []
    case 1: return someIDs(operations.map(\.id), 1)
    default: return someIDs(own, 1 + pick(3))
    }
  }

  private mutating func someCuts() -> [Act.Cut] {
    (0..<pick(4)).map { _ in
      let key = someoneKey()
      return Act.Cut(key: key, heads: someHeads(of: key))
    }
  }

  /// By the owner or by a thief of the next key: nobody can tell.
  private mutating func rotate(_ commitment: Commitment) throws {
    let (key, next) = (Self.keys[commitment.next % Self.keys.count], someKey())
    let holder = Holder(
      key: key, delegation: commitment.operation, role: commitment.role,
      organisation: commitment.organisation)
    let old = operations.first { $0.id == commitment.operation }?.header.author
    let heads = someHeads(of: old ?? founding.header.author)
    let act = Act.rotate(oldHeads: heads, successor: Self.hash(of: next))
    let id = try sign(.charter, .act(act), by: holder).id
    holders.append(
      Holder(
        key: key, delegation: id, role: commitment.role, organisation: commitment.organisation))
    commitments.append(
      Commitment(
        operation: id, next: next, role: commitment.role, organisation: commitment.organisation))
  }
}

extension Header.Content {
  fileprivate var isRotation: Bool {
    if case .act(.rotate) = self { true } else { false }
  }
}
