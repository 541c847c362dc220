import CRDT
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Pages, orders, facets and suggestions.
@Suite struct FindingTests {
  private let store: OperationStore
  private let office: Office
  private var officer: SampleRegion.Delegate { office.officer }

  init() throws {
    office = try Office()
    store = try office.store()
  }

  @discardableResult
  private func entry(
    _ title: String, _ themes: [String] = [], _ changes: ChangeDraft...,
    by officer: SampleRegion.Delegate? = nil, clock: UInt64 = Office.clock
  ) throws -> RecordKey {
    let themes = themes.map { ChangeDraft(type: .add, path: "themes", value: .text($0)) }
    let draft = OperationStore.Draft.record(
      [.set("title", title)] + themes + changes, family: "entry", record: nil)
    let officer = officer ?? self.officer
    let operations = try store.publish(
      [draft], with: officer.key, as: [.author], clock: clock,
      random: { [UInt8](repeating: 7, count: Body.randomByteCount) })
    let isOwn = officer.key.publicKey == self.officer.key.publicKey
    return RecordKey(
      organisation: office.region.organisations[isOwn ? 0 : 1].id, record: operations[0].id)
  }

  private func titles(_ query: RecordQuery, limit: Int = 100, offset: Int = 0) throws -> [String] {
    try store.find(query, limit: limit, offset: offset).records.map(\.title)
  }

  @Test func `a page is a part of the whole in Swedish order, and says how much there is`() throws {
    for title in ["Öl", "Zon", "Ås", "Äng", "Apa"] { try entry(title) }
    let query = RecordQuery(family: "entry")
    #expect(try titles(query) == ["Apa", "Zon", "Ås", "Äng", "Öl"])
    let page = try store.find(query, limit: 2, offset: 2)
    #expect(page.records.map(\.title) == ["Ås", "Äng"])
    #expect(page.total == 5 && !page.isMore)
    #expect(try store.find(query, limit: 2, offset: 6).total == 5)
    var search = RecordQuery(family: "entry", words: "a")
    #expect(try titles(search).isEmpty, "a single letter is a word and no part of one")
    search.words = "äng"
    #expect(try store.find(search, limit: 1).total == 1)
  }

  @Test func `a search that finds very much says so, and none of it twice`() throws {
    let drafts = (0...RecordPage.rankedMax).map { index in
      OperationStore.Draft.record(
        [.set("title", "Vanlig \(index)"), .set("summary", "Ord")], family: "entry", record: nil)
    }
    _ = try store.publish(
      drafts, with: officer.key, as: [.author], clock: Office.clock,
      random: { [UInt8](repeating: 7, count: Body.randomByteCount) })
    var query = RecordQuery(family: "entry", words: "ord")
    let page = try store.find(query)
    #expect(page.total == RecordPage.rankedMax && page.isMore)
    #expect(Set(page.records.map(\.key)).count == RecordPage.rankedMax)
    query.order = .title
    let sorted = try store.find(query, limit: 10)
    #expect(sorted.total == RecordPage.rankedMax + 1 && !sorted.isMore)
    #expect(sorted.records.first?.title == "Vanlig 0")
    #expect(try store.facetCounts(query, of: ["stage"]).total == RecordPage.rankedMax + 1)
  }

  @Test func `entries are ordered by their change, their adoptions and their confirmation`() throws
  {
    let old = try entry("Gammal", [], .set("confirmed_at", "2026-03-01"))
    try entry("Aldrig")
    try entry("Ny", [], .set("confirmed_at", "2025-03-01"), clock: Office.clock + 1000)
    let neighbour = office.region.organisations[1].officers[0]
    let reference = CBOR.array([.bytes(old.organisation.bytes), .bytes(old.record.bytes)])
    try store.write(
      ChangeDraft(type: .set, path: "entry", value: reference), .set("state", "TRIAL"),
      family: "adoption", by: neighbour)
    var query = RecordQuery(family: "entry")
    query.order = .updated
    #expect(try titles(query).first == "Ny")
    query.order = .adoptions
    #expect(try titles(query) == ["Gammal", "Aldrig", "Ny"])
    query.order = .confirmed
    #expect(try titles(query) == ["Gammal", "Ny", "Aldrig"])
    query.words = "gammal"
    #expect(try titles(query) == ["Gammal"])
  }

  @Test func `each condition narrows, and values of one condition widen`() throws {
    let neighbour = office.region.organisations[1]
    try entry("Ett", ["INNO"], .set("stage", "PILOT"))
    try entry("Två", ["DIGI", "INNO"], .set("stage", "IDEA"))
    try entry("Tre", ["DIGI"], .set("stage", "IDEA"), by: neighbour.officers[0])
    try entry("Borta", ["INNO"], .set("withdrawn", "2026"))
    var query = RecordQuery(family: "entry")
    query.facets = [.init(path: "themes", values: ["INNO"])]
    #expect(try titles(query) == ["Ett", "Två"])
    query.facets = [.init(path: "themes", values: ["INNO", "DIGI"])]
    #expect(try titles(query) == ["Ett", "Tre", "Två"])
    query.facets.append(.init(path: "stage", values: ["IDEA"]))
    #expect(try titles(query) == ["Tre", "Två"])
    query.organisations = [neighbour.id]
    #expect(try titles(query) == ["Tre"])
    query.words = "tre"
    #expect(try titles(query) == ["Tre"])
    query.organisations = []
    #expect(try titles(query).isEmpty)
    query = RecordQuery(family: "entry", words: "borta")
    #expect(try titles(query).isEmpty)
    query.isWithdrawnShown = true
    #expect(try titles(query) == ["Borta"])
  }

  @Test func `facets count what the query finds, and what states nothing`() throws {
    let neighbour = office.region.organisations[1]
    try entry("Skola ett", ["INNO", "EDUC"], .set("stage", "PILOT"))
    try entry("Skola två", ["EDUC"], by: neighbour.officers[0])
    try entry("Annat", ["INNO"])
    let counts = try store.facetCounts(
      RecordQuery(family: "entry", words: "skola"), of: ["themes", "stage"])
    #expect(counts.total == 2)
    #expect(counts.byPath["themes"]?.map(\.value) == ["EDUC", "INNO"])
    #expect(counts.byPath["themes"]?.map(\.count) == [2, 1])
    #expect(counts.byPath["stage"]?.map(\.value) == ["", "PILOT"])
    #expect(
      Set(counts.organisations.map(\.organisation)) == [office.organisation.id, neighbour.id])
    let none = try store.facetCounts(
      RecordQuery(family: "entry", words: "finnsinte"), of: ["stage"])
    #expect(none.total == 0 && none.organisations.isEmpty)
  }

  @Test(arguments: [
    ("mälardalsrådt", "mälardalsrådet"), ("malardalsradt", "mälardalsrådet"),
    ("inovation", "innovation"), ("provkomun", "provkommun"), ("mötsd \"i dag\"", nil),
    ("inovation dag", "innovation dag"), ("xyzzyxyzzy", nil), ("inv", nil), ("innovation", nil),
    ("inovation frukost", nil),
  ])
  func `a word that is nowhere gives the nearest that finds something`(
    query: String, suggestion: String?
  ) throws {
    try entry("Mälardalsrådet möts")
    try entry("Innovation i dag")
    try entry("Frukost")
    #expect(
      try store.suggestion(for: RecordQuery(family: "entry", words: query)) == suggestion)
  }

  @Test func `what stands in a contact is neither found nor suggested among entries`() throws {
    try entry("Titel")
    try store.write(.set("name", "Gunnel Persson"), family: "contact", by: officer)
    #expect(try store.titles(matching: "gunnel").isEmpty)
    #expect(try store.suggestion(for: RecordQuery(family: "entry", words: "gunel")) == nil)
  }

  @Test func `a word that has left the index is no part of anything and not suggested`() throws {
    let first = try store.write(.set("title", "Hemligheten"), by: officer)
    #expect(try store.titles(matching: "hemlig") == ["Hemligheten"])
    try store.write(
      .set("title", "Annat", over: first.change()), to: first.id, by: officer, random: 2)
    #expect(try store.titles(matching: "hemlig").isEmpty)
    #expect(try store.suggestion(for: RecordQuery(family: "entry", words: "hemligeten")) == nil)
    let before = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == before)
  }
}
