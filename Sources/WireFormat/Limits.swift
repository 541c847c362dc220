/// Every limit of the protocol, one place (`Protocol/limits.md`; a test compares the two).
package enum Limits {
  // Operations
  /// Envelope and body together; bounds memory per item and fits one frame.
  package static let operationBytesMax = 64 * 1024
  /// The signed part, kept for ever.
  package static let headerBytesMax = 16 * 1024
  package static let cborDepthMax = 8
  package static let cborItemsMax = 4096
  /// Heads an operation may name.
  package static let prevMax = 16
  /// Superseded assignments a change may name.
  package static let targetsMax = 64
  package static let changesMax = 512
  package static let pathBytesMax = 96
  package static let familyBytesMax = 32
  /// Body sizes are multiples of this, so that a length says little about erased text.
  package static let bodyPaddingBytes = 256
  package static let addressBytesMax = 255
  package static let codeBytesMax = 64
  package static let councilKeysMax = 16
  package static let cutHeadsMax = 256

  // Attachments
  /// One file that a record names.
  package static let attachmentBytesMax = 5 * 1024 * 1024
  /// All files of one record.
  package static let recordAttachmentBytesMax = 20 * 1024 * 1024
  package static let recordAttachmentsMax = 8
  /// Files that a record names, those of conflicts included; more are not looked at.
  package static let recordAttachmentNamesMax = 32

  // Session
  package static let frameBytesMax = 128 * 1024
  /// The first frame, before the peer is known.
  package static let helloBytesMax = 16 * 1024
  /// How far back a compressed frame may refer, as a power of 2 in bytes.
  package static let compressionWindowLog = 18
  /// Operations that a delta names, and how many bytes they have.
  package static let deltaBasesMax = 256
  package static let deltaBaseBytesMax = 256 * 1024
  package static let helloSeconds = 10
  package static let idleSeconds = 30
  package static let sessionSeconds = 600
  /// A reconciliation message, summed over its frames.
  package static let reconcileMessageBytesMax = 4 * 1024 * 1024
  package static let reconcileRoundsMax = 64
  /// Beyond this many news, reconciliation is cheaper than naming each.
  package static let inventoryEntriesMax = 100_000
  /// Organisations that a node names as paused.
  package static let pausedMax = 256
  /// Files that one side asks for in a session, and how many bytes of them.
  package static let attachmentsPerSessionMax = 256
  package static let attachmentBytesPerSessionMax = 64 * 1024 * 1024
  /// A peer that sends more than this many operations nobody may hold is cut off.
  package static let refusalsMax = 1000

  // Node
  package static let connectionsMax = 64
  package static let connectionsPerKeyMax = 2
  /// After this, whoever has not shown who it is gives way when all connections are taken.
  package static let crowdedSeconds = 1
  package static let waitingOperationsMax = 1000
  /// What one organisation's operations may take up here before no more records of it are taken.
  package static let quotaBytes = 256 * 1024 * 1024
  /// What the files of one organisation may take up here before no more are fetched.
  package static let attachmentQuotaBytes = 1024 * 1024 * 1024
  /// Of one organisation, of what its admins sign, of what its roots sign, and of rotations.
  package static let charterOperationsMax = 4096
  /// How long an admin's order to erase can be cancelled.
  package static let erasureGraceMilliseconds = 72 * 60 * 60 * 1000
  /// A timestamp further ahead of the own clock is not followed.
  package static let clockAheadMillisecondsMax = 15 * 60 * 1000

  /// Name, value and unit of each limit, in the order of `Protocol/limits.md`.
  package static let table: [(name: String, value: Int, unit: String)] = [
    ("operation", operationBytesMax, "bytes"),
    ("header", headerBytesMax, "bytes"),
    ("cbor-depth", cborDepthMax, "levels"),
    ("cbor-items", cborItemsMax, "items"),
    ("prev", prevMax, "ids"),
    ("targets", targetsMax, "assignments"),
    ("changes", changesMax, "changes"),
    ("path", pathBytesMax, "bytes"),
    ("family", familyBytesMax, "bytes"),
    ("body-padding", bodyPaddingBytes, "bytes"),
    ("address", addressBytesMax, "bytes"),
    ("code", codeBytesMax, "bytes"),
    ("council-keys", councilKeysMax, "keys"),
    ("cut-heads", cutHeadsMax, "ids"),
    ("attachment", attachmentBytesMax, "bytes"),
    ("record-attachments", recordAttachmentBytesMax, "bytes"),
    ("record-attachment-count", recordAttachmentsMax, "files"),
    ("record-attachment-names", recordAttachmentNamesMax, "files"),
    ("frame", frameBytesMax, "bytes"),
    ("hello", helloBytesMax, "bytes"),
    ("compression-window", 1 << compressionWindowLog, "bytes"),
    ("delta-bases", deltaBasesMax, "operations"),
    ("delta-base-bytes", deltaBaseBytesMax, "bytes"),
    ("hello-time", helloSeconds, "seconds"),
    ("idle-time", idleSeconds, "seconds"),
    ("session-time", sessionSeconds, "seconds"),
    ("reconcile-message", reconcileMessageBytesMax, "bytes"),
    ("reconcile-rounds", reconcileRoundsMax, "rounds"),
    ("inventory", inventoryEntriesMax, "operations"),
    ("paused", pausedMax, "organisations"),
    ("session-attachment-count", attachmentsPerSessionMax, "files"),
    ("session-attachments", attachmentBytesPerSessionMax, "bytes"),
    ("refusals", refusalsMax, "operations"),
    ("connections", connectionsMax, "connections"),
    ("key-connections", connectionsPerKeyMax, "connections"),
    ("crowded-time", crowdedSeconds, "seconds"),
    ("waiting", waitingOperationsMax, "operations"),
    ("quota", quotaBytes, "bytes"),
    ("attachment-quota", attachmentQuotaBytes, "bytes"),
    ("charter-operations", charterOperationsMax, "operations"),
    ("erasure-grace", erasureGraceMilliseconds, "milliseconds"),
    ("clock-ahead", clockAheadMillisecondsMax, "milliseconds"),
  ]
}
