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
  private let requests: [AttachmentRequest]
  /// Those before it have come, or the peer has passed them by.
  private var nextRequest = 0
  private var incoming: Incoming?
  private var isReceived: Bool
  /// What the peer has asked for; nil before it has.
  private var wanted: [AttachmentRequest]?
  private var nextWanted = 0
  private var outgoing: Outgoing?
  private var isSent = false
  private(set) var received = 0
  private(set) var sent = 0

  /// A file on its way in.
  private struct Incoming {
    let place: Int
    let attachment: Attachment
    let chunkDigests: [Digest]
    var next: Int
    var chunks: [[UInt8]] = []

    var isWhole: Bool { next == attachment.chunkCount }
  }

  /// A file on its way out.
  private struct Outgoing {
    let place: Int
    let attachment: Attachment
    let chunkDigests: [Digest]
    var next: Int
    var hasBegun = false
  }

  init(store: any AttachmentStore) throws {
    self.store = store
    requests = try store.attachmentRequests()
    isReceived = requests.isEmpty
    outbox.append(.attachmentWant(requests))
  }

  /// Everything has come, been kept, and gone.
  var isFinished: Bool { expectsNothing && isSent && outbox.isEmpty }

  /// Nothing more is to be received.
  var expectsNothing: Bool { isReceived && wanted != nil }

  // MARK: - Sending

  mutating func nextMessage() throws -> Message? {
    if !outbox.isEmpty { return outbox.removeFirst() }
    guard let wanted, !isSent else { return nil }
    while true {
      if let part = try nextPart() { return .attachment(part) }
      guard nextWanted < wanted.count else { break }
      let request = wanted[nextWanted]
      nextWanted += 1
      guard let digests = try store.chunkDigests(of: request.attachment),
        request.firstChunk < digests.count
      else { continue }
      outgoing = Outgoing(
        place: nextWanted - 1, attachment: request.attachment, chunkDigests: digests,
        next: request.firstChunk)
    }
    isSent = true
    return .attachment(.end(of: wanted.count))
  }

  private mutating func nextPart() throws -> Message.AttachmentPart? {
    guard var file = outgoing else { return nil }
    outgoing = nil
    guard file.next < file.chunkDigests.count,
      let bytes = try store.chunk(file.next, of: file.attachment)
    else { return nil }
    let part = Message.AttachmentPart(
      file: UInt64(file.place), number: UInt64(file.next),
      chunkDigests: file.hasBegun ? [] : file.chunkDigests, bytes: bytes)
    file.hasBegun = true
    file.next += 1
    if file.next == file.chunkDigests.count { sent += 1 }
    outgoing = file
    return part
  }

  // MARK: - Receiving

  mutating func receive(_ message: Message) throws {
    switch message {
    case .attachmentWant(let wanted):
      guard self.wanted == nil else { throw SessionError.unexpected("a second attachment-want") }
      self.wanted = wanted
      isSent = wanted.isEmpty
    case .attachment(let part):
      guard !isReceived else { throw SessionError.unexpected("an attachment") }
      guard part.bytes.isEmpty else { return try receive(part) }
      guard part.file == UInt64(requests.count) else {
        throw SessionError.unexpected("an attachment without bytes")
      }
      try keep()
      isReceived = true
    default: throw SessionError.unexpected("this message")
    }
  }

  private mutating func receive(_ part: Message.AttachmentPart) throws {
    if incoming.map({ part.file != UInt64($0.place) || $0.isWhole }) ?? true {
      try begin(part)
    } else if !part.chunkDigests.isEmpty {
      throw SessionError.unexpected("digests of chunks that are known")
    }
    guard var file = incoming else { return }
    let (attachment, number) = (file.attachment, file.next)
    guard part.number == UInt64(number) else {
      throw SessionError.attachment(
        attachment.digest, "chunk \(part.number), expected \(number)")
    }
    guard part.bytes.count == attachment.byteCount(ofChunk: number),
      Attachment.digest(ofChunk: part.bytes) == file.chunkDigests[number]
    else {
      throw SessionError.attachment(
        attachment.digest, "chunk \(number) is not what its digest and size say")
    }
    incoming = nil
    file.chunks.append(part.bytes)
    file.next += 1
    incoming = file
    if file.isWhole { received += 1 }
    if file.isWhole || file.chunks.count == Self.chunksPerWrite { try keep() }
  }

  /// Files come in the order in which they were asked for; what the peer lacks it leaves out.
  private mutating func begin(_ part: Message.AttachmentPart) throws {
    try keep()
    guard part.file >= UInt64(nextRequest), part.file < UInt64(requests.count) else {
      throw SessionError.unexpected("an attachment that was not asked for, or out of order")
    }
    let place = Int(part.file)
    let request = requests[place]
    nextRequest = place + 1
    guard request.attachment.isMade(of: part.chunkDigests) else {
      throw SessionError.attachment(
        request.attachment.digest, "the digests of its chunks are not those of its name")
    }
    incoming = Incoming(
      place: place, attachment: request.attachment, chunkDigests: part.chunkDigests,
      next: request.firstChunk)
  }

  private mutating func keep() throws {
    guard let file = incoming, !file.chunks.isEmpty else { return }
    try store.keep(
      chunks: file.chunks, from: file.next - file.chunks.count, of: file.attachment,
      chunkDigests: file.chunkDigests)
    incoming?.chunks = []
  }
}
