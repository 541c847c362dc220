import Signatures
import WireFormat

/// Why a store cannot do what was asked.
///
/// Blame: this machine or its user.
package enum StoreError: Error {
  case cannotOpen(path: String, reason: String)
  /// The disk is full or fails; what was acknowledged before is safe.
  case cannotWrite(path: String, reason: String)
  case notAStore(path: String)
  case newerSchema(path: String)
  case olderSchema(path: String)
  case exists(path: String)
  /// A write-ahead log whose store is gone.
  case leftover(path: String)
  case noGrant(role: String)
  /// No accepted act has committed to the key as the next one.
  case notCommitted(key: PublicKey)
  /// The key has signed another rotation, and two of them would contest each other.
  case rotated(key: PublicKey, operation: Digest)
  /// An order erases all that is said about the record, also what would be said now.
  case erased(record: Digest, order: Digest)
  /// Other nodes would not hold it either.
  case charterFull(organisation: Digest)
  case corrupt(String)
  /// SQLite cannot read its pages.
  case damaged(path: String, reason: String)
  /// After a restore nothing is shown before the charter and the orders have been fetched once.
  case unsynced
  /// The copy that a backup has made, or a file given as one, is not whole.
  case backup(path: String, reason: String)
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path) cannot be written: \(reason); nothing was changed"
    case .notAStore(let path): "\(path) is not a sprida store"
    case .newerSchema(let path): "\(path) was written by a later version of sprida; upgrade first"
    case .olderSchema(let path):
      "\(path) was written by a preliminary version of sprida; move it away, a new one is fetched "
        + "from the peers"
    case .exists(let path): "\(path) exists already"
    case .leftover(let path):
      "\(path) is left of a store that is no longer there; move it away, so that it is not mixed "
        + "with a new one"
    case .noGrant(let role):
      "the key has no valid delegation as \(role) in the charter held here; "
        + "run sprida sync, or ask whoever runs the organisation's node"
    case .unsynced:
      "this node was restored from a copy and has not met a peer since; run sprida sync first, "
        + "so that nothing is shown that has been erased meanwhile"
    case .backup(let path, let reason): "\(path) is not a usable backup: \(reason)"
    case .notCommitted(let key):
      "no admission or rotation held here has committed to the key \(key.description.prefix(16)) as "
        + "the next one; check that it is the right key file, and run sprida sync"
    case .damaged(let path, let reason):
      "\(path) is damaged: \(reason); move it away and restore a backup, or let sprida sync fetch a new "
        + "one"
    case .rotated(let key, let operation):
      "the key \(key.description.prefix(16)) has signed the rotation "
        + "\(operation.description.prefix(12)), whose successor key is not here; a second one would "
        + "contest it. Go on where the first was made, or fetch its key files from there"
    case .erased(let record, let order):
      "the record \(record.description.prefix(12)) is erased by the order "
        + "\(order.description.prefix(12)), and so would be what is written to it now; publish a new one"
    case .charterFull(let organisation):
      "keys of this kind have signed \(Limits.charterOperationsMax) charter operations for the "
        + "organisation \(organisation.description.prefix(12)), and no node holds more; "
        + "sign with the root, or ask the council (charter-full in Protocol/errors.md)"
    case .corrupt(let what): "the store contradicts itself: \(what); run sprida rebuild"
    }
  }
}
