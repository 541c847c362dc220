import CRDT
import OperationStore
import Operations
import Signatures

/// Making nodes and giving keys their roles.
package enum Setup {
  /// Founds a region: council, admin, service and node keys, and the acts that connect them.
  ///
  /// `members` are others who sit in the council; `threshold` is how many of all must stand behind
  /// what concerns everybody.
  package static func found(
    name: String, address: String, members: [CouncilMember] = [], threshold: UInt64 = 1,
    folder: String, audit: AuditLog
  ) throws -> (store: OperationStore, link: RegionLink) {
    // The founding operation is in the settings, so keys are drawn before the folder is complete.
    let (council, next, node) = (try draw(folder), try draw(folder), try draw(folder))
    let own = Act.CouncilKey(
      key: council.publicKey, successor: Act.successorHash(of: next.publicKey))
    let seats = [own] + members.map { Act.CouncilKey(key: $0.key, successor: $0.successor) }
    let founding = try Operation.charter(
      .found(council: seats, threshold: threshold), name: name,
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
    audit.append(created: [(.council, council), (.nextCouncil, next), (.node, node)])
    audit.append(acts: [founding], organisation: founding.id)
    let store = try connect(directory, council: council, node, address, audit)
    return (store, link)
  }

  private static func draw(_ folder: String) throws -> SigningKey {
    guard let key = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw NodeError.file(path: folder, problem: "no randomness")
    }
    return key
  }

  /// Draws the keys of a council's server and signs what connects them with a council key.
  private static func connect(
    _ directory: NodeDirectory, council: SigningKey, _ node: SigningKey, _ address: String,
    _ audit: AuditLog
  ) throws -> OperationStore {
    let admin = try directory.createKey(.admin)
    let service = try directory.createKey(.service)
    let store = try directory.openStore()
    let acts = try store.sign(
      [
        .act(.delegate(key: admin.publicKey, role: .admin, from: 0, to: 0), name: nil),
        .act(.delegate(key: service.publicKey, role: .service, from: 0, to: 0), name: nil),
        .act(.node(key: node.publicKey, address: address), name: nil),
      ], with: council, as: [.council])
    audit.append(created: [(.admin, admin), (.service, service)])
    audit.append(acts: acts, organisation: store.region)
    return store
  }

  /// Draws the keys of a person who is to sit in the council of a region that is about to be founded.
  package static func drawSeat(folder: String, audit: AuditLog) throws -> String {
    let directory = try NodeDirectory.prepare(folder)
    func key(_ name: NodeDirectory.KeyName) throws -> SigningKey {
      if directory.hasKey(name) { return try directory.key(name) }
      let key = try directory.createKey(name)
      audit.append(created: [(name, key)])
      return key
    }
    let (council, next) = (try key(.council), try key(.nextCouncil))
    return CouncilMember(
      key: council.publicKey, successor: Act.successorHash(of: next.publicKey)
    ).text(signedBy: council)
  }

  /// Makes the node of a person whom the founding operation lists.
  package static func takeSeat(
    link: RegionLink, address: String, folder: String, audit: AuditLog
  ) throws -> OperationStore {
    let council = try NodeDirectory.prepare(folder).key(.council)
    guard let charter = try? Charter(founding: link.founding),
      charter.grants(to: council.publicKey).contains(where: { $0.role == .council })
    else { throw NodeError.notAdmitted }
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: address, code: nil))
    let node = try directory.createKey(.node)
    audit.append(created: [(.node, node)])
    return try connect(directory, council: council, node, address, audit)
  }

  /// Makes an organisation's node and the request to be admitted.
  package static func join(
    codes: AdmissionCodes, name: String, address: String, link: RegionLink, folder: String,
    audit: AuditLog
  ) throws -> String {
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: address, code: codes.own.first))
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
      node: node.publicKey, address: address, code: codes.text)
    return JoinRequest(region: link.founding.id, admission: admission, name: name)
      .text(signedBy: root)
  }

  /// Makes a person's device and the request to be delegated: an officer's unless `name` is another
  /// key, such as an admin's.
  package static func enrol(
    link: RegionLink, as name: NodeDirectory.KeyName = .officer, folder: String, audit: AuditLog
  ) throws -> String {
    let directory = try NodeDirectory.create(
      folder, settings: NodeSettings(region: link.text, address: "", code: nil))
    let officer = try directory.createKey(name)
    let node = try directory.createKey(.node)
    _ = try directory.openStore()
    audit.append(created: [(name, officer), (.node, node)])
    return DeviceRequest(
      region: link.founding.id, officer: officer.publicKey, node: node.publicKey
    ).text(signedBy: officer)
  }

  /// Admits an organisation that keeps no node: its keys live here, as a guest's.
  package static func host(
    codes: AdmissionCodes, name: String, directory: NodeDirectory, store: OperationStore,
    audit: AuditLog
  ) throws -> Operation {
    let code = codes.own.first
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
      node: node.publicKey, address: "", code: codes.text)
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
      // Once and no more: a key that was delegated and has ended is not delegated again unasked.
      guard
        !charter.allGrants.contains(where: {
          $0.key == key && $0.role == role && $0.organisation == own.organisation
        })
      else { continue }
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
    _ drafts: [Draft], with key: SigningKey, as roles: [Role], naming files: [NewFile] = []
  ) throws -> [Operation] {
    try publish(drafts, with: key, as: roles, naming: files, clock: SystemClock.now) {
      Randomness.bytes(Body.randomByteCount)
    }
  }
}
