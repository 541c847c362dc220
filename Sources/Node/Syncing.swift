import OperationStore
import Operations
import PeerTransport
import Signatures
import SyncSession

/// How a session over the network went.
package struct SyncOutcome: Sendable {
  package let peer: PublicKey
  package let address: String
  package let report: SessionReport
  /// Application bytes, length prefixes included.
  package let bytesSent: Int
  package let bytesReceived: Int
  package let duration: Duration
  /// Why files did not all come or go; the sets were settled before, and their result stands.
  package let filesFailure: (any Error)?
}

/// Carries a session over a connection.
package enum Syncing {
  /// Hears what a session that failed had done until then.
  package typealias OnFailure = @Sendable (SessionReport) -> Void

  /// Calls a peer and syncs.
  package static func call(
    _ peer: Peer, store: OperationStore, identity: SigningKey,
    progress: @escaping @Sendable (SessionReport) -> Void = { _ in }, onFailure: OnFailure
  ) async throws -> SyncOutcome {
    guard let address = PeerAddress(peer.address) else { throw NodeError.address(peer.address) }
    let certificate = NodeCertificate(key: identity)
    let connection = try await PeerConnection.connect(
      host: address.host, port: address.port, identity: certificate, expecting: peer.key)
    let session = SyncSession(
      .initiator, store: store, ownNode: identity.publicKey, peerNode: connection.peerKey,
      isPinned: peer.isPinned, nonce: Randomness.bytes(Hello.nonceByteCount),
      usesDeltas: connection.usesDeltas)
    return try await carry(session, over: connection, progress: progress, onFailure: onFailure)
  }

  /// Whether the peer may have more files than one session fetches.
  package static func mayFetchMore(
    after outcome: SyncOutcome, store: OperationStore
  ) throws -> Bool {
    try outcome.report.attachmentsReceived > 0 && store.attachmentsMissing() > 0
  }

  /// Answers a peer that has called.
  package static func answer(
    _ connection: PeerConnection, store: OperationStore, identity: SigningKey, onFailure: OnFailure
  ) async throws -> SyncOutcome {
    let session = SyncSession(
      .responder, store: store, ownNode: identity.publicKey, peerNode: connection.peerKey,
      isPinned: false, nonce: Randomness.bytes(Hello.nonceByteCount),
      usesDeltas: connection.usesDeltas)
    return try await carry(session, over: connection, onFailure: onFailure)
  }

  private static func carry(
    _ session: SyncSession, over connection: PeerConnection,
    progress: @escaping @Sendable (SessionReport) -> Void = { _ in }, onFailure: OnFailure
  ) async throws -> SyncOutcome {
    let clock = ContinuousClock()
    let start = clock.now
    let carrier = SessionCarrier(session, progress: progress)
    var failure: (any Error)?
    do {
      try await carrier.run(over: connection)
    } catch {
      guard await carrier.isSettled else {
        await carrier.keepReceived()
        onFailure(await carrier.report)
        await refuse(error, connection, carrier)
        await connection.close()
        throw error
      }
      failure = error
    }
    // The counters are read before closing drops what is still under way to nobody.
    let outcome = SyncOutcome(
      peer: connection.peerKey, address: connection.remoteAddress, report: await carrier.report,
      bytesSent: connection.bytesSent, bytesReceived: connection.bytesReceived,
      duration: clock.now - start, filesFailure: failure)
    if let failure { await refuse(failure, connection, carrier) }
    await connection.close()
    return outcome
  }

  /// Turns away a peer that will have no session.
  static func refuse(_ connection: PeerConnection, _ error: SessionError) async {
    let refusal = Message.refuse(code: error.code, reason: error.description, proof: [])
    try? await connection.send(refusal.encoded)
  }

  /// Tells the peer why, unless it was the peer who said so or is gone.
  private static func refuse(
    _ error: any Error, _ connection: PeerConnection, _ carrier: SessionCarrier
  ) async {
    switch error {
    case SessionError.refusedByPeer, is PeerTransportError, is CancellationError: return
    case let error as SessionError:
      try? await connection.send(await carrier.refusal(of: error))
    default:
      try? await connection.send(await carrier.refusal(of: .ownFault))
    }
  }
}
