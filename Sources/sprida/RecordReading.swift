import FoundationEssentials
import OperationStore
import Operations
import Practice
import Signatures

/// Records as `export` prints them, read back to be published here.
struct RecordReading {
  /// One record of the file.
  struct Stated {
    /// What it was called where it comes from; others in the file refer to it so.
    let key: RecordKey?
    let family: Family
    let fields: [String: JSON]
  }

  let records: [Stated]
  private let keys: Set<RecordKey>
  private let file: String
  private let console: Console

  /// Whether a text is JSON rather than Markdown.
  static func isJSON(_ text: String) -> Bool {
    text.first { !$0.isWhitespace }.map { "[{".contains($0) } ?? false
  }

  /// An array, one object, or an object a line.
  init(_ text: String, file: String, _ console: Console) throws {
    self.file = file
    self.console = console
    let items = try Self.items(of: text, file, console)
    records = try items.enumerated().map { index, item in
      let place = "\(file)[\(index + 1)]"
      guard case .object(let members) = item, case .string(let name) = members["family"],
        case .object(let fields) = members["fields"]
      else {
        throw Failure.invalid(
          console.text(
            "\(place): väntade family och fields, som i sprida export",
            "\(place): expected family and fields, as in sprida export"))
      }
      guard let family = Schema.bundled.family(name), family.operationClass == .record else {
        let known = Schema.bundled.families.filter { $0.operationClass == .record }.map(\.name)
        throw Failure.invalid(
          console.text(
            "\(place): hittade familjen ”\(name)”, väntade en av \(known.joined(separator: ", "))",
            "\(place): found the family “\(name)”, expected one of \(known.joined(separator: ", "))"
          ))
      }
      return Stated(key: Self.key(members), family: family, fields: fields)
    }
    keys = Set(records.compactMap(\.key))
  }

  private static func items(of text: String, _ file: String, _ console: Console) throws -> [JSON] {
    do {
      switch try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) {
      case .array(let items): return items
      case let item: return [item]
      }
    } catch {
      let lines = text.split(whereSeparator: \.isNewline)
      let items = lines.map { try? JSONDecoder().decode(JSON.self, from: Data($0.utf8)) }
      if lines.count > 1, let bad = items.firstIndex(where: { $0 == nil }), bad > 0 {
        throw Failure.invalid(
          console.text("\(file):\(bad + 1): ingen JSON", "\(file):\(bad + 1): not JSON"))
      }
      guard !items.contains(where: { $0 == nil }) else {
        throw Failure.invalid(console.text("\(file): ingen JSON", "\(file): not JSON"))
      }
      return items.compactMap { $0 }
    }
  }

  private static func key(_ members: [String: JSON]) -> RecordKey? {
    guard case .object(let organisation) = members["organisation"],
      case .string(let owner) = organisation["id"], case .string(let record) = members["record"]
    else { return nil }
    return RecordKey(text: "\(owner)/\(record)")
  }

  // MARK: - Publishing

  /// Publishes all of them under new ids, with the references among them.
  ///
  /// What others refer to comes first, and a reference that has to wait is added by an edit: they may
  /// go round in a circle.
  func publish(by author: Author, _ context: Context) throws -> [RecordKey] {
    for record in records { _ = try document(of: record, named: { $0 }) }
    var new: [RecordKey: RecordKey] = [:]
    var published: [RecordKey] = []
    var waiting: [(record: Stated, key: RecordKey)] = []
    for isLater in [false, true] {
      let now = records.filter { needsOthers($0) == isLater }
      let drafts = try now.compactMap { record in
        let document = try document(of: record) { keys.contains($0) ? new[$0] : $0 }
        return try author.prepare(document, editing: nil).map { (record, $0) }
      }
      for ((record, _), key) in zip(drafts, try author.sign(drafts.map(\.1))) {
        if let old = record.key { new[old] = key }
        published.append(key)
        waiting.append((record, key))
      }
    }
    _ = try author.sign(
      try waiting.compactMap { record, key in
        guard let state = try context.store.record(key) else { return nil }
        var complete = Document(state: state, family: record.family, schema: .bundled)
        try replace(
          &complete, entries(of: record) { new[$0] ?? $0 }.filter { isReference($0, record) })
        return try author.prepare(complete, editing: key, shown: state)
      })
    return published
  }

  /// Whether it is nothing without a record of the same file.
  private func needsOthers(_ record: Stated) -> Bool {
    record.family.fields.contains { field in
      field.type == .reference && field.required == .always
        && references(record.fields[field.name]).contains(where: keys.contains)
    }
  }

  private func references(_ value: JSON?) -> [RecordKey] {
    Self.live(value).compactMap {
      if case .string(let text) = $0 { RecordKey(text: text) } else { nil }
    }
  }

  private func isReference(_ entry: Practice.Input.Entry, _ record: Stated) -> Bool {
    record.family[entry.key]?.type == .reference
  }

  private func document(
    of record: Stated, named: (RecordKey) -> RecordKey?
  ) throws -> Document {
    do {
      return try Document(
        entries: entries(of: record, named: named), family: record.family, schema: .bundled)
    } catch {
      throw error.failure(console, file: file)
    }
  }

  private func replace(_ document: inout Document, _ entries: [Practice.Input.Entry]) throws {
    do {
      try document.replace(entries)
    } catch {
      throw error.failure(console, file: file)
    }
  }

  // MARK: - Fields

  /// What was said, with references by the name that `named` gives; one without a name is left out.
  private func entries(
    of record: Stated, named: (RecordKey) -> RecordKey?
  ) -> [Practice.Input.Entry] {
    let paths = record.fields.keys.sorted()
    var entries: [Practice.Input.Entry] = []
    for path in paths where !path.contains("/") {
      let field = record.family[path]
      let inputs = Self.live(record.fields[path]).compactMap { value -> Practice.Input? in
        guard field?.type == .reference, case .string(let text) = value,
          let key = RecordKey(text: text)
        else { return Self.input(value, field) }
        return named(key).map { .text($0.text) }
      }
      guard let first = inputs.first else { continue }
      entries.append(.init(path, field?.merge == .set ? .list(inputs) : first))
    }
    let cells = paths.compactMap { path -> Cell? in Cell(path) }
    for table in cells.map(\.table).reduce(into: [String](), Self.appendNew) {
      let rows = cells.filter { $0.table == table }.map(\.row).reduce(into: [], Self.appendNew)
      entries.append(
        .init(
          table,
          .list(
            rows.map { row in
              .map(
                [.init("row", .text(row))]
                  + cells.filter { $0.table == table && $0.row == row }.compactMap { cell in
                    let column = record.family[table]?.columns?.first { $0.name == cell.column }
                    return Self.live(record.fields[cell.path]).first
                      .flatMap { Self.input($0, column) }.map { .init(cell.column, $0) }
                  })
            })))
    }
    return entries
  }

  private struct Cell {
    let path: String
    let table: String
    let row: String
    let column: String

    init?(_ path: String) {
      let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3 else { return nil }
      (self.path, table, row, column) = (path, parts[0], parts[1], parts[2])
    }
  }

  private static func appendNew(_ list: inout [String], _ item: String) {
    if !list.contains(item) { list.append(item) }
  }

  /// The displayed value, or every element; without what has been erased.
  private static func live(_ field: JSON?) -> [JSON] {
    guard case .object(let members) = field else { return [] }
    var all: [JSON] = []
    if case .array(let values) = members["values"] { all += values.prefix(1) }
    if case .array(let elements) = members["elements"] { all += elements }
    return all.compactMap { live in
      guard case .object(let members) = live, let value = members["value"] else { return nil }
      if case .null = value { return nil }
      return value
    }
  }

  private static func input(_ value: JSON, _ field: FieldDefinition?) -> Practice.Input? {
    switch value {
    case .string(let text): return .text(text)
    case .number(let number): return .text("\(number)")
    case .bool(let truth): return .text(truth ? "true" : "false")
    case .array(let parts):
      let names =
        switch field?.type {
        case .link: ["url", "type", "label"]
        case .partner: ["name", "role"]
        case .codedText: ["code", "text"]
        default: [String]()
        }
      let entries = zip(names, parts).compactMap { name, part -> Practice.Input.Entry? in
        guard case .string(let text) = part, !text.isEmpty else { return nil }
        return .init(name, .text(text))
      }
      return .map(entries)
    case .null, .object: return nil
    }
  }
}
