import CRDT
import Signatures
import WireFormat

/// Which record of which organisation.
public struct RecordKey: Hashable, Comparable, Sendable {
  /// The operation that admitted the organisation that owns the record.
  public let organisation: Digest
  /// The id of the creating operation, or derived from what the record is about.
  public let record: Digest

  package init(organisation: Digest, record: Digest) {
    self.organisation = organisation
    self.record = record
  }

  /// By organisation, then by record.
  public static func < (lhs: RecordKey, rhs: RecordKey) -> Bool {
    (lhs.organisation, lhs.record) < (rhs.organisation, rhs.record)
  }
}

/// A value that counts, and every live assignment that says it.
public struct LiveValue: Sendable, Equatable {
  /// Nil when erased.
  package let value: CBOR?
  package let assignments: [AssignmentID]
  /// The newest of the assignments'.
  public let timestamp: Timestamp
  /// The key that signed the newest of the assignments.
  public let author: PublicKey
}

/// What a record says at one path.
public struct FieldState: Sendable, Equatable {
  /// Live values of a register, the displayed one first.
  public let values: [LiveValue]
  /// Live elements of a set, ascending by bytes.
  public let elements: [LiveValue]
  /// Accepted assignments that are hidden only through unaccepted ones.
  package let hiddenThroughUnaccepted: [AssignmentID]

  /// Several different values are live: all are kept until an edit supersedes them.
  public var isConflict: Bool { values.count > 1 }

  fileprivate var isContested: Bool { isConflict || !hiddenThroughUnaccepted.isEmpty }

  /// Nothing is live, and nothing hidden has to be shown.
  var isEmpty: Bool { values.isEmpty && elements.isEmpty && hiddenThroughUnaccepted.isEmpty }

  package var liveAssignments: [AssignmentID] { (values + elements).flatMap(\.assignments) }
}

/// One document: what the accepted operations of its organisation say about it.
public struct RecordState: Sendable, Equatable {
  /// A path and what it says.
  public struct Field: Sendable, Equatable {
    /// `title`, or `costs/<row>/amount` for a cell of a table.
    public let path: String
    /// What is live at the path.
    public let state: FieldState
  }

  /// Which record it is.
  public let key: RecordKey
  /// The family that its oldest accepted operation names.
  public let family: String
  /// Paths with a live value, or with one that is hidden through unaccepted operations; ascending.
  public let fields: [Field]
  /// When its oldest accepted operation claims to be signed.
  public let created: Timestamp
  /// When its newest accepted operation claims to be signed.
  public let updated: Timestamp

  /// The field at a path; nil when nothing is live or hidden there.
  public subscript(path: String) -> FieldState? {
    fields.first { $0.path == path }?.state
  }

  /// Fields of which several values are live, or one is hidden through unaccepted operations.
  public var conflicts: [Field] { fields.filter(\.state.isContested) }

  /// What a reader has seen: SHA-256 over the sorted live assignment ids.
  package var version: Digest {
    let live = fields.flatMap(\.state.liveAssignments).sorted()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(live.count * (Digest.byteCount + 2))
    for assignment in live {
      bytes += assignment.operation.bytes
      bytes += [UInt8(assignment.index >> 8), UInt8(assignment.index & 0xff)]
    }
    return Domain.version.hash(bytes)
  }

  /// The id of a record of which an organisation has at most one per target and period.
  package static func derivedID(
    family: String, target: RecordKey, period: String = ""
  ) -> Digest {
    Domain.record.hash(
      Array(family.utf8) + [0], target.organisation.bytes, target.record.bytes, Array(period.utf8))
  }
}
