import Aggregation
import OperationStore
import Operations
import Practice
import Signatures

/// News as people read it, on a page or two.
struct NewsText {
  let news: News
  let context: Context
  let charter: Charter
  /// More of one sort are counted only.
  static let shownMax = 10
  private var console: Console { context.console }

  func lines() throws -> [String] {
    var lines: [String] = []
    lines += section(
      console.text("Nya exempel", "New entries"), news.entries.createdCount,
      try entries(news.entries.created))
    lines += section(
      console.text("Ändrade exempel", "Edited entries"), news.entries.editedCount,
      try entries(news.entries.edited))
    for said in news.said {
      let records = said.news.created + said.news.edited
      lines += section(
        console.text("Om era exempel", "About your entries")
          + " (\(said.family.label[console.language].lowercased()))",
        said.news.createdCount + said.news.editedCount, try self.said(records, said.family))
    }
    lines += section(
      console.text("Konflikter i era poster", "Conflicts in your records"), news.conflicts.count,
      conflicts)
    lines += section(
      console.text("Att bekräfta", "To be confirmed"), news.due.count, Self.due(news.due, console))
    if news.deadLinks > 0 {
      let links = console.count(news.deadLinks, .link)
      lines += [
        console.text(
          "\(links) svarar inte; sprida links visar dem.",
          "\(links) without an answer; sprida links lists them."), "",
      ]
    }
    return news.isEmpty ? [console.text("Inget nytt.", "Nothing new.")] : lines.dropLast()
  }

  private func section(_ title: String, _ count: Int, _ table: [String]) -> [String] {
    guard count > 0 else { return [] }
    let rest =
      count > Self.shownMax
      ? [
        console.dim(
          console.text("  och \(count - Self.shownMax) till", "  and \(count - Self.shownMax) more")
        )
      ]
      : []
    return [console.bold("\(title): \(count)")] + table + rest + [""]
  }

  private func entries(_ records: [RecordSummary]) throws -> [String] {
    var table = Table(
      [
        ("Id", .left), (console.text("Titel", "Title"), .left),
        (console.text("Organisation", "Organisation"), .left),
        (console.text("Område", "Theme"), .left),
      ], main: 1)
    for record in records.prefix(Self.shownMax) {
      table.add([
        Self.id(record), record.title,
        context.organisationName(try context.store.owner(of: record.key), charter),
        Self.themes(record.facets["themes"] ?? [], console),
      ])
    }
    return table.lines(console)
  }

  private func said(_ records: [RecordSummary], _ family: Family) throws -> [String] {
    let path = News.referring.first { $0.family.name == family.name }?.path ?? ""
    var table = Table(
      [
        (console.text("Organisation", "Organisation"), .left),
        (console.text("Läge", "State"), .left), (console.text("Exempel", "Entry"), .left),
        (console.text("Ändrad", "Edited"), .left),
      ], main: 2)
    for record in records.prefix(Self.shownMax) {
      let target = record.facets[path]?.first.flatMap { RecordKey(text: $0) }
      let title = try target.flatMap { try context.store.record($0)?.displayedText("title") }
      table.add([
        context.organisationName(try context.store.owner(of: record.key), charter),
        Self.state(of: record, console), title ?? "", console.date(record.updated),
      ])
    }
    return table.lines(console)
  }

  private var conflicts: [String] {
    var table = Table([("Id", .left), (console.text("Titel", "Title"), .left)])
    for record in news.conflicts.prefix(Self.shownMax) {
      table.add([Self.id(record), record.title])
    }
    return table.lines(console)
  }

  // MARK: - Shared with the page for managers

  static func due(
    _ due: [(entry: RecordSummary, freshness: Freshness)], _ console: Console,
    limit: Int = shownMax
  ) -> [String] {
    var table = Table([
      ("Id", .left), (console.text("Titel", "Title"), .left),
      (console.text("Bekräftad", "Confirmed"), .left), (console.text("Senast", "Due"), .left),
    ])
    for (entry, freshness) in due.prefix(limit) {
      table.add([
        id(entry), entry.title, freshness.confirmed ?? console.text("aldrig", "never"),
        freshness.due,
      ])
    }
    return table.lines(console)
  }

  static func id(_ record: RecordSummary) -> String {
    record.key.short(in: record.family)
  }

  static func themes(_ codes: [String], _ console: Console) -> String {
    codes.map { Schema.bundled.vocabularies["theme"]?.label(of: $0, console.language) ?? $0 }
      .inSwedishOrder.joined(separator: ", ")
  }

  /// The first coded field that says how far a record has come, such as an adoption's state.
  private static func state(of record: RecordSummary, _ console: Console) -> String {
    let field = Schema.bundled.family(record.family)?.fields.first { $0.type == .code }
    guard let field, let code = record.facets[field.name]?.first else { return "" }
    return Schema.bundled.vocabulary(of: field)?.label(of: code, console.language) ?? code
  }
}
