import Operations
import Reconciliation
import Signatures
import WireFormat

/// Why a session ends early.
///
/// `code` has a row in `Protocol/errors.md`.
package enum SessionError: Error, Equatable {
  case malformed(WireError)
  case unexpected(String)
  case frameTooLarge(limit: Int, found: Int)
  case otherRegion
  case unknownNode
  /// The council, or its own organisation, has taken the peer's node out of the roster.
  case removed(acts: [Digest])
  case reconciliation(String)
  /// A file did not come as its name says.
  case attachment(Digest, String)
  case tooMuch(what: String, limit: Int)
  /// The peer did not show in time who it is.
  case identification(seconds: Int)
  /// This store was restored, and its charter and orders could not be made equal to the peer's.
  case unsynced
  /// This node could not go on; the peer is not to blame.
  case ownFault
  /// The peer said so and closed.
  case refusedByPeer(code: String, reason: String)

  package var code: String {
    switch self {
    case .malformed: "message-malformed"
    case .unexpected: "message-unexpected"
    case .frameTooLarge: "frame-too-large"
    case .otherRegion: "other-region"
    case .unknownNode: "unknown-node"
    case .removed: "removed"
    case .reconciliation: "reconciliation"
    case .attachment: "attachment-invalid"
    case .tooMuch: "too-much"
    case .identification: "identification-timeout"
    case .unsynced: "unsynced"
    case .ownFault: "own-fault"
    case .refusedByPeer: "refused-by-peer"
    }
  }
}

extension SessionError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let error): "a message does not decode: \(error)"
    case .unexpected(let what): "\(what) at a moment when the protocol does not allow it"
    case .frameTooLarge(let limit, let found): "a frame of \(found) bytes, at most \(limit) allowed"
    case .otherRegion: "the peer belongs to another region"
    case .removed(let acts):
      "the peer's node is no longer in the charter, by \(acts.map { $0.description.prefix(12) }.joined(separator: ", "))"
    case .unknownNode: "the peer's node key is in no accepted node act of the charter"
    case .reconciliation(let problem): "reconciliation: \(problem)"
    case .attachment(let digest, let problem):
      "attachment \(digest.description.prefix(12)): \(problem)"
    case .tooMuch(let what, let limit): "more than \(limit) \(what)"
    case .identification(let seconds): "the peer did not show who it is within \(seconds) s"
    case .unsynced:
      "a restored store exchanges no records before its charter and orders are equal to a peer's"
    case .ownFault: "this node could not go on; see its log"
    case .refusedByPeer(let code, let reason): "the peer refused (\(code)): \(reason)"
    }
  }
}
