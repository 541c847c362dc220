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
    ends = [
      End(
        node: caller,
        session: SyncSession(
          .initiator, store: caller.store, ownNode: caller.key, peerNode: callee.key,
          isPinned: isPinned, nonce: generator.bytes(Hello.nonceByteCount))),
      End(
        node: callee,
        session: SyncSession(
          .responder, store: callee.store, ownNode: callee.key, peerNode: caller.key,
          isPinned: false, nonce: generator.bytes(Hello.nonceByteCount))),
    ]
    try ends[0].session.start(now: caller.now(now))
    try pump(0)
  }

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
      do {
        try ends[to].session.receive(delivered, now: ends[to].node.now(now))
        try pump(to)
      } catch let error as SessionError {
        failure = error
        isOpen = false
      }
    }
  }

  private func pump(_ from: Int) throws {
    while let frame = try ends[from].session.nextFrame() { ends[1 - from].inbound.append(frame) }
  }
}
