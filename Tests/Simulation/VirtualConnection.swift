import Signatures
import SyncSession
import TestSupport

/// Two sessions and the bytes between them.
///
/// Frames travel one at a time, as the world decides.
final class VirtualConnection {
  private struct End {
    let node: VirtualNode
    var session: SyncSession
    /// Changes what this end sends, when its node lies.
    let liar: FrameLiar?
    /// Frames on their way to this end.
    var inbound: [[UInt8]] = []
  }

  private var ends: [End]
  private(set) var isOpen = true
  private(set) var frames = 0
  private(set) var bytes = 0
  private(set) var failure: (any Error)?

  init(
    from caller: VirtualNode, to callee: VirtualNode, isPinned: Bool, now: UInt64,
    using generator: inout SeededGenerator
  ) throws {
    // Not drawn from the generator itself, so that kept seeds play what they have always played.
    var glance = generator
    let usesDeltas = glance.chance(70)
    func end(_ side: SyncSession.Side, _ node: VirtualNode, _ peer: VirtualNode) -> End {
      let nonce = generator.bytes(Hello.nonceByteCount)
      return End(
        node: node,
        session: SyncSession(
          side, store: node.store(for: peer.key), ownNode: node.key, peerNode: peer.key,
          isPinned: isPinned && side == .initiator, nonce: nonce, usesDeltas: usesDeltas),
        liar: node.isHonest ? nil : FrameLiar(seed: generator.next()))
    }
    ends = [end(.initiator, caller, callee), end(.responder, callee, caller)]
    try attempt(0) {
      try ends[0].session.start(now: caller.now(now))
      try pump(0)
    }
  }

  /// The nodes at both ends, the caller first.
  var nodes: [VirtualNode] { ends.map(\.node) }
  var reports: [SessionReport] { ends.map(\.session.report) }
  var isFinished: Bool { ends.allSatisfy(\.session.isFinished) }

  func involves(_ node: VirtualNode) -> Bool { ends.contains { $0.node === node } }

  func cut() { isOpen = false }

  /// Delivers one frame in a random direction, perhaps damaged by `fault`.
  func step(
    now: UInt64, faults: Faults, using generator: inout SeededGenerator
  ) throws {
    let ready = ends.indices.filter { !ends[$0].inbound.isEmpty }
    guard isOpen, let to = ready.randomElement(using: &generator) else {
      isOpen = false
      return
    }
    let overtaken = ends[to].inbound.count > 1 && faults.reorders(&generator)
    let frame = ends[to].inbound.remove(at: overtaken ? 1 : 0)
    for delivered in faults.apply(frame, &generator) where isOpen {
      frames += 1
      bytes += frame.count + 4
      try attempt(to) {
        try ends[to].session.receive(delivered, now: ends[to].node.now(now))
        try pump(to)
      }
      if let error = failure as? SessionError { try refuse(error, from: to, now: now) }
    }
  }

  /// Whatever fails at a liar's end is the liar's fault.
  private func attempt(_ index: Int, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      guard error is SessionError || !ends[index].node.isHonest else { throw error }
      failure = error
      isOpen = false
    }
  }

  /// The last frame before closing, which may tell the peer that it was removed.
  private func refuse(_ error: SessionError, from index: Int, now: UInt64) throws {
    if case .refusedByPeer = error { return }
    let frame = ends[index].session.refusal(of: error)
    let peer = 1 - index
    do {
      try ends[peer].session.receive(frame, now: ends[peer].node.now(now))
    } catch is SessionError {
    } catch  where !ends[peer].node.isHonest {}
  }

  private func pump(_ from: Int) throws {
    while let frame = try ends[from].session.nextFrame() {
      ends[1 - from].inbound += ends[from].liar?.frames(insteadOf: frame) ?? [frame]
    }
  }
}
