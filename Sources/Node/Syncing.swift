import OperationStore
import Operations
import PeerTransport
import Signatures
import SyncSession
import WireFormat

/// How a session over the network went.
package struct SyncOutcome: Sendable {
  package let peer: PublicKey
  package let address: String
  package let report: SessionReport
  /// Application bytes, length prefixes included.
  package let bytesSent: Int
  package let bytesReceived: Int
  package let duration: Duration
}

/// Carries a session over a connection.
package enum Syncing {
  /// Calls a peer and syncs.
  package static func call(
    _ peer: Peer, store: OperationStore, identity: SigningKey,
    progress: @Sendable (SessionReport) -> Void = { _ in }
  ) async throws -> SyncOutcome {
    guard let address = PeerAddress(peer.address) else { throw NodeError.address(peer.address) }
    let certificate = NodeCertificate(key: identity)
    let connection = try await PeerConnection.connect(
      host: address.host, port: address.port, identity: certificate, expecting: peer.key)
    let session = SyncSession(
      .initiator, store: store, ownNode: identity.publicKey, peerNode: connection.peerKey,
      isPinned: peer.isPinned, nonce: Randomness.bytes(Hello.nonceByteCount))
    return try await carry(session, over: connection, progress: progress)
  }

  /// Answers a peer that has called.
  package static func answer(
    _ connection: PeerConnection, store: OperationStore, identity: SigningKey
  ) async throws -> SyncOutcome {
    let session = SyncSession(
      .responder, store: store, ownNode: identity.publicKey, peerNode: connection.peerKey,
      isPinned: false, nonce: Randomness.bytes(Hello.nonceByteCount))
    return try await carry(session, over: connection)
  }

  private static func carry(
    _ session: SyncSession, over connection: PeerConnection,
    progress: @Sendable (SessionReport) -> Void = { _ in }
  ) async throws -> SyncOutcome {
    do {
      let outcome = try await exchange(session, connection, progress)
      await connection.close()
      return outcome
    } catch {
      if let error = error as? SessionError { await refuse(error, connection) }
      await connection.close()
      throw error
    }
  }

  private static func exchange(
    _ session: SyncSession, _ connection: PeerConnection,
    _ progress: @Sendable (SessionReport) -> Void
  ) async throws -> SyncOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let deadline = start + .seconds(Limits.sessionSeconds)
    var session = session
    try session.start(now: SystemClock.now)
    while true {
      while let frame = try session.nextFrame() { try await connection.send(frame) }
      progress(session.report)
      if session.isFinished { break }
      guard clock.now < deadline else {
        throw SessionError.tooMuch(what: "seconds", limit: Limits.sessionSeconds)
      }
      guard let frame = try await connection.receive() else {
        throw PeerTransportError.closedEarly(reason: "the peer hung up before the end")
      }
      try session.receive(frame, now: SystemClock.now)
    }
    return SyncOutcome(
      peer: connection.peerKey, address: connection.remoteAddress, report: session.report,
      bytesSent: connection.bytesSent, bytesReceived: connection.bytesReceived,
      duration: clock.now - start)
  }

  /// Tells the peer why, unless it was the peer who said so.
  private static func refuse(_ error: SessionError, _ connection: PeerConnection) async {
    if case .refusedByPeer = error { return }
    try? await connection.send(SyncSession.refusal(of: error))
  }
}
