import NIOCore
import NIOPosix
import NIOSSL
import WireFormat

/// Accepts connections from nodes.
///
/// Any node key is let through TLS: the certificate proves that the peer holds its key, and
/// whether that key may enter is the caller's question.
package struct PeerListener: Sendable {
  package let port: Int
  private let channel: any Channel
  private let accepted: AsyncStream<FrameLink>

  /// Begins to listen; connections wait until `run`.
  ///
  /// - Parameters:
  ///   - host: The address to listen on, or a name of it.
  ///   - port: The TCP port; 0 picks a free one.
  ///   - identity: The certificate of our node key.
  ///   - deadlines: For each connection.
  ///   - connectionsMax: Served at once, handshakes included; more wait in the system's queue,
  ///     until one is done or has to give way (`PeerConnection.keepPlace`).
  ///   - group: The event loops to run on.
  /// - Returns: A listener whose port is known and taken.
  /// - Throws: `PeerTransportError.cannotListen`.
  package static func bind(
    host: String, port: Int, identity: NodeCertificate,
    deadlines: PeerDeadlines = PeerDeadlines(), connectionsMax: Int = Limits.connectionsMax,
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> PeerListener {
    let context = try TLSSetup.serverContext(identity)
    let (accepted, arrivals) = AsyncStream.makeStream(of: FrameLink.self)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          // Out of file descriptors, for one, is no reason to stop: it tries again in a second.
          let backoff = AcceptBackoffHandler(shouldForwardIOErrorCaught: false)
          try channel.pipeline.syncOperations.addHandlers([
            backoff, AcceptGate(limit: connectionsMax, patience: deadlines.crowded),
          ])
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          do {
            arrivals.yield(try link(channel, context, deadlines))
          } catch {
            channel.parent?.triggerUserOutboundEvent(
              AcceptGate.Freed(channel: ObjectIdentifier(channel)), promise: nil)
            throw error
          }
        }
      }
    do {
      let channel = try await bootstrap.bind(host: host, port: port).get()
      channel.closeFuture.whenComplete { _ in arrivals.finish() }
      return PeerListener(
        port: channel.localAddress?.port ?? port, channel: channel, accepted: accepted)
    } catch {
      throw PeerTransportError.cannotListen(host: host, port: port, reason: SystemReason.of(error))
    }
  }

  private static func link(
    _ channel: any Channel, _ context: NIOSSLContext, _ deadlines: PeerDeadlines
  ) throws -> FrameLink {
    let frames = FrameHandler(expected: nil, deadlines: deadlines)
    return try FrameLink(channel: channel, frames: frames) { judge in
      NIOSSLServerHandler(context: context, customVerificationCallback: judge)
    }
  }

  /// Serves connections until `close`, and returns when the last one is done.
  ///
  /// Call it once. Cancelling stops listening and cancels the closures under way.
  ///
  /// - Parameters:
  ///   - onConnection: Owns the connection, which is closed when it returns.
  ///   - onRefused: Hears why an attempt failed before its key was known, and whose address it was.
  package func run(
    onConnection: @escaping @Sendable (PeerConnection) async -> Void,
    onRefused: @escaping @Sendable (PeerTransportError, String) async -> Void
  ) async {
    await withTaskCancellationHandler {
      await withDiscardingTaskGroup { group in
        for await link in accepted {
          group.addTask {
            await Self.serve(link, onConnection, onRefused)
            channel.triggerUserOutboundEvent(
              AcceptGate.Freed(channel: ObjectIdentifier(link.channel)), promise: nil)
          }
        }
      }
    } onCancel: {
      channel.close(promise: nil)
    }
  }

  private static func serve(
    _ link: FrameLink, _ onConnection: @Sendable (PeerConnection) async -> Void,
    _ onRefused: @Sendable (PeerTransportError, String) async -> Void
  ) async {
    let address = link.remoteAddress
    do {
      let connection = try await PeerConnection(establishing: link)
      await onConnection(connection)
      await connection.close()
    } catch let error as PeerTransportError {
      await onRefused(error, address)
    } catch {
      // Cancelled; the link has closed itself.
    }
  }

  /// Stops accepting.
  ///
  /// Connections being served go on; those that wait are closed at their deadline.
  package func close() async {
    try? await channel.close()
  }
}
