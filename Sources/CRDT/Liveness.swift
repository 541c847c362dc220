/// The liveness rule (`Protocol/operation.md#liveness`): an assignment is live when it is accepted
/// and no accepted assignment reaches it over target edges, be it through unaccepted ones.
package struct Liveness<ID: Hashable & Comparable & Sendable> {
  /// In the order of the input.
  package private(set) var live: [Assignment<ID>] = []
  /// Accepted, and superseded only by way of unaccepted assignments.
  ///
  /// Sorted.
  package private(set) var hiddenThroughUnaccepted: [ID] = []

  /// All held assignments of one path of one record; one that is given twice counts once.
  package init(_ given: [Assignment<ID>]) {
    var seen: Set<ID> = []
    let assignments = given.filter { seen.insert($0.id).inserted }
    guard assignments.contains(where: { !$0.targets.isEmpty }) else {
      // Nothing supersedes anything.
      live = assignments.filter(\.isAccepted)
      return
    }
    let byID = Dictionary(assignments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let superseded = Self.reached(assignments, byID) { _ in true }
    let plainly = Self.reached(assignments, byID) { $0.isAccepted }
    for assignment in assignments where assignment.isAccepted {
      if !superseded.contains(assignment.id) {
        live.append(assignment)
      } else if !plainly.contains(assignment.id) {
        hiddenThroughUnaccepted.append(assignment.id)
      }
    }
    hiddenThroughUnaccepted.sort()
  }

  /// Everything that an accepted assignment reaches, passing only through `passable` ones.
  private static func reached(
    _ assignments: [Assignment<ID>], _ byID: [ID: Assignment<ID>],
    passable: (Assignment<ID>) -> Bool
  ) -> Set<ID> {
    var reached: Set<ID> = []
    var frontier = assignments.filter(\.isAccepted).flatMap(\.targets)
    while let id = frontier.popLast() {
      guard let target = byID[id], reached.insert(id).inserted else { continue }
      if passable(target) { frontier += target.targets }
    }
    return reached
  }
}
