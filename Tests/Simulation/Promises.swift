import Signatures

/// What honest nodes have acknowledged: operations that may not be lost while an honest store that
/// holds them still exists.
struct Promises {
  private(set) var ids: [Digest] = []

  mutating func make(_ new: [Digest]) { ids += new }

  /// Called when a store is lost or goes back: what only it held may be gone.
  mutating func release(unless isHeld: (Digest) throws -> Bool) rethrows {
    ids = try ids.filter(isHeld)
  }
}
