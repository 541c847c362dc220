/// The liveness rule (`Protocol/operation.md#liveness`): an assignment is live when it is accepted
/// and no accepted assignment reaches it over target edges, be it through unaccepted ones.
public struct Liveness<ID: Hashable & Comparable & Sendable> {
  /// In the order of the input.
  public let live: [Assignment<ID>]
  /// Accepted, and superseded only by way of unaccepted assignments.
  ///
  /// Sorted.
  public let hiddenThroughUnaccepted: [ID]

  /// All held assignments of one path of one record; one that is given twice counts once.
  @inlinable public init(_ given: [Assignment<ID>]) {
    let assignments = Self.once(given)
    guard assignments.contains(where: { !$0.targets.isEmpty }) else {
      // Nothing supersedes anything.
      live = assignments.filter { $0.isAccepted }
      hiddenThroughUnaccepted = []
      return
    }
    let byID = Dictionary(assignments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let superseded = Self.reached(assignments, byID) { _ in true }
    let plainly = Self.reached(assignments, byID) { $0.isAccepted }
    let accepted = assignments.filter { $0.isAccepted }
    live = accepted.filter { !superseded.contains($0.id) }
    hiddenThroughUnaccepted = accepted.filter {
      superseded.contains($0.id) && !plainly.contains($0.id)
    }.map { $0.id }.sorted()
  }

  @inlinable static func once(_ given: [Assignment<ID>]) -> [Assignment<ID>] {
    // Of few it takes less to compare each with each than to hash them.
    let isOnce =
      given.count <= 8
      && given.indices.allSatisfy { index in !given[..<index].contains { $0.id == given[index].id }
      }
    if isOnce { return given }
    var seen: Set<ID> = []
    return given.filter { seen.insert($0.id).inserted }
  }

  /// Everything that an accepted assignment reaches, passing only through `passable` ones.
  @inlinable static func reached(
    _ assignments: [Assignment<ID>], _ byID: [ID: Assignment<ID>],
    passable: (Assignment<ID>) -> Bool
  ) -> Set<ID> {
    var reached: Set<ID> = []
    var frontier = assignments.filter { $0.isAccepted }.flatMap { $0.targets }
    while let id = frontier.popLast() {
      guard let target = byID[id], reached.insert(id).inserted else { continue }
      if passable(target) { frontier += target.targets }
    }
    return reached
  }
}
