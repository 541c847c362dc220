import CRDT
import Operations
import Signatures
import WireFormat

// The canonical text of a record's state, one fact a line:
//
//     record <organisation> <record> <family> <created> <updated> <version>
//     value <path> <hex or "erased"> <timestamp> <author> <operation>.<index>…
//     element <path> <hex or "erased"> <timestamp> <author> <operation>.<index>…
//     hidden <path> <operation>.<index>…
//
// Paths ascend; within a path come values (the displayed one first), elements and what is hidden
// only through unaccepted operations. Timestamps are the raw 64-bit numbers, ids ascend. A record
// without an accepted operation is the one line "absent".

extension RecordState {
  /// Equal dumps mean equal states.
  package var dump: [String] {
    let dates = "\(created.rawValue) \(updated.rawValue)"
    return ["record \(key.organisation) \(key.record) \(family) \(dates) \(version)"]
      + fields.flatMap(\.lines)
  }

  /// The dump of what these operations say of a record.
  package static func dump(_ operations: [HeldOperation], of key: RecordKey) -> [String] {
    RecordState(folding: operations, of: key)?.dump ?? ["absent"]
  }
}

extension RecordState.Field {
  fileprivate var lines: [String] {
    let hidden = state.hiddenThroughUnaccepted.map { "hidden \(path) \($0.text)" }
    return state.values.map { "value \(path) \($0.text)" }
      + state.elements.map { "element \(path) \($0.text)" } + hidden
  }
}

extension LiveValue {
  fileprivate var text: String {
    let content = value.map { Hex.encode($0.encoded) } ?? "erased"
    return ([content, "\(timestamp.rawValue)", "\(author)"] + assignments.map(\.text))
      .joined(separator: " ")
  }
}

extension AssignmentID {
  fileprivate var text: String { "\(operation).\(index)" }
}
