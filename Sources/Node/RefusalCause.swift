import OperationStore
import PeerTransport
import SyncSession

/// Why something was refused, in words that are all ours: safe to keep.
package struct RefusalCause: Sendable, Equatable {
  /// A code of `Protocol/errors.md`.
  package let code: String
  package let reason: String

  package init(code: String, reason: String) {
    self.code = code
    self.reason = reason
  }

  /// A peer's own text is left out, and so is that of an error whose text is not ours.
  package init(_ error: any Error) {
    switch error {
    case SessionError.refusedByPeer(let code, _):
      self.init(
        code: "refused-by-peer", reason: "the peer refused (\(Self.isCode(code) ? code : "?"))")
    case let error as SessionError: self.init(code: error.code, reason: error.description)
    case let error as PeerTransportError: self.init(code: error.code, reason: error.description)
    case let error as NodeError: self.init(code: error.code, reason: error.description)
    case let error as StoreError: self.init(code: "own-fault", reason: error.description)
    default: self.init(code: "own-fault", reason: "\(type(of: error))")
    }
  }

  private static func isCode(_ text: String) -> Bool {
    (1...32).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }
}

/// Who has to act (`Protocol/errors.md`).
package enum Blame: String, Sendable {
  case peer
  case us
  case nobody

  package init(code: String) {
    if Self.ours.contains(code) {
      self = .us
    } else {
      self = Self.nobodys.contains(code) ? .nobody : .peer
    }
  }

  private static let ours: Set<String> = [
    "own-fault", "refused-by-peer", "cannot-listen", "no-peer", "address", "file", "no-key",
    "organisation-paused", "unsynced",
  ]
  private static let nobodys: Set<String> = [
    "delegation-not-held", "unknown-node", "cannot-connect", "closed-early", "not-admitted",
    "no-peers",
  ]
}
