import OperationStore
import Operations
import Practice
import Signatures

/// What an organisation says about an entry, such as an adoption or a comment: a record of its own
/// that points at it and at the version that was read.
struct Statement {
  let context: Context
  let author: Author
  let family: Family
  let entry: RecordState
  private var console: Console { context.console }

  /// - Throws: when `id` is no entry, or when the family is unknown to the schema.
  init(_ name: String, about id: String, _ author: Author, _ context: Context) throws {
    guard let family = Schema.bundled.family(name) else {
      throw Failure.failed(
        words("schemat har inget postslag \(name)", "the schema has no family \(name)"))
    }
    guard let entry = try context.store.record(try context.record(id)),
      entry.family == Document.defaultFamily
    else {
      throw Failure.invalid(
        context.console.text("\(id) är inget exempel.", "\(id) is no entry."))
    }
    self.context = context
    self.author = author
    self.family = family
    self.entry = entry
  }

  /// Only others adopt, review and recommend.
  func demandForeign() throws {
    guard try context.store.owner(of: entry.key) != author.organisation else {
      throw Failure.invalid(
        console.text("Det är ert eget exempel.", "It is your own entry."))
    }
  }

  /// The one record of this kind that the organisation has about the entry; nil before the first.
  func current() throws -> RecordState? {
    try context.store.record(
      RecordKey(
        organisation: author.organisation,
        record: RecordState.derivedID(family: family.name, target: entry.key)))
  }

  /// Signs a new record, or what differs from `current`; a person at a terminal sees it first.
  ///
  /// - Returns: the record; nil when nothing differs.
  func publish(
    _ fields: [Practice.Input.Entry], over current: RecordState? = nil, asking isAsking: Bool
  ) throws -> RecordKey? {
    let reading: [Practice.Input.Entry] = [
      .init("entry", .text(entry.key.text)), .init("version", .text("\(entry.version)")),
    ]
    do {
      let document: Document
      if let current {
        var changed = Document(
          state: current, family: family, schema: .bundled, language: console.language)
        // Nothing new about what was read before is no reason to say that it was read again.
        try changed.replace(fields)
        guard try author.prepare(changed, editing: current.key) != nil else { return nil }
        try changed.replace(reading + fields)
        document = changed
      } else {
        document = try Document(
          entries: reading + fields, family: family, schema: .bundled, byHand: true)
      }
      try Remarks(on: document, context).warn()
      guard let prepared = try author.prepare(document, editing: current?.key) else { return nil }
      if isAsking { try Preview(context, author).confirm([prepared]) }
      return try author.sign([prepared]).first
    } catch let error as DocumentError {
      throw error.failure(console, file: family.name)
    }
  }

  /// Tells what became of it.
  func report(_ key: RecordKey?, _ swedish: Told, _ english: Told) throws {
    if console.isJSON {
      return try console.json(.object(["record": .optional(key?.record.description)]))
    }
    guard let key else {
      return console.say("Inget nytt att publicera.", "Nothing new to publish.")
    }
    console.say(swedish + ": \(key.record)", english + ": \(key.record)")
  }
}

extension [Practice.Input.Entry] {
  /// Those values that were typed; an empty one clears its field, a list stands between commas.
  init(
    given values: KeyValuePairs<String, String?>, lists: KeyValuePairs<String, String?> = [:]
  ) {
    self = values.compactMap { name, value in
      value.map { .init(name, $0.isEmpty ? .empty : .text($0)) }
    }
    self += lists.compactMap { name, list in
      list.map { text in
        .init(name, .list(text.commaList.map { .text($0) }))
      }
    }
  }
}
