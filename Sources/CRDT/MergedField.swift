/// The state of one path of one record: a pure function of the set of its assignments.
///
/// A register and an add-wins set are the same rule: what is live counts. A register with several
/// live values is a conflict, all kept; a set holds every live element.
///
/// Public and inlinable, as `Liveness` is, for nothing less is specialised in other modules.
public struct MergedField<ID: Hashable & Comparable & Sendable>: Sendable, Equatable {
  /// Live assignments with the same bytes: they say the same, so they are one.
  public struct Live: Sendable, Equatable {
    /// Nil when erased.
    public let bytes: [UInt8]?
    /// Ascending; the last one of the greatest timestamp ranks the value.
    public let assignments: [ID]
    /// The greatest of those of `assignments`.
    public let timestamp: Timestamp
    /// The id of the assignment that ranks the value.
    public let newest: ID

    @inlinable init(bytes: [UInt8]?, assignments: [ID], timestamp: Timestamp, newest: ID) {
      (self.bytes, self.assignments) = (bytes, assignments)
      (self.timestamp, self.newest) = (timestamp, newest)
    }
  }

  /// Live `set`s, the displayed one (greatest timestamp, then id) first.
  public let values: [Live]
  /// Live `add`s, ascending by bytes, erased ones first.
  public let elements: [Live]
  /// Accepted, and superseded only by way of unaccepted assignments; ascending.
  public let hiddenThroughUnaccepted: [ID]

  /// All held assignments of one path of one record, in any order.
  @inlinable public init(_ assignments: [Assignment<ID>]) {
    if let only = assignments.first, assignments.count == 1 {
      self.init(alone: only)
    } else {
      self.init(merging: assignments)
    }
  }

  /// Most paths have been assigned once.
  @inlinable init(alone assignment: Assignment<ID>) {
    func live(_ bytes: [UInt8]?) -> [Live] {
      [
        Live(
          bytes: bytes, assignments: [assignment.id], timestamp: assignment.timestamp,
          newest: assignment.id)
      ]
    }
    hiddenThroughUnaccepted = []
    switch assignment.content {
    case .value(let bytes) where assignment.isAccepted: (values, elements) = (live(bytes), [])
    case .element(let bytes) where assignment.isAccepted: (values, elements) = ([], live(bytes))
    default: (values, elements) = ([], [])
    }
  }

  @inlinable init(merging assignments: [Assignment<ID>]) {
    let liveness = Liveness(assignments)
    hiddenThroughUnaccepted = liveness.hiddenThroughUnaccepted
    values = Self.group(liveness.live) { content in
      if case .value(let bytes) = content { .some(bytes) } else { nil }
    }.sorted { ($0.timestamp, $0.newest) > ($1.timestamp, $1.newest) }
    elements = Self.group(liveness.live) { content in
      if case .element(let bytes) = content { .some(bytes) } else { nil }
    }
  }

  /// Whether several values are live, so that somebody has to choose.
  public var isConflict: Bool { values.count > 1 }

  /// One `Live` per distinct bytes, ascending by bytes.
  @inlinable static func group(
    _ live: [Assignment<ID>], by key: (Assignment<ID>.Content) -> [UInt8]??
  ) -> [Live] {
    // Few say the same: what does stands together once they are sorted, or rather their places are.
    var places = live.indices.filter { key(live[$0].content) != nil }.sorted {
      Self.precedes(key(live[$0].content) ?? nil, key(live[$1].content) ?? nil)
    }[...]
    var groups: [Live] = []
    while let first = places.first {
      let bytes = key(live[first].content) ?? nil
      let members = places.prefix { (key(live[$0].content) ?? nil) == bytes }
      places = places.dropFirst(members.count)
      let newest = members.reduce(first) {
        (live[$0].timestamp, live[$0].id) < (live[$1].timestamp, live[$1].id) ? $1 : $0
      }
      groups.append(
        Live(
          bytes: bytes, assignments: members.map { live[$0].id }.sorted(),
          timestamp: live[newest].timestamp, newest: live[newest].id))
    }
    return groups
  }

  @inlinable static func precedes(_ lhs: [UInt8]?, _ rhs: [UInt8]?) -> Bool {
    guard let rhs else { return false }
    return lhs.map { $0.lexicographicallyPrecedes(rhs) } ?? true
  }
}
