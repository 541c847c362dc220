import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// Files at the end of a session (`Protocol/attachments.md#exchange`).
@Suite struct AttachmentMeetingTests {
  private static let chunk = Attachment.chunkByteCount

  @Test func `files go both ways in the session that brings what names them`() throws {
    let (a, b) = (try Member(0), try Member(1))
    let files = [
      try a.attach(10), try a.attach(20 * Self.chunk + 3), try b.attach(Self.chunk),
    ]
    let meeting = try meet(a, b)
    #expect(meeting.isEqual)
    #expect(meeting.caller.attachmentsReceived == 1 && meeting.caller.attachmentsSent == 2)
    #expect(meeting.callee.attachmentsReceived == 2 && meeting.callee.attachmentsSent == 1)
    for member in [a, b] {
      for file in files {
        let held = try member.store.bytes(of: file.attachment)
        #expect(held == file.bytes)
      }
      #expect(try member.store.attachmentsMissing() == 0)
    }
  }

  @Test func `a quiet night without missing files has two frames, as without any files`() throws {
    let (a, b) = (try Member(0), try Member(1))
    _ = try a.attach(10)
    try meet(a, b)
    #expect(try meet(a, b).frames.count == 2)
  }

  @Test func `what the peer lacks is asked for again, of another, and nothing else is hindered`()
    throws
  {
    let (a, b, c) = (try Member(0), try Member(1), try Member(2))
    let file = try a.attach(Self.chunk + 1)
    try meet(a, b, stores: [Keeping(wrapped: a.store), nil])
    #expect(try b.store.bytes(of: file.attachment) == nil)
    #expect(try b.store.attachmentsMissing() == 1)
    // C learns of the entry from B, which has no file; both ask A.
    let second = try meet(b, c)
    #expect(second.isEqual && second.caller.attachmentsSent == 0)
    try meet(a, c)
    let third = try meet(c, b)
    #expect(third.isEqual && third.callee.attachmentsReceived == 1)
    #expect(try b.store.bytes(of: file.attachment) == file.bytes)
  }

  @Test(arguments: [true, false])
  func `a session cut after any frame keeps the chunks it got, and none comes twice`(
    isCallerTheSource: Bool
  ) throws {
    func scene() throws -> (Member, Member, Member.NamedFile) {
      let (a, b) = (try Member(0), try Member(1))
      return (a, b, try a.attach(40 * Self.chunk))
    }
    func meeting(_ a: Member, _ b: Member) throws -> Meeting {
      isCallerTheSource ? try Meeting(a, b) : try Meeting(b, a)
    }
    let (a, b, _) = try scene()
    var whole = try meeting(a, b)
    try whole.run()
    // Chunks are kept 16 at a time.
    var stops = Set(0..<whole.delivered).filter { $0.isMultiple(of: 7) || $0 < 12 }
    stops.insert(whole.delivered - 1)
    for cut in stops.sorted() {
      let (a, b, file) = try scene()
      var first = try meeting(a, b)
      try first.run(upTo: cut)
      var second = try meeting(a, b)
      try second.run()
      #expect(second.isEqual, "cut after \(cut)")
      #expect(try b.store.bytes(of: file.attachment) == file.bytes, "cut after \(cut)")
      let chunks = try second.messages.compactMap { message -> UInt64? in
        guard case .attachment(let part) = message, !part.bytes.isEmpty else { return nil }
        return part.number
      }
      let again = try second.messages.compactMap { message -> UInt64? in
        guard case .attachmentWant(let wanted) = message else { return nil }
        return wanted.first.map { UInt64($0.firstChunk) }
      }
      #expect(again.allSatisfy { $0.isMultiple(of: 16) }, "cut after \(cut): \(again)")
      // What was kept does not come again, the rest comes once.
      #expect(chunks == again.first.map { Array($0..<40) } ?? [], "cut after \(cut)")
    }
  }

  @Test func `no more is asked for in a session than its bound, and the next asks for the rest`()
    throws
  {
    let (a, b) = (try Member(0), try Member(1))
    let most = Limits.attachmentBytesPerSessionMax / Limits.attachmentBytesMax
    try a.nameAbsent(most + 5, size: Limits.attachmentBytesMax)
    func asked() throws -> Set<Digest> {
      Set(
        try meet(b, a).messages.flatMap { message -> [Digest] in
          guard case .attachmentWant(let wanted) = message else { return [] }
          return wanted.map(\.attachment.digest)
        })
    }
    let (first, second) = (try asked(), try asked())
    #expect(first.count == most && second.count == most)
    #expect(first.union(second).count == most + 5)
  }

  @Test func `an organisation over its quota of files keeps its records and gets no more files`()
    throws
  {
    let (a, b) = (try Member(0), try Member(1))
    try b.store.setAttachmentQuota(bytes: 1000)
    let files = [try a.attach(600), try a.attach(700), try a.attach(300)]
    let meeting = try meet(a, b)
    #expect(meeting.isEqual && meeting.callee.attachmentsReceived == 2)
    #expect(try b.store.bytes(of: files[1].attachment) == nil)
    #expect(try b.store.missingAttachments().map(\.attachment) == [files[1].attachment])
    #expect(try b.store.attachmentsMissing() == 0, "it is not asked for")
    #expect(try meet(a, b).frames.count == 2)
  }

  @Test func `names of files that nobody has do not keep others from being fetched`() throws {
    let (a, b) = (try Member(0), try Member(1))
    // As many as a session may ask for, all smaller than the real one.
    for _ in 0..<2 { try a.nameAbsent(Limits.attachmentsPerSessionMax / 2, size: 1) }
    try meet(a, b)
    let real = try a.attach(2000)
    try meet(a, b)
    #expect(try b.store.bytes(of: real.attachment) == real.bytes)
  }

  @Test func `a false name of somebody's file ends no session, and the file comes all the same`()
    throws
  {
    let (a, b, c) = (try Member(0), try Member(1), try Member(2))
    let file = try a.attach(Self.chunk + 5)
    try meet(a, b)
    // Salt and size stand where every member reads them.
    let wrong = try #require(
      Attachment(digest: file.attachment.digest, salt: file.attachment.salt, size: 1))
    try b.name(wrong)
    for (caller, callee) in [(b, a), (c, a), (c, b), (a, c)] {
      #expect(try meet(caller, callee).isEqual)
    }
    #expect(try c.store.bytes(of: file.attachment) == file.bytes)
    #expect(try c.store.bytes(of: wrong) == nil)
  }

  @Test func `a chunk longer than its file says is refused, though the digest is of it`() throws {
    let (a, b) = (try Member(0), try Member(1))
    let bytes = [UInt8](repeating: 7, count: Self.chunk)
    let real = try #require(Attachment(of: bytes, salt: [UInt8](0..<16)))
    let digest = Attachment.digest(ofChunk: bytes)
    // Made by its publisher: the digest of a size of 1, over a chunk of 64 KiB.
    let size: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
    let forged = try #require(
      Attachment(
        digest: Domain.attachment.hash(real.salt, size, digest.bytes), salt: real.salt, size: 1))
    #expect(forged.isMade(of: [digest]))
    try a.name(forged)
    try meet(a, b)
    var puppet = try Puppet(.responder, b, a)
    try puppet.sayHello()
    #expect(throws: SessionError.self) {
      try puppet.say(Wire.attachment(0, 0, [digest], bytes))
    }
    #expect(try b.store.bytes(of: forged) == nil)
  }

  // MARK: A peer that lies

  @Test func `a chunk that is not what its name says ends the session, and is not kept`() throws {
    for lie in Spoiling.Lie.allCases {
      let (a, b) = (try Member(0), try Member(1))
      let file = try a.attach(3 * Self.chunk)
      var meeting = try Meeting(a, b, stores: [Spoiling(wrapped: a.store, lie: lie), nil])
      #expect("\(lie)") { try meeting.run() } throws: { error in
        guard case SessionError.attachment(file.attachment.digest, _) = error else { return false }
        return true
      }
      #expect(try b.store.bytes(of: file.attachment) == nil, "\(lie)")
      #expect(try b.records == a.records, "what was settled before stays")
      #expect(try meet(a, b).isEqual)
      #expect(try b.store.bytes(of: file.attachment) == file.bytes, "\(lie)")
    }
  }

  @Test func `files nobody asked for, out of order, twice or after the end are refused`() throws {
    func puppet() throws -> (Puppet, [Member.NamedFile]) {
      let (real, peer) = (try Member(0), try Member(1))
      let files = [try peer.attach(5), try peer.attach(6)]
      // The records are equal, the files are not here.
      try meet(peer, real, stores: [Keeping(wrapped: peer.store), nil])
      var puppet = try Puppet(.responder, real, peer)
      try puppet.sayHello()
      return (puppet, files)
    }
    func part(_ place: UInt64, _ file: Member.NamedFile) -> [UInt8] {
      Wire.attachment(place, 0, [Attachment.digest(ofChunk: file.bytes)], file.bytes)
    }
    let end = Wire.attachment(2, 0, [], [])
    let (_, files) = try puppet()
    for frames in [
      [Wire.attachment(2, 0, [.zero], [1])], [Wire.attachment(0, 0, [], [])],
      [part(1, files[1]), part(0, files[0])], [part(0, files[0]), part(0, files[0])], [end, end],
      [end, part(0, files[0])], [Wire.wanted([]), Wire.wanted([])], [Wire.inventory(.records)],
    ] {
      var (puppet, _) = try puppet()
      for frame in frames.dropLast() { try puppet.say(frame) }
      #expect { try puppet.say(frames[frames.count - 1]) } throws: { error in
        if case SessionError.unexpected = error { true } else { false }
      }
    }
    var (honest, _) = try puppet()
    for frame in [part(0, files[0]), part(1, files[1]), end, Wire.wanted([])] {
      try honest.say(frame)
    }
    #expect(honest.session.isFinished && honest.session.report.isEqual)
    #expect(honest.session.report.attachmentsReceived == 2)
  }

  @Test func `what is asked for is served only while a live value names it`() throws {
    let (real, peer) = (try Member(0), try Member(1))
    let file = try real.attach(9)
    try meet(real, peer)
    var puppet = try Puppet(.responder, real, peer)
    try puppet.sayHello { $0.attachmentsMissing = 1 }
    let other = try #require(Attachment(digest: .zero, salt: file.attachment.salt, size: 9))
    let wrong = try #require(
      Attachment(digest: file.attachment.digest, salt: file.attachment.salt, size: 8))
    try puppet.say(
      Wire.wanted([(other, 0), (file.attachment, 1), (wrong, 0), (file.attachment, 0)]))
    let parts = puppet.answers.compactMap { message -> Message.AttachmentPart? in
      if case .attachment(let part) = message { part } else { nil }
    }
    #expect(parts.map(\.file) == [3, 4])
    #expect(parts.first?.bytes == file.bytes)
  }
}

/// A store that keeps its files to itself.
private struct Keeping: WrappedStore {
  let wrapped: OperationStore

  func chunkDigests(of attachment: Operations.Attachment) throws -> [Digest]? { nil }
}

/// A store that sends other chunks than it should.
private struct Spoiling: WrappedStore {
  enum Lie: CaseIterable { case flippedBit, shortChunk, otherChunk, otherDigests, missingDigest }

  let wrapped: OperationStore
  let lie: Lie

  func chunkDigests(of attachment: Operations.Attachment) throws -> [Digest]? {
    let honest = try wrapped.chunkDigests(of: attachment)
    switch lie {
    case .otherDigests: return honest?.reversed()
    case .missingDigest: return honest.map { Array($0.dropLast()) }
    case .flippedBit, .shortChunk, .otherChunk: return honest
    }
  }

  func chunk(_ number: Int, of attachment: Operations.Attachment) throws -> [UInt8]? {
    var honest = try wrapped.chunk(number, of: attachment)
    switch lie {
    case .flippedBit where number == 1: honest?[7] ^= 1
    case .shortChunk where number == 1: honest?.removeLast()
    case .otherChunk where number == 1: return try wrapped.chunk(2, of: attachment)
    default: break
    }
    return honest
  }
}
