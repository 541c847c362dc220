import CRDT
import Operations
import Signatures

/// A region of real, signed operations in which everything follows from a seed.
///
/// One council key founds it and admits organisations; each organisation's root delegates an admin
/// and announces its node; each admin delegates officers, a reviewer and a service key. Grants have
/// no dates, so tests may claim any time.
package struct SampleRegion: Sendable {
  /// A key and the operation that it acts under.
  package struct Delegate: Sendable {
    package let key: SigningKey
    package let delegation: Digest
    package let role: Role

    package init(key: SigningKey, delegation: Digest, role: Role) {
      self.key = key
      self.delegation = delegation
      self.role = role
    }
  }

  /// A key of the council, and the one that it has committed to.
  package struct Seat: Sendable {
    package let key: SigningKey
    package let next: SigningKey
  }

  package struct Organisation: Sendable {
    package let id: Digest
    package let code: String
    package let root: Delegate
    /// The key that the admission's successor hash commits to.
    package let nextRoot: SigningKey
    package let admin: Delegate
    package let officers: [Delegate]
    package let reviewer: Delegate
    package let service: Delegate
    package let node: SigningKey
    package let address: String
  }

  package let seed: UInt64
  /// Who founds the region and admits; the first of the seats.
  package let council: Delegate
  package let seats: [Seat]
  package let founding: Operation
  package let organisations: [Organisation]
  /// Everything but the founding operation, each after what it depends on.
  package let charterOperations: [Operation]
  package let charter: Charter

  package var id: Digest { founding.id }

  /// 2025-01-01T00:00:00Z, when the region was founded.
  package static let start = Timestamp(milliseconds: 1_735_689_600_000)

  package init(
    seed: UInt64, organisations count: Int = 1, officersPerOrganisation: Int = 2,
    seats: Int = 1, threshold: UInt64 = 1
  ) throws {
    self.seats = (0..<seats).map { index in
      let name = index == 0 ? "council" : "council/\(index)"
      return Seat(
        key: Self.key(name, seed: seed), next: Self.key("\(name)/next", seed: seed))
    }
    var builder = try Builder(seed: seed, seats: self.seats, threshold: threshold)
    organisations = try (0..<count).map {
      try builder.admitOrganisation($0, officers: officersPerOrganisation)
    }
    self.seed = seed
    council = builder.council
    founding = builder.founding
    charterOperations = builder.operations
    charter = try Charter(founding: founding, operations: charterOperations)
  }

  /// The key that a seed and a name stand for.
  package static func key(_ name: String, seed: UInt64) -> SigningKey {
    guard let key = SigningKey(seed: SHA256.hash(Array("\(seed)/\(name)".utf8)).bytes) else {
      fatalError("libsodium refused a seed of 32 bytes")
    }
    return key
  }

  package func key(_ name: String) -> SigningKey { Self.key(name, seed: seed) }

  /// A point in time of the region's life.
  package static func time(_ milliseconds: UInt64, counter: UInt16 = 0) -> Timestamp {
    Timestamp(milliseconds: start.milliseconds + milliseconds, counter: counter)
  }
}

// MARK: - Signing

extension SampleRegion {
  /// A record operation, of class review when a reviewer signs; a nil `record` creates one.
  package func author(
    _ changes: [ChangeDraft], family: String = "entry", record: Digest? = nil,
    by officer: Delegate, after prev: [Digest] = [], at timestamp: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) throws -> Operation {
    try Operation.record(
      changes, family: family, record: record,
      operationClass: officer.role == .reviewer ? .review : .record,
      by: signer(officer, after: prev, at: timestamp, using: &generator))
  }

  /// An act; `name` is the organisation's, for an admission.
  package func act(
    _ act: Act, name: String? = nil, by delegate: Delegate, after prev: [Digest] = [],
    at timestamp: Timestamp, using generator: inout some RandomNumberGenerator
  ) throws -> Operation {
    try Operation.charter(
      act, name: name, by: signer(delegate, after: prev, at: timestamp, using: &generator))
  }

  /// An order or a receipt.
  package func sign(
    _ operationClass: OperationClass, _ content: Header.Content, by delegate: Delegate,
    after prev: [Digest] = [], at timestamp: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) throws -> Operation {
    try Operation.sign(
      operationClass, content, values: [],
      by: signer(delegate, after: prev, at: timestamp, using: &generator))
  }

  package func signer(
    _ delegate: Delegate, after prev: [Digest] = [], at timestamp: Timestamp,
    using generator: inout some RandomNumberGenerator
  ) -> Operation.Signer {
    Operation.Signer(
      key: delegate.key, delegation: delegate.delegation, region: id, prev: prev,
      timestamp: timestamp, random: generator.bytes(16))
  }
}

// MARK: - Building

/// Signs the charter operations of a sample region one after another, each key following itself.
private struct Builder {
  let seed: UInt64
  let council: SampleRegion.Delegate
  let founding: Operation
  private(set) var operations: [Operation] = []
  private var generator: SeededGenerator
  private var heads: [PublicKey: Digest]

  init(seed: UInt64, seats: [SampleRegion.Seat], threshold: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let key = seats[0].key
    let listed = seats.map {
      Act.CouncilKey(
        key: $0.key.publicKey, successor: Act.successorHash(of: $0.next.publicKey))
    }
    founding = try Operation.charter(
      .found(council: listed, threshold: threshold), name: "Provkretsen",
      by: Operation.Signer(
        key: key, delegation: nil, region: .zero, prev: [], timestamp: SampleRegion.start,
        random: generator.bytes(16)))
    self.seed = seed
    self.generator = generator
    council = SampleRegion.Delegate(key: key, delegation: founding.id, role: .council)
    heads = [key.publicKey: founding.id]
  }

  mutating func admitOrganisation(
    _ index: Int, officers count: Int
  ) throws -> SampleRegion.Organisation {
    let name = "organisation/\(index)"
    let (rootKey, nextRoot) = (key("\(name)/root"), key("\(name)/root/next"))
    let node = key("\(name)/node")
    let code = "kommun:\(1000 + index)"
    let address = "node\(index).example:7441"
    let admission = try sign(
      .admit(
        Act.Admission(
          root: rootKey.publicKey, successor: Act.successorHash(of: nextRoot.publicKey),
          node: node.publicKey, address: address, code: code)),
      name: "Provkommun \(index)", by: council)
    let root = SampleRegion.Delegate(key: rootKey, delegation: admission, role: .root)
    let admin = try delegate("\(name)/admin", .admin, by: root)
    _ = try sign(.node(key: node.publicKey, address: address), by: root)
    return SampleRegion.Organisation(
      id: admission, code: code, root: root, nextRoot: nextRoot, admin: admin,
      officers: try (0..<count).map { try delegate("\(name)/officer/\($0)", .author, by: admin) },
      reviewer: try delegate("\(name)/reviewer", .reviewer, by: admin),
      service: try delegate("\(name)/service", .service, by: admin), node: node, address: address)
  }

  private func key(_ name: String) -> SigningKey { SampleRegion.key(name, seed: seed) }

  private mutating func delegate(
    _ name: String, _ role: Role, by grantor: SampleRegion.Delegate
  ) throws -> SampleRegion.Delegate {
    let key = key(name)
    let delegation = try sign(
      .delegate(key: key.publicKey, role: role, from: 0, to: 0), by: grantor)
    return SampleRegion.Delegate(key: key, delegation: delegation, role: role)
  }

  private mutating func sign(
    _ act: Act, name: String? = nil, by delegate: SampleRegion.Delegate
  ) throws -> Digest {
    let author = delegate.key.publicKey
    let operation = try Operation.charter(
      act, name: name,
      by: Operation.Signer(
        key: delegate.key, delegation: delegate.delegation, region: founding.id,
        prev: heads[author].map { [$0] } ?? [],
        timestamp: SampleRegion.time(UInt64(operations.count + 1)), random: generator.bytes(16)))
    heads[author] = operation.id
    operations.append(operation)
    return operation.id
  }
}
