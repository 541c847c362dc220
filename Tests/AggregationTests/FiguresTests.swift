import Aggregation
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import Testing

/// What a report counts, of entries that any client may have written.
@Suite struct FiguresTests {
  private var council: Council

  init() throws {
    council = try Council()
  }

  private func table(
    _ report: ReportName, _ name: String, asOf: String = "2026-01-01"
  ) throws -> Report.Table {
    let report = Report(
      report, try ReportFacts(council.store, Holdings(of: council.store), asOf: asOf))
    return try #require(report.tables.first { $0.name == name })
  }

  @Test(arguments: ["all", "theme", "theme_label", "none", "IDEA_records", "", "stage_IDEA"])
  mutating func `a stage of which nobody has heard has a column of its own`(code: String) throws {
    try council.write([("title", "A"), ("stage", "IDEA"), ("themes", "INNO")], by: 0)
    try council.write([("title", "B"), ("stage", code), ("themes", "INNO")], by: 1)
    let stages = try table(.themes, "stages")
    #expect(Set(stages.columns.map(\.name)).count == stages.columns.count)
    #expect(stages.rows.allSatisfy { $0.count == stages.columns.count })
  }

  @Test(arguments: [("2016-06", "2019-06-30"), ("2016-02", "2019-02-28"), ("2016", "2019-12-31")])
  mutating func `what ended in a month is due on the last day of that month`(
    end: String, due: String
  ) throws {
    try council.write([("title", "Slut"), ("period_end", end)], by: 0)
    let rows = try table(.followup, "due").rows
    #expect(rows.count == 1 && rows[0].contains(.stated(due)))
  }

  @Test mutating func `an heir that edits is not silent, and whose records it has is`() throws {
    let entry = try council.write([("title", "Ärvd")], by: 0)
    try council.succeed(from: 0, to: 1)
    try council.write([("summary", "Arvingen skrev")], by: 1, record: entry.id)
    let rows = try table(.coverage, "members", asOf: "2025-01-02").rows
    func row(_ index: Int) throws -> [Report.Cell] {
      let cell = Report.Cell.organisation(council.organisations[index].id)
      return try #require(rows.first { $0[0] == cell })
    }
    #expect(try row(1)[5] == .stated("2025-01-01"), "it has signed")
    #expect(try row(1)[6] == .none && row(2)[5] == .none)
  }

  @Test
  mutating func `an entry that names another counts as that one, and takes nobody else's place`()
    throws
  {
    let original = try council.write([("title", "Först")], by: 0)
    let other = try council.write([("title", "En annan")], by: 1)
    try council.write([("title", "Samma")], by: 2)
    #expect(try ids(table(.themes, "stages")).count == 3)
    let copy = try council.write([("title", "Kopia")], by: 2)
    try council.name(original, as: copy, by: 2)
    try council.name(other, as: copy, by: 2)
    let counted = try ids(table(.themes, "stages"))
    #expect(counted.count == 3 && !counted.contains(copy.id))
    // A circle: the least key counts.
    try council.name(other, as: original, by: 0)
    try council.name(original, as: other, by: 1)
    #expect(try ids(table(.themes, "stages")).count == 2)
  }

  @Test mutating func `what was made on the day on which another was confirmed is not confirmed`()
    throws
  {
    for (title, confirmed) in [("A", nil), ("B", "2025-01-01"), ("C", nil), ("D", "2025")] {
      try council.write(
        [("title", title)] + (confirmed.map { [("confirmed_at", $0)] } ?? []), by: 0)
    }
    let catalogue = try Catalogue(
      council.store, Holdings(of: council.store), publisher: nil, asOf: "2026-01-01")
    #expect(
      catalogue.entries.map { $0.freshness.confirmed ?? "-" } == ["-", "2025-01-01", "-", "2025"])
    #expect(catalogue.entries.allSatisfy { $0.created.hasPrefix("2025-01-01") })
  }

  private func ids(_ table: Report.Table) throws -> Set<Digest> {
    guard case .count(_, let counted)? = table.rows.last?.last else { return [] }
    return Set(counted.records.map(\.key.record))
  }
}

extension Council {
  /// One entry says that it is another.
  fileprivate mutating func name(
    _ original: Operation, as copy: Operation, by organisation: Int
  ) throws {
    guard let owner = try store.place(of: original.id)?.organisation else { return }
    try add(
      "same_as", RecordKey(organisation: owner, record: original.id).reference, to: copy.id,
      by: organisation)
  }
}
