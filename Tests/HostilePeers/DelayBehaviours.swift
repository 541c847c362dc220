import Operations
import SyncSession

extension Behaviour {
  /// What only a deadline of the node ends.
  static let delays = [
    Behaviour("a peer connects and falls silent", .refused("handshake-timeout"), by: .address) {
      try await HostilePeer($0, tls: nil).untilTheEnd()
    },
    Behaviour("half a hello of TLS, then silence", .refused("handshake-timeout"), by: .address) {
      try await $0.speakPlainly(Scene.halfClientHello)
    },
    Behaviour("a hello of TLS, a byte at a time", .refused("handshake-timeout"), by: .address) {
      let peer = try await HostilePeer($0, tls: nil)
      let rest = [UInt8](repeating: 0x03, count: 480)
      try await peer.drip(Scene.halfClientHello + rest)
    },
    Behaviour("a stranger finishes TLS and falls silent", .refused("handshake-timeout")) {
      try await HostilePeer.secured($0).untilTheEnd()
    },
    Behaviour("a first frame is announced and does not come", .refused("handshake-timeout")) {
      let peer = try await HostilePeer.secured($0)
      await peer.send(HostilePeer.prefix(16 * 1024))
      try await peer.untilTheEnd()
    },
    Behaviour("a first frame comes a byte at a time", .refused("handshake-timeout")) {
      let peer = try await HostilePeer.secured($0)
      await peer.send(HostilePeer.prefix(16 * 1024))
      try await peer.drip([UInt8](repeating: 0, count: 1000))
    },
    Behaviour("a stranger never answers the chain request", .refused("identification-timeout")) {
      try await $0.greet { $0.nodeAct = $0.region }.untilTheEnd()
    },
    Behaviour("a stranger's chain comes a byte at a time", .refused("identification-timeout")) {
      let peer = try await $0.greet { $0.nodeAct = $0.region }
      await peer.send(HostilePeer.prefix(16 * 1024))
      try await peer.drip([UInt8](repeating: 0, count: 1000))
    },
    Behaviour("a member falls silent after its hello", .refused("idle-timeout")) {
      _ = try $0.admit()
      try await $0.meet().peer.untilTheEnd()
    },
    Behaviour("a member announces a frame and falls silent", .refused("idle-timeout")) {
      _ = try $0.admit()
      let peer = try await $0.meet().peer
      await peer.send(HostilePeer.prefix(128 * 1024))
      try await peer.untilTheEnd()
    },
    Behaviour("a member promises operations and sends none", .refused("idle-timeout")) {
      try await $0.misbehave(.listed([1, 2, 3]))
    },
    Behaviour("a member never begins reconciliation", .refused("idle-timeout")) {
      try await $0.misbehave(.unknown(), .wrongDigest())
    },
  ]
}

extension HostilePeer {
  /// One byte every tenth of a second, until the other side has had enough.
  fileprivate func drip(_ bytes: [UInt8]) async throws {
    let drip = Task {
      for byte in bytes {
        await send([byte])
        try await Task.sleep(for: .milliseconds(100))
      }
    }
    try await untilTheEnd()
    drip.cancel()
  }
}
