import Aggregation
import OperationStore
import Operations
import Practice
import Signatures

/// What waits, as people read it.
struct InboxText {
  let inbox: Inbox
  let context: Context
  let charter: Charter
  private var console: Console { context.console }

  func lines() throws -> [String] {
    var lines = section(
      console.text("Obesvarade frågor", "Unanswered questions"), inbox.questions.count,
      try inbox.questions.flatMap { try $0.lines(context, charter) })
    lines += section(
      console.text("Svar till er", "Replies to you"), inbox.replies.count,
      try table(inbox.replies))
    for (family, items) in inbox.said {
      lines += section(
        console.text("Om era exempel: ", "About your entries: ")
          + family.label[console.language].lowercased(), items.count, try table(items))
    }
    lines += section(
      console.text("Konflikter: sprida conflicts", "Conflicts: sprida conflicts"),
      inbox.conflicts.count, inbox.conflicts.flatMap { console.lines($0.printableTitle) })
    lines += section(
      console.text("Att bekräfta: sprida confirm", "To be confirmed: sprida confirm"),
      inbox.due.count, NewsText.due(inbox.due, console))
    for group in inbox.groups {
      lines += section(
        console.text("Intresserade, som ni, av", "Interested, as you are, in") + " "
          + (try title(group.entry)), group.interested.organisations.count,
        console.lines(Console.line(group.interested.names.joined(separator: ", "))))
    }
    guard !lines.isEmpty else { return [console.text("Inget väntar.", "Nothing waits.")] }
    let hint = console.text(
      "Klart med något: sprida inbox --done ID, eller --done all",
      "Done with something: sprida inbox --done ID, or --done all")
    return inbox.items.isEmpty ? Array(lines.dropLast()) : lines + [console.dim(hint)]
  }

  private func section(_ title: String, _ count: Int, _ lines: [String]) -> [String] {
    count == 0 ? [] : [console.bold("\(title): \(count)")] + lines + [""]
  }

  private func table(_ items: [Inbox.Item]) throws -> [String] {
    var table = Table([
      ("Id", .left), (console.text("Organisation", "Organisation"), .left),
      (console.text("Vad", "What"), .left), (console.text("Exempel", "Entry"), .left),
      (console.text("När", "When"), .left),
    ])
    for item in items {
      table.add([
        NewsText.id(item.record), context.organisationName(item.organisation, charter),
        try what(item.record), try title(item.entry), console.date(item.record.updated),
      ])
    }
    return table.lines(console)
  }

  /// How far an adoption has come or what a review decided, else the first words of a text.
  private func what(_ record: RecordSummary) throws -> String {
    let family = Schema.bundled.family(record.family)
    for name in ["state", "decision"] {
      if let field = family?[name], let code = record.facets[name]?.first {
        return Console.line(
          Schema.bundled.vocabulary(of: field)?.label(of: code, console.language) ?? code)
      }
    }
    let text = try context.store.record(record.key)?.displayedText("text") ?? ""
    return Console.line(text)
  }

  private func title(_ entry: RecordKey) throws -> String {
    Console.line(try context.store.record(entry)?.displayedText("title") ?? "")
  }

  func json() throws -> JSON {
    func item(_ item: Inbox.Item) throws -> JSON {
      .object([
        "record": .string(item.record.key.text), "family": .string(item.record.family),
        "organisation": RecordJSON.organisation(item.organisation, charter),
        "entry": .string(item.entry.text), "what": .string(try what(item.record)),
        "updated": .number(item.record.updated),
      ])
    }
    return .object([
      "questions": .array(try inbox.questions.map { try $0.json(context, charter) }),
      "replies": .array(try inbox.replies.map(item)),
      "said": .array(try inbox.said.flatMap(\.items).map(item)),
      "conflicts": .array(inbox.conflicts.map { .string($0.key.text) }),
      "due": .array(
        inbox.due.map {
          .object(["entry": .string($0.entry.key.text), "due": .string($0.freshness.due)])
        }),
      "groups": .array(
        inbox.groups.map { group in
          .object([
            "entry": .string(group.entry.text),
            "interested": .array(
              group.interested.organisations.map { RecordJSON.organisation($0, charter) }),
          ])
        }),
    ])
  }
}
