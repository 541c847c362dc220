import Signatures
import WireFormat

/// An order about operations, for the law (`Protocol/charter.md#orders`).
package struct Order: Equatable, Sendable {
  package enum Kind: UInt64, Sendable {
    case erase = 0
    case cancel = 1
    /// All that is said about records, whether it is known to whoever orders or not.
    case eraseRecord = 2
  }

  package let kind: Kind
  /// Which legal basis, as a code of the schema; never free text.
  package let basis: UInt64
  /// What is erased: operations, or records by the operations that created them; or the orders that
  /// are cancelled.
  package let operations: [Digest]

  package init(kind: Kind, basis: UInt64, operations: [Digest]) {
    self.kind = kind
    self.basis = basis
    self.operations = operations.sorted()
  }

  var fields: [CBOR] { [.unsigned(kind.rawValue), .unsigned(basis), .digests(operations)] }

  /// Nil for a kind of a later version.
  static func decode(_ r: inout ArrayReader) throws(WireError) -> Order? {
    let kind = Kind(rawValue: try r.unsigned("kind"))
    let basis = try r.unsigned("basis")
    let operations = try r.digests("operations", max: Limits.cutHeadsMax)
    return kind.map { Order(kind: $0, basis: basis, operations: operations) }
  }
}

/// A server's statement that it has carried out orders.
package struct Receipt: Equatable, Sendable {
  package let orders: [Digest]

  package init(orders: [Digest]) {
    self.orders = orders.sorted()
  }

  var fields: [CBOR] { [.digests(orders)] }

  static func decode(_ r: inout ArrayReader) throws(WireError) -> Receipt {
    Receipt(orders: try r.digests("orders", max: Limits.cutHeadsMax))
  }
}
