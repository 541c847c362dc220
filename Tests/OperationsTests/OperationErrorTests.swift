import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Every reason why bytes are not an operation, one test each, named after the case.
struct OperationErrorTests {
  private func raw() throws -> (RawOperation, SampleRegion) {
    let region = try Sample.region()
    return (RawOperation(recordBy: region.organisations[0].officers[0], in: region), region)
  }

  private func code(of raw: RawOperation, in region: SampleRegion) -> String? {
    #expect(throws: OperationError.self) { try raw.read(in: region) }?.code
  }

  @Test func `the sample without a fault is read`() throws {
    let (raw, region) = try raw()
    #expect(try raw.read(in: region).header.author == raw.key.publicKey)
  }

  @Test func `wire - a payload outside the profile is refused before its signature`() throws {
    var (raw, region) = try raw()
    raw.payloadOverride = [0x9f, 0xff]
    #expect(throws: OperationError.wire(.unsupported(offset: 0, initialByte: 0x9f))) {
      try raw.read(in: region)
    }
  }

  @Test func `envelope - another opening than the fixed one is refused`() throws {
    let (raw, region) = try raw()
    let error = OperationError.envelope("not the fixed COSE header")
    let envelope = raw.envelope
    let variants: [[UInt8]] = [
      [], [0x84], Array(envelope.prefix(5)),
      [0xd2] + envelope,  // tagged 18
      [0x84, 0x43, 0xa1, 0x01, 0x26, 0xa0] + envelope.dropFirst(6),  // ES256
      [0x84, 0x43, 0xa1, 0x01, 0x27, 0xa1, 0x04, 0x40] + envelope.dropFirst(6),  // a key id
      [0x84, 0x40, 0xa1, 0x01, 0x27] + envelope.dropFirst(6),  // algorithm left unprotected
    ]
    for variant in variants {
      #expect(throws: error) { try Operation(envelope: variant, body: raw.body, region: region.id) }
    }
  }

  @Test func `tooLarge - envelope and body over 64 KiB are refused`() throws {
    let (region, operation) = (try Sample.region(), try Sized.operation(bytes: 65_536))
    #expect(operation.envelope.count + operation.body.count == Limits.operationBytesMax)
    #expect(try operation.read(in: region).byteCount == Limits.operationBytesMax)
    let over = try Sized.operation(bytes: 65_537)
    #expect(
      throws: OperationError.tooLarge(what: "operation", limit: 65_536, found: 65_537)
    ) { try over.read(in: region) }
  }

  @Test func `tooLarge - an envelope over 64 KiB is refused unread`() throws {
    let region = try Sample.region()
    let bytes = [UInt8](repeating: 0x84, count: 65_537)
    #expect(
      throws: OperationError.tooLarge(what: "envelope", limit: 65_536, found: 65_537)
    ) { try Operation(envelope: bytes, body: [], region: region.id) }
  }

  @Test func `signature - another key, region, domain or payload is refused`() throws {
    let (raw, region) = try raw()
    var otherKey = raw
    otherKey.key = region.organisations[0].officers[1].key
    var otherRegion = raw
    otherRegion.region = SHA256.hash([1])
    var founding = raw
    founding.region = .zero
    for forged in [otherKey, otherRegion, founding] {
      #expect(throws: OperationError.signature) { try forged.read(in: region) }
    }
    #expect(throws: OperationError.signature) {
      try Operation(
        envelope: region.founding.envelope.bytes, body: region.founding.body?.bytes ?? [],
        region: region.id)
    }
  }

  @Test func `bodyDigest - another body of the same size is refused`() throws {
    var (raw, region) = try raw()
    raw.body = Body(values: [.text("Annat")], random: [UInt8](repeating: 5, count: 16)).bytes
    #expect(throws: OperationError.bodyDigest) { try raw.read(in: region) }
  }

  @Test func `bodySize - a body of another length is refused, also none and one too many`() throws {
    let (raw, region) = try raw()
    var none = raw
    none.body = []
    #expect(throws: OperationError.bodySize(expected: 256, found: 0)) { try none.read(in: region) }
    var longer = raw
    longer.body.append(0)
    #expect(throws: OperationError.bodySize(expected: 256, found: 257)) {
      try longer.read(in: region)
    }
    var unannounced = raw
    unannounced.content[2] = .array([])
    (unannounced.bodyDigest, unannounced.bodySize) = (.bytes([]), .unsigned(0))
    #expect(throws: OperationError.bodySize(expected: 0, found: 256)) {
      try unannounced.read(in: region)
    }
  }

  @Test func `valueCount - more or fewer values than the header announces are refused`() throws {
    let (raw, region) = try raw()
    var more = raw
    more.carry(
      Body(values: [.text("A"), .text("B")], random: [UInt8](repeating: 5, count: 16)).bytes)
    #expect(throws: OperationError.valueCount(expected: 1, found: 2)) { try more.read(in: region) }
    var none = raw
    (none.bodyDigest, none.bodySize, none.body) = (.bytes([]), .unsigned(0), [])
    #expect(throws: OperationError.valueCount(expected: 1, found: 0)) { try none.read(in: region) }
    let nameless = Act.found(
      council: [Act.CouncilKey(key: region.council.key.publicKey, successor: .zero)], threshold: 1)
    #expect(throws: OperationError.valueCount(expected: 1, found: 0)) {
      try Operation.charter(
        nameless,
        by: Operation.Signer(
          key: region.council.key, delegation: nil, region: .zero, prev: [],
          timestamp: SampleRegion.start, random: [UInt8](repeating: 1, count: 16)))
    }
  }

  @Test func `a body that is missing is accepted only where the caller says so`() throws {
    let (raw, region) = try raw()
    let operation = try Operation(
      envelope: raw.envelope, body: [], region: region.id, bodyMayBeMissing: true)
    #expect(operation.body == nil)
  }
}
