import Signatures

/// Operations of one graph over one `prev`, or several that begin it (`Protocol/operation.md#prev`).
///
/// A device that names all it has signed never makes one. A restored copy, a clone, a lost store or a
/// thief does: whoever signed one branch did not know, or did not say, that the other was there.
package struct Fork: Sendable, Equatable {
  package let organisation: Digest
  package let role: Role
  /// What the branches follow; nil when they begin the graph.
  package let prev: Digest?
  /// Two or more, ascending.
  package let branches: [Digest]

  /// What a fork depends on of an operation.
  package struct Entry: Sendable {
    package let id: Digest
    package let organisation: Digest
    package let role: Role
    package let prev: [Digest]

    package init(id: Digest, organisation: Digest, role: Role, prev: [Digest]) {
      self.id = id
      self.organisation = organisation
      self.role = role
      self.prev = prev
    }
  }

  private struct Place: Hashable {
    let organisation: Digest
    let role: Role
    let prev: Digest?
  }

  /// The forks among the operations of one key, in whatever order they come.
  package static func all(in entries: some Sequence<Entry>) -> [Fork] {
    var followers: [Place: Set<Digest>] = [:]
    for entry in entries {
      let prev: [Digest?] = entry.prev.isEmpty ? [nil] : entry.prev
      for prev in prev {
        let place = Place(organisation: entry.organisation, role: entry.role, prev: prev)
        followers[place, default: []].insert(entry.id)
      }
    }
    return followers.filter { $0.value.count > 1 }.map { place, branches in
      Fork(
        organisation: place.organisation, role: place.role, prev: place.prev,
        branches: branches.sorted())
    }.sorted {
      ($0.branches[0], $0.branches[1], $0.prev ?? .zero)
        < ($1.branches[0], $1.branches[1], $1.prev ?? .zero)
    }
  }
}
