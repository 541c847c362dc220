import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// A region that a test plays through, act by act; each key follows itself.
struct Scene {
  struct Holder {
    let key: SigningKey
    let delegation: Digest
    let role: Role
    let organisation: Digest
    /// The key that the delegation commits to.
    var next: SigningKey?
  }

  let founding: Operation
  let council: [Holder]
  private(set) var operations: [Operation] = []
  private var heads: [String: [Digest]] = [:]
  private var generator = SeededGenerator(seed: 1)

  init(seats: Int = 1, threshold: UInt64 = 1) throws {
    let keys = (0..<seats).map { (Self.key("council \($0)"), Self.key("council \($0) next")) }
    let listed = keys.map {
      Act.CouncilKey(key: $0.publicKey, successor: Act.successorHash(of: $1.publicKey))
    }
    let founding = try Operation.charter(
      .found(council: listed, threshold: threshold), name: "Kretsen",
      by: Operation.Signer(
        key: keys[0].0, delegation: nil, region: .zero, prev: [], timestamp: SampleRegion.time(0),
        random: [UInt8](repeating: 1, count: 16)))
    self.founding = founding
    council = keys.map {
      Holder(
        key: $0, delegation: founding.id, role: .council, organisation: founding.id, next: $1)
    }
  }

  static func key(_ name: String) -> SigningKey { SampleRegion.key(name, seed: 2) }

  // MARK: - Signing

  /// `after` is what it follows; nil: all that the key has signed in this role.
  @discardableResult
  mutating func sign(
    _ operationClass: OperationClass, _ content: Header.Content, name: String? = nil,
    by holder: Holder, after prev: [Digest]? = nil, at time: UInt64? = nil
  ) throws -> Operation {
    let line = "\(holder.key.publicKey) \(holder.role) \(holder.organisation)"
    let prev = prev ?? heads[line] ?? []
    let operation = try Operation.sign(
      operationClass, content, values: name.map { [.text($0)] } ?? [],
      by: Operation.Signer(
        key: holder.key, delegation: holder.delegation, region: founding.id, prev: prev,
        timestamp: SampleRegion.time(time ?? UInt64(operations.count + 1)),
        random: generator.bytes(16)))
    operations.append(operation)
    heads[line] = (heads[line] ?? []).filter { !prev.contains($0) } + [operation.id]
    return operation
  }

  @discardableResult
  mutating func act(
    _ act: Act, by holder: Holder, after prev: [Digest]? = nil, at time: UInt64? = nil
  ) throws -> Operation {
    try sign(.charter, .act(act), by: holder, after: prev, at: time)
  }

  mutating func record(
    by holder: Holder, after prev: [Digest]? = nil, at time: UInt64? = nil
  ) throws -> Operation {
    try sign(
      .record, .changes(family: "entry", record: nil, []), by: holder, after: prev, at: time)
  }

  mutating func erase(_ ids: [Digest] = [], by holder: Holder) throws -> Operation {
    try sign(.order, .order(Order(kind: .erase, basis: 1, operations: ids)), by: holder)
  }

  // MARK: - Acts

  /// An organisation's root; its id is what the root acts under.
  mutating func admit(_ name: String, code: String = "") throws -> Holder {
    let (root, next) = (Self.key("\(name) root"), Self.key("\(name) next"))
    let admission = Act.Admission(
      root: root.publicKey, successor: Act.successorHash(of: next.publicKey),
      node: Self.key("\(name) node").publicKey, address: "\(name):1", code: code)
    let id = try sign(.charter, .act(.admit(admission)), name: name, by: council[0]).id
    return Holder(key: root, delegation: id, role: .root, organisation: id, next: next)
  }

  mutating func delegate(
    _ role: Role, to name: String, by holder: Holder, from: UInt64 = 0, to: UInt64 = 0
  ) throws -> Holder {
    let key = Self.key(name)
    let act = Act.delegate(key: key.publicKey, role: role, from: from, to: to)
    return Holder(
      key: key, delegation: try self.act(act, by: holder).id, role: role,
      organisation: holder.organisation)
  }

  /// The next key of `old` takes over, and cuts it at `heads`.
  mutating func rotate(
    _ old: Holder, heads: [Operation] = [], next name: String
  ) throws -> Holder {
    let key = old.next ?? old.key
    let next = Self.key(name)
    let act = Act.rotate(
      oldHeads: heads.map(\.id).sorted(), successor: Act.successorHash(of: next.publicKey))
    let signer = Holder(
      key: key, delegation: old.delegation, role: old.role, organisation: old.organisation)
    let rotation = try self.act(act, by: signer, after: [])
    return Holder(
      key: key, delegation: rotation.id, role: old.role, organisation: old.organisation,
      next: next)
  }

  @discardableResult
  mutating func revoke(
    _ holder: Holder, heads: [Digest] = [], disowned: [Digest] = [], by signer: Holder
  ) throws -> Operation {
    try act(
      .revoke(key: holder.key.publicKey, heads: heads.sorted(), disowned: disowned.sorted()),
      by: signer)
  }

  @discardableResult
  mutating func approve(_ operation: Operation, by holder: Holder) throws -> Operation {
    try act(.approve(operation: operation.id), by: holder)
  }

  @discardableResult
  mutating func vouch(for operations: Operation..., by holder: Holder) throws -> Operation {
    try act(.vouch(operations: operations.map(\.id).sorted()), by: holder)
  }

  @discardableResult
  mutating func remove(
    _ root: Holder, cuts: [Act.Cut] = [], by holder: Holder
  ) throws -> Operation {
    try act(.remove(organisation: root.organisation, cuts: cuts), by: holder)
  }

  // MARK: - What follows

  func bench() throws -> Bench { try Bench(founding: founding, delivering: operations) }

  func verdict(_ operation: Operation) throws -> Verdict? {
    try bench().verdicts[operation.id]
  }

  func verdict(of id: Digest) throws -> Verdict? { try bench().verdicts[id] }

  func isExchanged(_ operation: Operation) throws -> Bool {
    let bench = try bench()
    return bench.exchanged(bench.verdicts).contains(operation.id)
  }
}

/// A scene with one organisation: an admin, an officer, and what they have signed.
struct Town {
  var scene: Scene
  let root: Scene.Holder
  let admin: Scene.Holder
  let officer: Scene.Holder

  init(seats: Int = 1, threshold: UInt64 = 1) throws {
    scene = try Scene(seats: seats, threshold: threshold)
    root = try scene.admit("Ort", code: "kommun:1")
    admin = try scene.delegate(.admin, to: "admin", by: root)
    officer = try scene.delegate(.author, to: "officer", by: admin)
  }
}
