import WireFormat

/// Turns what was entered for a field into its content, and notes every problem on the way.
///
/// A faulty value is kept as entered where its shape allows, so that one document can be compared
/// with an older one before anything is said about it.
struct ValueReader {
  let schema: Schema
  /// Values the record already holds; they were accepted once and are not judged again.
  let kept: [String: FieldContent]
  private(set) var problems: [Problem] = []

  init(schema: Schema, kept: [String: FieldContent]) {
    self.schema = schema
    self.kept = kept
  }

  mutating func content(_ field: FieldDefinition, _ input: Input) -> FieldContent? {
    let elements = input.elements
    guard !elements.isEmpty else { return nil }
    switch field.merge ?? .register {
    case .register:
      return value(field, input, Place(field.name, input.line)).map(FieldContent.register)
    case .set:
      let values = elements.enumerated().compactMap { index, element in
        value(field, element, Place("\(field.name)[\(index + 1)]", element.line ?? input.line))
      }
      return limited(field, .set(Self.distinct(values)), input)
    case .table:
      return limited(field, .table(rows(field, elements)), input)
    }
  }

  private mutating func limited(
    _ field: FieldDefinition, _ content: FieldContent, _ input: Input
  ) -> FieldContent? {
    let limit = max(field.maxCount ?? .max, kept[field.name]?.count ?? 0)
    if content.count > limit {
      problems.append(
        Problem(
          .tooMany, field: field.name, line: input.line, found: "\(content.count)",
          expected: ["\(limit)"]))
    }
    return content.count == 0 ? nil : content
  }

  private static func distinct(_ values: [FieldValue]) -> [FieldValue] {
    values.reduce(into: []) { result, value in
      if !result.contains(value) { result.append(value) }
    }
  }

  private mutating func value(
    _ field: FieldDefinition, _ input: Input, _ place: Place
  ) -> FieldValue? {
    var scalar = ScalarReader(field: field, schema: schema, place: place)
    guard let value = scalar.value(input) else {
      problems += scalar.problems
      return nil
    }
    if !(kept[place.fieldName]?.values.contains(value) ?? false) { problems += scalar.problems }
    return value
  }
}

/// Where a value stands: its path for the reader, and its line.
struct Place {
  let path: String
  let line: Int?

  init(_ path: String, _ line: Int?) {
    self.path = path
    self.line = line
  }

  /// The path's first name.
  var fieldName: String { String(path.prefix { $0 != "[" && $0 != "." }) }
}

// MARK: - Tables

extension ValueReader {
  /// The key that names a row; no column has this name.
  static let rowKey = "row"

  private mutating func rows(_ field: FieldDefinition, _ elements: [Input]) -> [TableRow] {
    var used: Set<String> = []
    var rows: [TableRow] = []
    for (index, element) in elements.enumerated() {
      let path = "\(field.name)[\(index + 1)]"
      guard case .map(let entries, let line) = element else {
        problems.append(
          Problem(
            .wrongShape, field: path, line: element.line, found: element.shape.rawValue,
            expected: [Input.Shape.map.rawValue]))
        continue
      }
      let row = row(field, entries, Place(path, line), &used)
      if !row.cells.isEmpty { rows.append(row) }
    }
    return rows
  }

  private mutating func row(
    _ field: FieldDefinition, _ entries: [Input.Entry], _ place: Place, _ used: inout Set<String>
  ) -> TableRow {
    var row = TableRow(id: nil, cells: [:])
    let columns = field.columns ?? []
    for entry in entries {
      if entry.key == Self.rowKey {
        row.id = rowID(entry, place, &used)
        continue
      }
      guard let column = columns.first(where: { $0.isNamed(entry.key) }) else {
        let names = columns.map(\.name)
        problems.append(
          Problem(
            .unknownField, field: place.path, line: entry.line, found: entry.key, expected: names,
            suggestion: Spelling.nearest(to: entry.key, among: names).map { names[$0] }))
        continue
      }
      guard entry.value != .empty else { continue }
      row.cells[column.name] = value(
        column, entry.value, Place("\(place.path).\(column.name)", entry.line))
    }
    reportMissingColumns(field, row, entries, place)
    return row
  }

  private mutating func rowID(
    _ entry: Input.Entry, _ place: Place, _ used: inout Set<String>
  ) -> String? {
    guard case .text(let id, _) = entry.value, TableRow.isID(id), used.insert(id).inserted else {
      let found = if case .text(let text, _) = entry.value { text } else { "" }
      problems.append(
        Problem(.badRow, field: "\(place.path).row", line: entry.line, found: found))
      return nil
    }
    return id
  }

  /// A cell that was given but could not be read has its own problem already.
  private mutating func reportMissingColumns(
    _ field: FieldDefinition, _ row: TableRow, _ entries: [Input.Entry], _ place: Place
  ) {
    let given = entries.filter { $0.value != .empty }.map(\.key)
    guard !given.allSatisfy({ $0 == Self.rowKey }) else { return }
    if case .table(let rows) = kept[field.name], rows.contains(row) { return }
    for column in field.columns ?? [] where column.required == .always {
      guard !given.contains(where: column.isNamed) else { continue }
      problems.append(
        Problem(.missing, field: "\(place.path).\(column.name)", line: place.line))
    }
  }
}
