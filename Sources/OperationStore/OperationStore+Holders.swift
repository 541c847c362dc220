import CRDT
import FoundationEssentials
import GRDB
import Operations
import Signatures
import WireFormat

/// What a node knows from its own sessions of who holds a record.
package struct RecordHolders: Sendable {
  package struct Other: Sendable, Equatable {
    /// The key of the node.
    package let node: PublicKey
    /// Milliseconds since 1970, own clock: it held it then, and may have before.
    package let since: Int64
    /// Whether it holds all that this node does, or an earlier version.
    package let isWhole: Bool
  }

  /// Milliseconds since 1970, own clock: when the first and the latest of it came here.
  package let here: (first: Int64, latest: Int64)
  /// Ascending by key.
  package let others: [Other]
}

/// A value that a field had or has, in the order of the claimed times.
package struct PastValue: Sendable, Equatable {
  /// Nil when erased.
  package let value: CBOR?
  /// Milliseconds since 1970, as claimed.
  package let time: Int64
  package let author: PublicKey
}

extension OperationStore {
  /// Which nodes hold a record: those that it came from, and those with which this node has been
  /// equal since; nil when it is not held here.
  ///
  /// Only the latest equal session with a node is remembered, so a node may have held it longer.
  package func holders(of key: RecordKey) throws -> RecordHolders? {
    try file.read { db in
      let charter = try charter(db)
      let rows = try ([key.organisation] + charter.successors(of: key.organisation))
        .flatMap { writer in
          try Row.fetchAll(
            db,
            sql: """
              SELECT arrival, source, received FROM operation
              WHERE organisation = ? AND record = ? AND exchanged = 1
              """, arguments: [writer.data, key.record.data])
        }
      let received = rows.map { $0["received"] as Int64 }
      guard let first = received.min(), let latest = received.max() else { return nil }
      let peers = try Row.fetchAll(
        db, sql: "SELECT store, node, own_number, latest_equal FROM peer ORDER BY node, store")
      var others: [PublicKey: RecordHolders.Other] = [:]
      for peer in peers {
        guard let other = Self.holder(peer, rows) else { continue }
        let known = others[other.node]
        if known.map({ other.isBetter(than: $0) }) ?? true { others[other.node] = other }
      }
      return RecordHolders(
        here: (first: first, latest: latest),
        others: others.values.sorted { $0.node.bytes.lexicographicallyPrecedes($1.node.bytes) })
    }
  }

  private static func holder(_ peer: Row, _ rows: [Row]) -> RecordHolders.Other? {
    guard let node = PublicKey(Array(peer["node"] as Data)) else { return nil }
    let equal = peer["latest_equal"] as Int64?
    let ownNumber: Int64 = equal == nil ? 0 : peer["own_number"]
    // Of each operation that it holds, when it is known to have held it.
    let times = rows.compactMap { row -> Int64? in
      if (row["source"] as Data?) == (peer["store"] as Data) { return row["received"] }
      return (row["arrival"] as Int64) <= ownNumber ? equal : nil
    }
    return times.max().map {
      RecordHolders.Other(node: node, since: $0, isWhole: times.count == rows.count)
    }
  }

  /// Every accepted value of a register, the first first.
  package func history(of path: String, in key: RecordKey) throws -> [PastValue] {
    PastValue.all(of: path, in: try operations(of: key))
  }
}

extension PastValue {
  static func all(of path: String, in held: [HeldOperation]) -> [PastValue] {
    held.filter(\.isAccepted).map(\.operation)
      .sorted { ($0.header.timestamp, $0.id) < ($1.header.timestamp, $1.id) }
      .flatMap { operation -> [PastValue] in
        guard case .changes(_, _, let changes) = operation.header.content else { return [] }
        var values = operation.body?.values[...]
        return changes.compactMap { change in
          let value = change.type.carriesValue ? values?.popFirst() : nil
          guard change.path == path, change.type == .set else { return nil }
          return PastValue(
            value: value, time: Int64(clamping: operation.header.timestamp.milliseconds),
            author: operation.header.author)
        }
      }
  }
}

extension RecordHolders.Other {
  /// Whether it says more about who holds the record.
  package func isBetter(than other: Self) -> Bool {
    isWhole != other.isWhole ? isWhole : since < other.since
  }
}
