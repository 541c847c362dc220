import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

// Stores that go back in time, and stores that are there twice.
extension World {
  /// Copies a file, or goes back to a copy: as the whole machine, under the same store id, or as
  /// `sprida restore` does it, under a new one.
  func restoreSomething() throws {
    guard let node = nodes.randomElement(using: &generator), node.isHonest else { return }
    guard node.hasCopy, generator.chance(60) else { return try node.takeCopy() }
    let isProper = generator.chance(50)
    guard let id = StoreID(generator.bytes(StoreID.byteCount)) else { return }
    try losing(node) {
      try node.rollBack()
      count("restore")
      if isProper { try renew(node, id) }
    }
    try demandPublishing(node)
  }

  private func renew(_ node: VirtualNode, _ id: StoreID) throws {
    try node.store.renew(id: id)
    if bug == .showsRestoredBodies { try node.store.endUnsynced() }
    do {
      _ = try node.store.records(family: "entry")
      problem("node \(node.name) shows what it held before it was restored")
    } catch StoreError.unsynced {}
  }

  /// Whatever has happened to a store, its owner can go on writing.
  private func demandPublishing(_ node: VirtualNode) throws {
    do {
      try publish(
        [
          .record(
            [.init(type: .set, path: "title", value: .text(type()))], family: "entry", record: nil)
        ], at: node, with: node.officer, as: .author)
    } catch {
      problem("node \(node.name) cannot publish after a restore: \(error)")
    }
  }

  func clone() throws {
    guard let folder, let node = nodes.dropFirst().randomElement(using: &generator),
      node.isHonest, nodes.count < 12
    else { return }
    nodes.append(try node.clone(name: "\(node.name)-twin-\(nodes.count)", root: folder.path))
    count("clone")
  }

  /// What only this store held may be gone afterwards; nothing may be missing before.
  func losing(_ node: VirtualNode, _ change: () throws -> Void) throws {
    try demandPromises("before node \(node.name) lost its store")
    restart(node)
    connections.removeAll { connection in
      guard connection.involves(node) else { return false }
      close(connection)
      return true
    }
    try change()
    try promises.release(unless: isHeld)
  }

  private func demandPromises(_ moment: String) throws {
    for id in promises.ids where try !isHeld(id) {
      problem("lost \(moment): \(describe(id))")
    }
  }

  private func isHeld(_ id: Digest) throws -> Bool {
    try nodes.contains { try $0.isHonest && $0.store.place(of: id) != nil }
  }
}
