import Signatures
import WireFormat

/// Who is being answered right now: one node key takes a few places and not all.
actor Visitors {
  private var connections: [PublicKey: Int] = [:]

  /// False when the key has as many connections as it may; else `leave` must follow.
  func enter(_ key: PublicKey) -> Bool {
    guard connections[key, default: 0] < Limits.connectionsPerKeyMax else { return false }
    connections[key, default: 0] += 1
    return true
  }

  func leave(_ key: PublicKey) {
    let rest = connections[key, default: 1] - 1
    connections[key] = rest > 0 ? rest : nil
  }
}
