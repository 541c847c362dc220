import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// What has arrived since somebody last looked.
@Suite struct NewsTests {
  private let store: OperationStore
  private let office: Office
  private var neighbour: SampleRegion.Organisation { office.region.organisations[1] }
  private let entries = RecordQuery(family: "entry")

  init() throws {
    office = try Office()
    store = try office.store()
  }

  private func titles(_ news: RecordNews) -> [[String]] {
    [news.created.map(\.title), news.edited.map(\.title)]
  }

  @Test func `what is created is told apart from what is edited, the latest first`() throws {
    let old = try store.write(.set("title", "Gammal"), by: office.officer)
    try store.write(.set("title", "Orörd"), by: office.officer)
    let mark = try store.latestArrival()
    #expect(try titles(store.news(entries, after: mark, limit: 9)) == [[], []])
    try store.write(.set("title", "Ett"), by: office.officer)
    try store.write(.set("title", "Två"), by: neighbour.officers[0])
    try store.write(
      .set("title", "Ändrad", over: old.change()), to: old.id, by: office.officer)
    let news = try store.news(entries, after: mark, limit: 9)
    #expect(titles(news) == [["Två", "Ett"], ["Ändrad"]])
    let short = try store.news(entries, after: mark, limit: 1)
    #expect(titles(short) == [["Två"], ["Ändrad"]])
    #expect(short.createdCount == 2 && short.editedCount == 1)
  }

  @Test func `what a query leaves out is no news`() throws {
    try store.write(.set("title", "Egen"), by: office.officer)
    try store.write(
      .set("title", "Borta"), .set("withdrawn", "2026"), by: office.officer)
    var query = entries
    query.organisations = [neighbour.id]
    #expect(try store.news(query, after: 0, limit: 9).createdCount == 0)
    query.organisations = nil
    #expect(try titles(store.news(query, after: 0, limit: 9)) == [["Egen"], []])
  }

  @Test func `what others say of an organisation's records is found by the reference`() throws {
    let own = try store.write(.set("title", "Egen"), by: office.officer)
    let others = try store.write(.set("title", "Grannens"), by: neighbour.officers[0])
    for (owner, id, writer) in [
      (office.organisation.id, own.id, neighbour.officers[0]),
      (neighbour.id, others.id, office.officer),
    ] {
      let reference = CBOR.array([.bytes(owner.bytes), .bytes(id.bytes)])
      try store.write(
        ChangeDraft(type: .set, path: "entry", value: reference), .set("state", "TRIAL"),
        family: "adoption", by: writer)
    }
    var query = RecordQuery(family: "adoption")
    query.about = (path: "entry", organisations: [office.organisation.id])
    let news = try store.news(query, after: 0, limit: 9)
    #expect(news.created.map(\.key.organisation) == [neighbour.id])
    query.about?.organisations = []
    #expect(try store.find(query).total == 0)
  }

  @Test func `an heir's edit is news of the record that it has taken over`() throws {
    let entry = try store.write(.set("title", "Arv"), by: office.officer)
    _ = try store.publish(
      [.act(.succeed(from: office.organisation.id, to: neighbour.id, records: []), name: nil)],
      with: office.region.council.key, as: [.council], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: Body.randomByteCount) })
    let mark = try store.latestArrival()
    try store.write(
      .set("title", "Arvet", over: entry.change()), to: entry.id, by: neighbour.officers[0])
    #expect(try titles(store.news(entries, after: mark, limit: 9)) == [[], ["Arvet"]])
  }

  @Test func `conflicts can be asked for alone`() throws {
    let first = try store.write(.set("title", "Ett"), by: office.officer)
    try store.write(.set("title", "Lugn"), by: office.officer)
    for (index, officer) in office.organisation.officers.prefix(2).enumerated() {
      try store.write(
        .set("title", "Version \(index)", over: first.change()), to: first.id, by: officer)
    }
    var query = entries
    query.isInConflict = true
    #expect(try store.find(query).records.map(\.key.record) == [first.id])
  }

  @Test func `a moment stands for the arrivals before it`() throws {
    try store.write(.set("title", "Ett"), by: office.officer, clock: Office.clock)
    let mark = try store.latestArrival()
    try store.write(.set("title", "Två"), by: office.officer, clock: Office.clock + 10)
    #expect(try store.latestArrival(before: Office.clock + 10) == mark)
    #expect(try store.latestArrival() == mark + 1)
    #expect(try store.latestArrival(before: 0) == 0)
  }
}
