import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport

/// A member that lies: what it has forged, and how it speaks to each peer.
final class Liar {
  private let lies: Lies
  private let whim: Whim
  /// What no honest store would hold; given in place of what was asked for.
  private(set) var forgeries: [Parcel] = []
  /// Stores it has heard of.
  var otherStores: [StoreID] = []

  init(using generator: inout SeededGenerator) {
    lies = Lies(using: &generator)
    whim = Whim(seed: generator.next())
  }

  func keep(_ parcel: Parcel) { forgeries.append(parcel) }

  func store(over store: OperationStore, for peer: PublicKey) -> LyingStore {
    LyingStore(
      wrapped: store, peer: peer, lies: lies, whim: whim, forgeries: forgeries,
      otherStores: otherStores)
  }
}
