import Signatures

/// What one message brought and what to do next.
package struct ReconciliationStep: Equatable, Sendable {
  package enum Next: Equatable, Sendable {
    case message([UInt8])
    case done
  }

  /// Ids we hold and the peer lacks; only the initiator learns them.
  ///
  /// May repeat over rounds under a frame size limit.
  package let have: [Digest]
  /// Ids the peer holds and we lack; as `have`.
  package let need: [Digest]
  package let next: Next
}

/// One side of a Negentropy V1 exchange (`Protocol/reconciliation.md`).
///
/// The side that calls `initiate` is the initiator and passes each reply to `reconcile` until it is
/// done. The other side only calls `reconcile`, which gives a message every time. Throws
/// `ReconciliationError` and what the set throws. Rounds and the size of received messages are for
/// the caller to limit. The set is handed in for each message, so that one in a database is read in
/// one transaction a message; it should not change between them (`reconciliation.md#the-set`).
package struct Reconciler: Sendable {
  private enum State {
    case new
    case responding
    case initiating
    case done
  }

  private let frameSizeLimit: Int
  private var state = State.new

  /// `frameSizeLimit` bounds each message we send, in bytes: at least 4,096, or 0 for no limit.
  package init(frameSizeLimit: Int = 0) throws(ReconciliationError) {
    guard frameSizeLimit == 0 || frameSizeLimit >= Negentropy.frameSizeLimitMin else {
      throw .frameLimitTooSmall(frameSizeLimit)
    }
    self.frameSizeLimit = frameSizeLimit
  }

  /// The first message, at most about 1 kB whatever the limit.
  ///
  /// With a `checkpoint`, below which both sides are believed to hold the same, it has one fingerprint
  /// up to there and asks for the ids above it (`Protocol/reconciliation.md#checkpoint`).
  package mutating func initiate(
    over items: some ReconcilableSet, checkpoint: Bound? = nil
  ) throws -> [UInt8] {
    guard state == .new else { throw ReconciliationError.alreadyStarted }
    var opening = Answer(items: items, isInitiator: true, frameSizeLimit: 0)
    let known = try checkpoint.map { 0..<(try items.lowerBound(from: 0, $0)) }
    if let known, let checkpoint, !known.isEmpty {
      try opening.trust(known, to: checkpoint)
    } else {
      try opening.split(0..<items.count, to: .infinity)
    }
    state = .initiating
    return opening.message
  }

  /// Answers a message of the peer.
  package mutating func reconcile(
    _ message: [UInt8], over items: some ReconcilableSet
  ) throws -> ReconciliationStep {
    guard state != .done else { throw ReconciliationError.finished }
    if state == .new { state = .responding }
    let isInitiator = state == .initiating
    var reader = MessageReader(message)
    let version = try reader.version()
    guard version == Negentropy.version else {
      guard !isInitiator else { throw ReconciliationError.unsupportedVersion(version) }
      return ReconciliationStep(have: [], need: [], next: .message([Negentropy.version]))
    }
    var answer = Answer(items: items, isInitiator: isInitiator, frameSizeLimit: frameSizeLimit)
    while !answer.isClosed, let range = try reader.range() { try answer.add(range) }
    let isDone = isInitiator && answer.message == [Negentropy.version]
    if isDone { state = .done }
    return ReconciliationStep(
      have: answer.have, need: answer.need, next: isDone ? .done : .message(answer.message))
  }
}
