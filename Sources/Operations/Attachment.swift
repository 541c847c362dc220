import Signatures
import WireFormat

/// A file that a record names, which travels apart from operations (`Protocol/attachments.md`).
///
/// The digest is salted, so that whoever keeps it after the name was erased can guess no content
/// from it. It covers the digests of the chunks, so that each chunk is checked as it arrives.
package struct Attachment: Hashable, Comparable, Sendable {
  package static let saltByteCount = 16
  package static let chunkByteCount = 64 * 1024

  package let digest: Digest
  package let salt: [UInt8]
  /// Bytes, at least 1.
  package let size: Int

  /// Nil unless the salt has 16 bytes, and the size is within `Limits.attachmentBytesMax`.
  package init?(digest: Digest, salt: [UInt8], size: Int) {
    guard salt.count == Self.saltByteCount, (1...Limits.attachmentBytesMax).contains(size) else {
      return nil
    }
    self.digest = digest
    self.salt = salt
    self.size = size
  }

  /// The name of `bytes`; nil as above.
  package init?(of bytes: [UInt8], salt: [UInt8]) {
    let digest = Self.digest(
      salt: salt, size: bytes.count, chunks: Self.chunks(of: bytes).map(Self.digest(ofChunk:)))
    self.init(digest: digest, salt: salt, size: bytes.count)
  }

  package var chunkCount: Int { (size + Self.chunkByteCount - 1) / Self.chunkByteCount }

  /// How many bytes a chunk has; all but the last are full.
  package func byteCount(ofChunk number: Int) -> Int {
    min(Self.chunkByteCount, size - number * Self.chunkByteCount)
  }

  /// Whether these are the digests of its chunks.
  package func isMade(of chunkDigests: [Digest]) -> Bool {
    chunkDigests.count == chunkCount
      && Self.digest(salt: salt, size: size, chunks: chunkDigests) == digest
  }

  package static func chunks(of bytes: [UInt8]) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: chunkByteCount).map {
      Array(bytes[$0..<min($0 + chunkByteCount, bytes.count)])
    }
  }

  package static func digest(ofChunk bytes: [UInt8]) -> Digest {
    Domain.attachmentChunk.hash(bytes)
  }

  private static func digest(salt: [UInt8], size: Int, chunks: [Digest]) -> Digest {
    let length = (0..<8).map { UInt8(truncatingIfNeeded: size >> (56 - 8 * $0)) }
    return Domain.attachment.hash(salt, length, chunks.flatMap(\.bytes))
  }

  package static func < (lhs: Attachment, rhs: Attachment) -> Bool {
    (lhs.digest, lhs.size) != (rhs.digest, rhs.size)
      ? (lhs.digest, lhs.size) < (rhs.digest, rhs.size)
      : lhs.salt.lexicographicallyPrecedes(rhs.salt)
  }
}

/// A file to fetch, and the first chunk of it that is not here.
package struct AttachmentRequest: Hashable, Sendable {
  package let attachment: Attachment
  package let firstChunk: Int

  package init(_ attachment: Attachment, firstChunk: Int) {
    self.attachment = attachment
    self.firstChunk = firstChunk
  }
}

extension RecordState {
  /// A row that names a file.
  package struct AttachmentRow: Sendable, Equatable {
    /// `field/row`, the path of its cells without their column.
    package let path: String
    package let attachment: Attachment
  }

  /// The files that live values name, ascending by path, each file of a conflict by itself.
  ///
  /// Any table of any family names one by a row with the cells `digest`, `salt` and `size`.
  ///
  /// Of many only the first count, so that naming costs a member more than it costs others.
  package var attachments: [AttachmentRow] {
    Array(allAttachments.prefix(Limits.recordAttachmentNamesMax))
  }

  private var allAttachments: [AttachmentRow] {
    fields.flatMap { field -> [AttachmentRow] in
      guard field.path.hasSuffix("/digest") else { return [] }
      let path = String(field.path.dropLast("/digest".count))
      return field.state.values.compactMap { live in
        attachment(named: live, path).map { AttachmentRow(path: path, attachment: $0) }
      }
    }
  }

  private func attachment(named live: LiveValue, _ path: String) -> Attachment? {
    let operations = Set(live.assignments.map(\.operation))
    /// The value that was said together with the digest, else the displayed one.
    func cell(_ column: String) -> CBOR? {
      let values = self[path + "/" + column]?.values ?? []
      let together = values.first { value in
        value.assignments.contains { operations.contains($0.operation) }
      }
      return (together ?? values.first)?.value
    }
    guard case .text(let digestText) = live.value, let digest = Digest(hex: digestText),
      case .text(let saltText) = cell("salt"), let salt = Hex.decode(saltText),
      case .unsigned(let size) = cell("size")
    else { return nil }
    return Attachment(digest: digest, salt: salt, size: Int(clamping: size))
  }
}
