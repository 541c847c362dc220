import Node
import OperationStore
import Operations
import PeerTransport
import SyncSession

/// How an error of the libraries is told to a person: what was found, and who can do what.
enum Wording {
  static func of(_ error: any Error) -> String {
    switch error {
    case let error as PeerTransportError: "\(error) (\(error.code))"
    case let error as SessionError: "\(error) (\(error.code))"
    case let error as NodeError: error.description
    case let error as StoreError: error.description
    case let error as InvitationError: error.description
    case let error as OperationError: "\(error) (\(error.code))"
    case let error as AuthorityError: "\(error) (\(error.code))"
    default: "\(error)"
    }
  }
}
