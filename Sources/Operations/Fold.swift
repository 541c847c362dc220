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
    let authors = Dictionary(
      accepted.map { ($0.id, $0.header.author) }, uniquingKeysWith: { first, _ in first })
    let (byPath, values) = Self.assignments(operations)
    fields = byPath.sorted { $0.key < $1.key }.compactMap { path, all in
      let state = FieldState(MergedField(all), authors: authors, values: values)
      return state.isEmpty ? nil : Field(path: path, state: state)
    }
  }

  private static func assignments(
    _ operations: [HeldOperation]
  ) -> (byPath: [String: [Assignment<AssignmentID>]], values: [AssignmentID: CBOR]) {
    var byPath: [String: [Assignment<AssignmentID>]] = [:]
    var valuesByID: [AssignmentID: CBOR] = [:]
    for held in operations {
      guard case .changes(_, _, let changes) = held.operation.header.content else { continue }
      var values = held.operation.body?.values[...]
      for (index, change) in changes.enumerated() {
        let value = change.type.carriesValue ? values?.popFirst() : nil
        let id = AssignmentID(operation: held.operation.id, index: index)
        valuesByID[id] = value
        byPath[change.path, default: []].append(
          Assignment(
            id: id,
            timestamp: held.operation.header.timestamp,
            content: change.type.content(value?.encoded), targets: change.targets,
            isAccepted: held.isAccepted))
      }
    }
    return (byPath, valuesByID)
  }
}

extension ChangeType {
  fileprivate func content(_ bytes: [UInt8]?) -> Assignment<AssignmentID>.Content {
    switch self {
    case .set: .value(bytes)
    case .add: .element(bytes)
    case .clear, .remove: .nothing
    }
  }
}

extension FieldState {
  fileprivate init(
    _ merged: MergedField<AssignmentID>, authors: [Digest: PublicKey],
    values valuesByID: [AssignmentID: CBOR]
  ) {
    func live(_ group: MergedField<AssignmentID>.Live) -> LiveValue? {
      authors[group.newest.operation].map { author in
        LiveValue(
          value: valuesByID[group.newest], assignments: group.assignments,
          timestamp: group.timestamp, author: author)
      }
    }
    values = merged.values.compactMap(live)
    elements = merged.elements.compactMap(live)
    hiddenThroughUnaccepted = merged.hiddenThroughUnaccepted
  }
}
