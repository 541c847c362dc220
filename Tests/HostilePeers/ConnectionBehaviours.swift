import Node
import NIOSSL
import Operations
import Signatures
import SyncSession

extension Behaviour {
  /// Connections that end as no session should.
  static let breaks = [
    broken("a member closes after its hello") { await $0.close() },
    broken("a member closes one direction after its hello") {
      try await $0.closeOutput()
      try await $0.untilTheEnd()
    },
    broken("a member hangs up without a goodbye") { try await $0.hangUp() },
    broken("a member hangs up in the middle of a frame") {
      await $0.send(HostilePeer.prefix(1000) + [0x84])
      try await $0.hangUp()
    },
    broken("a member says goodbye in the middle of a frame") {
      await $0.send(HostilePeer.prefix(1000) + [0x84])
      await $0.close()
    },
    broken("a member resets the connection") { try await $0.reset() },
    broken("garbage follows a good beginning", "frame-too-large") {
      await $0.send(.unknown())
      await $0.send([UInt8](repeating: 0xff, count: 3000))
      try await $0.untilTheEnd()
    },
    broken("garbage comes below TLS", "tls-failed") {
      try await $0.sendBelowTLS([UInt8](repeating: 0x17, count: 3000))
      try await $0.untilTheEnd()
    },
    Behaviour("forged operations come, and the member hangs up", .refused("signature")) { scene in
      let entry = try scene.admit().entry()
      let forged = Parcel(envelope: flipped(entry.envelope.bytes), body: entry.body?.bytes ?? [])
      let (peer, _) = try await scene.meet { $0.recordsCount = 10 }
      await peer.send(
        .inventory(.records, .init(mode: .everything, isLast: true, shortIDs: [])),
        .operations(.records, scene.delivery([forged], isLast: false)))
      await peer.close()
    },
    Behaviour("a member takes nothing of what it asks for", .refused("closed-early"), isHeld: true)
    {
      let peer = try await $0.askForEverything()
      await $0.hold()
      try await peer.hangUp()
    },
    Behaviour("a member takes a byte at a time", .refused("closed-early"), isHeld: true) { scene in
      let peer = try await scene.askForEverything()
      let drip = Task {
        while !Task.isCancelled {
          try await peer.readByte()
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      await scene.hold()
      drip.cancel()
      try await peer.hangUp()
    },
  ]

  private static func broken(
    _ name: String, _ code: String = "closed-early",
    _ end: @escaping @Sendable (HostilePeer) async throws -> Void
  ) -> Behaviour {
    Behaviour(name, .refused(code)) { scene in
      _ = try scene.admit()
      try await end(try await scene.meet().peer)
    }
  }

  /// More of them than a node has places for, and all at once.
  static let crowds = [
    Behaviour(
      "256 peers send half a hello of TLS and fall silent", .refused("too-much"), by: .address,
      peers: 256, isHeld: true
    ) { scene in
      try await scene.crowd(256) { peer in await peer.send(Scene.halfClientHello) }
    },
    Behaviour(
      "80 connections of one stranger fall silent", .refused("too-much"), peers: 80, isHeld: true
    ) { scene in
      try await scene.crowd(80, tls: try .honest(scene.key)) { _ in }
    },
    Behaviour(
      "80 sessions of one member stay idle", .refused("too-much"), peers: 80, isHeld: true
    ) { scene in
      _ = try scene.admit()
      let hello = Message.hello(try scene.hello())
      try await scene.crowd(80, tls: try .honest(scene.key)) { await $0.send(hello) }
    },
    Behaviour("a stranger connects 300 times", .refused("tls-failed"), by: .address) { scene in
      for _ in 0..<300 { await (try await HostilePeer(scene, tls: nil)).close() }
    },
  ]
}

extension Scene {
  /// As a member that has nothing and reads nothing.
  fileprivate func askForEverything() async throws -> HostilePeer {
    _ = try admit()
    let (peer, _) = try await meet { $0.recordsCount = 0 }
    try await peer.stopReading()
    return peer
  }

  /// Connects many times, begins each time, and stays until the others have synced.
  fileprivate func crowd(
    _ count: Int, tls: TLSConfiguration? = nil, _ begin: (HostilePeer) async throws -> Void
  ) async throws {
    var peers: [HostilePeer] = []
    for _ in 0..<count {
      // Some are turned away before they can begin, which is the point.
      guard let peer = try? await HostilePeer(self, tls: tls) else { continue }
      try await begin(peer)
      peers.append(peer)
    }
    await hold()
    for peer in peers { try? await peer.hangUp() }
  }
}
