import Node
import OperationStore
import Operations
import Reconciliation
import Signatures
import SyncSession
import WireFormat

extension Behaviour {
  /// Messages that the protocol does not allow at their moment.
  static let messages = [
    Behaviour("a member says hello twice", .refused("message-unexpected")) {
      try await $0.misbehave(.hello(try $0.hello()))
    },
    Behaviour("an inventory is of the other scope", .refused("message-unexpected")) {
      try await $0.misbehave(.unknown(.charter))
    },
    Behaviour("an inventory comes twice", .refused("message-unexpected")) {
      try await $0.misbehave(.unknown(), .unknown())
    },
    Behaviour("an inventory in parts is no list", .refused("message-unexpected")) {
      try await $0.misbehave(
        .inventory(.records, .init(mode: .everything, isLast: false, shortIDs: [])))
    },
    Behaviour("a want has another length than the inventory", .refused("message-unexpected")) {
      try await $0.misbehave(
        greeting: { [target = $0.target] hello in hello.cursor = try target.firstCursor() },
        .want(.records, bitmap: Randomness.bytes(1000)))
    },
    Behaviour("a want answers no inventory", .refused("message-unexpected")) {
      try await $0.misbehave(.want(.records, bitmap: [0xff]))
    },
    Behaviour("operations come that nobody asked for", .refused("message-unexpected")) { scene in
      let member = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(
        .unknown(), .operations(.records, scene.delivery(try member.entries(2).map { Parcel($0) })))
      try await peer.untilTheEnd()
    },
    Behaviour("more operations come than were asked for", .refused("too-much")) { scene in
      let member = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(
        .listed([1]),
        .operations(.records, scene.delivery(try member.entries(2).map { Parcel($0) })))
      try await peer.untilTheEnd()
    },
    Behaviour("a delta comes where none was agreed on", .refused("message-unexpected")) {
      try await $0.misbehave(.listed([1]), .delta(packed: Randomness.bytes(300)))
    },
    Behaviour("a digest comes before the inventory", .refused("message-unexpected")) {
      try await $0.misbehave(.wrongDigest())
    },
    Behaviour("a digest comes twice", .refused("message-unexpected")) {
      try await $0.misbehave(.listed([1]), .wrongDigest(), .wrongDigest())
    },
    Behaviour("reconciliation is garbage", .refused("reconciliation")) {
      try await $0.reconcile([0x61] + [UInt8](repeating: 0xff, count: 200))
    },
    Behaviour("reconciliation has a mode that none has", .refused("reconciliation")) {
      try await $0.reconcile([0x61, 0x00, 0x00, 0x07])
    },
    Behaviour("reconciliation is of the pass that is not on", .refused("message-unexpected")) {
      try await $0.misbehave(
        .unknown(), .wrongDigest(), .reconcile(.records, pass: 1, isLast: true, [0x61]))
    },
  ]
}

extension Target {
  /// A cursor that holds: up to the founding operation.
  func firstCursor() throws -> StoreCursor {
    StoreCursor(store: try store.id(), number: 1, operation: region)
  }
}

extension Scene {
  /// As a member, up to the moment when reconciliation is the peer's to begin.
  func meetToReconcile() async throws -> HostilePeer {
    _ = try admit()
    let (peer, _) = try await meet()
    await peer.send(.unknown(), .wrongDigest())
    return peer
  }

  func reconcile(_ message: [UInt8]) async throws {
    let peer = try await meetToReconcile()
    await peer.send(.reconcile(.records, pass: 0, isLast: true, message))
    try await peer.untilTheEnd()
  }
}
