import OperationStore
import Operations
import Signatures

/// One thing that a thorough check of a node has found.
///
/// What hostile members can make many of is counted, and some of it shown.
package enum Diagnosis: Sendable {
  case fileDamaged([String])
  case operationsDamaged([StoreDamage.Operation], count: Int)
  case digestsDiffer([Digest])
  case projectionsDiffer([String])
  /// Files that records name, by their digests.
  case attachmentsDamaged([Digest])
  /// Others can read what is the node's alone.
  case fileOpen(path: String, mode: String, expected: String)
  /// The file system may let two processes write at once, which this SQLite does not survive.
  case secondWriter(fileSystem: String, sqlite: String)
  /// Another device has signed with a key of this node.
  case foreignHeads(OwnKey, [KeyOperation])
  case forks(KeyForks)
  case awaitedHeads(PublicKey, [Digest])
  case contestedRotations([Operation])
  case codeClaimed(String, [Organisation])
  case keyOpen(Grant)
  case waiting(Int)
  case contentMissing(Int)

  package enum Severity: String, Sendable, CaseIterable {
    case damage
    case critical
    case warning
  }

  /// Stable names, for monitoring.
  package enum Code: String, Sendable, CaseIterable {
    case fileDamaged = "file-damaged"
    case operationsDamaged = "operations-damaged"
    case digestsDiffer = "digests-differ"
    case projectionsDiffer = "projections-differ"
    case attachmentsDamaged = "attachments-damaged"
    case fileOpen = "file-open"
    case secondWriter = "second-writer"
    case foreignHeads = "foreign-heads"
    case forks = "forks"
    case awaitedHeads = "awaited-heads"
    case contestedRotations = "contested-rotations"
    case codeClaimed = "code-claimed"
    case keyOpen = "key-open"
    case waiting = "waiting"
    case contentMissing = "content-missing"
  }

  package var code: Code {
    switch self {
    case .fileDamaged: .fileDamaged
    case .operationsDamaged: .operationsDamaged
    case .digestsDiffer: .digestsDiffer
    case .projectionsDiffer: .projectionsDiffer
    case .attachmentsDamaged: .attachmentsDamaged
    case .fileOpen: .fileOpen
    case .secondWriter: .secondWriter
    case .foreignHeads: .foreignHeads
    case .forks: .forks
    case .awaitedHeads: .awaitedHeads
    case .contestedRotations: .contestedRotations
    case .codeClaimed: .codeClaimed
    case .keyOpen: .keyOpen
    case .waiting: .waiting
    case .contentMissing: .contentMissing
    }
  }

  package var severity: Severity {
    switch self {
    case .fileDamaged, .operationsDamaged, .digestsDiffer, .projectionsDiffer,
      .attachmentsDamaged:
      .damage
    case .fileOpen, .secondWriter, .foreignHeads, .contestedRotations: .critical
    case .forks, .awaitedHeads, .codeClaimed, .keyOpen, .waiting, .contentMissing: .warning
    }
  }
}

/// A key of this node and the file that holds it, below the folder `keys`.
package struct OwnKey: Sendable, Equatable {
  package let name: String
  package let key: PublicKey
}
