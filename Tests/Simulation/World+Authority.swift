import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport

// What honest people decide during the storm, each at the own node with what it knows.
extension World {
  /// The organisations that may lose something; that of node 0 carries the calm.
  private var mutableOffices: [Int] { Array(1..<Self.lateOffice) }

  /// A liar's organisation is governed by its forger.
  func honestHome(of office: Int) -> VirtualNode? {
    guard let home = offices[office].home, nodes[home].isHonest else { return nil }
    return nodes[home]
  }

  func govern() throws {
    let office = Int(generator.next() % UInt64(Self.lateOffice))
    switch generator.next() % 15 {
    case 0..<3: try replaceOfficer(office)
    case 3: try rotateRoot(office)
    case 4: try vouch(office)
    case 5: try settle()
    case 6: try bySeat { _ in .admit(late) }
    case 7: try remove()
    case 8: try readmit()
    case 9: try succeed()
    case 10: try rotateSeat()
    case 11: try changeCouncil()
    default: try approve()
    }
  }

  // MARK: - An organisation

  /// Ends an officer's key, somewhere in its history, and gives the person another one.
  private func replaceOfficer(_ office: Int) throws {
    let staff = nodes.filter { $0.office == office && $0.isHonest }
    guard let node = honestHome(of: office),
      let person = staff.randomElement(using: &generator)
    else { return }
    let new = offices[office].freshKey("officer")
    let acts: [Act] = [
      try revocation(of: person.officer.publicKey, at: node),
      .delegate(key: new.publicKey, role: .author, from: 0, to: 0),
    ]
    let isByAdmin = generator.chance(70)
    let signer = isByAdmin ? offices[office].admin : offices[office].root
    let signed = try publish(
      acts.map { .act($0, name: nil) }, at: node, with: signer, as: isByAdmin ? .admin : .root)
    guard !signed.isEmpty else { return }
    person.officer = new
    count("revocation")
  }

  /// Mostly with the heads that are known here; sometimes with less, which leaves things outside.
  private func revocation(of key: PublicKey, at node: VirtualNode) throws -> Act {
    let own = try node.store.operations(of: key)
    var heads = own.heads()
    switch generator.next() % 4 {
    case 0: heads = own.randomElement(using: &generator).map { [$0.id] } ?? []
    case 1: heads = []
    default: break
    }
    let disowned =
      generator.chance(30) ? own.randomElement(using: &generator).map { [$0.id] } ?? [] : []
    return .revoke(key: key, heads: heads.sorted(), disowned: disowned)
  }

  private func rotateRoot(_ office: Int) throws {
    guard let node = honestHome(of: office) else { return }
    let next = offices[office].freshKey("root")
    let random = generator.bytes(16)
    do {
      let operation = try node.store.rotate(
        to: offices[office].nextRoot, from: offices[office].root.publicKey,
        successor: Act.successorHash(of: next.publicKey), clock: node.now(now),
        random: { random })
      keep(operation)
      (offices[office].root, offices[office].nextRoot) = (offices[office].nextRoot, next)
      count("rotation")
    } catch StoreError.notCommitted {}
  }

  private func keep(_ operation: Operation) {
    signed[operation.id] = operation
    promises.make([operation.id])
  }

  /// What has fallen out of a cut counts again.
  private func vouch(_ office: Int) throws {
    guard let node = honestHome(of: office) else { return }
    let keys = Set(signed.values.map(\.header.author)).sorted()
    let outside = try keys.flatMap { try node.store.operations(of: $0) }
      .filter { $0.verdict == .outsideCut }.map(\.id).sorted()
    guard let id = outside.randomElement(using: &generator) else { return }
    try publish(
      [.act(.vouch(operations: [id]), name: nil)], at: node, with: offices[office].root, as: .root)
  }

  /// A root that has been admitted again makes its people able to write again.
  private func settle() throws {
    for office in mutableOffices where !offices[office].isSettled {
      guard let node = honestHome(of: office) else { continue }
      let staff = nodes.filter { $0.office == office && $0.isHonest }
      let acts = try publish(
        staff.map {
          .act(.delegate(key: $0.officer.publicKey, role: .author, from: 0, to: 0), name: nil)
        }, at: node, with: offices[office].root, as: .root)
      offices[office].isSettled = !acts.isEmpty
    }
  }

  // MARK: - The council

  /// One council key signs; the others may approve later.
  private func bySeat(_ act: (VirtualNode) throws -> Act?) throws {
    guard let seat = seats.randomElement(using: &generator) else { return }
    let node = nodes[seat.home]
    guard let act = try act(node) else { return }
    let name: String? = if case .admit = act { "Återkomst" } else { nil }
    let acts = try publish([.act(act, name: name)], at: node, with: seat.key, as: .council)
    proposals += acts.map(\.id)
  }

  private var late: Act.Admission { admission(Self.lateOffice) }

  private func admission(_ office: Int) -> Act.Admission {
    let keys = offices[office]
    return Act.Admission(
      root: keys.root.publicKey, successor: Act.successorHash(of: keys.nextRoot.publicKey),
      node: keys.node.publicKey, address: "", code: keys.code)
  }

  private func remove() throws {
    guard generator.chance(40), let office = mutableOffices.randomElement(using: &generator)
    else { return }
    let id = region.organisations[office].id
    count("removal")
    try bySeat { node in
      let keys = [offices[office].root, offices[office].admin] + people(of: office)
      let listed = keys.filter { _ in generator.chance(70) }
      let cuts = try Set(listed.map(\.publicKey)).sorted().map {
        Act.Cut(key: $0, heads: try node.store.heads(of: $0))
      }
      return .remove(organisation: id, cuts: cuts)
    }
  }

  private func people(of office: Int) -> [SigningKey] {
    nodes.filter { $0.office == office }.map(\.officer)
  }

  /// Only an organisation that is seen to be removed comes back.
  private func readmit() throws {
    try bySeat { node in
      let charter = try node.store.charter()
      let gone = mutableOffices.filter { office in
        charter.organisation(region.organisations[office].id)?.isRemoved == true
      }
      guard let office = gone.randomElement(using: &generator) else { return nil }
      offices[office].isSettled = false
      count("readmission")
      return .admit(admission(office))
    }
  }

  private func succeed() throws {
    guard generator.chance(50) else { return }
    let pair = mutableOffices.shuffled(using: &generator)
    try bySeat { _ in
      .succeed(
        from: region.organisations[pair[0]].id, to: region.organisations[pair[1]].id, records: [])
    }
  }

  private func rotateSeat() throws {
    guard let index = seats.indices.randomElement(using: &generator) else { return }
    let (seat, node) = (seats[index], nodes[seats[index].home])
    let next = SampleRegion.key("seat \(index) \(generator.next() % 1000)", seed: 0)
    let random = generator.bytes(16)
    do {
      keep(
        try node.store.rotate(
          to: seat.next, from: seat.key.publicKey,
          successor: Act.successorHash(of: next.publicKey), clock: node.now(now),
          random: { random }))
      (seats[index].key, seats[index].next) = (seat.next, next)
      count("rotation")
    } catch StoreError.notCommitted {}
  }

  /// A new council key, or the end of one that nobody uses any more.
  private func changeCouncil() throws {
    try bySeat { node in
      if generator.chance(60) {
        let key = SampleRegion.key("council member \(generator.next() % 4)", seed: 0)
        return .delegate(key: key.publicKey, role: .council, from: 0, to: 0)
      }
      let key = SampleRegion.key("council member \(generator.next() % 4)", seed: 0).publicKey
      return .revoke(key: key, heads: try node.store.heads(of: key), disowned: [])
    }
  }

  /// Every council member approves what has come to its node.
  private func approve() throws {
    for index in seats.indices {
      let (seat, node) = (seats[index], nodes[seats[index].home])
      for id in proposals where !seat.approved.contains(id) {
        guard try node.store.place(of: id) != nil else { continue }
        seats[index].approved.insert(id)
        try publish(
          [.act(.approve(operation: id), name: nil)], at: node, with: seat.key, as: .council)
      }
    }
  }
}
