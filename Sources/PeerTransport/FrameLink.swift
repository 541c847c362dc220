import NIOCore
import NIOSSL
import Signatures

/// A channel with its frame handler, as async code sees them.
struct FrameLink: Sendable {
  let channel: any Channel
  let counters: ByteCounters
  /// Of an accepted channel; taken at once, for a port scanner is soon gone.
  private let origin: SocketAddress?
  private let handler: NIOLoopBound<FrameHandler>

  /// Builds the pipeline, on the channel's event loop.
  ///
  /// `tls` makes the TLS handler, which asks the frame handler about certificates.
  init(
    channel: any Channel, frames: FrameHandler,
    tls: (@escaping NIOSSLCustomVerificationCallback) throws -> NIOSSLHandler
  ) throws {
    try Self.setOptions(of: channel)
    let tls = try tls { chain, promise in promise.succeed(frames.judge(chain)) }
    try channel.pipeline.syncOperations.addHandlers([tls, frames])
    self.channel = channel
    counters = frames.counters
    origin = channel.remoteAddress
    handler = NIOLoopBound(frames, eventLoop: channel.eventLoop)
  }

  /// `host:port` of the other end; empty for a channel that was never connected.
  var remoteAddress: String {
    guard let address = origin ?? channel.remoteAddress, let host = address.ipAddress,
      let port = address.port
    else { return "" }
    return PeerAddress(host: host, port: port).description
  }

  /// Returns when TLS is finished.
  ///
  /// Cancelling ends the connection.
  func established() async throws -> Handshake {
    try await call {
      $0.start($1)
    } onCancel: { handler, _ in
      handler.fail(CancellationError())
    }
  }

  func receive() async throws -> [UInt8]? {
    try await call {
      $0.receive($1)
    } onCancel: {
      $0.cancelReceive($1)
    }
  }

  func send(_ frame: [UInt8]) async throws {
    try await call {
      $0.send(frame, $1)
    } onCancel: {
      $1.fail(CancellationError())
    }
  }

  /// Not cut short by cancellation: a cancelled owner still has a goodbye to say.
  func close() async {
    channel.eventLoop.execute { handler.value.close() }
    try? await channel.closeFuture.get()
  }

  private typealias Call<Value> = @Sendable (FrameHandler, EventLoopPromise<Value>) -> Void

  private func call<Value: Sendable>(
    _ body: @escaping Call<Value>, onCancel cancel: @escaping Call<Value>
  ) async throws -> Value {
    let promise = channel.eventLoop.makePromise(of: Value.self)
    return try await withTaskCancellationHandler {
      channel.eventLoop.execute { body(handler.value, promise) }
      return try await promise.futureResult.get()
    } onCancel: {
      channel.eventLoop.execute { cancel(handler.value, promise) }
    }
  }
}

extension FrameLink {
  /// Nothing is read unasked, and one read is one buffer.
  ///
  /// The socket's buffers are fixed because a
  /// hang-up makes NIO read the whole receive buffer at once, and because what a peer can make us
  /// hold must not grow with the speed of its line.
  private static func setOptions(of channel: any Channel) throws {
    try channel.syncOptions?.setOption(.autoRead, value: false)
    try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
    try channel.syncOptions?.setOption(
      .recvAllocator,
      value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 64 * 1024))
    try channel.syncOptions?.setOption(.socketOption(.so_rcvbuf), value: 256 * 1024)
    try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: 256 * 1024)
  }
}
