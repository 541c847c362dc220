import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import WireFormat

/// The sessions that the files hold.
enum Scenarios {
  static let names = [
    "0001-a-quiet-night", "0002-a-night-with-news-on-both-sides", "0003-a-first-meeting",
    "0004-a-restored-store", "0005-an-unknown-node", "0006-a-node-that-proves-itself-by-its-chain",
    "0007-a-file-that-follows",
  ]

  private static let third = id(3)

  static func transcript(_ name: String) throws -> Transcript {
    let region = try SampleRegion(seed: 1, organisations: 2, officersPerOrganisation: 1)
    let charter = region.charterOperations.map(Parcel.init)
    let file = Transcript.File(salt: [UInt8](0..<16), bytes: Array("En ritning.".utf8))
    let records = try (records(region, count: 6) + [entry(region, naming: file)]).map(Parcel.init)
    var transcript = Transcript(
      section: "session.md#exchange", comment: "",
      operations: [Parcel(region.founding)] + charter + records, region: region.id,
      initiator: side(1, region.organisations[0].node.publicKey),
      responder: side(2, region.organisations[1].node.publicKey), isPinned: false)
    let charterIndices = Array(1...charter.count)
    func holds(_ numbers: [Int]) -> [(index: Int, source: StoreID)] {
      (charterIndices + numbers.map { charter.count + $0 }).map { (index: $0, source: third) }
    }
    switch name {
    case names[0]:
      transcript.comment = "Both hold the same: one round trip."
      transcript.initiator.holds = holds([1, 2])
      transcript.responder.holds = holds([1, 2])
    case names[1]:
      transcript.comment = "Met yesterday; each has news, and one item has reached both already."
      transcript.initiator.holds = holds([1, 2, 3, 4])
      transcript.responder.holds = holds([1, 2, 4, 5])
      let equal = UInt64(charter.count + 3)
      let last = transcript.operations[charter.count + 2].id
      transcript.initiator.cursor = cursor(transcript.responder, equal, last)
      transcript.responder.cursor = cursor(transcript.initiator, equal, last)
    case names[2]:
      transcript.comment = "The initiator has only the region link, which names the responder."
      transcript.responder.holds = holds([1, 2, 3])
      transcript.isPinned = true
    case names[3]:
      transcript.comment = "The responder was restored from a backup: the cursor does not fit."
      transcript.initiator.holds = holds([1, 2, 3])
      transcript.responder.holds = holds([3, 4, 5])
      transcript.initiator.cursor = cursor(transcript.responder, 7, region.id)
    case names[4]:
      transcript.section = "session.md#hello"
      transcript.comment = "No charter names the initiator's key: refused, nothing told."
      transcript.initiator.node = SampleRegion.key("stranger", seed: 1).publicKey
      transcript.initiator.holds = holds([1])
      transcript.responder.holds = holds([2])
    case names[6]:
      transcript.section = "attachments.md#exchange"
      transcript.comment = "The responder's news names a file, which the initiator then fetches."
      transcript.initiator.holds = holds([1])
      transcript.responder.holds = holds([1, 7])
      transcript.responder.files = [file]
      let equal = UInt64(charter.count + 2)
      let last = transcript.operations[charter.count + 1].id
      transcript.initiator.cursor = cursor(transcript.responder, equal, last)
      transcript.responder.cursor = cursor(transcript.initiator, equal, last)
    default:
      transcript.section = "session.md#hello"
      transcript.comment = "The responder's charter is older than the initiator's admission."
      transcript.initiator.holds = holds([1])
      transcript.responder.holds = []
    }
    return try transcript.run()
  }

  private static func id(_ byte: UInt8) -> StoreID {
    guard let id = StoreID([UInt8](repeating: byte, count: StoreID.byteCount)) else {
      fatalError("16 bytes")
    }
    return id
  }

  private static func side(_ number: UInt8, _ node: PublicKey) -> Transcript.Side {
    Transcript.Side(
      node: node, store: id(number),
      nonce: [UInt8](repeating: 0x10 + number, count: Hello.nonceByteCount),
      clock: 1_767_225_600_000 + UInt64(number), cursor: nil)
  }

  private static func cursor(
    _ other: Transcript.Side, _ number: UInt64, _ operation: Digest
  ) -> PeerCursor {
    PeerCursor(
      cursor: StoreCursor(store: other.store, number: number, operation: operation),
      node: other.node, equalAt: number)
  }

  private static func records(_ region: SampleRegion, count: Int) throws -> [Operation] {
    var generator = SeededGenerator(seed: 42)
    return try (1...count).map { number in
      let organisation = region.organisations[number % 2]
      return try region.author(
        [ChangeDraft(type: .set, path: "title", value: .text("Exempel \(number)"))],
        by: organisation.officers[0], at: SampleRegion.time(UInt64(number) * 60_000),
        using: &generator)
    }
  }

  private static func entry(
    _ region: SampleRegion, naming file: Transcript.File
  ) throws -> Operation {
    var generator = SeededGenerator(seed: 43)
    let attachment = Attachment(of: file.bytes, salt: file.salt)
    let cells: [(String, CBOR)] = [
      ("digest", .text("\(attachment?.digest ?? .zero)")), ("salt", .text(Hex.encode(file.salt))),
      ("size", .unsigned(UInt64(file.bytes.count))),
    ]
    return try region.author(
      cells.map { ChangeDraft(type: .set, path: "attachments/00000001/\($0.0)", value: $0.1) },
      by: region.organisations[1].officers[0], at: SampleRegion.time(7 * 60_000),
      using: &generator)
  }
}
