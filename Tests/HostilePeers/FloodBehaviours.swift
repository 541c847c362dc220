import Node
import Operations
import Reconciliation
import Signatures
import SyncSession
import WireFormat

extension Behaviour {
  /// What goes on until a limit ends it, and nothing else would.
  static let floods = [
    Behaviour("a frame has more than 128 KiB", .refused("frame-too-large")) { scene in
      _ = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(HostilePeer.prefix(Limits.frameBytesMax + 1))
      try await peer.untilTheEnd()
    },
    Behaviour("an inventory lists more than 100,000 ids", .refused("too-much")) { scene in
      let ids = (0..<12_000).map { UInt64($0) }
      try await scene.flood(frames: 10) { _ in .listed(ids, isLast: false) }
    },
    Behaviour("an inventory goes on in empty parts", .refused("message-unexpected")) {
      try await $0.flood(frames: 3) { _ in .listed([], isLast: false) }
    },
    Behaviour("operations go on in empty frames", .refused("message-unexpected")) { scene in
      _ = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(.listed([1]))
      await peer.send(.operations(.records, scene.delivery([], isLast: false)))
      await peer.closeAfterRefusal()
    },
    Behaviour("a part of reconciliation goes on in empty frames", .refused("message-unexpected")) {
      let peer = try await $0.meetToReconcile()
      await peer.send(.reconcile(.records, pass: 0, isLast: false, []))
      await peer.closeAfterRefusal()
    },
    Behaviour("a need goes on in empty frames", .refused("message-unexpected")) {
      let peer = try await $0.meetToReconcile()
      await peer.send(.need(.records, isLast: false, []))
      await peer.closeAfterRefusal()
    },
    Behaviour("a need asks for a million ids", .refused("too-much")) { scene in
      let peer = try await scene.meetToReconcile()
      let ids = (0..<4000).map { SHA256.hash(Array("\($0)".utf8)) }
      for _ in 0..<20 { await peer.send(.need(.records, isLast: false, ids)) }
      await peer.closeAfterRefusal()
    },
    Behaviour("reconciliation takes more than 64 rounds", .refused("too-much")) { scene in
      let peer = try await scene.meetToReconcile()
      // Never the fingerprint of what the target holds, so it answers with parts of it for ever.
      let question = Scene.fingerprintOfEverything
      for _ in 0...Limits.reconcileRoundsMax {
        await peer.send(.reconcile(.records, pass: 0, isLast: true, question))
      }
      try await peer.untilTheEnd()
    },
    Behaviour("a reconciliation message has more than 4 MiB", .refused("too-much")) { scene in
      let peer = try await scene.meetToReconcile()
      let part = [UInt8](repeating: 0x61, count: 100 * 1024)
      for _ in 0...(Limits.reconcileMessageBytesMax / part.count) {
        await peer.send(.reconcile(.records, pass: 0, isLast: false, part))
      }
      try await peer.untilTheEnd()
    },
    Behaviour("operations without a known delegation, 1,100 of them", .refused("too-much")) {
      scene in
      let member = try scene.admit()
      let nowhere = SHA256.hash([2])
      let forged = try (0..<1100).map {
        try member.entry("[EXEMPEL] \($0)", signer: member.signer(under: nowhere))
      }
      try await scene.deliver(forged)
    },
  ]
}

extension Scene {
  /// Version, then one range to infinity whose fingerprint nobody has.
  static let fingerprintOfEverything: [UInt8] =
    [0x61, 0x00, 0x00, 0x01] + [UInt8](repeating: 0xee, count: 16)

  /// As a member, sends frames of one kind until the target has had enough.
  fileprivate func flood(frames: Int, _ message: (Int) -> Message) async throws {
    _ = try admit()
    let (peer, _) = try await meet()
    for index in 0..<frames { await peer.send(message(index)) }
    try await peer.untilTheEnd()
  }
}

extension HostilePeer {
  /// Waits for the refusal, and hangs up if none comes.
  fileprivate func closeAfterRefusal() async {
    let patience = Task {
      try await Task.sleep(for: .seconds(10))
      await close()
    }
    defer { patience.cancel() }
    _ = try? await untilTheEnd()
  }
}
