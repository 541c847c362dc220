import Aggregation
import OperationStore
import Operations
import Practice
import Signatures

/// A month in the region on one screen, for whoever has five minutes.
struct ManagersPage {
  private static let rowsMax = 3

  private let context: Context
  private let charter: Charter
  private let entries: RecordNews
  private let adoptions: RecordNews
  private let adopted: [(entry: RecordSummary, count: Int)]
  private let due: [(entry: RecordSummary, freshness: Freshness)]
  private var console: Console { context.console }

  init(_ context: Context, _ charter: Charter, after arrival: Int64) throws {
    self.context = context
    self.charter = charter
    let store = context.store
    entries = try store.news(
      RecordQuery(family: Document.defaultFamily), after: arrival, limit: Self.rowsMax)
    adoptions = try store.news(RecordQuery(family: "adoption"), after: arrival, limit: 0)
    var query = RecordQuery(family: Document.defaultFamily)
    query.order = .adoptions
    adopted = try store.find(query, limit: Self.rowsMax).records.map { entry in
      (
        entry: entry,
        count: try store.records(family: "adoption", path: "entry", value: entry.key.text)
          .count { !$0.isWithdrawn }
      )
    }.filter { $0.count > 0 }
    let own = try context.ownOrganisation(charter)
    due = try News.due(own.map { [$0.id] + charter.predecessors(of: $0.id) } ?? [], context)
  }

  private var themes: [FacetCounts.Count] {
    Array(
      entries.themes.sorted { ($1.count, $0.value) < ($0.count, $1.value) }.prefix(Self.rowsMax))
  }

  func lines() throws -> [String] {
    var lines = numbers + [""]
    if !themes.isEmpty {
      let list = themes.map { "\(NewsText.themes([$0.value], console)) \($0.count)" }
      lines += [
        "\(console.bold(console.text("Mest om", "Most about"))): \(list.joined(separator: ", "))",
        "",
      ]
    }
    lines += try table(
      console.text("Senast publicerat", "Published last"),
      entries.created.map { ($0, console.date($0.updated)) })
    lines += try table(
      console.text("Mest övertaget hittills", "Most adopted so far"),
      adopted.map { ($0.entry, console.text("\($0.count) st", "\($0.count)")) })
    if !due.isEmpty {
      lines +=
        [
          console.bold(
            "\(console.text("Våra exempel att bekräfta", "Our entries to confirm")): \(due.count)")
        ]
        + NewsText.due(due, console, limit: Self.rowsMax)
    }
    return lines
  }

  private var numbers: [String] {
    var table = Table([("", .right), ("", .left)])
    for (count, swedish, english) in [
      (entries.createdCount, "nya exempel", "new entries"),
      (entries.editedCount, "ändrade exempel", "edited entries"),
      (entries.publishers.count, "organisationer publicerade", "organisations published"),
      (adoptions.createdCount, "nya övertaganden", "new adoptions"),
    ] as [(Int, Told, Told)] {
      table.add(["\(count)", console.text(swedish, english)])
    }
    return Array(table.lines(console).dropFirst())
  }

  private func table(
    _ title: String, _ rows: [(entry: RecordSummary, last: String)]
  ) throws -> [String] {
    guard !rows.isEmpty else { return [] }
    var table = Table([(title, .left), ("", .left), ("", .left)])
    for row in rows {
      table.add([
        row.entry.title,
        context.organisationName(try context.store.owner(of: row.entry.key), charter), row.last,
      ])
    }
    return table.lines(console) + [""]
  }

  func json() throws -> [String: JSON] {
    [
      "entries_created": .number(entries.createdCount),
      "entries_edited": .number(entries.editedCount),
      "publishers": .number(entries.publishers.count),
      "adoptions_created": .number(adoptions.createdCount),
      "themes": .array(
        themes.map { .object(["code": .string($0.value), "count": .number($0.count)]) }),
      "most_adopted": .array(
        try adopted.map { row in
          .object([
            "entry": try RecordJSON.of(row.entry, context), "adoptions": .number(row.count),
          ])
        }),
      "due": NewsJSON.due(due),
    ]
  }
}
