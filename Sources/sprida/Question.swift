import Node
import OperationStore
import Operations
import Practice
import Signatures

/// A comment that asks something of an entry's owner.
struct Question {
  let comment: RecordSummary
  let entry: RecordKey
  /// Days since it was asked, as claimed.
  let age: Int

  /// Those that the owner has not answered, the oldest first; of all owners when `organisation` is
  /// nil.
  static func unanswered(
    to organisation: Digest?, _ context: Context, _ charter: Charter
  ) throws -> [Question] {
    let store = context.store
    return try store.records(family: "comment", path: "question", value: "true")
      .filter { !$0.isWithdrawn }
      .sorted { ($0.created, $0.key) < ($1.created, $1.key) }
      .compactMap { comment in
        guard let entry = comment.facets["entry"]?.first.flatMap({ RecordKey(text: $0) }) else {
          return nil
        }
        let owner = try store.owner(of: entry)
        guard organisation == nil || owner == organisation else { return nil }
        let answers = try store.records(
          family: "comment", path: "parent", value: comment.key.text)
        guard
          try !answers.contains(where: {
            try !$0.isWithdrawn && store.owner(of: $0.key) == owner
          })
        else {
          return nil
        }
        let age = max(0, Int64(clamping: SystemClock.now) - comment.created) / 86_400_000
        return Question(comment: comment, entry: entry, age: Int(age))
      }
  }

  func lines(_ context: Context, _ charter: Charter) throws -> [String] {
    let console = context.console
    let asker = context.organisationName(try context.store.owner(of: comment.key), charter)
    let title = try context.store.record(entry)?.displayedText("title") ?? ""
    let text = try context.store.record(comment.key)?.displayedText("text") ?? ""
    let when = console.text(
      age == 0 ? "i dag" : age == 1 ? "för 1 dag sedan" : "för \(age) dagar sedan",
      age == 0 ? "today" : age == 1 ? "1 day ago" : "\(age) days ago")
    return console.lines(Console.line(title), after: "# ").map(console.bold)
      + console.lines(text, after: "  \(comment.key.record.description.prefix(8)) ")
      + [console.dim("  " + Console.line("\(asker), \(when)"))]
  }

  func json(_ context: Context, _ charter: Charter) throws -> JSON {
    .object([
      "record": .string("\(comment.key.record)"), "entry": .string(entry.text),
      "organisation": RecordJSON.organisation(
        try context.store.owner(of: comment.key), charter),
      "text": .string(try context.store.record(comment.key)?.displayedText("text") ?? ""),
      "asked": .number(comment.created), "days": .number(age),
    ])
  }
}
