import FoundationEssentials

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
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }

  static func number(_ value: Int) -> JSON { .number(Int64(value)) }

  static func optional(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
}
