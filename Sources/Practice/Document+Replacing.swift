extension Document {
  /// Replaces single fields by what was entered for them; an empty text clears a field.
  ///
  /// - Throws: what is wrong with the entered values; the document is then unchanged.
  package mutating func replace(_ entries: [Input.Entry]) throws(DocumentError) {
    var builder = DocumentBuilder(family: family, schema: schema, entries: entries, record: nil)
    builder.readHead()
    let entered = try builder.finish()
    let fields = entries.compactMap { family.field(named: $0.key) }
    let missing = fields.filter { $0.required == .always && entered.contents[$0.name] == nil }
    guard missing.isEmpty else {
      throw DocumentError(
        missing.map { Problem(.missing, field: $0.name) }, family: family)
    }
    var changed = self
    for field in fields { changed.contents[field.name] = entered.contents[field.name] }
    let demands = Validation.demands(of: changed, since: self)
    guard demands.isEmpty else { throw DocumentError(demands, family: family) }
    self = changed
  }
}
