import NIOCore
import NIOSSL
import NIOTLS
import Signatures
import WireFormat

/// Judges the peer's certificate, reads frames on demand, and keeps the deadlines.
///
/// The last handler of a connection, used on the event loop only; `FrameLink` is its face to async
/// code. The channel never reads by itself. This handler asks for bytes while TLS is under way, until
/// the first frame is here, while somebody waits for a frame, and while it waits for the peer to
/// hang up. That is the whole of back-pressure.
final class FrameHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum Phase {
    /// TCP or TLS is under way.
    case connecting
    case open
    /// Our output is closed; what still arrives is dropped until the peer hangs up. Closing the
    /// socket over unread bytes would reset it, and could destroy our last frame on its way.
    case closing
    /// By the peer's goodbye (nil) or an error. Frames already here can still be taken.
    case ended((any Error)?)
  }

  let counters = ByteCounters()
  private let expected: PublicKey?
  private let deadlines: PeerDeadlines
  private var context: ChannelHandlerContext?
  private var watchdog: Watchdog?
  private var phase = Phase.connecting
  private var reader = FrameReader()
  /// Set when both sides have agreed on compression.
  private var compressor: FrameCompressor?
  /// Somebody wants this connection; before that it is not read, and dies at the hello deadline.
  private var starting: EventLoopPromise<Handshake>?
  private var isStarted = false
  private var refusal: PeerTransportError?
  private var hasFirstFrame = false
  private var hasSent = false
  private var waiting: EventLoopPromise<[UInt8]?>?
  private var receptionCancelled = false
  private var writesInFlight = 0

  /// `expected` is the only key to talk to; nil lets any Ed25519 key in.
  init(expected: PublicKey?, deadlines: PeerDeadlines) {
    self.expected = expected
    self.deadlines = deadlines
  }
}

// MARK: - Called by FrameLink

extension FrameHandler {
  /// Begins to read; succeeds when TLS is finished.
  func start(_ promise: EventLoopPromise<Handshake>) {
    isStarted = true
    if case .ended(let error) = phase {
      promise.fail(error ?? Self.hungUp)
    } else {
      starting = promise
      readIfWanted()
    }
  }

  /// The next frame; nil after the peer's goodbye or after `close`.
  func receive(_ promise: EventLoopPromise<[UInt8]?>) {
    precondition(waiting == nil, "one receive at a time")
    guard !receptionCancelled else { return promise.fail(CancellationError()) }
    waiting = promise
    deliver()
    guard waiting != nil else { return }
    watchdog?.set(.idle, in: deadlines.idle)
    readIfWanted()
  }

  func cancelReceive(_ promise: EventLoopPromise<[UInt8]?>) {
    receptionCancelled = true
    if waiting?.futureResult === promise.futureResult { stopWaiting() }
    promise.fail(CancellationError())
  }

  /// Succeeds when the system has taken the whole frame.
  func send(_ frame: [UInt8], _ promise: EventLoopPromise<Void>) {
    guard case .open = phase, let context else { return promise.fail(sendError(Self.hungUp)) }
    do {
      let limit = hasSent ? Limits.frameBytesMax : Limits.helloBytesMax
      try FrameReader.check(frame.count, limit: limit)
    } catch {
      return promise.fail(error)
    }
    let compressed = hasSent ? compressor?.compress(frame) : nil
    hasSent = true
    let bytes = compressed ?? frame
    let byteCount = FrameReader.prefixBytes + bytes.count
    var buffer = context.channel.allocator.buffer(capacity: byteCount)
    buffer.writeInteger(
      UInt32(bytes.count) | (compressed == nil ? 0 : FrameReader.compressedBit))
    buffer.writeBytes(bytes)
    if writesInFlight == 0 { watchdog?.set(.stall, in: deadlines.stall) }
    writesInFlight += 1
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { result in
      self.wrote(byteCount, result, promise)
    }
    context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
  }

  /// Says goodbye after everything sent, then waits for the peer to hang up.
  func close() {
    switch phase {
    case .connecting: fail(Self.hungUp)
    case .closing, .ended: return
    case .open:
      phase = .closing
      reader.removeAll()
      watchdog?.clear(.hello)
      watchdog?.clear(.stall)
      watchdog?.set(.closing, in: deadlines.closing)
      deliver()
      context?.close(mode: .output, promise: nil)
      readIfWanted()
    }
  }

  /// Ends the connection at once, whatever is under way.
  func fail(_ error: any Error) {
    end(error)
    guard let context else { return }
    // Past the TLS handler, which would wait seconds for a goodbye from a peer nobody reads.
    let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLHandler.self)
    (tls ?? context).close(mode: .all, promise: nil)
  }
}

// MARK: - Called by the channel

extension FrameHandler {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    watchdog = Watchdog(eventLoop: context.eventLoop) { self.alarm($0) }
    if context.channel.isActive { connected() }
  }

  func channelActive(context: ChannelHandlerContext) {
    connected()
    context.fireChannelActive()
  }

  /// For the TLS handler, in a full handshake only: a resumed one asks nobody.
  func judge(_ chain: [NIOSSLCertificate]) -> NIOSSLVerificationResult {
    do {
      _ = try acceptedKey(of: chain.first)
      return .certificateVerified
    } catch {
      refusal = error
      return .failed
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    switch event {
    case TLSUserEvent.handshakeCompleted(let negotiated): secured(context, negotiated)
    case TLSUserEvent.shutdownCompleted: end(nil)
    case let event as AcceptGate.GiveWay:
      fail(PeerTransportError.gaveWay(connectionsMax: event.limit))
    default: context.fireUserInboundEventTriggered(event)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .open = phase else { return }
    reader.append(unwrapInboundIn(data))
    if waiting != nil { watchdog?.set(.idle, in: deadlines.idle) }
    deliver()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    readIfWanted()
    context.fireChannelReadComplete()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(refusal ?? PeerTransportError.from(error))
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(Self.hungUp)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end(Self.hungUp)
    self.context = nil
  }
}

// MARK: - Steps

extension FrameHandler {
  private static let hungUp = PeerTransportError.closedEarly(reason: "the connection is closed")

  private func connected() {
    watchdog?.set(.hello, in: deadlines.hello)
    readIfWanted()
  }

  /// The certificate is looked at here on every connection: a resumed session of a node whose key
  /// is not accepted any more comes this far without `judge` being called.
  private func secured(_ context: ChannelHandlerContext, _ negotiated: String?) {
    guard case .connecting = phase else { return }
    do {
      let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
      let key = try acceptedKey(of: certificate)
      guard let negotiated, TLSSetup.protocolNames.contains(negotiated) else {
        throw PeerTransportError.tlsFailed(reason: "the peer does not speak sprida/1")
      }
      if negotiated != TLSSetup.plainName {
        compressor = FrameCompressor()
        reader.decompressor = FrameDecompressor()
      }
      phase = .open
      starting?.succeed(
        Handshake(peerKey: key, usesDeltas: negotiated == TLSSetup.deltaName))
      starting = nil
    } catch {
      fail(error)
    }
  }

  private func acceptedKey(
    of certificate: NIOSSLCertificate?
  ) throws(PeerTransportError) -> PublicKey {
    guard let found = TLSSetup.publicKey(of: certificate) else {
      throw .tlsFailed(reason: "the peer's certificate holds no Ed25519 key")
    }
    if let expected, expected != found { throw .wrongNodeKey(expected: expected, found: found) }
    return found
  }

  private func readIfWanted() {
    guard isStarted, let context, context.channel.isActive else { return }
    switch phase {
    case .connecting, .closing: context.read()
    case .open where !hasFirstFrame || waiting != nil: context.read()
    case .open, .ended: break
    }
  }

  /// Hands the next frame, or the end, to whoever waits.
  private func deliver() {
    do {
      if !hasFirstFrame, try reader.holdsFrame() {
        hasFirstFrame = true
        watchdog?.clear(.hello)
      }
      guard let promise = waiting else { return }
      if let frame = try reader.next() {
        counters.received(reader.latestByteCount)
        stopWaiting()
        promise.succeed(frame)
      } else if try isAtCleanEnd() {
        stopWaiting()
        promise.succeed(nil)
      }
    } catch {
      let promise = waiting
      stopWaiting()
      fail(error)
      promise?.fail(error)
    }
  }

  private func isAtCleanEnd() throws -> Bool {
    switch phase {
    case .connecting, .open: return false
    case .closing: return true
    case .ended(let error?): throw error
    case .ended(nil):
      guard reader.isEmpty else {
        throw PeerTransportError.closedEarly(reason: "in the middle of a frame")
      }
      return true
    }
  }

  private func stopWaiting() {
    waiting = nil
    watchdog?.clear(.idle)
  }

  private func wrote(
    _ bytes: Int, _ result: Result<Void, any Error>, _ promise: EventLoopPromise<Void>
  ) {
    writesInFlight -= 1
    watchdog?.clear(.stall)
    if writesInFlight > 0 { watchdog?.set(.stall, in: deadlines.stall) }
    switch result {
    case .success:
      counters.sent(bytes)
      // A peer that takes what we send is not idle, though it has nothing to say yet.
      if waiting != nil { watchdog?.set(.idle, in: deadlines.idle) }
      promise.succeed()
    case .failure(let error):
      promise.fail(sendError(PeerTransportError.from(error)))
    }
  }

  /// What ended the connection tells more than the write that noticed it.
  private func sendError(_ error: any Error) -> any Error {
    if case .ended(let cause?) = phase { cause } else { error }
  }

  private func alarm(_ alarm: Watchdog.Alarm) {
    switch alarm {
    case .hello: fail(PeerTransportError.handshakeTimeout(after: deadlines.hello))
    // While something is on its way out, `stall` is the judge.
    case .idle where writesInFlight > 0: watchdog?.set(.idle, in: deadlines.idle)
    case .idle: fail(PeerTransportError.idleTimeout(after: deadlines.idle))
    case .stall: fail(PeerTransportError.idleTimeout(after: deadlines.stall))
    case .closing: fail(Self.hungUp)
    }
  }

  private func end(_ error: (any Error)?) {
    switch phase {
    case .connecting, .open: phase = .ended(error)
    case .closing: phase = .ended(nil)
    case .ended: return
    }
    watchdog?.stop()
    starting?.fail(error ?? Self.hungUp)
    starting = nil
    deliver()
  }
}
