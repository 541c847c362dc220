/// One change of one operation to one path of one record, as the merge sees it.
///
/// `ID` names the change in a way that every node agrees on; its order breaks ties.
public struct Assignment<ID: Hashable & Comparable & Sendable>: Sendable {
  /// What an assignment says of its path.
  public enum Content: Equatable, Sendable {
    /// `set`: the encoded value, nil when it has been erased.
    case value([UInt8]?)
    /// `add`: the encoded element, nil when it has been erased.
    case element([UInt8]?)
    /// `clear` and `remove`: supersedes its targets and says nothing itself.
    case nothing
  }

  /// Names the assignment.
  public let id: ID
  /// As claimed by the author; it ranks what is shown, and decides nothing.
  public let timestamp: Timestamp
  /// What it says.
  public let content: Content
  /// The assignments of the same path that this one supersedes.
  public let targets: [ID]
  /// Held but unaccepted assignments say nothing, but still connect those they lie between.
  public let isAccepted: Bool

  /// An assignment as it stands in an operation.
  @inlinable public init(
    id: ID, timestamp: Timestamp, content: Content, targets: [ID], isAccepted: Bool
  ) {
    self.id = id
    self.timestamp = timestamp
    self.content = content
    self.targets = targets
    self.isAccepted = isAccepted
  }
}
