import FoundationEssentials
import Practice

/// What `--json` prints: keys sorted, so that equal states print equal bytes.
indirect enum JSON: Encodable {
  case string(String)
  case number(Int64)
  case bool(Bool)
  case null
  case array([JSON])
  case object([String: JSON])

  func encode(to encoder: any Encoder) throws {
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

  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return Self.escaped(String(decoding: try encoder.encode(self), as: UTF8.self))
    }
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

  static func number(_ value: Int) -> JSON { .number(Int64(value)) }

  static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
}
