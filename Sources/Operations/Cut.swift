import CRDT
import Signatures

/// How much an operation of the council, a root or an admin can do (`Protocol/charter.md#power`).
///
/// A key, and what it signed, is judged only with more power than its own stratum has.
package enum Power: Int, Sendable, Comparable {
  case device = 0
  case admin = 1
  case root = 2
  case councilKey = 3
  /// As many council seats as the threshold demands.
  case council = 4

  package static func < (lhs: Power, rhs: Power) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension Role {
  /// What a key of this role can do alone.
  package var power: Power {
    switch self {
    case .author, .reviewer, .service: .device
    case .admin: .admin
    case .root: .root
    case .council: .councilKey
    }
  }
}

/// Where a key ends: what lies outside is not accepted, whatever date it claims
/// (`Protocol/charter.md#cuts`).
package struct Cut: Sendable, Equatable {
  /// The act that makes it.
  package let act: Digest
  package let key: PublicKey
  /// Whose operations of the key it judges; nil for all organisations'.
  package let organisation: Digest?
  /// Operations of the key that are vouched for, with all that they follow.
  package let heads: [Digest]
  /// Operations among those that are not.
  package let disowned: Set<Digest>
  package let power: Power
  /// What judges grants of less power judges them instead.
  var floor = Power.device

  /// Whether operations under a grant are inside it or do not count.
  package func judges(_ grant: Grant) -> Bool {
    grant.key == key && (organisation == nil || organisation == grant.organisation)
      && floor <= grant.role.power && grant.role.power < power
  }
}

/// A statement that an operation outside a cut counts again.
package struct Vouch: Sendable, Equatable {
  package let act: Digest
  /// Nil for all organisations'.
  package let organisation: Digest?
  package let power: Power

  func mayConcern(_ organisations: Set<Digest>) -> Bool {
    organisation.map(organisations.contains) ?? true
  }

  /// Whether it counts against a cut for operations of an organisation.
  func overrides(_ cut: Cut, in scope: Digest?) -> Bool {
    (organisation == nil || organisation == scope) && power >= cut.power
  }
}

/// The held operations of one key: what each follows and acts under.
package struct KeyHistory: Sendable {
  package struct Entry: Sendable {
    package let id: Digest
    package let delegation: Digest
    package let timestamp: Timestamp
    package let prev: [Digest]

    package init(id: Digest, delegation: Digest, timestamp: Timestamp, prev: [Digest]) {
      self.id = id
      self.delegation = delegation
      self.timestamp = timestamp
      self.prev = prev
    }
  }

  package private(set) var entries: [Digest: Entry] = [:]
  package let key: PublicKey

  package init(of key: PublicKey, _ entries: some Sequence<Entry>) {
    self.key = key
    for entry in entries { self.entries[entry.id] = entry }
  }

  /// The given operations and all that they follow; what is not held is left out.
  func ancestry(of heads: some Sequence<Digest>, without void: Set<Digest>) -> Set<Digest> {
    var found: Set<Digest> = []
    var frontier = Array(heads)
    while let id = frontier.popLast() {
      guard let entry = entries[id], !void.contains(id), found.insert(id).inserted else { continue }
      frontier += entry.prev
    }
    return found
  }
}

/// Whether a held operation counts, and if not, why (`Protocol/charter.md#acceptance`).
package enum Verdict: UInt64, Sendable, CaseIterable {
  case accepted = 0
  /// The claimed time is not within the grant's from–to.
  case outsideDates = 1
  /// What it acts under is not accepted.
  case notAuthorised = 2
  /// A revocation names it as not its owner's, or only what follows it is vouched for.
  case disowned = 3
  /// Not among what a revocation vouches for.
  case outsideCut = 4
  /// Needs more council keys.
  case needsApproval = 5
  /// Another rotation of the same key stands beside it.
  case contested = 6
  /// Says nothing that anybody could carry out, such as removing the council.
  case withoutEffect = 7
}
