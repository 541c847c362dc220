import Operations
import WireFormat

extension Document {
  /// The changes that bring `state` to what this document says; all fields for a new record.
  ///
  /// Only what differs from the displayed values is changed, so a conflict that the document does
  /// not touch stays, and so do erased values and fields of another schema.
  ///
  /// - Parameters:
  ///   - state: the record as it was shown, or nil for a new one.
  ///   - resolve: finds the record that a typed id or prefix names.
  ///   - newRowID: eight lower-case hexadecimal digits for a row that has none.
  /// - Returns: drafts in the order of the schema; none when nothing differs.
  /// - Throws: references that resolve to no record.
  package func changes(
    from state: RecordState?, resolve: (String) -> RecordKey?, newRowID: () -> String
  ) throws(DocumentError) -> [ChangeDraft] {
    var complete = try resolved(resolve)
    if state == nil { complete.fillDefaults() }
    let shown = state.map { Document(state: $0, family: family, schema: schema).contents } ?? [:]
    var changes = ChangeList(state: state)
    for field in family.fields {
      let new = complete.contents[field.name]
      let old = shown[field.name]
      switch field.merge ?? .register {
      case .register:
        changes.register(field.name, from: old?.values.first?.cbor, to: new?.values.first?.cbor)
      case .set:
        changes.set(field, to: new?.values.map(\.cbor) ?? [])
      case .table:
        changes.table(field, from: old?.rows ?? [], to: new?.rows ?? [], newRowID: newRowID)
      }
    }
    return changes.drafts
  }

  private func resolved(_ resolve: (String) -> RecordKey?) throws(DocumentError) -> Document {
    var document = self
    var problems: [Problem] = []
    func value(_ value: FieldValue, _ name: String) -> FieldValue {
      guard case .reference(let text) = value else { return value }
      if let key = RecordKey(text: text) ?? resolve(text) { return .value(key.reference) }
      problems.append(
        Problem(.unresolvedReference, field: name, line: lines[name], found: text))
      return value
    }
    for field in family.fields where field.type == .reference {
      switch contents[field.name] {
      case .register(let one): document.contents[field.name] = .register(value(one, field.name))
      case .set(let many):
        document.contents[field.name] = .set(many.map { value($0, field.name) })
      default: break
      }
    }
    guard problems.isEmpty else { throw DocumentError(problems, family: family) }
    return document
  }

  private mutating func fillDefaults() {
    for field in family.fields where contents[field.name] == nil {
      guard let text = field.default else { continue }
      var reader = ValueReader(schema: schema, kept: [:])
      contents[field.name] = reader.content(field, .text(text))
    }
  }
}

extension FieldValue {
  /// The stored form; a reference not yet resolved has none and stands as its text.
  var cbor: CBOR {
    switch self {
    case .value(let value): value
    case .reference(let text): .text(text)
    }
  }
}

extension FieldContent {
  fileprivate var rows: [TableRow] {
    if case .table(let rows) = self { rows } else { [] }
  }
}

/// Collects drafts against the live assignments of a record.
private struct ChangeList {
  let state: RecordState?
  private(set) var drafts: [ChangeDraft] = []

  init(state: RecordState?) {
    self.state = state
  }

  mutating func register(_ path: String, from old: CBOR?, to new: CBOR?) {
    guard old != new else { return }
    let live = state?[path]?.values.flatMap(\.assignments) ?? []
    append(new == nil ? .clear : .set, path, new, targets: live)
  }

  mutating func set(_ field: FieldDefinition, to new: [CBOR]) {
    let live = state?[field.name]?.elements ?? []
    let shown = live.map { $0.value.flatMap(field.normalised) }
    for value in new where !shown.contains(value) {
      append(.add, field.name, value, targets: [])
    }
    for (element, value) in zip(live, shown) {
      guard let value, !new.contains(value) else { continue }
      append(.remove, field.name, nil, targets: element.assignments)
    }
  }

  mutating func table(
    _ field: FieldDefinition, from old: [TableRow], to new: [TableRow], newRowID: () -> String
  ) {
    for row in new {
      let id = row.id ?? newRowID()
      let before = old.first { $0.id == id }?.cells ?? [:]
      for column in field.columns ?? [] {
        let address = CellAddress(field: field.name, row: id, column: column.name)
        register(
          address.path, from: before[column.name]?.cbor, to: row.cells[column.name]?.cbor)
      }
    }
    let keptIDs = new.compactMap(\.id)
    for row in old {
      guard let id = row.id, !keptIDs.contains(id) else { continue }
      clearRow(field.name, id)
    }
  }

  /// Clears the cells of unknown columns too: a row exists while any cell has a value.
  private mutating func clearRow(_ field: String, _ row: String) {
    for cell in state?.fields ?? [] {
      guard let address = CellAddress(cell.path), address.field == field, address.row == row
      else { continue }
      let live = cell.state.values.flatMap(\.assignments)
      if !live.isEmpty { append(.clear, cell.path, nil, targets: live) }
    }
  }

  /// Splits what supersedes more than one change may name; equal values count as one.
  private mutating func append(
    _ type: ChangeType, _ path: String, _ value: CBOR?, targets: [AssignmentID]
  ) {
    var rest = targets.sorted()[...]
    repeat {
      drafts.append(
        ChangeDraft(
          type: type, path: path, value: value, targets: Array(rest.prefix(Limits.targetsMax))))
      rest = rest.dropFirst(Limits.targetsMax)
    } while !rest.isEmpty
  }
}
