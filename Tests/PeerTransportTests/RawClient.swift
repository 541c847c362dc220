import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import PeerTransport

/// A client that keeps none of our rules: sends the bytes it is told to, as they are.
struct RawClient: Sendable {
  private let channel: any Channel
  private let answer: EventLoopFuture<[UInt8]>

  /// Without `tls` it sends plaintext.
  init(port: Int, tls: TLSConfiguration? = nil) async throws {
    let context = try tls.map { try NIOSSLContext(configuration: $0) }
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let answer = loop.makePromise(of: [UInt8].self)
    channel = try await ClientBootstrap(group: loop).channelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        if let context {
          let handler = try NIOSSLClientHandler(context: context, serverHostname: nil) {
            (_, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
            verdict.succeed(.certificateVerified)
          }
          try channel.pipeline.syncOperations.addHandler(handler)
        }
        try channel.pipeline.syncOperations.addHandler(Collector(answer))
      }
    }.connect(host: "127.0.0.1", port: port).get()
    self.answer = answer.futureResult
  }

  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
  }

  /// Everything the other side sent, when it has closed.
  func answered() async throws -> [UInt8] {
    try await answer.get()
  }

  /// With the goodbye, if it speaks TLS.
  func close() async {
    try? await channel.close()
  }

  /// As if the power went: no TLS goodbye.
  func hangUp() async throws {
    let loop = channel.eventLoop
    try await loop.submit { [channel] in
      let tls = try channel.pipeline.syncOperations.context(handlerType: NIOSSLHandler.self)
      tls.close(mode: .all, promise: nil)
    }.get()
  }

  /// What an honest node configures; the tests take something away.
  static func honest() throws -> TLSConfiguration {
    let identity = try node(clientNumber)
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

private final class Collector: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let answer: EventLoopPromise<[UInt8]>
  private var bytes: [UInt8] = []

  init(_ answer: EventLoopPromise<[UInt8]>) {
    self.answer = answer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += unwrapInboundIn(data).readableBytesView
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {}

  func handlerRemoved(context: ChannelHandlerContext) {
    answer.succeed(bytes)
  }
}
