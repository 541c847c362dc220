import CRDT
import Node
import OperationStore
import Operations
import Signatures
import Synchronization
import WireFormat

/// The node that is attacked: a council's, with its folder in reach, so that a test can admit and
/// remove members at any moment.
package final class Target: Sendable {
  package let port: Int
  package let node: PublicKey
  package let founding: Operation
  package let store: OperationStore
  package let council: SigningKey
  /// The store of an honest member.
  package let neighbour: StoreID
  private let signed = Mutex<[Digest]>([])

  package var region: Digest { founding.id }

  package init(
    port: Int, node: PublicKey, founding: Operation, store: OperationStore, council: SigningKey,
    neighbour: StoreID
  ) {
    self.port = port
    self.node = node
    self.founding = founding
    self.store = store
    self.council = council
    self.neighbour = neighbour
  }

  /// What has been published beside the daemon, by those who may.
  package var published: [Digest] { signed.withLock { $0 } }

  /// Signs acts and puts them into the node's store, as a command beside the daemon would.
  @discardableResult
  func publish(_ acts: [Act], with key: SigningKey, as role: Role) throws -> [Operation] {
    let operations = try store.publish(
      acts.map { act in
        if case .admit = act { .act(act, name: "[EXEMPEL] Fientlig") } else { .act(act, name: nil) }
      }, with: key, as: [role], clock: SystemClock.now,
      random: { Randomness.bytes(Body.randomByteCount) })
    signed.withLock { $0 += operations.map(\.id) }
    return operations
  }
}

/// What one hostile peer has: a target, an address and a node key of its own, so that the target's
/// log shows whose traces they are.
package struct Scene: Sendable {
  package let target: Target
  /// A loopback address that nobody else uses.
  package let address: String
  /// Proved in TLS; no charter names it unless `admit` was called.
  package let key: SigningKey
  /// Given by a held behaviour once it is in place.
  package let inPlace = Cue()
  /// Given by the test when the behaviour may end.
  package let enough = Cue()

  /// `number` is the scene's among those of its target, from 1 to 250.
  package init(_ target: Target, number: Int) {
    self.target = target
    address = "127.0.66.\(number)"
    key = Self.key("node \(number)", of: target.region)
  }

  /// Stays as it is until the others have synced beside it.
  func hold() async {
    inPlace.give()
    await enough.given()
  }

  func key(_ name: String) -> SigningKey {
    Self.key("\(name) of \(address)", of: target.region)
  }

  private static func key(_ name: String, of region: Digest) -> SigningKey {
    guard let key = SigningKey(seed: SHA256.hash(region.bytes + Array(name.utf8)).bytes) else {
      fatalError("libsodium refused a seed of 32 bytes")
    }
    return key
  }

  /// Has an organisation admitted whose node has this scene's key, with one officer.
  func admit() throws -> Member {
    let (root, officer) = (key("root"), key("officer"))
    let admission = Act.Admission(
      root: root.publicKey, successor: Act.successorHash(of: key("next root").publicKey),
      node: key.publicKey, address: "", code: "org:\(address)")
    let admitted = try target.publish([.admit(admission)], with: target.council, as: .council)
    let delegated = try target.publish(
      [.delegate(key: officer.publicKey, role: .author, from: 0, to: 0)], with: root, as: .root)
    guard let organisation = admitted.first?.id, let delegation = delegated.first?.id else {
      throw HostilePeer.Failure.unexpected("an admission that is none")
    }
    return Member(
      organisation: organisation, root: root, officer: officer, delegation: delegation,
      region: target.region)
  }
}

/// A member's organisation: all that its own keys can sign.
package struct Member: Sendable {
  package let organisation: Digest
  let root: SigningKey
  let officer: SigningKey
  let delegation: Digest
  let region: Digest

  /// What signs next, under another delegation, time or key where it shall not be honest.
  func signer(
    _ key: SigningKey? = nil, under delegation: Digest? = nil, in region: Digest? = nil,
    after prev: [Digest] = [], at milliseconds: UInt64 = SystemClock.now
  ) -> Operation.Signer {
    Operation.Signer(
      key: key ?? officer, delegation: delegation ?? self.delegation,
      region: region ?? self.region, prev: prev,
      timestamp: Timestamp(milliseconds: milliseconds),
      random: Randomness.bytes(Body.randomByteCount))
  }

  /// An entry, honest as it stands.
  func entry(
    _ text: String = "[EXEMPEL] titel", signer: Operation.Signer? = nil
  ) throws -> Operation {
    try Operation.record(
      [ChangeDraft(type: .set, path: "title", value: .text(text))], family: "entry", record: nil,
      by: signer ?? self.signer())
  }

  func entries(_ count: Int) throws -> [Operation] {
    try (0..<count).map { try entry("[EXEMPEL] titel \($0)") }
  }
}
