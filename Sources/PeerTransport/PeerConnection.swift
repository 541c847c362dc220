import NIOCore
import NIOPosix
import NIOSSL
import Signatures

/// Frames to and from one node, over TLS, in order and without loss until either side closes.
///
/// One task may receive while others send. The owner calls `close`, also after an error.
package struct PeerConnection: Sendable {
  /// Of the certificate on this very connection.
  ///
  /// Whose it is, and whether that node is still welcome, is for the caller to know, every time.
  package let peerKey: PublicKey
  /// Whether both sides take operations as deltas (`Protocol/session.md#delta`).
  package let usesDeltas: Bool
  package let remoteAddress: String
  private let link: FrameLink

  /// Waits until TLS is finished.
  ///
  /// A dialler hears only with the first frame whether it was accepted: in TLS 1.3 a client is
  /// done before the server has looked at its certificate.
  init(establishing link: FrameLink) async throws {
    remoteAddress = link.remoteAddress
    let handshake = try await link.established()
    (peerKey, usesDeltas) = (handshake.peerKey, handshake.usesDeltas)
    self.link = link
  }

  /// The next frame, at most `Limits.frameBytesMax` bytes (the first: `Limits.helloBytesMax`); nil
  /// once the peer has closed and nothing is left.
  ///
  /// The peer is read no faster than this is called. One caller at a time; a cancelled call is the
  /// last, for a frame may have been under way to it.
  package func receive() async throws -> [UInt8]? {
    try await link.receive()
  }

  /// Sends 1 to `Limits.frameBytesMax` bytes (the first: `Limits.helloBytesMax`).
  ///
  /// Returns when the system has taken them all, so it suspends while the peer does not read. A
  /// frame whose call is cancelled may arrive or not, but never in part before another.
  package func send(_ frame: [UInt8]) async throws {
    try await link.send(frame)
  }

  /// Says that the caller knows whose connection this is.
  ///
  /// One that was accepted gives way to others before that, when all places are taken.
  package func keepPlace() {
    link.channel.parent?.triggerUserOutboundEvent(
      AcceptGate.Known(channel: ObjectIdentifier(link.channel)), promise: nil)
  }

  /// Flushes everything sent, says goodbye and waits for the peer to hang up.
  ///
  /// Waits at most `PeerDeadlines.closing`. Frames not received by now are dropped.
  package func close() async {
    await link.close()
  }

  /// Of frames taken by the system, with their length prefixes.
  package var bytesSent: Int { link.counters.sent }
  /// Of frames returned by `receive`, with their length prefixes.
  package var bytesReceived: Int { link.counters.received }
}

extension PeerConnection {
  /// Connects to a node and makes sure it is the one meant, before anything is sent.
  ///
  /// - Parameters:
  ///   - host: A name or an address; of a name all addresses are tried.
  ///   - port: The TCP port.
  ///   - identity: The certificate of our node key.
  ///   - expected: The node key the other side must have.
  ///   - deadlines: How long to wait; `hello` also bounds each attempt to connect.
  ///   - group: The event loops to run on.
  /// - Returns: A connection to a node that has shown `expected`.
  /// - Throws: `PeerTransportError`, or `CancellationError`.
  package static func connect(
    host: String, port: Int, identity: NodeCertificate, expecting expected: PublicKey,
    deadlines: PeerDeadlines = PeerDeadlines(),
    group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
  ) async throws -> PeerConnection {
    let context = try TLSSetup.clientContext(identity)
    let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(deadlines.hello))
    let link: FrameLink
    do {
      link = try await bootstrap.connect(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let frames = FrameHandler(expected: expected, deadlines: deadlines)
          return try FrameLink(channel: channel, frames: frames) { judge in
            try NIOSSLClientHandler(
              context: context, serverHostname: nil, customVerificationCallback: judge)
          }
        }
      }
    } catch {
      throw PeerTransportError.cannotConnect(host: host, port: port, reason: SystemReason.of(error))
    }
    return try await PeerConnection(establishing: link)
  }
}
