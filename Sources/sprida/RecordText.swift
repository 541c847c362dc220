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
    let facts = try EntryFacts(of: state, context, charter)
    var lines = try heading(of: state, facts, isDraft: isDraft)
    if let reason = state["withdrawn"]?.values.first {
      lines +=
        console.lines(
          text(of: reason, nil), after: console.text("ÅTERKALLAD: ", "WITHDRAWN: ")) + [""]
    }
    if state.isExpired(today: SystemClock.today) { return lines + [expired(state)] }
    for field in family?.fields ?? [] where field.name != family?.titleField && !field.isHidden {
      lines += self.lines(of: field, in: state)
    }
    let known = Set(family?.fields.map(\.name) ?? [])
    for field in state.fields where !known.contains(Self.name(of: field.path)) {
      lines += live(field.state).flatMap { console.lines($0, after: "\(field.path): ") }
    }
    lines += conflicts(of: state)
    lines += FactsText(facts, console).lines
    if !isDraft { lines += try holders(of: state) }
    return lines.enumerated().filter { index, line in
      !line.isEmpty || index > 0 && !lines[index - 1].isEmpty
    }.map(\.element)
  }

  /// Whose it is, and how far it can be trusted.
  private func heading(
    of state: RecordState, _ facts: EntryFacts, isDraft: Bool
  ) throws -> [String] {
    let edited =
      isDraft
      ? console.text("utkast", "draft")
      : console.text("ändrad", "edited") + " " + console.moment(Int64(state.updated.milliseconds))
    // Marked as the heading it is: a title may read like anything.
    return console.lines(title(of: state), after: "# ").map(console.bold)
      + [
        "\(try owner(of: state.key)) · \(edited)", FactsText(facts, console).status,
      ].flatMap { console.lines($0) }.map(console.dim)
      + (isDraft ? [] : [console.dim("  id \(state.key.record)")]) + [""]
      + FactsText(facts, console).banner
  }

  func title(of state: RecordState) -> String {
    let field = Schema.bundled.family(state.family)?.titleField ?? "title"
    let title = Console.line(state.displayedText(field))
    return title.isEmpty ? state.family : title
  }

  private func expired(_ state: RecordState) -> String {
    let day = Console.line(state.displayedText("expires"))
    return console.text("(kontakten gick ut \(day))", "(the contact expired \(day))")
  }

  /// With whose company it is, and with its former name where another organisation has taken the
  /// record over.
  func owner(of key: RecordKey) throws -> String {
    let owner = try context.store.owner(of: key)
    let parent = charter.organisation(owner).flatMap(charter.owner(of:))
      .map { context.organisationName($0.id, charter) }
    let name =
      context.organisationName(owner, charter)
      + (parent.map { console.text(" (ägs av \($0))", " (owned by \($0))") } ?? "")
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
    let values =
      held.values.prefix(1).map { text(of: $0, field) }
      + held.elements.map { text(of: $0, field) }.inSwedishOrder
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
        let parts = ordered.compactMap { cell -> String? in
          let definition = field.columns?.first { $0.name == cell.column }
          guard definition?.isHidden != true else { return nil }
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
    case .text(let text) where field?.isTag == true:
      (try? Tags(context, charter))?.label(of: text, console.language) ?? text
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
                "\(console.moment(Int64(value.timestamp.milliseconds))), "
                  + context.signer(value.author, charter)))
        }
    }
  }

  /// What an edit hides that does not count itself.
  static func hidden(_ state: FieldState, _ console: Console) -> String {
    let values = console.count(state.hiddenThroughUnaccepted.count, .value)
    return console.text(
      "\(values) som döljs av en ändring som inte gäller",
      "\(values) hidden by an edit that does not count")
  }

  /// The field's label, and its path, which `resolve` takes.
  private func label(_ field: RecordState.Field, _ state: RecordState) -> String {
    let definition = Schema.bundled.family(state.family)?[field.path]
    return definition.map { "\($0.label[console.language]) (\(field.path))" } ?? field.path
  }

  /// From this node's own sessions: nobody else has told it.
  private func holders(of state: RecordState) throws -> [String] {
    guard let holders = try context.store.holders(of: state.key) else { return [] }
    var table = Table([
      (console.text("Finns på noder hos", "On the nodes of"), .left),
      (console.text("Sedan", "Since"), .left), ("", .left),
    ])
    table.add([
      console.text("den här noden", "this node"), console.time(holders.here.latest), "",
    ])
    // An organisation may have several nodes; the one that has most of it, and first, counts.
    let byOwner = Dictionary(
      holders.others.compactMap { other in
        charter.node(other.node).map { ($0.organisation, other) }
      }, uniquingKeysWith: { $0.isBetter(than: $1) ? $0 : $1 })
    let named = byOwner.map { (name: context.organisationName($0.key, charter), other: $0.value) }
    for (name, other) in named.sorted(by: {
      SwedishOrder.sortKey($0.name) < SwedishOrder.sortKey($1.name)
    }) {
      table.add([
        name,
        console.text(
          "senast \(console.time(other.since))", "\(console.time(other.since)) or before"),
        other.isWhole ? "" : console.text("en tidigare version", "an earlier version"),
      ])
    }
    return [""] + table.lines(console) + (try unknown(besides: Set(byOwner.keys)))
      + [console.dim(console.text("  enligt våra egna möten", "  from our own sessions"))]
  }

  /// Organisations with a node of which no session has told that it holds the record.
  private func unknown(besides known: Set<Digest>) throws -> [String] {
    let own = try context.ownOrganisation(charter)?.id
    let hosted = context.directory.guests
    let names = charter.organisations.filter { organisation in
      organisation.id != own && !known.contains(organisation.id)
        && charter.nodes.contains { $0.organisation == organisation.id }
        // One that is hosted here holds what this node holds.
        && !hosted.contains(organisation.code)
    }.map { context.organisationName($0.id, charter) }
    guard !names.isEmpty else { return [] }
    let list = names.inSwedishOrder.joined(separator: ", ")
    return console.lines(list, after: console.text("  Inte känt hos: ", "  Not known of: "))
  }
}

extension [String] {
  /// With a mark of ours after the last line.
  func marked(_ mark: String) -> [String] {
    dropLast() + suffix(1).map { $0 + mark }
  }
}
