import OperationStore
import Operations
import Signatures

/// Replacing a root or council key by the one that it has committed to
/// (`Protocol/charter.md#rotation`).
///
/// Two rotations of one key contest each other, so each step is on the disk before the next, and the
/// rotation can be begun again after any of them without signing a second one:
///
///     1  a new successor is drawn      pending-root.key
///     2  the next key signs            an operation that commits to pending-root.key
///     3  the old key is set aside      root.key → old-root-3f2a….key
///     4  the next key takes its place  next-root.key, copied to root.key
///     5  the successor is the next     pending-root.key, copied over next-root.key
///     6  nothing is pending            pending-root.key, removed
package struct Rotation: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case root
    case council

    package var current: NodeDirectory.KeyName { self == .root ? .root : .council }
    package var next: NodeDirectory.KeyName { self == .root ? .nextRoot : .nextCouncil }
    var pending: NodeDirectory.KeyName { self == .root ? .pendingRoot : .pendingCouncil }
  }

  /// What is on the disk after a step; tests stop after each.
  package enum Step: CaseIterable, Sendable {
    case drawn
    case signed
    case setAside
    case replaced
    case committed
    case finished
  }

  package struct Outcome: Sendable {
    package let operation: Operation
    package let key: PublicKey
    package let next: PublicKey
  }

  package let kind: Kind
  package let guest: String?
  /// The key that is replaced, whether it is here or lost.
  package let replaced: Grant
  /// The key that signs and takes its place.
  package let author: PublicKey
  /// The operation, when an interrupted rotation has signed it already.
  package let held: Operation?
  /// The last operations of the replaced key that are vouched for, with all that they follow.
  package let heads: [Digest]

  private let directory: NodeDirectory
  private let store: OperationStore

  /// Looks at what is here and signs nothing.
  package init(
    _ kind: Kind, guest: String?, directory: NodeDirectory, store: OperationStore
  ) throws {
    self.kind = kind
    self.guest = guest
    self.directory = directory
    self.store = store
    let next = try directory.publicKey(kind.next, guest: guest)
    let pending =
      directory.hasKey(kind.pending, guest: guest)
      ? try directory.publicKey(kind.pending, guest: guest) : nil
    // After step 5 the next key is the successor already, and the signer is in its place.
    author = next == pending ? try directory.publicKey(kind.current, guest: guest) : next
    held = try store.rotation(by: author)
    let charter = try store.charter()
    if let held {
      guard let pending, held.header.content.commits(to: pending) else {
        throw StoreError.rotated(key: author, operation: held.id)
      }
    }
    guard let found = charter.rotatable(by: author)?.grant,
      found.role == (kind == .root ? .root : .council)
    else { throw StoreError.notCommitted(key: author) }
    replaced = found
    if case .act(.rotate(let heads, _))? = held?.header.content {
      self.heads = heads
    } else {
      heads = try store.heads(of: replaced.key)
    }
  }

  /// Where the replaced key is kept afterwards, if it was here.
  package var oldKeyPath: String {
    directory.oldKeyPath(kind.current, replaced.key, guest: guest)
  }

  /// Does what is left to do.
  package func run(
    audit: AuditLog, after: (Step) throws -> Void = { _ in }
  ) throws -> Outcome {
    let pending = try drawn(audit)
    try after(.drawn)
    let operation = try signed(pending, audit)
    try after(.signed)
    if try isReplacedHere {
      try directory.setAside(kind.current, replaced.key, guest: guest)
    }
    try after(.setAside)
    if try directory.publicKey(kind.next, guest: guest) == author {
      if !directory.hasKey(kind.current, guest: guest) {
        try directory.write(
          try directory.opened(kind.next, guest: guest), as: kind.current, guest: guest)
      }
      try after(.replaced)
      try directory.replace(
        with: try directory.opened(kind.pending, guest: guest), kind.next, guest: guest)
    }
    try after(.committed)
    try directory.remove(kind.pending, guest: guest)
    audit.append(.rotated, keys: [(kind.current, author)], guest: guest)
    try after(.finished)
    return Outcome(operation: operation, key: author, next: pending)
  }

  private var isReplacedHere: Bool {
    get throws {
      guard directory.hasKey(kind.current, guest: guest) else { return false }
      let current = try directory.publicKey(kind.current, guest: guest)
      guard current != author else { return false }
      guard current == replaced.key else {
        throw NodeError.keyFile(
          path: directory.keyPath(kind.current, guest: guest),
          problem: "holds another key than the one that is replaced")
      }
      return true
    }
  }

  /// Under the passphrase of the key that it is to succeed, if that has one.
  private func drawn(_ audit: AuditLog) throws -> PublicKey {
    if !directory.hasKey(kind.pending, guest: guest) {
      _ = try isReplacedHere
      let key = try directory.createKey(kind.pending, guest: guest, protectedLike: kind.next)
      audit.append(.created, keys: [(kind.next, key)], guest: guest)
    }
    return try directory.publicKey(kind.pending, guest: guest)
  }

  private func signed(_ successor: PublicKey, _ audit: AuditLog) throws -> Operation {
    if let held { return held }
    let operation = try store.rotate(
      to: try directory.key(kind.next, guest: guest), from: replaced.key,
      successor: Act.successorHash(of: successor), clock: SystemClock.now
    ) { Randomness.bytes(Body.randomByteCount) }
    audit.append(acts: [operation], organisation: replaced.organisation)
    return operation
  }
}

extension Header.Content {
  fileprivate func commits(to key: PublicKey) -> Bool {
    if case .act(.rotate(_, Act.successorHash(of: key))) = self { true } else { false }
  }
}
