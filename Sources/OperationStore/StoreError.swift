/// Why a store cannot do what was asked.
///
/// Blame: this machine or its user.
package enum StoreError: Error {
  case cannotOpen(path: String, reason: String)
  /// The disk is full or fails; what was acknowledged before is safe.
  case cannotWrite(path: String, reason: String)
  case notAStore(path: String)
  case newerSchema(path: String)
  case exists(path: String)
  case noGrant(role: String)
  case corrupt(String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason); nothing was changed"
    case .notAStore(let path): "\(path) is not a sprida store"
    case .newerSchema(let path): "\(path) was written by a later version of sprida; upgrade first"
    case .exists(let path): "\(path) exists already"
    case .noGrant(let role):
      "the key has no valid delegation as \(role) in the charter held here; "
        + "run sprida sync, or ask whoever runs the organisation's node"
    case .corrupt(let what): "the store contradicts itself: \(what); run sprida rebuild"
    }
  }
}
