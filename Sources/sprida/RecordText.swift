import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// A record as people read it.
struct RecordText {
  private let context: Context
  private let charter: Charter
  private var console: Console { context.console }

  init(_ context: Context) throws {
    self.context = context
    charter = try context.store.charter()
  }

  /// A draft has neither id nor history yet.
  func lines(of state: RecordState, isDraft: Bool = false) throws -> [String] {
    let family = Schema.bundled.family(state.family)
    let title = state.displayedText(family?.titleField ?? "title")
    // Marked as the heading it is: a title may read like anything.
    var lines = console.lines(Console.line(title.isEmpty ? state.family : title), after: "# ")
      .map(console.bold)
    let history =
      isDraft
      ? console.text("utkast", "draft")
      : "\(console.text("ändrad", "edited")) \(console.time(Int64(state.updated.milliseconds)))"
    lines += [
      console.dim(
        "  \(try owner(of: state.key)) · \(history) · "
          + console.text("egendeklarerad, inte granskad", "self-declared, not reviewed"))
    ]
    lines += isDraft ? [""] : [console.dim("  id \(state.key.record)"), ""]
    if let reason = state["withdrawn"]?.values.first {
      lines +=
        console.lines(
          text(of: reason, nil), after: console.text("ÅTERKALLAD: ", "WITHDRAWN: ")) + [""]
    }
    if state.isExpired(today: SystemClock.today) { return lines + [expired(state)] }
    for field in family?.fields ?? [] where field.name != family?.titleField {
      lines += self.lines(of: field, in: state)
    }
    let known = Set(family?.fields.map(\.name) ?? [])
    for field in state.fields where !known.contains(Self.name(of: field.path)) {
      lines += live(field.state).flatMap { console.lines($0, after: "\(field.path): ") }
    }
    lines += conflicts(of: state) + (try adoptions(of: state))
    return lines.enumerated().filter { index, line in
      !line.isEmpty || index > 0 && !lines[index - 1].isEmpty
    }.map(\.element)
  }

  private func expired(_ state: RecordState) -> String {
    let day = Console.line(state.displayedText("expires"))
    return console.text("(kontakten gick ut \(day))", "(the contact expired \(day))")
  }

  /// With its former name, where another organisation has taken the record over.
  private func owner(of key: RecordKey) throws -> String {
    let owner = try context.store.owner(of: key)
    let name = context.organisationName(owner, charter)
    guard owner != key.organisation else { return name }
    let former = context.organisationName(key.organisation, charter)
    return name + console.text(" (tidigare \(former))", " (formerly \(former))")
  }

  private func lines(of field: FieldDefinition, in state: RecordState) -> [String] {
    let label = field.label[console.language]
    if field.merge == .table { return table(field, label, state) }
    guard let held = state[field.name] else {
      let isAsked = field.required != nil && (field.name == "stage" || field.name == "contact_ref")
      return isAsked
        ? ["\(label): \(console.dim(console.text("ej angivet", "not stated")))"] : []
    }
    let values = (held.values.prefix(1) + held.elements).map { text(of: $0, field) }
    let mark = held.isConflict ? console.red(" ⚠ " + console.text("konflikt", "conflict")) : ""
    return field.type == .longText
      ? ["", console.bold(label) + mark]
        + console.lines(values.joined(separator: "\n"), width: 100) + [""]
      : console.lines(values.joined(separator: ", "), after: "\(label): ").marked(mark)
  }

  private func table(_ field: FieldDefinition, _ label: String, _ state: RecordState) -> [String] {
    let cells = state.fields.filter { Self.name(of: $0.path) == field.name }
    let rows = Dictionary(grouping: cells) { $0.path.split(separator: "/").dropFirst().first ?? "" }
    guard !rows.isEmpty else { return [] }
    let order = field.columns?.map(\.name) ?? []
    return ["\(label):"]
      + rows.sorted { $0.key < $1.key }.flatMap { _, cells in
        let ordered = cells.map { (column: Self.column(of: $0.path), state: $0.state) }.sorted {
          order.firstIndex(of: $0.column) ?? .max < order.firstIndex(of: $1.column) ?? .max
        }
        let parts = ordered.compactMap { cell in
          let definition = field.columns?.first { $0.name == cell.column }
          return cell.state.values.first.map {
            "\(definition?.label[console.language] ?? cell.column): \(text(of: $0, definition))"
          }
        }
        return console.lines(parts.joined(separator: "; "), after: "  – ")
      }
  }

  private static func column(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").first.map(String.init) ?? path
  }

  private func live(_ field: FieldState) -> [String] {
    (field.values + field.elements).map { text(of: $0, nil) }
  }

  /// A value with its code's label, on one line unless it is a long text.
  func text(of live: LiveValue, _ field: FieldDefinition?) -> String {
    guard let value = live.value else { return console.text("(raderat)", "(erased)") }
    let text = text(of: value, field)
    return field?.type == .longText ? text : Console.line(text)
  }

  private func text(of value: CBOR, _ field: FieldDefinition?) -> String {
    switch value {
    case .text(let text):
      field?.vocabulary.flatMap { Schema.bundled.vocabularies[$0] }?
        .label(of: text, console.language) ?? text
    case .unsigned(let number): "\(number)"
    case .negative(let number): CBOR.decimal(negative: number)
    case .bool(let truth): truth ? console.text("ja", "yes") : console.text("nej", "no")
    case .bytes(let bytes): Hex.encode(bytes)
    case .array(let items):
      RecordKey(reference: value).map(reference)
        ?? items.map { text(of: $0, field) }.filter { !$0.isEmpty }.joined(separator: " · ")
    }
  }

  private func reference(_ key: RecordKey) -> String {
    guard let state = try? context.store.record(key) else {
      return "\(key.record.description.prefix(12))"
    }
    if state.isExpired(today: SystemClock.today) { return expired(state) }
    let title = state.displayedText("title")
    let name = title.isEmpty ? state.displayedText("mailbox") : title
    return name.isEmpty ? "\(key.record.description.prefix(12))" : name
  }

  private func conflicts(of state: RecordState) -> [String] {
    state.conflicts.flatMap { field in
      [
        "",
        console.red(
          console.text("Konflikt i \(label(field, state)):", "Conflict in \(label(field, state)):")),
      ]
        + field.state.values.enumerated().flatMap { index, value in
          console.lines("\(index + 1). “\(text(of: value, nil))”").marked(
            " "
              + console.dim(
                "\(console.time(Int64(value.timestamp.milliseconds))), "
                  + context.signer(value.author, charter)))
        }
    }
  }

  /// What an edit hides that does not count itself.
  static func hidden(_ state: FieldState, _ console: Console) -> String {
    let count = state.hiddenThroughUnaccepted.count
    return console.text(
      "\(count) värde dolt av en ändring som inte gäller",
      "\(count) value hidden by an edit that does not count")
  }

  /// The field's label, and its path, which `resolve` takes.
  private func label(_ field: RecordState.Field, _ state: RecordState) -> String {
    let definition = Schema.bundled.family(state.family)?[field.path]
    return definition.map { "\($0.label[console.language]) (\(field.path))" } ?? field.path
  }

  private func adoptions(of state: RecordState) throws -> [String] {
    let adoptions = try context.store.records(
      family: "adoption", path: "entry", value: state.key.text)
    guard !adoptions.isEmpty else { return [] }
    let vocabulary = Schema.bundled.vocabularies["adoption_state"]
    return ["", console.bold(console.text("Övertaganden", "Adoptions"))]
      + adoptions.map { adoption in
        let code = adoption.facets["state"]?.first ?? ""
        return "  \(context.organisationName(adoption.key.organisation, charter)): "
          + (vocabulary?.label(of: code, console.language) ?? Console.line(code))
      }
  }
}

extension [String] {
  /// With a mark of ours after the last line.
  func marked(_ mark: String) -> [String] {
    dropLast() + suffix(1).map { $0 + mark }
  }
}
