import Operations
import WireFormat

extension Document {
  /// The editable form of a record: the displayed value of each field the schema knows.
  ///
  /// Erased values and values of another shape are not shown, and editing leaves them alone.
  package init(
    state: RecordState, family: Family, schema: Schema, language: Language = .swedish
  ) {
    self.init(family: family, schema: schema, language: language)
    for field in family.fields {
      contents[field.name] = Self.shown(field, in: state)
    }
  }

  private static func shown(_ field: FieldDefinition, in state: RecordState) -> FieldContent? {
    switch field.merge ?? .register {
    case .register:
      return shown(field, state[field.name]).map(FieldContent.register)
    case .set:
      let values = state[field.name]?.elements.compactMap { element in
        element.value.flatMap(field.normalised).map(FieldValue.value)
      }
      return values.flatMap { $0.isEmpty ? nil : .set($0) }
    case .table:
      let rows = shownRows(field, in: state)
      return rows.isEmpty ? nil : .table(rows)
    }
  }

  static func shown(_ field: FieldDefinition, _ state: FieldState?) -> FieldValue? {
    state?.values.first?.value.flatMap(field.normalised).map(FieldValue.value)
  }

  private static func shownRows(
    _ field: FieldDefinition, in state: RecordState
  ) -> [TableRow] {
    var rows: [TableRow] = []
    for cell in state.fields {
      guard let address = CellAddress(cell.path), address.field == field.name,
        TableRow.isID(address.row),
        let column = field.columns?.first(where: { $0.name == address.column }),
        let value = shown(column, cell.state)
      else { continue }
      if rows.last?.id != address.row { rows.append(TableRow(id: address.row, cells: [:])) }
      rows[rows.count - 1].cells[column.name] = value
    }
    return rows
  }
}

/// A path `field/row/column`.
struct CellAddress {
  let field: String
  let row: String
  let column: String

  init(field: String, row: String, column: String) {
    self.field = field
    self.row = row
    self.column = column
  }

  init?(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else { return nil }
    self.init(field: parts[0], row: parts[1], column: parts[2])
  }

  var path: String { "\(field)/\(row)/\(column)" }
}
