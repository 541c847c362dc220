import Operations
import Signatures
import WireFormat

/// One value of a field in a document.
package enum FieldValue: Equatable, Sendable {
  /// In its stored encoding (`Protocol/schema/README.md#types`).
  case value(CBOR)
  /// A reference as typed: an id, a prefix of one, or a mailbox.
  case reference(String)
}

/// What a document says about one field.
package enum FieldContent: Equatable, Sendable {
  case register(FieldValue)
  case set([FieldValue])
  case table([TableRow])

  /// Every single value in it.
  var values: [FieldValue] {
    switch self {
    case .register(let value): [value]
    case .set(let values): values
    case .table(let rows): rows.flatMap { $0.cells.values }
    }
  }

  var count: Int {
    switch self {
    case .register: 1
    case .set(let values): values.count
    case .table(let rows): rows.count
    }
  }
}

/// A row of a table field.
package struct TableRow: Equatable, Sendable {
  /// Eight lower-case hexadecimal digits; nil for a row that has none yet.
  package var id: String?
  /// By column name.
  package var cells: [String: FieldValue]

  package init(id: String?, cells: [String: FieldValue]) {
    self.id = id
    self.cells = cells
  }

  static func isID(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 8
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

extension RecordKey {
  /// The stored form of a reference.
  package var reference: CBOR { .array([.bytes(organisation.bytes), .bytes(record.bytes)]) }

  /// `<organisation>/<record>`, 64 hexadecimal digits each.
  package var text: String { "\(organisation)/\(record)" }

  /// Reads the stored form.
  package init?(reference: CBOR) {
    guard case .array(let parts) = reference, parts.count == 2,
      case .bytes(let first) = parts[0], case .bytes(let second) = parts[1],
      let organisation = Digest(first), let record = Digest(second)
    else { return nil }
    self.init(organisation: organisation, record: record)
  }

  /// Reads `<organisation>/<record>` in full.
  package init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let organisation = Digest(hex: String(parts[0])),
      let record = Digest(hex: String(parts[1]))
    else { return nil }
    self.init(organisation: organisation, record: record)
  }
}

extension FieldDefinition {
  /// `value` as a document would say it, or nil when it has not this field's shape.
  ///
  /// Storage accepts any value (design.md §2), so a value of another schema may be anything.
  func normalised(_ value: CBOR) -> CBOR? {
    switch (type, value) {
    case (.text, .text(let text)), (.url, .text(let text)), (.code, .text(let text)),
      (.codes, .text(let text)), (.date, .text(let text)):
      Self.present(EnteredText.short(text))
    case (.longText, .text(let text)): Self.present(EnteredText.long(text))
    case (.integer, .unsigned(let number)): number <= UInt64(Int64.max) ? value : nil
    case (.integer, .negative(let number)): number <= UInt64(Int64.max) ? value : nil
    case (.boolean, .bool): value
    case (.reference, .array): RecordKey(reference: value)?.reference
    case (.link, .array(let parts)): Self.texts(parts, count: 3)
    case (.codedText, .array(let parts)), (.partner, .array(let parts)):
      Self.texts(parts, count: 2)
    default: nil
    }
  }

  private static func present(_ text: String) -> CBOR? {
    text.isEmpty ? nil : .text(text)
  }

  private static func texts(_ parts: [CBOR], count: Int) -> CBOR? {
    let texts = parts.compactMap { part in
      if case .text(let text) = part { EnteredText.short(text) } else { nil }
    }
    guard texts.count == count, parts.count == count, !texts[0].isEmpty else { return nil }
    return .array(texts.map(CBOR.text))
  }
}
