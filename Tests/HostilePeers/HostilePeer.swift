import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import Operations
import PeerTransport
import Signatures
import SyncSession

/// A client that keeps none of the rules: it sends the bytes it is told to, from the address it is
/// told to, and hangs up as it likes.
struct HostilePeer: Sendable {
  enum Failure: Error {
    case unexpected(String)
  }

  private let channel: any Channel
  private let frames: AsyncStream<[UInt8]>

  /// Without `tls` it speaks plaintext.
  init(_ scene: Scene, tls: TLSConfiguration?) async throws {
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let secured = loop.makePromise(of: Void.self)
    let (frames, arrivals) = AsyncStream.makeStream(of: [UInt8].self)
    channel = try await ClientBootstrap(group: loop)
      .bind(to: try SocketAddress(ipAddress: scene.address, port: 0))
      .channelOption(.socketOption(.so_rcvbuf), value: 64 * 1024)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            let handler = try NIOSSLClientHandler(context: context, serverHostname: nil) {
              (_, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
              verdict.succeed(.certificateVerified)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
          }
          let inbox = FrameInbox(arrivals, secured, isPlain: context == nil)
          try channel.pipeline.syncOperations.addHandler(inbox)
        }
      }.connect(host: "127.0.0.1", port: scene.target.port).get()
    self.frames = frames
    try await secured.futureResult.get()
  }

  /// TLS as an honest node does it, under the scene's key.
  static func secured(_ scene: Scene) async throws -> HostilePeer {
    try await HostilePeer(scene, tls: try .honest(scene.key))
  }

  // MARK: - Sending

  /// The other side may have hung up already; that is what `untilTheEnd` finds.
  func send(_ bytes: [UInt8]) async {
    try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  func send(frame: [UInt8]) async {
    await send(Self.prefix(frame.count) + frame)
  }

  func send(_ messages: Message...) async {
    for message in messages { await send(frame: message.encoded) }
  }

  /// Bytes past the TLS handler, which would have made records of them.
  func sendBelowTLS(_ bytes: [UInt8]) async throws {
    try await channel.eventLoop.submit { [channel] in
      try Self.transport(of: channel).writeAndFlush(NIOAny(ByteBuffer(bytes: bytes)), promise: nil)
    }.get()
  }

  /// A length as it stands before a frame.
  static func prefix(_ length: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
  }

  // MARK: - Receiving

  /// The next message; nil once the other side has hung up.
  func receive() async throws -> Message? {
    guard let frame = await frames.first(where: { _ in true }) else { return nil }
    return try Message(decoding: frame)
  }

  /// What a session has sent until it refused or hung up; files are neither wanted nor sent.
  @discardableResult
  func untilTheEnd() async throws -> [Message] {
    var messages: [Message] = []
    while let message = try await receive() {
      messages.append(message)
      if case .attachmentWant(let wanted) = message { await decline(wanted) }
    }
    return messages
  }

  private func decline(_ wanted: [AttachmentRequest]) async {
    await send(.attachmentWant([]))
    if !wanted.isEmpty { await send(.attachment(.end(of: wanted.count))) }
  }

  /// Takes no more bytes from the system.
  func stopReading() async throws {
    try await channel.setOption(.autoRead, value: false).get()
  }

  /// Takes one byte; for a peer that has stopped reading.
  func readByte() async throws {
    try await channel.setOption(
      .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 1)
    ).get()
    try await channel.setOption(.maxMessagesPerRead, value: 1).get()
    channel.read()
  }

  // MARK: - Hanging up

  /// With the goodbye of TLS.
  func close() async {
    try? await channel.close()
  }

  /// Says goodbye and goes on listening.
  func closeOutput() async throws {
    try await channel.close(mode: .output).get()
  }

  /// As if the power went: no goodbye.
  func hangUp() async throws {
    try await channel.eventLoop.submit { [channel] in
      try Self.transport(of: channel).close(mode: .all, promise: nil)
    }.get()
    try await channel.closeFuture.get()
  }

  /// With a reset, which destroys what is under way.
  func reset() async throws {
    let socket = channel as? any SocketOptionProvider
    try await socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    try await hangUp()
  }

  /// The context whose output is the socket's.
  private static func transport(of channel: any Channel) throws -> ChannelHandlerContext {
    let pipeline = channel.pipeline.syncOperations
    return try (try? pipeline.context(handlerType: NIOSSLHandler.self))
      ?? pipeline.context(handlerType: FrameInbox.self)
  }
}

extension TLSConfiguration {
  /// What an honest node configures; behaviours take something away.
  static func honest(_ key: SigningKey) throws -> TLSConfiguration {
    let identity = NodeCertificate(key: key)
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.certificateChain = [
      .certificate(try NIOSSLCertificate(bytes: identity.certificate, format: .der))
    ]
    tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.privateKey, format: .der))
    tls.minimumTLSVersion = .tlsv13
    tls.verifySignatureAlgorithms = [.ed25519]
    tls.signingSignatureAlgorithms = [.ed25519]
    tls.certificateVerification = .noHostnameVerification
    tls.trustRoots = .certificates([])
    tls.applicationProtocols = ["sprida/1"]
    tls.shutdownTimeout = .milliseconds(200)
    return tls
  }
}
