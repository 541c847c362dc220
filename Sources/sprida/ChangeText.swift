import Operations
import Practice

/// What an edit changes, field by field, as people read it.
struct ChangeText {
  private let text: RecordText
  private let console: Console

  init(_ context: Context) throws {
    text = try RecordText(context)
    console = context.console
  }

  func lines(from old: RecordState, to new: RecordState) -> [String] {
    let family = Schema.bundled.family(new.family)
    let order = family?.fields.map(\.name) ?? []
    func rank(_ path: String) -> Int { order.firstIndex(of: Self.name(of: path)) ?? .max }
    let paths = Set((old.fields + new.fields).map(\.path)).sorted {
      (rank($0), $0) < (rank($1), $1)
    }
    return paths.flatMap { path in
      let (field, label) = definition(of: path, family)
      return lines(label, field, old[path], new[path])
    }
  }

  private func lines(
    _ label: String, _ field: FieldDefinition?, _ old: FieldState?, _ new: FieldState?
  ) -> [String] {
    let (before, after) = (shown(old, field), shown(new, field))
    if before == after { return [] }
    if field?.merge == .set {
      let gone = before.filter { !after.contains($0) }.map { ("− ", $0) }
      let come = after.filter { !before.contains($0) }.map { ("+ ", $0) }
      return (gone + come).flatMap { console.lines($1, after: "  \(label): \($0)") }
    }
    guard field?.type == .longText else {
      let nothing = console.text("(inget)", "(nothing)")
      return console.lines(
        "\(before.first ?? nothing) → \(after.first ?? nothing)", after: "  \(label): ")
    }
    return ["  \(label):"] + paragraphs(before.first ?? "", after.first ?? "")
  }

  /// Those that have changed; a dot for each run of those that have not.
  private func paragraphs(_ old: String, _ new: String) -> [String] {
    var lines: [String] = []
    for line in ParagraphDiff.lines(from: old, to: new) {
      switch line {
      case .kept: if lines.last != "    …" { lines.append("    …") }
      case .removed(let text): lines += console.lines(text, after: "    − ").map(console.red)
      case .added(let text): lines += console.lines(text, after: "    + ").map(console.bold)
      }
    }
    return lines
  }

  private func shown(_ state: FieldState?, _ field: FieldDefinition?) -> [String] {
    state.map { ($0.values.prefix(1) + $0.elements).map { text.text(of: $0, field) } } ?? []
  }

  private static func name(of path: String) -> String {
    path.split(separator: "/").first.map(String.init) ?? path
  }

  /// A cell is called by its table and column.
  private func definition(of path: String, _ family: Family?) -> (FieldDefinition?, String) {
    guard let field = family?[Self.name(of: path)] else { return (nil, Console.line(path)) }
    let label = field.label[console.language]
    let column = path.split(separator: "/").last.map(String.init)
    guard field.merge == .table,
      let definition = field.columns?.first(where: { $0.name == column })
    else { return (field, label) }
    return (definition, "\(label), \(definition.label[console.language])")
  }
}
