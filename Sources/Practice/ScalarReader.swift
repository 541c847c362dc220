import WireFormat

/// Reads one value of one field (`Protocol/schema/README.md#types`).
struct ScalarReader {
  let field: FieldDefinition
  let schema: Schema
  let place: Place
  private(set) var problems: [Problem] = []

  init(field: FieldDefinition, schema: Schema, place: Place) {
    self.field = field
    self.schema = schema
    self.place = place
  }

  mutating func value(_ input: Input) -> FieldValue? {
    switch field.type {
    case .link: link(input)
    case .codedText: codedText(input)
    case .partner: partner(input)
    default: text(of: input).flatMap { text in single(text) }
    }
  }

  private mutating func single(_ raw: String) -> FieldValue? {
    let text = field.type == .longText ? EnteredText.long(raw) : EnteredText.short(raw)
    guard !text.isEmpty else { return nil }
    judge(text)
    if let only = field.only, text != only { report(.notAllowed, text, [only]) }
    switch field.type {
    case .code, .codes: return .value(.text(code(text)))
    case .integer: return integer(text).map { .value(CBOR($0)) }
    case .boolean: return boolean(text).map { .value(.bool($0)) }
    case .reference: return reference(text)
    case .date:
      if PartialDate(text) == nil { report(.badDate, text) }
      return .value(.text(text))
    case .url:
      judgeAddress(text)
      return .value(.text(text))
    default: return .value(.text(text))
    }
  }

  private mutating func report(
    _ code: Problem.Code, _ found: String, _ expected: [String] = [], suggestion: String? = nil
  ) {
    problems.append(
      Problem(
        code, field: place.path, line: place.line, found: found, expected: expected,
        suggestion: suggestion))
  }

  private mutating func reportMissing(_ part: Part) {
    problems.append(
      Problem(.missing, field: "\(place.path).\(part.rawValue)", line: place.line))
  }

  private mutating func text(of input: Input, expected: [Input.Shape] = [.text]) -> String? {
    if case .text(let text, _) = input { return text }
    report(.wrongShape, input.shape.rawValue, expected.map(\.rawValue))
    return nil
  }
}

// MARK: - Rules of a single text

extension ScalarReader {
  private mutating func judge(_ text: String) {
    judgeCharacters([text])
    judgeLength(text)
    if let pattern = field.pattern, let regex = try? Regex(pattern),
      (try? regex.wholeMatch(in: text)) == nil
    {
      report(.badPattern, text, [field.example ?? pattern])
    }
  }

  private mutating func judgeCharacters(_ texts: [String]) {
    for violation in texts.compactMap(TextProfile.violation) {
      report(.controlCharacter, violation)
    }
  }

  private mutating func judgeLength(_ text: String) {
    if let limit = field.maxBytes, text.utf8.count > limit {
      report(.tooLong, "\(text.utf8.count)", ["\(limit)"])
    }
  }

  private mutating func judgeAddress(_ text: String) {
    let rest = ["https://", "http://"].first(where: text.hasPrefix).map {
      text.dropFirst($0.count)
    }
    guard let rest, let host = rest.first, host.isLetter || host.isNumber || host == "[",
      !text.contains(where: \.isWhitespace)
    else { return report(.badAddress, text) }
  }

  /// The code that `text` means, or the text itself.
  private mutating func code(_ text: String) -> String {
    guard let vocabulary = schema.vocabulary(of: field) else { return text }
    if let code = vocabulary.code(meaning: text) { return code.code }
    report(
      .unknownCode, text, vocabulary.enterable.map(\.code),
      suggestion: vocabulary.nearest(to: text))
    return text
  }

  /// Accepts the spaces that people and number formatters put between thousands.
  private mutating func integer(_ text: String) -> Int64? {
    let digits = text.filter { !" \u{a0}\u{202f}".contains($0) }
    guard let number = Int64(digits) else {
      report(.badInteger, text)
      return nil
    }
    guard number >= field.min ?? .min, number <= field.max ?? .max else {
      report(.outOfRange, text, [field.min, field.max].map { $0.map(String.init) ?? "" })
      return number
    }
    return number
  }

  private mutating func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "ja": return true
    case "false", "no", "nej": return false
    default:
      report(.badBoolean, text)
      return nil
    }
  }

  /// Only the form is judged here; `Document.changes` resolves it.
  private mutating func reference(_ text: String) -> FieldValue {
    let ids = text.split(separator: "/", omittingEmptySubsequences: false)
    let isID =
      ids.count <= 2
      && ids.allSatisfy { (4...64).contains($0.utf8.count) && $0.allSatisfy(\.isHexDigit) }
    let isMailbox = field.target == Document.contactFamily && text.contains("@")
    if !isID, !isMailbox {
      let mailbox = field.target == Document.contactFamily ? ["namn@kommun.se"] : []
      report(.badReference, text, ["<id>", "<organisation>/<id>"] + mailbox)
    }
    return .reference(isID ? text.lowercased() : text)
  }
}

// MARK: - Values of several parts

extension ScalarReader {
  /// `{url: …, type: …, label: …}`, or only the address.
  private mutating func link(_ input: Input) -> FieldValue? {
    guard var parts = parts(input, [.url, .type, .label]) else { return nil }
    if parts[0].isEmpty {
      reportMissing(.url)
      return nil
    }
    judgeAddress(parts[0])
    judgeCharacters(parts)
    judgeLength(parts.joined())
    parts[1] = parts[1].isEmpty ? defaultCode : code(parts[1])
    return .value(.array(parts.map(CBOR.text)))
  }

  /// `{name: …, role: …}`, or only the name.
  private mutating func partner(_ input: Input) -> FieldValue? {
    guard var parts = parts(input, [.name, .role]) else { return nil }
    if parts[0].isEmpty {
      reportMissing(.name)
      return nil
    }
    judgeOrganisation(parts[0])
    judgeCharacters(parts)
    judgeLength(parts.joined())
    parts[1] = parts[1].isEmpty ? defaultCode : code(parts[1])
    return .value(.array(parts.map(CBOR.text)))
  }

  /// `CODE: text`, `{code: …, text: …}`, or only the code.
  private mutating func codedText(_ input: Input) -> FieldValue? {
    var parts: [String]
    if case .map(let entries, _) = input, entries.count == 1, let entry = entries.first,
      Part.code.names.allSatisfy({ $0 != entry.key.caseFolded })
    {
      let text = entry.value == .empty ? "" : text(of: entry.value) ?? ""
      parts = [entry.key, text].map(EnteredText.short)
    } else if case .text(let text, _) = input, let colon = text.firstIndex(of: ":") {
      // The same, where it is no YAML: between quotation marks, or on a command line.
      parts = [text[..<colon], text[text.index(after: colon)...]].map {
        EnteredText.short(String($0))
      }
    } else if let given = self.parts(input, [.code, .text]) {
      parts = given
    } else {
      return nil
    }
    guard !parts[0].isEmpty else {
      reportMissing(.code)
      return nil
    }
    judgeCharacters(parts)
    judgeLength(parts[1])
    parts[0] = code(parts[0])
    return .value(.array(parts.map(CBOR.text)))
  }

  /// The first code of the vocabulary stands for "not said".
  private var defaultCode: String {
    schema.vocabulary(of: field)?.codes.first?.code ?? ""
  }

  private mutating func judgeOrganisation(_ text: String) {
    let schemes = OrganisationCode.Scheme.allCases
    guard schemes.contains(where: { text.hasPrefix($0.rawValue + ":") }) else { return }
    if (try? OrganisationCode(parsing: text)) == nil {
      report(.badOrganisation, text, schemes.map(\.example))
    }
  }

  /// The texts of `wanted` in order, empty where not given; nil when the shape does not fit.
  private mutating func parts(_ input: Input, _ wanted: [Part]) -> [String]? {
    guard case .map(let entries, _) = input else {
      return text(of: input, expected: [.text, .map]).map {
        [EnteredText.short($0)] + wanted.dropFirst().map { _ in "" }
      }
    }
    var texts = wanted.map { _ in "" }
    for entry in entries where entry.value != .empty {
      guard let index = wanted.firstIndex(where: { $0.names.contains(entry.key.caseFolded) })
      else {
        let names = wanted.map(\.rawValue)
        report(
          .unknownField, entry.key, names,
          suggestion: Spelling.nearest(to: entry.key, among: names).map { names[$0] })
        continue
      }
      texts[index] = text(of: entry.value).map(EnteredText.short) ?? ""
    }
    return texts
  }
}

/// The keys of values of several parts.
enum Part: String {
  case url, type, label, name, role, code, text

  /// In English and Swedish, lower case.
  var names: [String] {
    switch self {
    case .url: ["url", "adress"]
    case .type: ["type", "typ"]
    case .label: ["label", "etikett"]
    case .name: ["name", "namn"]
    case .role: ["role", "roll"]
    case .code: ["code", "kod"]
    case .text: ["text"]
    }
  }
}
