import NIOCore

/// On the listening channel: accepts a connection only while fewer than `limit` are being served.
///
/// The others wait in the system's queue, in order, and cost nothing until then. Needs one accept
/// per read (`maxMessagesPerRead` = 1).
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  /// Sent to the listening channel when a connection is served, or failed before that.
  struct Freed: Sendable {}

  private let limit: Int
  private var served = 0
  private var isReadHeld = false

  init(limit: Int) {
    self.limit = limit
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    served += 1
    context.fireChannelRead(data)
  }

  func read(context: ChannelHandlerContext) {
    if served < limit {
      context.read()
    } else {
      isReadHeld = true
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard event is Freed else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    promise?.succeed()
    served -= 1
    guard isReadHeld else { return }
    isReadHeld = false
    context.read()
  }
}
