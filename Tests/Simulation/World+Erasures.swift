import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

// Orders to erase, and whether the bytes are gone.
extension World {
  /// An admin, a root or the council orders, for something that is held where it signs; or cancels.
  func order() throws {
    let office = Int(generator.next() % UInt64(Self.lateOffice))
    guard let node = honestHome(of: office) else { return }
    let signer = generator.next() % 10
    if signer < 2, let seat = seats.randomElement(using: &generator) {
      let acts = try erase(at: nodes[seat.home], of: nil, with: seat.key, as: .council)
      proposals += acts
      return
    }
    if signer < 4 { return try cancel(office, at: node) }
    let (key, role): (SigningKey, Role) =
      signer < 6 ? (offices[office].root, .root) : (offices[office].admin, .admin)
    _ = try erase(at: node, of: region.organisations[office].id, with: key, as: role)
  }

  private func erase(
    at node: VirtualNode, of organisation: Digest?, with key: SigningKey, as role: Role
  ) throws -> [Digest] {
    let known = try typed.keys.sorted().filter { id in
      guard let place = try node.store.place(of: id) else { return false }
      return organisation == nil || place.organisation == organisation
    }
    guard let id = known.randomElement(using: &generator) else { return [] }
    let record = try node.store.operation(id).flatMap(HeldOperation.record)
    let order =
      generator.chance(40)
      ? Order(kind: .eraseRecord, basis: 1, operations: [record ?? id])
      : Order(kind: .erase, basis: 1, operations: [id])
    count("erasure")
    return try publish([.order(order)], at: node, with: key, as: role).map(\.id)
  }

  private func cancel(_ office: Int, at node: VirtualNode) throws {
    let orders = try node.store.charter().erasureOrders
    guard let order = orders.randomElement(using: &generator) else { return }
    let cancel = Order(kind: .cancel, basis: 1, operations: [order.id])
    try publish([.order(cancel)], at: node, with: offices[office].root, as: .root)
  }

  // MARK: - After the storm

  /// Later than the time in which an order can be cancelled, every honest node overwrites.
  func carryOutErasures() throws {
    now += UInt64(Limits.erasureGraceMilliseconds) + 7_200_000
    for node in nodes where node.isHonest && bug != .keepsErasedBytes {
      _ = try node.store.carryOutErasures(now: node.now(now))
    }
  }

  func checkErasures(_ present: [VirtualNode]) throws {
    let charter = try nodes[0].store.charter()
    for (id, text) in typed.sorted(by: { $0.key < $1.key }) {
      // Held by some as evidence only, or by none of those that are left.
      guard let place = try present.compactMap({ try $0.store.place(of: id) }).first,
        let operation = signed[id],
        !charter.erasures(
          of: id, about: HeldOperation.record(of: operation), ownedBy: place.organisation
        ).isEmpty
      else { continue }
      count("erased")
      for node in present where try holds(node, text, of: id) {
        problem("node \(node.name) still holds erased bytes of \(describe(id))")
      }
    }
  }

  private func holds(_ node: VirtualNode, _ text: String, of id: Digest) throws -> Bool {
    if try node.store.place(of: id)?.isBare == false { return true }
    if try node.store.projectionDump().contains(where: { $0.contains(text) }) { return true }
    return try node.filesHold(Array(text.utf8))
  }
}
