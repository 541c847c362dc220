import Operations
import Signatures
import SyncSession
import TestSupport
import Testing
import WireFormat

/// Every message, written by hand, reads and is written the same.
@Suite struct MessageTests {
  static let id = Digest([UInt8](1...32)) ?? .zero
  static let parcels = [
    Parcel(envelope: [1, 2, 3], body: []),
    Parcel(envelope: [UInt8](repeating: 4, count: 300), body: [9]),
  ]

  static let frames: [[UInt8]] = [
    hello(cursor: []),
    hello(cursor: [.bytes([UInt8](1...16)), .unsigned(70), .bytes(OperationMark(id).bytes)]),
    hello(cursor: [], paused: [Digest.zero, id]), hello(nodeAct: [], cursor: []),
    Wire.frame(.unsigned(1)), Wire.chain([]), Wire.chain(parcels),
    Wire.frame(.unsigned(3), .text("other-region"), .text("skäl på svenska"), .parcels(parcels)),
    Wire.inventory(.charter, mode: 0, [0, 1, .max]), Wire.inventory(.records, mode: 1),
    Wire.inventory(.records, mode: 2, isLast: false), Wire.want(.records, [0x80, 0x01]),
    Wire.operations(.charter, []),
    Wire.operations(
      .records, parcels, through: Arrival(number: 1 << 40, id: id), isLast: false),
    Wire.digest(.charter, charter: id, records: .zero),
    Wire.reconcile(.records, pass: 1, isLast: false, [0x61]), Wire.reconcile(.charter, []),
    Wire.need(.records, [id, .zero]), Wire.need(.charter, isLast: false, []),
    Wire.wanted([]), Wire.wanted([(file(id), 3), (file(.zero), 0)]),
    Wire.attachment(0, 0, [id, .zero], [1, 2, 3]), Wire.attachment(1, 7, [], [9]),
    Wire.attachment(2, 0, [], []),
    Wire.delta(.records, [], [0x28]),
    Wire.delta(
      .charter, [OperationMark(id), OperationMark(.zero)], [1, 2],
      through: Arrival(number: 9, id: id), isLast: false),
  ]

  private static func file(_ digest: Digest, size: Int = 70_000) -> Operations.Attachment {
    guard let file = Attachment(digest: digest, salt: [UInt8](0..<16), size: size) else {
      fatalError("a size that none has")
    }
    return file
  }

  private static func hello(
    nodeAct: [UInt8] = id.bytes, cursor: [CBOR], paused: [Digest] = []
  ) -> [UInt8] {
    Wire.frame(
      .unsigned(0), .unsigned(1), .bytes(id.bytes), .bytes(nodeAct), .bytes([UInt8](1...16)),
      .bytes([UInt8](2...17)), .unsigned(7), .bytes(OperationMark(id).bytes), .unsigned(3),
      .unsigned(8),
      .bytes(id.bytes), .bytes(Digest.zero.bytes), .array(cursor),
      .unsigned(1_735_689_600_000), .digests(paused), .unsigned(4))
  }

  @Test func `every message is written as it was read`() throws {
    for frame in Self.frames { #expect(try Message(decoding: frame).encoded == frame) }
  }

  @Test func `each kind of message stands in the list`() throws {
    let kinds = try Self.frames.map { frame -> UInt64 in
      var reader = try ArrayReader(try CBOR(decoding: frame), "message")
      return try reader.unsigned("type")
    }
    #expect(Set(kinds) == Set(0...12))
  }

  @Test func `fields stand where the protocol says`() throws {
    guard case .hello(let hello) = try Message(decoding: Self.frames[1]) else {
      Issue.record("not a hello")
      return
    }
    #expect(hello.region == Self.id)
    #expect(hello.nodeAct == Self.id)
    #expect(hello.store.bytes == [UInt8](1...16))
    #expect(hello.nonce == [UInt8](2...17))
    #expect(hello.last.number == 7 && hello.last.operation == OperationMark(Self.id))
    #expect(hello.charterCount == 3 && hello.recordsCount == 8)
    #expect(hello.digests.charter == Self.id && hello.digests.records == .zero)
    #expect(hello.cursor?.number == 70 && hello.cursor?.operation == OperationMark(Self.id))
    #expect(hello.clock == 1_735_689_600_000 && hello.attachmentsMissing == 4)
    let inventory = try Message(decoding: Wire.inventory(.charter, mode: 0, [1, 1 << 63]))
    guard case .inventory(.charter, let list) = inventory else {
      Issue.record("not an inventory")
      return
    }
    #expect(list.shortIDs == [1, 1 << 63] && list.isLast && list.mode == .listed)
  }

  @Test func `every truncation and every longer frame is malformed`() {
    for frame in Self.frames {
      for length in frame.indices {
        #expect(throws: WireError.self) { try Message(decoding: Array(frame[..<length])) }
      }
      #expect(throws: WireError.self) { try Message(decoding: frame + [0]) }
    }
  }

  @Test func `every flipped bit is malformed or a message that is written as it was read`() {
    var malformed = 0
    for frame in Self.frames {
      for bit in 0..<frame.count * 8 {
        var damaged = frame
        damaged[bit / 8] ^= 1 << (bit % 8)
        do {
          let message = try Message(decoding: damaged)
          // A position is only said together with its id.
          if case .operations = message { continue }
          if case .delta = message { continue }
          #expect(message.encoded == damaged, "bit \(bit)")
        } catch {
          malformed += 1
        }
      }
    }
    #expect(malformed > 1000)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `random bytes and random CBOR never trap`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<300 {
      let length = Int(generator.next() % 80)
      var bytes = generator.bytes(length)
      if generator.oneIn(2) { bytes = [0x85, UInt8(generator.next() % 13)] + bytes }
      _ = try? Message(decoding: bytes)
    }
  }

  @Test(arguments: [
    Wire.inventory(.records, mode: 3), Wire.inventory(.records, mode: 1, [5]),
    Wire.frame(.unsigned(4), .unsigned(1), .unsigned(0), .bool(true), .bytes([1, 2, 3])),
    Wire.frame(.unsigned(5), .unsigned(2), .bytes([])),
    Wire.reconcile(.records, pass: 2, []),
    Wire.frame(.unsigned(9), .unsigned(1), .bool(true), .bytes([1])),
    Wire.frame(.unsigned(3), .text(String(repeating: "x", count: 65)), .text(""), .array([])),
    Wire.frame(.unsigned(2), .array([.array([.bytes([1])])])),
    Wire.frame(.unsigned(10), .array([.array([.bytes([1]), .unsigned(0)])])),
    Wire.wanted(.init(repeating: (file(id), 0), count: Limits.attachmentsPerSessionMax + 1)),
    Wire.frame(
      .unsigned(10),
      .array([
        .array([.bytes(id.bytes), .bytes([UInt8](0..<16)), .unsigned(0), .unsigned(0)])
      ])),
    Wire.attachment(0, 1, [], []), Wire.attachment(0, 0, [id], []),
    Wire.attachment(0, 0, [], [UInt8](repeating: 1, count: Attachment.chunkByteCount + 1)),
    Wire.frame(.unsigned(12)), Wire.frame(), CBOR.unsigned(1).encoded,
    hello(cursor: [.bytes([UInt8](1...16))]), hello(nodeAct: [1], cursor: []),
    hello(cursor: [], paused: [id, .zero]),
  ])
  func `a message with a field out of range is malformed`(frame: [UInt8]) {
    #expect(throws: WireError.self) { try Message(decoding: frame) }
  }
}
