import NIOCore

/// On the listening channel: accepts a connection only while fewer than `limit` are being served,
/// or while one of them has to give way.
///
/// The others wait in the system's queue, in order, and cost nothing until then. Whoever has not
/// shown in time who it is gives way to them, the oldest first, so that nobody keeps the others out
/// by falling silent many times. Needs one accept per read (`maxMessagesPerRead` = 1).
final class AcceptGate: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias OutboundIn = Never

  /// Sent to the listening channel when a connection is served, or failed before that.
  struct Freed: Sendable {
    let channel: ObjectIdentifier
  }

  /// Sent to the listening channel when it is known whose a connection is: it gives way no more.
  struct Known: Sendable {
    let channel: ObjectIdentifier
  }

  /// Sent to a connection that must end.
  struct GiveWay: Sendable {
    let limit: Int
  }

  private let limit: Int
  private let patience: TimeAmount
  private var served = 0
  private var isReadHeld = false
  private var isTimerSet = false
  /// In the order of their arrival.
  private var unknown: [(channel: any Channel, due: NIODeadline)] = []

  init(limit: Int, patience: Duration) {
    self.limit = limit
    self.patience = TimeAmount(patience)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    served += 1
    unknown.append((unwrapInboundIn(data), .now() + patience))
    context.fireChannelRead(data)
    guard served > limit else { return }
    unknown.removeFirst().channel.pipeline
      .fireUserInboundEventTriggered(GiveWay(limit: limit))
  }

  func read(context: ChannelHandlerContext) {
    isReadHeld = true
    readIfPossible(context)
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    switch event {
    case let event as Freed:
      served -= 1
      forget(event.channel)
      readIfPossible(context)
    case let event as Known: forget(event.channel)
    default: return context.triggerUserOutboundEvent(event, promise: promise)
    }
    promise?.succeed()
  }

  private func forget(_ channel: ObjectIdentifier) {
    unknown.removeAll { ObjectIdentifier($0.channel) == channel }
  }

  private func readIfPossible(_ context: ChannelHandlerContext) {
    guard isReadHeld else { return }
    if served < limit || served == limit && unknown.first.map({ $0.due <= .now() }) == true {
      isReadHeld = false
      context.read()
    } else if served == limit, !isTimerSet, let due = unknown.first?.due {
      isTimerSet = true
      context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
        self.isTimerSet = false
        self.readIfPossible(context)
      }
    }
  }
}
