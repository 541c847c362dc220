extension Document {
  /// Replaces single fields by what was entered for them; an empty text clears a field.
  ///
  /// - Throws: what is wrong with the entered values; the document is then unchanged.
  package mutating func replace(_ entries: [Input.Entry]) throws(DocumentError) {
    var builder = DocumentBuilder(family: family, schema: schema, entries: entries, record: nil)
    builder.readHead()
    let entered = try builder.finish()
    for entry in entries {
      guard let field = family.field(named: entry.key) else { continue }
      contents[field.name] = entered.contents[field.name]
    }
  }
}
