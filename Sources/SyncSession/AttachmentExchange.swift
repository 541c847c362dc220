import Operations
import Signatures
import WireFormat

/// The end of a session: each side fetches files that it lacks (`Protocol/attachments.md#exchange`).
///
/// What arrives is checked chunk by chunk and kept as it comes, so that a connection that breaks
/// costs what the next session asks for anyway.
struct AttachmentExchange {
  /// Chunks kept in one write, which bounds memory too.
  private static let chunksPerWrite = 16

  private let store: any AttachmentStore
  private var outbox: [Message] = []
  /// Asked for and not passed by yet.
  private var requests: ArraySlice<AttachmentRequest>
  private var incoming: Incoming?
  private var isReceived: Bool
  /// What the peer has asked for; nil before it has.
  private var wanted: ArraySlice<Message.Wanted>?
  private var outgoing: Outgoing?
  private var isSent = false
  private(set) var received = 0
  private(set) var sent = 0

  /// A file on its way in.
  private struct Incoming {
    let attachment: Attachment
    let chunkDigests: [Digest]
    var next: Int
    var chunks: [[UInt8]] = []
  }

  /// A file on its way out.
  private struct Outgoing {
    let digest: Digest
    let chunkDigests: [Digest]
    var next: Int
    var hasBegun = false
  }

  init(store: any AttachmentStore) throws {
    self.store = store
    let requests = try store.attachmentRequests()
    self.requests = requests[...]
    isReceived = requests.isEmpty
    outbox.append(
      .attachmentWant(
        requests.map {
          Message.Wanted(digest: $0.attachment.digest, firstChunk: UInt64($0.firstChunk))
        }))
  }

  /// Everything has come, been kept, and gone.
  var isFinished: Bool { expectsNothing && isSent && outbox.isEmpty }

  /// Nothing more is to be received.
  var expectsNothing: Bool { isReceived && wanted != nil }

  mutating func nextMessage() throws -> Message? {
    if !outbox.isEmpty { return outbox.removeFirst() }
    guard wanted != nil, !isSent else { return nil }
    while true {
      if let part = try nextPart() { return .attachment(part) }
      guard let request = wanted?.popFirst() else { break }
      guard let digests = try store.chunkDigests(ofAttachment: request.digest),
        request.firstChunk < digests.count
      else { continue }
      outgoing = Outgoing(
        digest: request.digest, chunkDigests: digests, next: Int(request.firstChunk))
    }
    isSent = true
    return .attachment(.end)
  }

  private mutating func nextPart() throws -> Message.AttachmentPart? {
    guard var file = outgoing else { return nil }
    outgoing = nil
    guard file.next < file.chunkDigests.count,
      let bytes = try store.chunk(file.next, ofAttachment: file.digest)
    else { return nil }
    let part = Message.AttachmentPart(
      digest: file.digest, number: UInt64(file.next),
      chunkDigests: file.hasBegun ? [] : file.chunkDigests, bytes: bytes)
    file.hasBegun = true
    file.next += 1
    if file.next == file.chunkDigests.count { sent += 1 }
    outgoing = file
    return part
  }

  mutating func receive(_ message: Message) throws {
    switch message {
    case .attachmentWant(let wanted):
      guard self.wanted == nil else { throw SessionError.unexpected("a second attachment-want") }
      self.wanted = wanted[...]
      isSent = wanted.isEmpty
    case .attachment(let part):
      guard !isReceived else { throw SessionError.unexpected("an attachment") }
      guard let digest = part.digest else {
        try keep()
        isReceived = true
        return
      }
      try receive(part, of: digest)
    default: throw SessionError.unexpected("this message")
    }
  }

  private mutating func receive(_ part: Message.AttachmentPart, of digest: Digest) throws {
    if incoming?.attachment.digest != digest || incoming?.next == incoming?.attachment.chunkCount {
      try begin(part, of: digest)
    } else if !part.chunkDigests.isEmpty {
      throw SessionError.unexpected("digests of chunks that are known")
    }
    guard var file = incoming else { return }
    guard part.number == UInt64(file.next) else {
      throw SessionError.attachment(digest, "chunk \(part.number), expected \(file.next)")
    }
    guard Attachment.digest(ofChunk: part.bytes) == file.chunkDigests[file.next] else {
      throw SessionError.attachment(digest, "chunk \(file.next) is not what its digest says")
    }
    incoming = nil
    file.chunks.append(part.bytes)
    file.next += 1
    incoming = file
    let isWhole = file.next == file.attachment.chunkCount
    if isWhole { received += 1 }
    if isWhole || file.chunks.count == Self.chunksPerWrite { try keep() }
  }

  /// Files come in the order in which they were asked for; what the peer lacks it leaves out.
  private mutating func begin(_ part: Message.AttachmentPart, of digest: Digest) throws {
    try keep()
    guard let index = requests.firstIndex(where: { $0.attachment.digest == digest }) else {
      throw SessionError.unexpected("an attachment that was not asked for, or out of order")
    }
    let request = requests[index]
    requests = requests[(index + 1)...]
    guard request.attachment.isMade(of: part.chunkDigests) else {
      throw SessionError.attachment(digest, "the digests of its chunks are not those of its name")
    }
    incoming = Incoming(
      attachment: request.attachment, chunkDigests: part.chunkDigests, next: request.firstChunk)
  }

  private mutating func keep() throws {
    guard let file = incoming, !file.chunks.isEmpty else { return }
    try store.keep(
      chunks: file.chunks, from: file.next - file.chunks.count, of: file.attachment,
      chunkDigests: file.chunkDigests)
    incoming?.chunks = []
  }
}
