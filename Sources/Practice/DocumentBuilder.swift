import Operations

/// Collects the fields of a document and every problem with them.
struct DocumentBuilder {
  private let entries: [Input.Entry]
  private var document: Document
  private var reader: ValueReader
  private var problems: [Problem] = []
  /// Fields that were given, readable or not.
  private var given: Set<String> = []
  private var kept: [String: FieldContent] { reader.kept }
  private let isNew: Bool

  init(family: Family, schema: Schema, entries: [Input.Entry], record: RecordState?) {
    self.entries = entries
    isNew = record == nil
    let choice = entries.first { $0.key.caseFolded == Document.familyKey }
    var family = family
    if case .text(let name, let line) = choice?.value {
      if let chosen = schema.family(named: EnteredText.short(name)) {
        family = chosen
      } else {
        problems.append(
          Problem(
            .unknownFamily, field: Document.familyKey, line: line, found: name,
            expected: schema.families.map(\.name)))
      }
    }
    document = Document(family: family, schema: schema)
    let shown = record.map { Document(state: $0, family: family, schema: schema).contents }
    reader = ValueReader(schema: schema, kept: shown ?? [:])
  }

  mutating func report(_ problems: [Problem]) {
    self.problems += problems
  }

  consuming func finish() throws(DocumentError) -> Document {
    let all = problems + reader.problems
    guard all.isEmpty else { throw DocumentError(all, family: document.family) }
    return document
  }

  mutating func readHead() {
    for entry in entries where entry.key.caseFolded != Document.familyKey {
      guard let field = field(named: entry.key, line: entry.line) else { continue }
      guard entry.value != .empty else { continue }
      take(field, entry.value, line: entry.line)
    }
  }

  mutating func readBody(_ parts: MarkdownParts) {
    if let title = parts.title {
      take(document.family.titleField, title)
    }
    if let preamble = parts.preamble {
      take(document.family.preambleField, preamble)
    }
    for section in parts.sections {
      guard let field = field(named: section.heading, line: section.line) else { continue }
      guard field.type == .longText else {
        problems.append(
          Problem(
            .notASection, field: field.name, line: section.line, found: section.heading))
        given.insert(field.name)
        continue
      }
      guard !section.text.isEmpty else { continue }
      take(field, .text(section.text, line: section.line), line: section.line)
    }
  }

  /// Takes what the kind and then the writer's habit say, where a new record says nothing.
  mutating func fill(_ usual: [Input.Entry]) {
    guard isNew else { return }
    let defaults = document.template?.defaults ?? [:]
    for field in document.family.fields where document.asks(for: field) {
      guard !given.contains(field.name) else { continue }
      if let text = defaults[field.name] {
        take(field, .text(text), line: nil)
      } else if let entry = usual.first(where: { $0.key == field.name }) {
        take(field, entry.value, line: nil)
      }
    }
  }

  mutating func reportMissing(byHand: Bool) {
    for field in document.family.fields where field.required == .always && document.asks(for: field)
    {
      guard !given.contains(field.name), field.default == nil,
        byHand || field.onlyByHand != true, isNew || kept[field.name] != nil
      else { continue }
      problems.append(Problem(.missing, field: field.name))
    }
    guard byHand || !isNew else { return }
    var former = Document(family: document.family, schema: document.schema)
    former.contents = kept
    problems += Validation.demands(of: document, since: isNew ? nil : former)
      .filter { !given.contains($0.field ?? "") }
  }

  private mutating func take(_ name: String?, _ part: (text: String, line: Int)) {
    guard !part.text.isEmpty else { return }
    guard let field = name.flatMap({ document.family[$0] }) else {
      problems.append(Problem(.strayText, line: part.line))
      return
    }
    take(field, .text(part.text, line: part.line), line: part.line)
  }

  private mutating func take(_ field: FieldDefinition, _ input: Input, line: Int?) {
    guard given.insert(field.name).inserted else {
      problems.append(Problem(.duplicateField, field: field.name, line: line, found: field.name))
      return
    }
    let problemsBefore = reader.problems.count
    document.lines[field.name] = line
    document.contents[field.name] = reader.content(field, input)
    // An empty list or text says as little as a key left out.
    if document.contents[field.name] == nil, reader.problems.count == problemsBefore {
      given.remove(field.name)
    }
  }

  private mutating func field(named name: String, line: Int?) -> FieldDefinition? {
    let family = document.family
    if let field = family.field(named: name) { return field }
    if family.derivedField(named: name) != nil {
      problems.append(Problem(.derivedField, field: name, line: line, found: name))
      return nil
    }
    let names = family.fields.flatMap { [$0.name, $0.label.sv, $0.label.en] }
    problems.append(
      Problem(
        .unknownField, field: name, line: line, found: name,
        suggestion: Spelling.nearest(to: name, among: names).map { names[$0] }))
    return nil
  }
}
