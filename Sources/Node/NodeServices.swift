import Logging
import OperationStore
import Operations
import PeerTransport
import ServiceLifecycle
import Signatures
import SyncSession
import WireFormat

/// Answers peers that call, until shut down.
package struct ListenerService: Service {
  private let listener: PeerListener
  private let store: OperationStore
  private let identity: SigningKey
  private let audit: AuditLog
  private let aftermath: SessionAftermath
  private let logger: Logger
  private let refusals: RefusalLog
  private let visitors = Visitors()
  private let onReady: @Sendable (Int) -> Void

  /// Takes the port; `onReady` is told which once peers are answered.
  package static func bind(
    host: String, port: Int, store: OperationStore, identity: SigningKey, audit: AuditLog,
    duty: ErasureDuty, logger: Logger, onReady: @escaping @Sendable (Int) -> Void
  ) async throws -> ListenerService {
    let listener = try await PeerListener.bind(
      host: host, port: port, identity: NodeCertificate(key: identity))
    return ListenerService(
      listener: listener, store: store, identity: identity, audit: audit,
      aftermath: SessionAftermath(store: store, audit: audit, duty: duty), logger: logger,
      refusals: RefusalLog(store: store, audit: audit, logger: logger), onReady: onReady)
  }

  package func run() async throws {
    onReady(listener.port)
    await withGracefulShutdownHandler {
      await listener.run(
        onConnection: { await answer($0) },
        onRefused: { error, address in refused(error.code, error, nil, address) })
    } onGracefulShutdown: {
      Task { await listener.close() }
    }
    await refusals.finish()
  }

  private func answer(_ connection: PeerConnection) async {
    let peer = connection.peerKey
    guard await visitors.enter(peer) else {
      let error = SessionError.tooMuch(
        what: "connections of one node key", limit: Limits.connectionsPerKeyMax)
      await Syncing.refuse(connection, error)
      return refused(error.code, error, peer, connection.remoteAddress)
    }
    await sync(over: connection)
    await visitors.leave(peer)
  }

  private func sync(over connection: PeerConnection) async {
    let peer = connection.peerKey
    do {
      let outcome = try await Syncing.answer(connection, store: store, identity: identity) {
        audit.append(refusedBy: $0, peer: peer)
      }
      logger.info("session", metadata: outcome.metadata)
      try aftermath.follow(outcome, .in)
    } catch let error as SessionError {
      refused(error.code, error, connection.peerKey, connection.remoteAddress)
    } catch let error as PeerTransportError {
      refused(error.code, error, connection.peerKey, connection.remoteAddress)
    } catch {
      logger.error("session failed", metadata: ["reason": "\(error)"])
      audit.append(
        .refusal(
          RefusalCause(error), peer: connection.peerKey, address: connection.remoteAddress))
    }
  }

  private func refused(
    _ code: String, _ error: any Error, _ peer: PublicKey?, _ address: String
  ) {
    let reason = "\(error)"
    logger.warning(
      "refused", metadata: ["code": "\(code)", "reason": "\(reason)", "address": "\(address)"])
    let origin = RefusalOrigin(RefusalCause(error), peer: peer, address: address)
    Task {
      await refusals.add(IngestReport.Refusal(id: .zero, code: code, reason: reason), origin)
    }
  }
}

/// Calls peers once a night, spread over an hour so that three hundred nodes do not call at once.
package struct NightlyService: Service {
  private let store: OperationStore
  private let identity: SigningKey
  private let link: RegionLink
  private let hour: Int
  private let audit: AuditLog
  private let duty: ErasureDuty
  private let logger: Logger

  /// `hour` is the hour of the day in UTC in which the calls begin.
  package init(
    store: OperationStore, identity: SigningKey, link: RegionLink, hour: Int, audit: AuditLog,
    duty: ErasureDuty, logger: Logger
  ) {
    self.store = store
    self.identity = identity
    self.link = link
    self.hour = hour
    self.audit = audit
    self.duty = duty
    self.logger = logger
  }

  package func run() async throws {
    var generator = SystemRandomNumberGenerator()
    // Drawn once: drawn anew each time it could fall due again the same night.
    let jitter = Int.random(in: 0..<3600, using: &generator)
    while !Task.isShuttingDownGracefully && !Task.isCancelled {
      let wait = NightlySchedule.wait(now: SystemClock.now, hour: hour, jitter: jitter)
      logger.info("next sync", metadata: ["in-seconds": "\(wait)"])
      do {
        try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(wait)) }
      } catch {
        return
      }
      await callEverybody(&generator)
    }
  }

  private func callEverybody(_ generator: inout SystemRandomNumberGenerator) async {
    let aftermath = SessionAftermath(store: store, audit: audit, duty: duty)
    do {
      // Before the calls, so that tonight's receipt goes out tonight.
      duty.carryOut()
      let peers = Peers(charter: try store.charter(), link: link, own: identity.publicKey)
      for peer in peers.tonight(council: store.region, using: &generator)
      where !Task.isShuttingDownGracefully {
        do {
          var outcome: SyncOutcome
          repeat {
            outcome = try await Syncing.call(peer, store: store, identity: identity) {
              audit.append(refusedBy: $0, peer: peer.key)
            }
            logger.info("session", metadata: outcome.metadata)
            try aftermath.follow(outcome, .out)
          } while try Syncing.mayFetchMore(after: outcome, store: store)
        } catch {
          logger.warning(
            "sync failed", metadata: ["peer": "\(peer.address)", "reason": "\(error)"])
          audit.append(.refusal(RefusalCause(error), peer: peer.key, address: peer.address))
        }
      }
      try store.completeSearchIndex()
    } catch {
      logger.error("nightly sync failed", metadata: ["reason": "\(error)"])
    }
  }
}

/// When the next nightly sync is due.
package enum NightlySchedule {
  /// Seconds from `now` until `jitter` seconds past the next full `hour` UTC, at least one.
  package static func wait(now: UInt64, hour: Int, jitter: Int) -> Int {
    let day = 86_400
    let due = (hour * 3600 + jitter) % day
    let seconds = Int(now / 1000) % day
    let wait = due - seconds
    return wait > 0 ? wait : wait + day
  }
}

extension SyncOutcome {
  /// No content and no personal data.
  fileprivate var metadata: Logger.Metadata {
    [
      "peer": "\(peer)", "address": "\(address)", "received": "\(report.received)",
      "sent": "\(report.sent)", "refused": "\(report.refusals.count)",
      "equal": "\(report.isEqual)", "bytes-in": "\(bytesReceived)", "bytes-out": "\(bytesSent)",
    ]
  }
}
