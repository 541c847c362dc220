import Operations
import WireFormat

extension Document {
  /// The Markdown form; parsing it gives this document back.
  package var rendered: String {
    var head: [String] = []
    if family.name != Self.defaultFamily { head.append("\(Self.familyKey): \(family.name)") }
    var body: [String] = []
    let titleField = headingTitle == nil ? nil : family.titleField
    for field in family.fields {
      guard let content = contents[field.name], field.name != titleField else { continue }
      if field.type == .longText, case .register(.value(.text(let text))) = content {
        let section = CodePointReference.written(in: MarkdownParts.escaped(text))
        if field.name == family.preambleField {
          body.insert(section, at: 0)
        } else {
          body.append("## \(field.label[language])\n\n\(section)")
        }
      } else {
        head += YAMLText().lines(content, field)
      }
    }
    if let headingTitle {
      body.insert("# \(CodePointReference.written(in: headingTitle))", at: 0)
    }
    return (["---"] + head + ["---"]).joined(separator: "\n") + "\n"
      + body.map { "\n\($0)\n" }.joined()
  }

  /// The title when it can stand on one line of its own.
  var headingTitle: String? {
    guard let name = family.titleField, case .register(.value(.text(let text))) = contents[name],
      !text.contains(where: \.isNewline)
    else { return nil }
    return text
  }
}
