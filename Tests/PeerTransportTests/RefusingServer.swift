import NIOCore
import NIOPosix
import NIOSSL
import PeerTransport

/// A TLS server that finds every client certificate wrong.
struct RefusingServer {
  private let channel: any Channel

  init(_ identity: NodeCertificate) async throws {
    var tls = try RawClient.honest()
    tls.certificateChain = [
      .certificate(try NIOSSLCertificate(bytes: identity.certificate, format: .der))
    ]
    tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: identity.privateKey, format: .der))
    let context = try NIOSSLContext(configuration: tls)
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = NIOSSLServerHandler(context: context) {
            (_, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
            verdict.succeed(.failed)
          }
          try channel.pipeline.syncOperations.addHandler(handler)
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  var port: Int { channel.localAddress?.port ?? 0 }

  func close() async {
    try? await channel.close()
  }
}
