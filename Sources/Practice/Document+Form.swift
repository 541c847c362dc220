import Operations
import WireFormat

extension Document {
  /// The document as a form to fill in, in its language: what it says, and blanks with advice for
  /// what its kind asks for.
  ///
  /// Advice is in comments, so parsing the form gives this document back.
  package var form: String {
    let words = FormWords(document: self)
    let yaml = YAMLText(language: language)
    var head = words.introduction.map { "# \($0)" }
    if family.name != Self.defaultFamily { head.append("\(Self.familyKey): \(family.name)") }
    var body: [String] = []
    let heading = headingTitle
    for field in family.fields {
      if heading != nil, field.name == family.titleField { continue }
      let content = contents[field.name]
      guard content != nil || isShown(field) else { continue }
      if let section = section(field, content, words) {
        body.insert(section, at: field.name == family.preambleField ? 0 : body.count)
      } else {
        if isShown(field) { head += [""] + words.advice(on: field).map { "# \($0)" } }
        head += content.map { yaml.lines($0, field) } ?? yaml.blank(field)
      }
    }
    if let heading { body.insert("# \(CodePointReference.written(in: heading))", at: 0) }
    return (["---"] + head + ["---"]).joined(separator: "\n") + "\n"
      + body.map { "\n\($0)\n" }.joined()
  }

  /// Whether a form has a place for a field: what a kind asks for, less what has a default of its
  /// own.
  private func isShown(_ field: FieldDefinition) -> Bool {
    if template?.fields.contains(field.name) == true { return true }
    return field.required == .always
      ? field.default == nil && asks(for: field)
      : template == nil && family.templateField == nil
  }

  /// A field that stands in the text; nil for one of the head.
  private func section(
    _ field: FieldDefinition, _ content: FieldContent?, _ words: FormWords
  ) -> String? {
    guard field.type == .longText else { return nil }
    var parts: [String] = []
    if field.name != family.preambleField { parts.append("## \(field.label[language])") }
    switch content {
    case .register(.value(.text(let text))):
      parts.append(CodePointReference.written(in: MarkdownParts.escaped(text)))
    case nil:
      var advice = words.advice(on: field)
      if field.name == family.preambleField { advice.insert("\(field.label[language]):", at: 0) }
      parts.append(advice.isEmpty ? "" : "<!-- \(advice.joined(separator: "\n     ")) -->")
    default: return nil
    }
    return parts.joined(separator: "\n\n")
  }
}

extension YAMLText {
  /// A field without content: a list to fill in, or a first row with its columns.
  fileprivate func blank(_ field: FieldDefinition) -> [String] {
    switch field.merge ?? .register {
    case .register: ["\(key(field)):"]
    case .set: ["\(key(field)): []"]
    case .table:
      ["\(key(field)):"]
        + (field.columns ?? []).enumerated().map {
          ($0.offset == 0 ? "  - " : "    ") + "\(key($0.element)):"
        }
    }
  }
}

/// What a form says about a field.
private struct FormWords {
  let document: Document
  private var language: Language { document.language }
  private static let width = 92

  init(document: Document) {
    self.document = document
  }

  private func word(_ swedish: String, _ english: String) -> String {
    language == .swedish ? swedish : english
  }

  var introduction: [String] {
    [
      word(
        "Rader som börjar med # här i huvudet, och <!-- text så här --> längre ned, är råd.",
        "Lines of this head that begin with #, and <!-- text like this --> below, are advice."),
      word(
        "De publiceras inte. Lämna tomt eller stryk det ni inte har något att säga om.",
        "They are not published. Leave blank or delete what you have nothing to say about."),
    ]
  }

  /// Whether the field is needed, what goes there, and which codes there are.
  func advice(on field: FieldDefinition) -> [String] {
    let sentences = [demand(of: field), field.hint?[language] ?? "", shape(of: field)]
    var lines = Self.folded(sentences.filter { !$0.isEmpty }.joined(separator: " "), " ")
    lines += codes(of: field)
    for column in field.columns ?? [] {
      let about =
        [
          column.required == .always ? word("krävs", "required") : "",
          column.hint?[language] ?? "", shape(of: column),
        ].filter { !$0.isEmpty }.joined(separator: ", ")
      let codes = document.schema.vocabulary(of: column)?.enterable.map { label($0) } ?? []
      let all = ([about] + codes).filter { !$0.isEmpty }.joined(separator: " · ")
      if !all.isEmpty { lines += Self.folded("  \(column.label[language]): \(all)", " ") }
    }
    return lines
  }

  private func demand(of field: FieldDefinition) -> String {
    if field.required == .always { return word("Krävs.", "Required.") }
    if let when = condition(field.required) {
      return when.isEmpty ? word("Krävs.", "Required.") : word("Krävs när", "Required when") + when
    }
    return condition(field.advised).map { word("Fyll gärna i när", "Good to have when") + $0 } ?? ""
  }

  /// ` Skede är PILOT, IMPL eller ORD.`, empty when that follows from the kind, and nil without a
  /// condition.
  private func condition(_ requirement: Requirement?) -> String? {
    guard case .when(let name, let values, let unless) = requirement,
      let other = document.family[name]
    else { return nil }
    if name == document.family.templateField {
      guard case .register(.value(.text(let kind))) = document[name], values.contains(kind) else {
        return nil
      }
      if unless.isEmpty { return "" }
    }
    let known = document.schema.vocabulary(of: other)
    let possible = values.filter { known?[$0]?.derived != true }
    let names = unless.compactMap { document.family[$0]?.label[language] }
    let alternatives = names.joined(separator: word(" eller ", " or "))
    if name == document.family.templateField {
      return word(" \(alternatives) är tomt.", " \(alternatives) is blank.")
    }
    let label = other.label[language]
    let last = possible.last.map { " " + $0 } ?? ""
    let others = possible.dropLast().joined(separator: ", ")
    return possible.isEmpty
      ? word(" \(label) är ifyllt.", " \(label) is given.")
      : word(" \(label) är", " \(label) is")
        + (others.isEmpty ? last : " \(others)" + word(" eller", " or") + last) + "."
  }

  /// How a value is written.
  private func shape(of field: FieldDefinition) -> String {
    switch field.type {
    case .date: word("2026, 2026-11 eller 2026-11-30.", "2026, 2026-11 or 2026-11-30.")
    case .boolean: word("ja eller nej", "yes or no")
    case .integer where field.min != nil && field.max != nil:
      "\(field.min ?? 0)–\(field.max ?? 0)"
    case .reference where field.target != Document.contactFamily:
      word("Id, eller början på det.", "Id, or the beginning of it.")
    case .link: word("[https://…, https://…]", "[https://…, https://…]")
    case .codedText: word("[KOD: egna ord, KOD: egna ord]", "[CODE: own words, CODE: own words]")
    case .text where field.example != nil: word("Som ", "Such as ") + (field.example ?? "")
    default: ""
    }
  }

  private func codes(of field: FieldDefinition) -> [String] {
    guard [.code, .codes, .codedText].contains(field.type),
      let vocabulary = document.schema.vocabulary(of: field)
    else { return [] }
    let limit = field.maxCount.flatMap { $0 < vocabulary.enterable.count ? $0 : nil }
    let first = limit.map { [word("Högst \($0) av:", "At most \($0) of:")] } ?? []
    return first
      + Self.folded("  " + vocabulary.enterable.map(label).joined(separator: " · "), " · ")
  }

  private func label(_ code: Vocabulary.Code) -> String {
    let label = code.label(language)
    return label == code.code || code.code.count > 20 ? label : "\(code.code) \(label)"
  }

  /// Lines of bounded length, broken at `separator`, the later ones as far in as the first.
  private static func folded(_ text: String, _ separator: String) -> [String] {
    guard !text.isEmpty else { return [] }
    let indent = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    for part in text.dropFirst(indent.count).split(separator: separator) {
      if !line.isEmpty, indent.count + line.count + separator.count + part.count > width {
        lines.append(indent + line)
        line = ""
      }
      line += (line.isEmpty ? "" : separator) + part
    }
    return lines + [indent + line]
  }
}
