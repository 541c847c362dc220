import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Projections are a function of the operations, however they came.
@Suite struct RebuildTests {
  private var office: Office

  init() throws {
    office = try Office()
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  mutating func `rebuild reproduces every projection byte for byte`(seed: UInt64) throws {
    let store = try office.store()
    var history = EditHistory(seed: seed)
    for step in 0..<25 {
      try history.edit(store, office)
      // Searching fills the index between edits, so that edits have to take words out of it.
      if step % 5 == 0 { _ = try store.search("värde", family: "entry") }
    }
    let before = try store.projectionDump()
    #expect(before.count > 10)
    try store.rebuild()
    #expect(try store.projectionDump() == before, "seed \(seed)")
    let copy = try office.store()
    try store.copyRecords(to: copy)
    #expect(try copy.projectionDump() == before, "seed \(seed): taken in by another store")
  }

  @Test mutating func `an organisation whose last operation is cut leaves no trace in the digests`()
    throws
  {
    let store = try office.store()
    let before = try store.digestLines()
    try store.take([try office.entry()])
    #expect(try store.digestLines() != before)
    _ = try store.publish(
      [.act(.revoke(key: office.officer.key.publicKey, heads: [], disowned: []), name: nil)],
      with: office.organisation.admin.key, as: [.admin], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: Body.randomByteCount) })
    #expect(try store.digestLines().count == before.count)
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
  }

  @Test mutating func `a record that only an heir has written is there after rebuild too`() throws {
    let store = try office.store()
    let heir = office.region.organisations[1]
    _ = try store.publish(
      [.act(.succeed(from: office.organisation.id, to: heir.id, records: []), name: nil)],
      with: office.region.council.key, as: [.council], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: Body.randomByteCount) })
    // The id of an operation of the predecessor that creates no record.
    try store.write(
      .set("title", "Arv"), to: office.organisation.admin.delegation, by: heir.officers[0])
    #expect(try store.records(family: "entry").first?.key.organisation == office.organisation.id)
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
  }

  @Test mutating func `an operation that is refused for a cut leaves no trace of its size`() throws
  {
    let store = try office.store(withCharter: false)
    let (region, organisation) = (office.region, office.organisation)
    let admission = try #require(region.charterOperations.first { $0.id == organisation.id })
    let removal = try region.act(
      .remove(organisation: organisation.id, cuts: []), by: region.council,
      at: SampleRegion.time(9), using: &office.generator)
    try store.take([admission, removal], in: .charter)
    let late = try region.act(
      .node(key: organisation.node.publicKey, address: ""), by: organisation.root,
      at: SampleRegion.time(9), using: &office.generator)
    let report = try store.take([late], in: .charter)
    #expect(report.refusals.map(\.code) == ["outside-cut"])
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  mutating func `what is shown of a record is the fold of its operations`(seed: UInt64) throws {
    let store = try office.store()
    var history = EditHistory(seed: seed)
    for _ in 0..<20 { try history.edit(store, office) }
    let summaries = try store.records(family: "entry")
    #expect(!summaries.isEmpty)
    for summary in summaries {
      let held = try store.operations(of: summary.key)
      let state = try #require(try store.record(summary.key))
      #expect(state.dump == RecordState.dump(held, of: summary.key), "seed \(seed)")
      #expect(state.dump == NaiveFold.dump(held, of: summary.key), "seed \(seed)")
      #expect(summary.title == state.displayedText("title"))
      #expect(summary.conflicts == state.conflicts.count)
      #expect(summary.created == Int64(state.created.milliseconds))
      #expect(summary.updated == Int64(state.updated.milliseconds))
      let themes = (state["themes"]?.elements ?? []).compactMap(\.text)
      #expect(Set(summary.facets["themes"] ?? []) == Set(themes))
    }
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  mutating func `the order of arrival does not show in any projection`(seed: UInt64) throws {
    let store = try office.store()
    var history = EditHistory(seed: seed)
    for _ in 0..<20 { try history.edit(store, office) }
    var generator = SeededGenerator(seed: seed)
    let copy = try office.store()
    var parcels = try store.recordParcels()
    parcels.shuffle(using: &generator)
    for parcel in parcels {
      try copy.take([parcel])
      if generator.oneIn(4) { _ = try copy.search("värde", family: "entry") }
    }
    #expect(try copy.projectionDump() == store.projectionDump(), "seed \(seed)")
  }

  @Test mutating func `an edited word leaves the index with its last record`() throws {
    let store = try office.store()
    let first = try store.write(.set("title", "hemlighet"), by: office.officer, random: 1)
    try store.write(.set("title", "hemlighet två"), by: office.officer, random: 2)
    #expect(try store.titles(matching: "hemlighet").count == 2)
    try store.write(
      .set("title", "offentligt", over: first.change()), to: first.id, by: office.officer)
    #expect(try store.titles(matching: "hemlighet") == ["hemlighet två"])
    #expect(try store.projectionDump().contains { $0.contains("\"hemlighet\"") })
    for record in try store.records(family: "entry") where record.title == "hemlighet två" {
      let state = try #require(try store.record(record.key)?["title"])
      try store.write(
        ChangeDraft(type: .clear, path: "title", targets: state.liveAssignments),
        to: record.key.record, by: office.officer)
    }
    #expect(try store.titles(matching: "hemlighet").isEmpty)
    #expect(try !store.projectionDump().contains { $0.contains("hemlighet") })
  }

  @Test mutating func `an operation that is not understood is held and shown in nothing`() throws {
    let store = try office.store()
    let before = try store.shown()
    var header = try office.entry("Framtid").header
    header.content = .changes(family: "entry", record: nil, [])
    let payload = try CBOR(decoding: header.encoded)
    guard case .array(var fields) = payload else { return }
    fields[0] = .unsigned(2)
    let envelope = Envelope(
      signing: CBOR.array(fields).encoded, with: office.officer.key, domain: .operation,
      region: office.region.id)
    let body = try office.bodyOfEntry("Framtid", header)
    let report = try store.take([Parcel(envelope: envelope.bytes, body: body)])
    #expect(report.held.count == 1, "\(report.refusals)")
    #expect(try store.shown() == before)
    #expect(try store.status().notUnderstood == 1)
    #expect(try store.snapshot().total.count == UInt64(store.status().held))
  }
}

extension OperationStore {
  /// What is made of operations for people: everything but counts, digests and verdicts.
  fileprivate func shown() throws -> [String] {
    try projectionDump().filter { line in
      !["scope=", "bytes=", "verdict="].contains { line.contains($0) }
    }
  }
}

/// Random edits, also concurrent ones: not every edit supersedes all it could.
struct EditHistory {
  private var generator: SeededGenerator
  private var clock = Office.clock

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  mutating func edit(_ store: OperationStore, _ office: Office) throws {
    clock += generator.next() % 1000
    let organisation = office.region.organisations[Int(generator.next() % 2)]
    let officer = organisation.officers[Int(generator.next() % 3)]
    let own = try store.records(family: "entry").map(\.key).filter {
      $0.organisation == organisation.id
    }
    let record = generator.oneIn(3) ? nil : own.randomElement(using: &generator)
    let state = try record.flatMap { try store.record($0) }
    var changes: [ChangeDraft] = []
    for path in ["title", "summary", "themes", "costs/r1/amount"] where generator.oneIn(2) {
      changes.append(change(path, state?[path]))
    }
    if changes.isEmpty { changes = [change("title", state?["title"])] }
    let random = generator.bytes(Body.randomByteCount)
    _ = try store.publish(
      [.record(changes, family: "entry", record: record?.record)], with: officer.key,
      as: [.author], clock: clock, random: { random })
  }

  private mutating func change(_ path: String, _ state: FieldState?) -> ChangeDraft {
    var targets = state?.liveAssignments ?? []
    if generator.oneIn(3) { targets = Array(targets.dropFirst()) }
    let isSet = path == "themes"
    if generator.oneIn(5), !targets.isEmpty {
      return ChangeDraft(type: isSet ? .remove : .clear, path: path, targets: targets)
    }
    let words = ["värde", "Åtgärd", "förmåga", "ALLMÄN", "é"]
    let text = "\(words[Int(generator.next() % 5)]) \(generator.next() % 1000)"
    return ChangeDraft(
      type: isSet ? .add : .set, path: path, value: .text(text), targets: isSet ? [] : targets)
  }
}

extension Office {
  /// A body that fits the header of an entry with this title.
  fileprivate mutating func bodyOfEntry(_ title: String, _ header: Header) throws -> [UInt8] {
    var generator = SeededGenerator(seed: 0)
    // The first entry of this seed; its random bytes are those of the header's body.
    let entry = try region.author(
      [.set("title", title)], by: officer, at: SampleRegion.time(1000), using: &generator)
    #expect(entry.header.bodyDigest == header.bodyDigest)
    return entry.body?.bytes ?? []
  }
}

extension LiveValue {
  fileprivate var text: String? {
    if case .text(let text) = value { text } else { nil }
  }
}

extension OperationStore {
  fileprivate func recordParcels() throws -> [Parcel] {
    try arrivals(in: .records, after: 0, through: .max, notFrom: nil).compactMap {
      try parcel(arrival: $0.number)
    }
  }

  fileprivate func copyRecords(to other: OperationStore) throws {
    try other.take(try recordParcels())
  }
}

extension OperationStore {
  fileprivate func digestLines() throws -> [String] {
    try projectionDump().filter { $0.hasPrefix("scope=") }
  }
}
