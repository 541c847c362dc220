import CRDT
import OperationStore
import Operations
import Signatures

/// Making nodes and giving keys their roles.
package enum Setup {
  /// Founds a region: council, admin, service and node keys, and the acts that connect them.
  package static func found(
    name: String, address: String, folder: String, audit: AuditLog
  ) throws -> (store: OperationStore, link: RegionLink) {
    // The founding operation is in the settings, so keys are drawn before the folder is complete.
    guard let council = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)),
      let next = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)),
      let node = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount))
    else { throw NodeError.file(path: folder, problem: "no randomness") }
    let founding = try Operation.charter(
      .found(
        council: [
          Act.CouncilKey(
            key: council.publicKey, successor: Act.successorHash(of: next.publicKey))
        ], threshold: 1), name: name,
      by: Operation.Signer(
        key: council, delegation: nil, region: .zero, prev: [],
        timestamp: .init(milliseconds: SystemClock.now),
        random: Randomness.bytes(Body.randomByteCount)))
    let link = RegionLink(founding: founding, address: address, node: node.publicKey)
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: address, code: nil))
    try directory.write(council, as: .council)
    try directory.write(next, as: .nextCouncil)
    try directory.write(node, as: .node)
    let admin = try directory.createKey(.admin)
    let service = try directory.createKey(.service)
    let store = try directory.openStore()
    let acts = try store.sign(
      [
        .act(.delegate(key: admin.publicKey, role: .admin, from: 0, to: 0), name: nil),
        .act(.delegate(key: service.publicKey, role: .service, from: 0, to: 0), name: nil),
        .act(.node(key: node.publicKey, address: address), name: nil),
      ], with: council, as: [.council])
    audit.append(created: [
      (.council, council), (.nextCouncil, next), (.node, node), (.admin, admin),
      (.service, service),
    ])
    audit.append(acts: [founding] + acts, organisation: founding.id)
    return (store, link)
  }

  /// Makes an organisation's node and the request to be admitted.
  package static func join(
    code: String, name: String, address: String, link: RegionLink, folder: String, audit: AuditLog
  ) throws -> String {
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: address, code: code))
    let root = try directory.createKey(.root)
    let next = try directory.createKey(.nextRoot)
    let node = try directory.createKey(.node)
    let admin = try directory.createKey(.admin)
    let service = try directory.createKey(.service)
    _ = try directory.openStore()
    audit.append(created: [
      (.root, root), (.nextRoot, next), (.node, node), (.admin, admin), (.service, service),
    ])
    let admission = Act.Admission(
      root: root.publicKey, successor: Act.successorHash(of: next.publicKey),
      node: node.publicKey, address: address, code: code)
    return JoinRequest(region: link.founding.id, admission: admission, name: name)
      .text(signedBy: root)
  }

  /// Makes an officer's device and the request to be delegated.
  package static func enrol(
    link: RegionLink, folder: String, audit: AuditLog
  ) throws -> String {
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: "", code: nil))
    let officer = try directory.createKey(.officer)
    let node = try directory.createKey(.node)
    _ = try directory.openStore()
    audit.append(created: [(.officer, officer), (.node, node)])
    return DeviceRequest(
      region: link.founding.id, officer: officer.publicKey, node: node.publicKey
    ).text(signedBy: officer)
  }

  /// Admits an organisation that keeps no node: its keys live here, as a guest's.
  package static func host(
    code: String, name: String, directory: NodeDirectory, store: OperationStore, audit: AuditLog
  ) throws -> Operation {
    let council = try directory.key(.council)
    // Keys of an interrupted earlier try are used again.
    func key(_ name: NodeDirectory.KeyName) throws -> SigningKey {
      if directory.hasKey(name, guest: code) { return try directory.key(name, guest: code) }
      let key = try directory.createKey(name, guest: code)
      audit.append(created: [(name, key)], guest: code)
      return key
    }
    let (root, next, node) = (try key(.root), try key(.nextRoot), try key(.node))
    let (admin, officer) = (try key(.admin), try key(.officer))
    let admission = Act.Admission(
      root: root.publicKey, successor: Act.successorHash(of: next.publicKey),
      node: node.publicKey, address: "", code: code)
    let admitted = try store.sign(
      [.act(.admit(admission), name: name)], with: council, as: [.council])
    let delegated = try store.sign(
      [.act(.delegate(key: admin.publicKey, role: .admin, from: 0, to: 0), name: nil)],
      with: root, as: [.root])
    let authors = try store.sign(
      [.act(.delegate(key: officer.publicKey, role: .author, from: 0, to: 0), name: nil)],
      with: admin, as: [.admin])
    audit.append(acts: admitted + delegated + authors, organisation: admitted[0].id)
    return admitted[0]
  }

  /// Once admitted: the root delegates the admin and service keys that `join` has made.
  ///
  /// Does nothing when that is done, or when the root key is not here.
  package static func completeDelegations(
    directory: NodeDirectory, store: OperationStore, audit: AuditLog
  ) throws {
    guard directory.hasKey(.root) else { return }
    let root = try directory.publicKey(.root)
    let charter = try store.charter()
    let now = Timestamp(milliseconds: SystemClock.now)
    guard let own = charter.grant(to: root, as: .root, at: now) else { return }
    var drafts: [OperationStore.Draft] = []
    for (name, role) in [(NodeDirectory.KeyName.admin, Role.admin), (.service, .service)]
    where directory.hasKey(name) {
      let key = try directory.publicKey(name)
      guard charter.grant(to: key, as: role, at: now) == nil else { continue }
      drafts.append(.act(.delegate(key: key, role: role, from: 0, to: 0), name: nil))
    }
    guard !drafts.isEmpty else { return }
    audit.append(
      acts: try store.sign(drafts, with: try directory.key(.root), as: [.root]),
      organisation: own.organisation)
  }
}

extension OperationStore {
  /// Publishes with the machine's clock and randomness.
  package func sign(
    _ drafts: [Draft], with key: SigningKey, as roles: [Role]
  ) throws -> [Operation] {
    try publish(drafts, with: key, as: roles, clock: SystemClock.now) {
      Randomness.bytes(Body.randomByteCount)
    }
  }
}
