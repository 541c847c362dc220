import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Lists of records and finding one by its id.
@Suite struct RecordListTests {
  private let store: OperationStore
  private let office: Office

  init() throws {
    office = try Office()
    store = try office.store()
  }

  @Test func `records come in Swedish order of their titles`() throws {
    let ordered = ["2025", "Adel", "énkel", "Zebra", "Åre", "åska", "Ärlig", "Österlen", "Øyer"]
    for (index, title) in ordered.reversed().enumerated() {
      try store.write(.set("title", title), by: office.officer, random: UInt8(index))
    }
    #expect(try store.records(family: "entry").map(\.title) == ordered)
  }

  @Test(arguments: [CBOR.negative(.max), .negative(0), .unsigned(.max), .bool(true), .array([])])
  func `any value that a member may sign is stored and listed`(value: CBOR) throws {
    try store.write(
      .set("title", "Ovanlig"), ChangeDraft(type: .set, path: "cost", value: value),
      by: office.officer, random: 1)
    #expect(try store.records(family: "entry").map(\.title) == ["Ovanlig"])
  }

  @Test func `the least integer is written in full`() throws {
    let least = ChangeDraft(type: .set, path: "cost", value: .negative(.max))
    try store.write(least, by: office.officer, random: 1)
    #expect(try store.records(family: "entry").first?.facets["cost"] == ["-18446744073709551616"])
  }

  @Test func `records are found by family, path and value`() throws {
    let theme = ChangeDraft(type: .add, path: "themes", value: .text("INNO"))
    try store.write(.set("title", "Med"), theme, by: office.officer, random: 1)
    try store.write(.set("title", "Utan"), by: office.officer, random: 2)
    let found = try store.records(family: "entry", path: "themes", value: "INNO")
    #expect(found.map(\.title) == ["Med"])
    #expect(found.first?.facets["themes"] == ["INNO"])
    #expect(try store.records(family: "adoption", path: "themes", value: "INNO").isEmpty)
    #expect(try store.records(family: "entry", path: "themes", value: "inno").isEmpty)
  }

  @Test func `a conflict shows in the list and ends with the edit that names both`() throws {
    let first = try store.write(.set("title", "Ett"), by: office.officer, random: 1)
    let colleague = office.organisation.officers[1]
    try store.write(.set("title", "Två", over: first.change()), to: first.id, by: office.officer)
    try store.write(
      .set("title", "Tre", over: first.change()), to: first.id, by: colleague, random: 2)
    let listed = try #require(try store.records(family: "entry").first)
    #expect(listed.conflicts == 1)
    let live = try #require(try store.record(listed.key)?["title"])
    #expect(live.values.count == 2)
    #expect(live.values.first?.value == .text(listed.title))
    try store.write(
      ChangeDraft(
        type: .set, path: "title", value: .text("Enade"), targets: live.liveAssignments),
      to: first.id, by: colleague)
    let ended = try store.records(family: "entry").map { ($0.title, $0.conflicts) }
    #expect(ended.count == 1 && ended[0] == ("Enade", 0))
  }

  @Test func `records and operations are found by the beginning of their id`() throws {
    let operation = try store.write(.set("title", "Ett"), by: office.officer)
    let id = "\(operation.id)"
    #expect(try store.records(idPrefix: String(id.prefix(8))).map(\.record) == [operation.id])
    #expect(try store.records(idPrefix: id.uppercased()).map(\.record) == [operation.id])
    #expect(try store.operations(idPrefix: String(id.prefix(8))).map(\.id) == [operation.id])
    for hostile in ["%", "_", "zz", "'", id + "0", "ＡＢＣＤ", "é"] {
      #expect(try store.records(idPrefix: hostile).isEmpty, "\(hostile)")
      #expect(try store.operations(idPrefix: hostile).isEmpty, "\(hostile)")
    }
    #expect(try store.operations(idPrefix: "").isEmpty)
  }

  @Test func `a record nobody wrote has no state`() throws {
    let key = RecordKey(organisation: office.organisation.id, record: .zero)
    #expect(try store.record(key) == nil)
    #expect(try store.operations(of: key).isEmpty)
  }
}
