import Aggregation
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// What waits for somebody of one organisation.
struct Inbox {
  /// Something that another organisation has said.
  struct Item {
    let record: RecordSummary
    let organisation: Digest
    let entry: RecordKey
  }

  let questions: [Question]
  /// Answers to own questions and comments.
  let replies: [Item]
  /// About own entries, by family in the order of the schema.
  let said: [(family: Family, items: [Item])]
  /// Own records with open conflicts.
  let conflicts: [RecordSummary]
  /// Own entries to confirm.
  let due: [(entry: RecordSummary, freshness: Freshness)]
  /// Entries that so many are interested in that they should talk, the own organisation among them.
  let groups: [(entry: RecordKey, interested: Interested)]

  init(of own: Organisation, _ context: Context, _ charter: Charter) throws {
    let ids = [own.id] + charter.predecessors(of: own.id)
    let store = context.store
    let marks = try context.directory.inboxMarks()
    func items(_ records: [RecordSummary]) throws -> [Item] {
      try records.filter { !$0.isWithdrawn && !marks.has($0.key.text, updated: $0.updated) }
        .sorted { ($0.updated, $0.key) < ($1.updated, $1.key) }
        .compactMap { record in
          let organisation = try store.owner(of: record.key)
          guard organisation != own.id,
            let entry = record.facets["entry"]?.first.flatMap({ RecordKey(text: $0) })
          else { return nil }
          return Item(record: record, organisation: organisation, entry: entry)
        }
    }
    questions = try Question.unanswered(to: own.id, context, charter)
    let asked = Set(questions.map(\.comment.key))
    let answered = try Self.answered(by: own.id, store)
    said = try News.referring.map { family, path in
      var query = RecordQuery(family: family.name)
      query.about = (path: path, organisations: ids)
      let records = try store.find(query).records.filter {
        !asked.contains($0.key) && !answered.contains($0.key.text)
      }
      return (family, try items(records))
    }
    let about = Set(said.flatMap { $0.items.map(\.record.key) })
    var replies = RecordQuery(family: "comment")
    replies.about = (path: "parent", organisations: ids)
    self.replies = try items(store.find(replies).records).filter {
      !about.contains($0.record.key) && !answered.contains($0.record.key.text)
    }
    conflicts = try Self.conflicts(ids, store)
    due = try News.due(ids, context)
    groups = try Self.groups(ids, context)
  }

  /// Comments that the organisation has replied to.
  private static func answered(
    by own: Digest, _ store: OperationStore
  ) throws -> Set<String> {
    var query = RecordQuery(family: "comment")
    query.organisations = [own]
    return Set(try store.find(query).records.flatMap { $0.facets["parent"] ?? [] })
  }

  private static func conflicts(
    _ organisations: [Digest], _ store: OperationStore
  ) throws -> [RecordSummary] {
    try Schema.bundled.families.flatMap { family in
      var query = RecordQuery(family: family.name)
      query.organisations = organisations
      query.isInConflict = true
      return try store.find(query).records
    }
  }

  private static func groups(
    _ organisations: [Digest], _ context: Context
  ) throws -> [(entry: RecordKey, interested: Interested)] {
    var query = RecordQuery(family: "adoption")
    query.organisations = organisations
    query.facets = [.init(path: "state", values: ["INTERESTED"])]
    return try context.store.find(query).records
      .compactMap { $0.facets["entry"]?.first.flatMap { RecordKey(text: $0) } }
      .map { (entry: $0, interested: try Interested(in: $0, context)) }
      .filter(\.interested.isGroup)
  }

  var items: [Item] { replies + said.flatMap(\.items) }

  var count: Int { questions.count + items.count + conflicts.count + due.count }
}
