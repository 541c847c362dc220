import Aggregation
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// A page of records as a table or as JSON, and how all of them are distributed.
struct RecordList {
  private let context: Context
  private let charter: Charter
  private let paging: Paging
  private let hasFacets: Bool
  private static let kindWidthMin = 100
  private var console: Console { context.console }

  init(_ context: Context, _ paging: Paging, facets: Bool) throws {
    self.context = context
    self.paging = paging
    hasFacets = facets
    charter = try context.store.charter()
  }

  func show(_ choice: Filters.Choice) throws {
    let query = choice.query
    let page = try context.store.find(
      query, limit: paging.length(console), offset: paging.offset(console))
    let facets =
      hasFacets
      ? try FacetText(
        try context.store.facetCounts(query, of: FacetText.paths), context, charter) : nil
    let suggestion =
      page.total == 0 && query.words != nil ? try context.store.suggestion(for: query) : nil
    if console.isJSON { return try json(page, facets, choice.likeUs, suggestion) }
    choice.likeUs.map { ($0.lines(context, charter) + [""]).forEach { console.show($0) } }
    try table(page, query).forEach { console.show($0) }
    if let suggestion {
      console.say("Menade du ”\(suggestion)”?", "Did you mean “\(suggestion)”?")
    }
    if let facets, page.total > 0 { ([""] + facets.lines).forEach { console.show($0) } }
  }

  // MARK: - Text

  private func table(_ page: RecordPage, _ query: RecordQuery) throws -> [String] {
    let extra = try extra(query, page)
    // Of what a narrow terminal has no room for, the kind is missed least.
    let hasKind = console.width >= Self.kindWidthMin
    var table = Table(
      [
        ("Id", .left), (console.text("Titel", "Title"), .left),
        (console.text("Organisation", "Organisation"), .left),
      ] + (hasKind ? [(console.text("Typ", "Kind"), .left)] : []) + [
        (console.text("Skede", "Stage"), .left),
        extra.map { ($0.title, $0.alignment) } ?? (console.text("Ändrad", "Edited"), .left),
      ], main: 1)
    for record in page.records {
      table.add(
        [
          record.key.short(in: record.family), try mark(record) + title(of: record),
          context.organisationName(try context.store.owner(of: record.key), charter),
        ] + (hasKind ? [label(record, "kind")] : []) + [
          label(record, "stage"), extra.map { $0.value(record) } ?? console.date(record.updated),
        ])
    }
    guard !table.isEmpty else {
      return [
        page.total == 0
          ? console.text("Inga poster.", "No records.")
          : console.text(
            "Sidan finns inte; det är \(count(page)).", "There is no such page; \(count(page)).")
      ]
    }
    let note =
      query.family == Document.defaultFamily
      ? console.text(
        "; ✓ granskad av andra, övriga egendeklarerade",
        "; ✓ reviewed by others, the rest self-declared") : ""
    return table.lines(console) + [console.dim(footer(page) + note)]
  }

  /// What the list is ordered by stands in it.
  private func extra(
    _ query: RecordQuery, _ page: RecordPage
  ) throws -> (title: String, alignment: Table.Alignment, value: (RecordSummary) -> String)? {
    switch query.order {
    case .best, .title, .updated: return nil
    case .confirmed:
      return (
        console.text("Bekräftad", "Confirmed"), .left,
        { $0.facets["confirmed_at"]?.first ?? console.text("aldrig", "never") }
      )
    case .adoptions:
      let counts = Dictionary(
        uniqueKeysWithValues: try page.records.map { record in
          (
            record.key,
            try context.store.records(family: "adoption", path: "entry", value: record.key.text)
              .count { !$0.isWithdrawn }
          )
        })
      return (
        console.text("Övertaganden", "Adoptions"), .right,
        { console.number(counts[$0.key] ?? 0) }
      )
    }
  }

  private func footer(_ page: RecordPage) -> String {
    let first = paging.offset(console) + 1
    let last = first + page.records.count - 1
    guard page.records.count < page.total || page.isMore else { return count(page) }
    let range = "\(first)–\(last)"
    let next = last < page.total ? "--page \(paging.page + 1)" : ""
    return console.text("\(range) av \(count(page))", "\(range) of \(count(page))")
      + (next.isEmpty ? "" : console.text("; nästa: \(next)", "; next: \(next)"))
  }

  private func count(_ page: RecordPage) -> String {
    if page.isMore {
      return console.text("mer än ", "more than ") + console.count(page.total, .record)
    }
    return console.count(page.total, .record)
  }

  private func title(of record: RecordSummary) -> String {
    if record.isExpired(today: SystemClock.today) { return console.text("(utgånget)", "(expired)") }
    return record.title.isEmpty ? record.facets["mailbox"]?.first ?? "" : record.title
  }

  private func mark(_ record: RecordSummary) throws -> String {
    (try ReviewStatus(of: record, context, charter).isApproved ? "✓ " : "")
      + (record.conflicts > 0 ? "⚠ " : "")
      + (record.isWithdrawn ? console.text("(återkallad) ", "(withdrawn) ") : "")
  }

  private func label(_ record: RecordSummary, _ path: String) -> String {
    guard let code = record.facets[path]?.first else {
      return console.text("ej angivet", "not stated")
    }
    return Schema.bundled.vocabularies[path]?.label(of: code, console.language) ?? code
  }

  // MARK: - JSON

  /// An array of records; with facets or whom `--like-us` found, an object that holds it.
  private func json(
    _ page: RecordPage, _ facets: FacetText?, _ likeUs: LikeUs?, _ suggestion: String?
  ) throws {
    let records = JSON.array(try page.records.map { try RecordJSON.of($0, context) })
    guard facets != nil || likeUs != nil else { return try console.json(records) }
    var members: [String: JSON] = [
      "records": records, "total": .number(page.total), "more": .bool(page.isMore),
      "suggestion": .optional(suggestion),
    ]
    members["facets"] = facets?.json
    members["like_us"] = likeUs?.json(charter, console)
    try console.json(.object(members))
  }
}
