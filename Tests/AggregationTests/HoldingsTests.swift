import Aggregation
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import Testing

/// What has been read once is kept up with the store.
@Suite struct HoldingsTests {
  private var council: Council
  private var generator = SeededGenerator(seed: 311)

  init() throws {
    council = try Council()
  }

  @Test mutating func `catching up after any edits gives what reading anew gives`() throws {
    var kept = try Holdings(of: council.store)
    var records: [(organisation: Int, id: Digest)] = []
    for round in 0..<40 {
      for _ in 0..<Int.random(in: 0..<4, using: &generator) {
        try change(&records)
      }
      try kept.catchUp(with: council.store)
      #expect(
        try dump(kept) == dump(Holdings(of: council.store)), "round \(round) of seed 311")
    }
    #expect(records.count > 10)
  }

  private mutating func change(_ records: inout [(organisation: Int, id: Digest)]) throws {
    let organisation = Int.random(in: 0..<3, using: &generator)
    let word = ["Ö", "a", "Å", "z", "Ä"].randomElement(using: &generator) ?? ""
    let own = records.filter { $0.organisation == organisation }
    if let record = own.randomElement(using: &generator), Bool.random(using: &generator) {
      let path = ["stage", "title", "withdrawn", "confirmed_at"].randomElement(using: &generator)
      try council.write([(path ?? "", word)], by: organisation, record: record.id)
    } else {
      let entry = try council.write(
        [("title", word), ("stage", "IDEA"), ("themes", "INNO")], by: organisation)
      records.append((organisation, entry.id))
    }
  }

  /// The catalogue's entries with everything that follows, and a report's figures.
  private func dump(_ holdings: Holdings) throws -> [String] {
    let publication = try Publication(
      council.store, holdings, publisher: nil, asOf: "2026-01-01")
    let entries = publication.catalogue.entries.map { entry in
      let stages = entry.stages.map { "\($0.code) \($0.time)" }
      return "\(entry.key.text) \(entry.title) \(entry.values(.stage)) \(stages) "
        + "\(entry.freshness.confirmed ?? "") \(entry.listed.conflicts) \(entry.updated)"
    }
    let byTime = publication.catalogue.entries.sorted {
      ($1.listed.updated, $1.key) < ($0.listed.updated, $0.key)
    }
    #expect(publication.catalogue.latest(5).map(\.key) == byTime.prefix(5).map(\.key))
    let withdrawn = publication.catalogue.withdrawn.map(\.key.text)
    return entries + withdrawn + publication.reports.map { "\($0.tables)" }
  }

  @Test mutating func `a page has the first rows of a long table and says how many there are`()
    throws
  {
    for number in 0..<Publication.rowsMax + 7 {
      try council.write([("title", "Exempel \(number)"), ("stage", "PILOT")], by: 0)
    }
    let publication = try Publication(
      council.store, Holdings(of: council.store), publisher: nil, asOf: "2026-01-01")
    let report = try #require(publication.reports.first { $0.name == .adoption })
    let table = try #require(report.tables.first { $0.name == "never" })
    #expect(table.rows.count == Publication.rowsMax)
    #expect(table.rowCount == Publication.rowsMax + 7)
  }

  @Test mutating func `a funder's long name and a row without an amount count`() throws {
    let name = "Myndigheten för " + String(repeating: "lång", count: 30)
    try council.write(
      [
        ("title", "A"), ("funding/aa/funder", name), ("funding/bb/diarienummer", "2015-04564"),
      ], by: 0)
    let report = Report(
      .money, try ReportFacts(council.store, Holdings(of: council.store), asOf: "2026-01-01"))
    let funders = try #require(report.tables.first { $0.name == "funders" }).rows
    #expect(funders.map { $0[0] } == [.code("", vocabulary: ""), .stated(name)])
    let counts = funders.map { row in
      if case .count(let count, _) = row[1] { count } else { 0 }
    }
    #expect(counts == [1, 1])
  }
}
