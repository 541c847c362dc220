import Operations
import WireFormat

/// Writes the head's YAML: plain where nothing can be misread, double-quoted otherwise.
struct YAMLText {
  /// Of the keys; nil for the names, which are the same everywhere.
  var language: Language?

  func lines(_ content: FieldContent, _ field: FieldDefinition) -> [String] {
    let key = key(field)
    switch content {
    case .register(let value):
      return nested(value, field).map { ["\(key):", "  \($0)"] }
        ?? ["\(key): \(Self.inline(value, field))"]
    case .set(let values) where [.code, .codes].contains(field.type):
      return ["\(key): [\(values.map { Self.inline($0, field) }.joined(separator: ", "))]"]
    case .set(let values):
      return ["\(key):"] + values.flatMap { item($0, field) }
    case .table(let rows):
      return ["\(key):"] + rows.flatMap { row($0, field) }
    }
  }

  func key(_ field: FieldDefinition) -> String {
    language.map { Self.scalar(field.label[$0]) } ?? field.name
  }

  func key(_ part: Part) -> String {
    language == .swedish ? part.names.last ?? part.rawValue : part.rawValue
  }

  private func item(_ value: FieldValue, _ field: FieldDefinition) -> [String] {
    guard case .value(.array(let parts)) = value, field.type != .reference,
      field.type != .codedText
    else { return ["  - \(nested(value, field) ?? Self.inline(value, field))"] }
    let names: [Part] = field.type == .link ? [.url, .type, .label] : [.name, .role]
    let pairs = zip(names, parts).compactMap { name, part -> String? in
      guard case .text(let text) = part, !text.isEmpty else { return nil }
      return "\(key(name)): \(Self.scalar(text))"
    }
    return pairs.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
  }

  private func row(_ row: TableRow, _ field: FieldDefinition) -> [String] {
    var pairs = row.id.map { ["\(ValueReader.rowKey): \(Self.scalar($0))"] } ?? []
    for column in field.columns ?? [] {
      guard let value = row.cells[column.name] else { continue }
      pairs.append("\(key(column)): \(Self.inline(value, column))")
    }
    return pairs.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
  }

  /// `CODE: text` for a coded text that has a text.
  private func nested(_ value: FieldValue, _ field: FieldDefinition) -> String? {
    guard field.type == .codedText, case .value(.array(let parts)) = value, parts.count == 2,
      case .text(let code) = parts[0], case .text(let text) = parts[1], !text.isEmpty
    else { return nil }
    return "\(Self.scalar(code)): \(Self.scalar(text))"
  }

  private static func inline(_ value: FieldValue, _ field: FieldDefinition) -> String {
    switch value {
    case .reference(let text): return scalar(text)
    case .value(.text(let text)): return scalar(text)
    case .value(.bool(let flag)): return flag ? "true" : "false"
    case .value(.unsigned(let number)): return "\(number)"
    case .value(.negative(let number)): return CBOR.decimal(negative: number)
    case .value(let item):
      if let key = RecordKey(reference: item) { return key.text }
      if case .array(let parts) = item, case .text(let code) = parts.first { return scalar(code) }
      return ""
    }
  }

  private static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter || first.isNumber else { return false }
    guard !["null", "true", "false", "yes", "no"].contains(text.lowercased()) else { return false }
    return !text.hasSuffix(" ") && !text.contains(": ") && !text.hasSuffix(":")
      && text.unicodeScalars.allSatisfy { scalar in
        !VisibleText.isHidden(scalar) && scalar.properties.isAlphabetic
          || (48...57).contains(scalar.value)
          || " -_./:+()@".unicodeScalars.contains(scalar)
      }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: out += "\\\""
      case 0x5c: out += "\\\\"
      case 0x0a: out += "\\n"
      // Nobody would see these, and YAML folds or refuses some.
      case _ where VisibleText.isHidden(scalar):
        out += "\\U" + String(scalar.value, radix: 16).leftPadded(8)
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: "0", count: Swift.max(0, width - utf8.count)) + self
  }
}
