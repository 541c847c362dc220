import CRDT
import Operations
import WireFormat

/// What conflicting values were made from: the newest value that all of them have superseded.
package enum ConflictBase {
  private struct Step {
    let targets: [AssignmentID]
    /// Nil when erased, cleared, or not accepted.
    let value: CBOR?
    let timestamp: Timestamp
  }

  /// The common past of what is live at a register's path; nil when there is none, or when it is
  /// not held any more.
  ///
  /// `operations` are all held ones of the record.
  package static func value(
    at path: String, under values: [LiveValue], in operations: [HeldOperation]
  ) -> CBOR? {
    let steps = steps(at: path, in: operations)
    let pasts = values.map { past(of: $0.assignments, in: steps) }
    guard let first = pasts.first else { return nil }
    let common = pasts.dropFirst().reduce(first) { $0.intersection($1) }
    return common.compactMap { id in
      steps[id].flatMap { step in step.value.map { (order: (step.timestamp, id), value: $0) } }
    }.max { $0.order < $1.order }?.value
  }

  private static func steps(
    at path: String, in operations: [HeldOperation]
  ) -> [AssignmentID: Step] {
    var steps: [AssignmentID: Step] = [:]
    for held in operations {
      let operation = held.operation
      guard case .changes(_, _, let changes) = operation.header.content else { continue }
      var values = operation.body?.values[...]
      for (index, change) in changes.enumerated() {
        let value = change.type.carriesValue ? values?.popFirst() : nil
        guard change.path == path else { continue }
        steps[AssignmentID(operation: operation.id, index: index)] = Step(
          targets: change.targets, value: held.isAccepted ? value : nil,
          timestamp: operation.header.timestamp)
      }
    }
    return steps
  }

  private static func past(
    of assignments: [AssignmentID], in steps: [AssignmentID: Step]
  ) -> Set<AssignmentID> {
    var past: Set<AssignmentID> = []
    var queue = assignments.flatMap { steps[$0]?.targets ?? [] }
    while let next = queue.popLast() {
      guard past.insert(next).inserted else { continue }
      queue += steps[next]?.targets ?? []
    }
    return past
  }
}
