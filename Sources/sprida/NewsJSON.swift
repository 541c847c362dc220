import Aggregation
import OperationStore
import Operations
import Practice

/// News for machines.
enum NewsJSON {
  static func of(_ news: News, _ context: Context, _ charter: Charter) throws -> [String: JSON] {
    [
      "organisation": news.own.map { RecordJSON.organisation($0.id, charter) } ?? .null,
      "themes": .array(news.themes.map(JSON.string)),
      "entries": try of(news.entries, context),
      "about_own": .object(
        Dictionary(
          uniqueKeysWithValues: try news.said.map { ($0.family.name, try of($0.news, context)) })),
      "conflicts": .array(try news.conflicts.map { try RecordJSON.of($0, context) }),
      "due": due(news.due), "dead_links": .number(news.deadLinks),
    ]
  }

  private static func of(_ news: RecordNews, _ context: Context) throws -> JSON {
    .object([
      "created": .array(try news.created.map { try RecordJSON.of($0, context) }),
      "edited": .array(try news.edited.map { try RecordJSON.of($0, context) }),
      "created_count": .number(news.createdCount), "edited_count": .number(news.editedCount),
    ])
  }

  static func due(_ due: [(entry: RecordSummary, freshness: Freshness)]) -> JSON {
    .array(
      due.map { entry, freshness in
        .object([
          "record": .string("\(entry.key.record)"), "title": .string(entry.title),
          "confirmed": .optional(freshness.confirmed), "due": .string(freshness.due),
        ])
      })
  }
}
