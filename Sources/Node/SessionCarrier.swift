import PeerTransport
import SyncSession
import WireFormat

/// Moves the frames of one session: reads while it sends, for two sides that only send would wait
/// for each other for ever.
actor SessionCarrier {
  private var session: SyncSession
  private let progress: @Sendable (SessionReport) -> Void
  /// The sender, waiting for something to send.
  private var sender: CheckedContinuation<Void, Never>?
  private var isOver = false
  private var isKnown = false

  init(_ session: SyncSession, progress: @escaping @Sendable (SessionReport) -> Void) {
    self.session = session
    self.progress = progress
  }

  var report: SessionReport { session.report }
  var isSettled: Bool { session.isSettled }

  /// A store that fails here has failed before, and the session ends anyway.
  func keepReceived() { try? session.keepReceived(now: SystemClock.now) }

  func refusal(of error: SessionError) -> [UInt8] { session.refusal(of: error) }

  /// Returns when the session is finished and everything has been handed to the system.
  func run(over connection: PeerConnection) async throws {
    try session.start(now: SystemClock.now)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask { try await self.send(over: connection) }
      group.addTask { try await self.receive(over: connection) }
      group.addTask { try await self.watch() }
      defer {
        group.cancelAll()
        end()
      }
      // The sender is the last to be done; the others end before it or not at all.
      while let isDone = try await group.next(), !isDone {}
    }
  }

  private func send(over connection: PeerConnection) async throws -> Bool {
    while let frame = try await nextFrame() { try await connection.send(frame) }
    return true
  }

  private func receive(over connection: PeerConnection) async throws -> Bool {
    while !session.expectsNothing {
      guard let frame = try await connection.receive() else {
        throw PeerTransportError.closedEarly(reason: "the peer hung up before the end")
      }
      try session.receive(frame, now: SystemClock.now)
      if session.isIdentified, !isKnown {
        isKnown = true
        connection.keepPlace()
      }
      progress(session.report)
      wake()
    }
    wake()
    return false
  }

  /// Nobody holds a connection without saying who it is, nor longer than a session may take.
  private func watch() async throws -> Bool {
    try await Task.sleep(for: .seconds(Limits.helloSeconds))
    guard session.isIdentified else {
      throw SessionError.identification(seconds: Limits.helloSeconds)
    }
    try await Task.sleep(for: .seconds(Limits.sessionSeconds - Limits.helloSeconds))
    throw SessionError.tooMuch(what: "seconds", limit: Limits.sessionSeconds)
  }

  private func nextFrame() async throws -> [UInt8]? {
    while !isOver {
      if let frame = try session.nextFrame() { return frame }
      if session.isFinished { return nil }
      await withCheckedContinuation { sender = $0 }
    }
    return nil
  }

  private func wake() {
    sender?.resume()
    sender = nil
  }

  /// Lets a waiting sender go when something else has ended the session.
  private func end() {
    isOver = true
    wake()
  }
}
