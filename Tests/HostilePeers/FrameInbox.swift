import NIOCore
import NIOTLS

/// Cuts what the other side sends into frames, for whoever asks.
final class FrameInbox: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let frames: AsyncStream<[UInt8]>.Continuation
  private let secured: EventLoopPromise<Void>
  private let isPlain: Bool
  private var buffer = ByteBuffer()

  /// `secured` is kept when TLS is finished, or without TLS when the connection is made.
  init(
    _ frames: AsyncStream<[UInt8]>.Continuation, _ secured: EventLoopPromise<Void>, isPlain: Bool
  ) {
    self.frames = frames
    self.secured = secured
    self.isPlain = isPlain
  }

  func channelActive(context: ChannelHandlerContext) {
    if isPlain { secured.succeed() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted? = event as? TLSUserEvent { secured.succeed() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isPlain else { return }
    var bytes = unwrapInboundIn(data)
    buffer.writeBuffer(&bytes)
    while let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self),
      buffer.readableBytes >= 4 + Int(length)
    {
      buffer.moveReaderIndex(forwardBy: 4)
      frames.yield(buffer.readBytes(length: Int(length)) ?? [])
    }
    buffer.discardReadBytes()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    secured.fail(error)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    secured.fail(ChannelError.eof)
    frames.finish()
  }
}
