import CRDT
import Signatures
import WireFormat

/// An operation as the fold sees it.
package struct HeldOperation: Sendable {
  package let operation: Operation
  package let isAccepted: Bool

  /// An erased operation says nothing any more, though its bytes may still be there.
  package init(_ operation: Operation, isAccepted: Bool, isErased: Bool = false) {
    self.operation = isErased ? operation.withoutBody : operation
    self.isAccepted = isAccepted
  }

  /// The record it changes; nil when it is not about a record or not understood.
  package static func record(of operation: Operation) -> Digest? {
    guard case .changes(_, let record, _) = operation.header.content else { return nil }
    return record ?? operation.id
  }
}

extension RecordState {
  /// The state of a record: a pure function of the set of its operations
  /// (`Protocol/operation.md#fold`).
  ///
  /// `operations` are all held ones of the record and its organisation, in any order. Nil when none
  /// of them is accepted.
  package init?(folding operations: [HeldOperation], of key: RecordKey) {
    let accepted = operations.filter(\.isAccepted).map(\.operation).filter {
      if case .changes = $0.header.content { true } else { false }
    }
    let byAge = accepted.sorted { ($0.header.timestamp, $0.id) < ($1.header.timestamp, $1.id) }
    guard let oldest = byAge.first, let newest = byAge.last,
      case .changes(let family, _, _) = oldest.header.content
    else { return nil }
    self.key = key
    self.family = family
    created = oldest.header.timestamp
    updated = newest.header.timestamp
    fields = Statement.byPath(operations).compactMap { statements in
      let state = FieldState(statements)
      return state.isEmpty ? nil : Field(path: statements[statements.startIndex].path, state: state)
    }
  }
}

/// One change of one operation about a record, with what it says.
private struct Statement {
  let path: String
  let id: AssignmentID
  let change: Change
  let value: CBOR?
  let author: PublicKey
  let timestamp: Timestamp
  let isAccepted: Bool

  /// Ascending by path.
  static func byPath(_ operations: [HeldOperation]) -> [ArraySlice<Statement>] {
    var statements: [Statement] = []
    for held in operations {
      let header = held.operation.header
      guard case .changes(_, _, let changes) = header.content else { continue }
      var values = held.operation.body?.values[...]
      for (index, change) in changes.enumerated() {
        statements.append(
          Statement(
            path: change.path, id: AssignmentID(operation: held.operation.id, index: index),
            change: change, value: change.type.carriesValue ? values?.popFirst() : nil,
            author: header.author, timestamp: header.timestamp, isAccepted: held.isAccepted))
      }
    }
    // Sorting their places moves less than sorting them.
    let order = statements.indices.sorted { statements[$0].path < statements[$1].path }
    let sorted = order.map { statements[$0] }
    var paths: [ArraySlice<Statement>] = []
    var start = 0
    for index in sorted.indices
    where index + 1 == sorted.count || sorted[index + 1].path != sorted[index].path {
      paths.append(sorted[start...index])
      start = index + 1
    }
    return paths
  }

  /// `bytes` tell values of one path apart.
  func assignment(_ bytes: [UInt8]?) -> Assignment<AssignmentID> {
    let content: Assignment<AssignmentID>.Content =
      switch change.type {
      case .set: .value(bytes)
      case .add: .element(bytes)
      case .clear, .remove: .nothing
      }
    return Assignment(
      id: id, timestamp: timestamp, content: content, targets: change.targets,
      isAccepted: isAccepted)
  }
}

extension FieldState {
  /// `statements` are all about one path.
  fileprivate init(_ statements: ArraySlice<Statement>) {
    // Most paths have one value, which need not be told apart from any other.
    let isAlone = statements.count == 1
    let merged = MergedField(
      statements.map { $0.assignment($0.value.map { isAlone ? [] : $0.encoded }) })
    let find = Self.finder(of: statements)
    func live(_ group: MergedField<AssignmentID>.Live) -> LiveValue? {
      find(group.newest).map { newest in
        LiveValue(
          value: newest.value, assignments: group.assignments, timestamp: group.timestamp,
          author: newest.author)
      }
    }
    values = merged.values.compactMap(live)
    elements = merged.elements.compactMap(live)
    hiddenThroughUnaccepted = merged.hiddenThroughUnaccepted
  }

  /// Of few it takes less to look at each than to hash them.
  private static func finder(
    of statements: ArraySlice<Statement>
  ) -> (AssignmentID) -> Statement? {
    guard statements.count > 8 else { return { id in statements.first { $0.id == id } } }
    let places = Dictionary(
      statements.indices.map { (statements[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    return { id in places[id].map { statements[$0] } }
  }
}
