import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Parcels that no store may hold: refused with their code, counted, and without any other trace.
@Suite struct RefusalTests {
  enum Fault: String, CaseIterable {
    case wrongSignature = "signature"
    case otherRegion = "signature of another region"
    case missingBody = "body-missing"
    case otherBody = "body-digest"
    case notShortest = "cbor-not-shortest"
    case garbage = "envelope"
    case empty = "envelope of nothing"
    case tooLarge = "operation-too-large"
    case noDelegation = "no-delegation"
    case unknownDelegation = "delegation-not-held"
    case otherKey = "key-not-delegated"
    case wrongRole = "role-may-not"
    case foreignPrev = "prev-foreign"
    case wrongScope = "wrong-scope"

    var code: String { String(rawValue.prefix { $0 != " " }) }
  }

  private var office: Office
  private let store: OperationStore

  init() throws {
    office = try Office()
    store = try office.store()
    try store.take([try office.entry("Före", by: office.organisation.officers[1])])
  }

  @Test(arguments: Fault.allCases)
  mutating func `a bad parcel is refused with its code and leaves no trace but a count`(
    fault: Fault
  ) throws {
    let parcel = try bad(fault)
    let before = (try store.content(), try store.snapshot().total)
    let report = try store.take([parcel])
    #expect(report.refusals.map(\.code) == [fault.code])
    #expect(report.refusals.map(\.id) == [parcel.id])
    #expect(report.held.isEmpty && report.waiting.isEmpty && report.duplicates.isEmpty)
    #expect(try store.content() == before.0)
    #expect(try store.snapshot().total == before.1)
    #expect(try store.refusalCounts() == [fault.code: 1])
  }

  @Test mutating func `what acts under a refused operation is refused with it`() throws {
    let (region, organisation) = (office.region, office.organisation)
    let device = SampleRegion.key("late admin", seed: 11)
    let next = SampleRegion.Delegate(
      key: organisation.nextRoot, delegation: organisation.id, role: .root)
    let unknown = SHA256.hash([1])
    try store.take(
      [
        region.act(
          .rotate(oldHeads: [], successor: unknown), by: next, at: SampleRegion.time(99),
          using: &office.generator),
        region.act(
          .revoke(key: device.publicKey, heads: [unknown], disowned: []), by: region.council,
          at: SampleRegion.time(99), using: &office.generator),
      ], in: .charter)
    // Outside the rotation's cut; and something of a key of which a head is awaited.
    let delegation = try region.act(
      .delegate(key: device.publicKey, role: .admin, from: 0, to: 0), by: organisation.root,
      at: SampleRegion.time(99), using: &office.generator)
    let act = try region.act(
      .node(key: organisation.node.publicKey, address: ""),
      by: SampleRegion.Delegate(key: device, delegation: delegation.id, role: .admin),
      at: SampleRegion.time(99), using: &office.generator)
    let report = try store.take([delegation, act], in: .charter)
    #expect(report.refusals.map(\.code) == ["outside-cut", "outside-cut"])
    let before = try store.content()
    try store.rebuild()
    #expect(try store.content() == before)
  }

  @Test mutating func `good parcels of a batch are held beside bad ones, in any order`() throws {
    for fault in Fault.allCases {
      let good = [try office.entry("Ett"), try office.entry("Två")]
      let bad = try bad(fault)
      let report = try store.take([Parcel(good[0]), bad, Parcel(good[1])])
      #expect(report.held == good.map(\.id), "beside \(fault)")
      #expect(report.refusals.map(\.code) == [fault.code])
    }
  }

  @Test mutating func `the same refusal is counted each time it is offered`() throws {
    let parcel = try bad(.wrongSignature)
    for _ in 0..<3 { try store.take([parcel]) }
    #expect(try store.refusalCounts() == ["signature": 3])
    #expect(try store.status().refusals[0].latest == Int64(Office.clock))
  }

  @Test func `a refusal made elsewhere is counted too`() throws {
    let refusal = IngestReport.Refusal(id: .zero, code: "frame-too-large", reason: "fil")
    try store.count([refusal, refusal], now: 5)
    #expect(try store.refusalCounts() == ["frame-too-large": 2])
  }

  @Test mutating func `any truncation and any flipped bit of an operation is refused`() throws {
    let operation = try office.entry("Hel")
    let whole = Parcel(operation)
    let before = try store.content()
    var parcels: [Parcel] = stride(from: 0, to: whole.envelope.count, by: 7).map {
      Parcel(envelope: Array(whole.envelope.prefix($0)), body: whole.body)
    }
    for bit in stride(from: 0, to: whole.envelope.count * 8, by: 13) {
      var damaged = whole.envelope
      damaged[bit / 8] ^= 1 << (bit % 8)
      parcels.append(Parcel(envelope: damaged, body: whole.body))
    }
    for bit in stride(from: 0, to: whole.body.count * 8, by: 61) {
      var damaged = whole.body
      damaged[bit / 8] ^= 1 << (bit % 8)
      parcels.append(Parcel(envelope: whole.envelope, body: damaged))
    }
    let report = try store.take(parcels)
    #expect(report.refusals.count == parcels.count)
    #expect(try store.content() == before)
    #expect(try store.take([whole]).held == [operation.id])
  }
}

extension RefusalTests {
  private mutating func bad(_ fault: Fault) throws -> Parcel {
    let region = office.region
    let good = Parcel(try office.entry("Dålig"))
    var envelope = good.envelope
    switch fault {
    case .wrongSignature:
      envelope[envelope.count - 40] ^= 1
      return Parcel(envelope: envelope, body: good.body)
    case .otherRegion:
      let other = try SampleRegion(seed: 12)
      return Parcel(
        try other.author(
          [.set("title", "x")], by: other.organisations[0].officers[0],
          at: SampleRegion.time(1), using: &office.generator))
    case .missingBody: return Parcel(envelope: envelope, body: [])
    case .otherBody:
      return Parcel(
        envelope: envelope, body: Body(values: [.text("Bytt")], random: [UInt8](1...16)).bytes)
    case .notShortest: return Parcel(envelope: try signedInLongForm(), body: good.body)
    case .garbage: return Parcel(envelope: office.generator.bytes(300), body: [])
    case .empty: return Parcel(envelope: [], body: [])
    case .tooLarge: return try tooLarge()
    case .noDelegation: return try signed(under: nil, by: office.officer.key)
    case .unknownDelegation:
      return try signed(under: SHA256.hash(office.generator.bytes(8)), by: office.officer.key)
    case .otherKey:
      return try signed(under: office.officer.delegation, by: region.key("a stranger"))
    case .wrongRole:
      let reviewer = office.organisation.reviewer
      return try signed(under: reviewer.delegation, by: reviewer.key)
    case .foreignPrev:
      let foreign = try store.ids(.records)[0]
      return Parcel(try office.entry(after: [foreign]))
    case .wrongScope:
      return Parcel(
        try region.act(
          .node(key: region.key("new node").publicKey, address: ""), by: office.organisation.admin,
          at: SampleRegion.time(9), using: &office.generator))
    }
  }

  private mutating func signed(under delegation: Digest?, by key: SigningKey) throws -> Parcel {
    Parcel(
      try Operation.record(
        [ChangeDraft.set("title", "Utan rätt")], family: "entry", record: nil,
        by: Operation.Signer(
          key: key, delegation: delegation, region: office.region.id, prev: [],
          timestamp: SampleRegion.time(5), random: office.generator.bytes(16))))
  }

  /// A valid signature over a header whose version is written in two bytes.
  private mutating func signedInLongForm() throws -> [UInt8] {
    let payload = try office.entry("Dålig").envelope.payload
    // array(n), then version 1 as 0x18 0x01.
    let long = [payload[0], 0x18] + payload.dropFirst()
    return Envelope(
      signing: long, with: office.officer.key, domain: .operation, region: office.region.id
    ).bytes
  }

  /// Envelope and body are valid and together 65 KiB.
  private mutating func tooLarge() throws -> Parcel {
    let text = String(repeating: "å", count: 32_700)
    let body = Body(values: [.text(text)], random: office.generator.bytes(16))
    var header = try office.entry().header
    header.bodyDigest = body.digest
    header.bodySize = body.bytes.count
    let envelope = Envelope(
      signing: header.encoded, with: office.officer.key, domain: .operation,
      region: office.region.id)
    return Parcel(envelope: envelope.bytes, body: body.bytes)
  }
}
