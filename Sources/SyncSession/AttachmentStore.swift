import Operations
import Signatures

/// What a session needs of a store for files that records name.
///
/// All calls are synchronous; each write is durable on return.
package protocol AttachmentStore: Sendable {
  /// How many files that live values name are wanted and not here in full.
  func attachmentsMissing() throws -> UInt64
  /// What to ask a peer for now, within the bounds of one session.
  func attachmentRequests() throws -> [AttachmentRequest]
  /// The digests of all chunks of a file; nil unless it is here in full and a live value names it.
  func chunkDigests(of attachment: Attachment) throws -> [Digest]?
  /// A chunk of such a file; nil when it is gone by now.
  func chunk(_ number: Int, of attachment: Attachment) throws -> [UInt8]?
  /// Keeps chunks that were checked, the first of them with `number`.
  func keep(
    chunks: [[UInt8]], from number: Int, of attachment: Attachment, chunkDigests: [Digest]) throws
}
