import Operations
import WireFormat

/// The Markdown form of a record: what an officer writes and edits.
///
/// A YAML head between `---` lines holds the short fields; each `## ` heading after it names a long
/// one (`Protocol/schema/README.md#documents`).
package struct Document: Sendable {
  package let family: Family
  package let schema: Schema
  /// The language of headings when rendered.
  package var language: Language
  /// By field name; a field without content is absent.
  package internal(set) var contents: [String: FieldContent]
  /// The line each field begins on, by field name.
  package internal(set) var lines: [String: Int]

  package static let bytesMax = 256 * 1024
  package static let defaultFamily = "entry"
  static let contactFamily = "contact"
  static let familyKey = "family"

  package init(family: Family, schema: Schema, language: Language = .swedish) {
    self.family = family
    self.schema = schema
    self.language = language
    contents = [:]
    lines = [:]
  }

  /// Reads a Markdown document, or throws everything that is wrong with it.
  ///
  /// - Parameters:
  ///   - text: the file's content.
  ///   - family: used unless the head has a `family` key.
  ///   - schema: the families and vocabularies to judge by.
  ///   - byHand: whether fields that only imported records may lack are required.
  ///   - record: the record being edited; its values were accepted once and are not judged again.
  ///   - usual: what a new record written by hand gets where the text says nothing.
  ///   - added: what its head says besides, on behalf of whoever calls.
  /// - Throws: every problem found, in the order of the lines.
  package init(
    parsing text: String, family: Family, schema: Schema, byHand: Bool = true,
    editing record: RecordState? = nil, usual: [Input.Entry] = [], added: [Input.Entry] = []
  ) throws(DocumentError) {
    guard text.utf8.count <= Self.bytesMax else {
      throw DocumentError([
        Problem(.tooLarge, found: "\(text.utf8.count)", expected: ["\(Self.bytesMax)"])
      ])
    }
    let parts = MarkdownParts(text)
    let head = parts.head.map { YAMLHead($0.text, firstLine: $0.line) }
    var builder = DocumentBuilder(
      family: family, schema: schema, entries: (head?.entries ?? []) + added, record: record)
    builder.report(parts.problems + (head?.problems ?? []))
    builder.readHead()
    builder.readBody(parts)
    if byHand { builder.fill(usual) }
    if parts.problems.isEmpty, head?.isReadable ?? true { builder.reportMissing(byHand: byHand) }
    self = try builder.finish()
  }

  /// A new document of a kind, with what a person need not enter; the other fields are blank.
  package init(
    new family: Family, kind: String?, usual: [Input.Entry] = [], schema: Schema,
    language: Language = .swedish
  ) throws(DocumentError) {
    var entries: [Input.Entry] = []
    if let name = family.templateField, let kind { entries.append(.init(name, .text(kind))) }
    var builder = DocumentBuilder(family: family, schema: schema, entries: entries, record: nil)
    builder.readHead()
    builder.fill(usual)
    self = try builder.finish()
    self.language = language
  }

  /// The document of `entries`, as an importer collects them; long texts are entries too.
  package init(
    entries: [Input.Entry], family: Family, schema: Schema, byHand: Bool = false
  ) throws(DocumentError) {
    var builder = DocumentBuilder(family: family, schema: schema, entries: entries, record: nil)
    builder.readHead()
    builder.reportMissing(byHand: byHand)
    self = try builder.finish()
  }

  /// The texts that a field holds.
  package func texts(of field: String) -> [String] {
    (contents[field]?.values ?? []).compactMap {
      if case .value(.text(let text)) = $0 { text } else { nil }
    }
  }

  /// What its kind asks for; nil when that is everything, as where no kind is given.
  package var template: Template? {
    guard let name = family.templateField else { return family.templates.first }
    guard case .register(.value(.text(let value))) = contents[name]
    else { return nil }
    return family.template(for: value)
  }

  /// Whether a document of this kind has any use for a field.
  package func asks(for field: FieldDefinition) -> Bool {
    template?.asks(for: field) ?? true
  }

  package subscript(name: String) -> FieldContent? { contents[name] }

  /// The first mailbox given where a contact belongs; the contact record must be made first.
  package var contactMailbox: String? {
    for field in family.fields where field.target == Self.contactFamily {
      for case .reference(let text) in contents[field.name]?.values ?? [] where text.contains("@") {
        return text
      }
    }
    return nil
  }

  /// Puts `key` wherever a reference was entered as `text`.
  package mutating func substitute(_ key: RecordKey, for text: String) {
    let new = FieldValue.value(key.reference)
    for (name, content) in contents {
      switch content {
      case .register(.reference(text)): contents[name] = .register(new)
      case .set(let values): contents[name] = .set(values.map { $0 == .reference(text) ? new : $0 })
      default: break
      }
    }
  }
}
