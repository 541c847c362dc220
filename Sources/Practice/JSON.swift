import FoundationEssentials

/// What `--json` prints: keys sorted, so that equal states print equal bytes.
package indirect enum JSON: Codable, Sendable {
  case string(String)
  case number(Int64)
  case bool(Bool)
  case null
  case array([JSON])
  case object([String: JSON])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let values = try? container.decode([JSON].self) {
      self = .array(values)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .string(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .null: try container.encodeNil()
    case .array(let values): try container.encode(values)
    case .object(let members): try container.encode(members)
    }
  }

  package var text: String { get throws { try text([.prettyPrinted]) } }

  /// The same on one line.
  package var line: String { get throws { try text([]) } }

  private func text(_ form: JSONEncoder.OutputFormatting) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = form.union([.sortedKeys, .withoutEscapingSlashes])
    return Self.escaped(String(decoding: try encoder.encode(self), as: UTF8.self))
  }

  /// What a terminal would act on or not show as `\u` escapes, which read as the same text.
  ///
  /// Such characters stand only within strings: the rest of a JSON text is ASCII.
  private static func escaped(_ json: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      guard scalar != "\n", VisibleText.isHidden(scalar) else {
        out.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        out += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars
      }
    }
    return String(out)
  }

  package static func number(_ value: Int) -> JSON { .number(Int64(value)) }

  package static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
}

// Reading what another run has printed.
extension JSON {
  package subscript(member: String) -> JSON? {
    if case .object(let members) = self { members[member] } else { nil }
  }

  package var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var isTrue: Bool { if case .bool(true) = self { true } else { false } }
}
