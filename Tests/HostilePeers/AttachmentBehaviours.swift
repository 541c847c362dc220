import Node
import Operations
import Signatures
import SyncSession
import WireFormat

extension Behaviour {
  /// Files at the end of a session.
  static let attachments = [
    Behaviour("a file comes that nobody asked for", .refused("message-unexpected")) {
      try await $0.endWith(
        .attachment(
          .init(
            file: 0, number: 0, chunkDigests: [Attachment.digest(ofChunk: [1])], bytes: [1])))
    },
    Behaviour("a member wants files before its turn", .refused("message-unexpected")) {
      try await $0.misbehave(.attachmentWant([]))
    },
    Behaviour("a member wants 257 files", .refused("message-malformed")) {
      try await $0.endWith(.attachmentWant(absent(257)))
    },
    Behaviour("a member wants 256 files that nobody has", .session(isEqual: true)) {
      try await $0.endWith(.attachmentWant(absent(256)))
    },
    Behaviour.adding("a chunk is garbage", .refused("attachment-invalid")) { scene in
      try await scene.answerWant { file in
        var part = file
        part.bytes = Randomness.bytes(part.bytes.count)
        return [part]
      }
    },
    Behaviour.adding("the digests of chunks are another file's", .refused("attachment-invalid")) {
      try await $0.answerWant { file in
        var part = file
        part.bytes = Randomness.bytes(100)
        part.chunkDigests = [Attachment.digest(ofChunk: part.bytes)]
        return [part]
      }
    },
    Behaviour.adding("a chunk is longer than its file", .refused("attachment-invalid")) {
      try await $0.answerWant { file in
        var part = file
        part.bytes += [0]
        return [part]
      }
    },
    Behaviour.adding("a chunk comes out of order", .refused("attachment-invalid")) {
      try await $0.answerWant { file in
        var part = file
        part.number = 1 << 60
        return [part]
      }
    },
    Behaviour.adding("a file comes twice", .refused("message-unexpected")) {
      try await $0.answerWant { [$0, $0] }
    },
    Behaviour.adding("a file never comes", .session(isEqual: true)) {
      try await $0.answerWant { _ in [] }
    },
  ]

  private static func absent(_ count: Int) -> [AttachmentRequest] {
    (0..<count).compactMap { number in
      Attachment(
        digest: SHA256.hash([UInt8(number / 2)]),
        salt: [UInt8](repeating: UInt8(number % 2), count: Attachment.saltByteCount), size: 9
      ).map { AttachmentRequest($0, firstChunk: 0) }
    }
  }
}

extension Scene {
  /// As a member that claims the target's own set; then these messages.
  fileprivate func endWith(_ messages: Message...) async throws {
    _ = try admit()
    let (peer, _) = try await meet()
    await peer.send(.unknown())
    _ = try await peer.agreeUntilFiles(in: .records)
    for message in messages { await peer.send(message) }
    while try await peer.receive() != nil {}
    await peer.close()
  }

  /// Publishes an entry with a file; what the target then gets for its want is said by `answer`.
  fileprivate func answerWant(
    _ answer: (Message.AttachmentPart) -> [Message.AttachmentPart]
  ) async throws -> [Operation] {
    let member = try admit()
    let bytes = Randomness.bytes(20_000)
    guard let file = Attachment(of: bytes, salt: Randomness.bytes(Attachment.saltByteCount)) else {
      throw HostilePeer.Failure.unexpected("a file without a name")
    }
    let entry = try member.entry(naming: file)
    let (peer, _) = try await meet { $0.recordsCount = 1 }
    await peer.send(.inventory(.records, .init(mode: .everything, isLast: true, shortIDs: [])))
    await peer.send(.operations(.records, delivery([Parcel(entry)])))
    let wanted = try await peer.agreeUntilFiles(in: .records)
    // Files of the behaviours before may be wanted still.
    guard let place = wanted.firstIndex(of: AttachmentRequest(file, firstChunk: 0)) else {
      throw HostilePeer.Failure.unexpected("other wants: \(wanted)")
    }
    await peer.send(.attachmentWant([]))
    let honest = Message.AttachmentPart(
      file: UInt64(place), number: 0, chunkDigests: [Attachment.digest(ofChunk: bytes)],
      bytes: bytes)
    for part in answer(honest) { await peer.send(.attachment(part)) }
    await peer.send(.attachment(.end(of: wanted.count)))
    while try await peer.receive() != nil {}
    await peer.close()
    return [entry]
  }
}

extension Member {
  /// An entry with a row that names a file.
  fileprivate func entry(naming file: Attachment) throws -> Operation {
    let cells: [(String, CBOR)] = [
      ("digest", .text("\(file.digest)")), ("salt", .text(Hex.encode(file.salt))),
      ("size", .unsigned(UInt64(file.size))),
    ]
    return try Operation.record(
      cells.map { ChangeDraft(type: .set, path: "attachments/00000001/\($0.0)", value: $0.1) },
      family: "entry", record: nil, by: signer())
  }
}
