import Aggregation
import Practice

/// Horizontal bars, drawn here; what they say is said in words too, and in the table below.
struct BarChart {
  /// A label stands above its bar, so that it is read on a phone too.
  private static let rowHeight = 42
  private static let width = 340
  private static let rowsMax = 24

  private let title: String
  private let rows: [(label: String, value: Int)]

  /// One figure of each row of a table, `all` or the first; nil where a chart says nothing.
  init?(_ table: Report.Table, title: String, _ words: CellWords) {
    let figures = table.columns.indices.filter { table.columns[$0].isFigure }
    guard figures.count == table.columns.count - 1, figures.first == 1 else { return nil }
    let column = figures.first { table.columns[$0].name == "all" } ?? 1
    let name = table.columns[column].title[words.language]
    rows = table.rows.compactMap { row in
      // A total is no bar beside its parts.
      if case .words = row[0] { return nil }
      let label = VisibleText.line(words.text(row[0]))
      return switch row[column] {
      case .count(let count, _): (label: label, value: count)
      case .number(let number, _): (label: label, value: number)
      default: nil
      }
    }
    guard (2...Self.rowsMax).contains(rows.count), rows.contains(where: { $0.value > 0 }) else {
      return nil
    }
    self.title = "\(title): \(name)"
  }

  /// SVG within HTML.
  var html: String {
    let most = max(1, rows.map(\.value).max() ?? 1)
    let height = rows.count * Self.rowHeight
    let spoken = title + ". " + rows.map { "\($0.label): \($0.value)" }.joined(separator: ", ")
    let bars = rows.enumerated().map { index, row in
      let y = index * Self.rowHeight
      let length = row.value * (Self.width - 60) / most
      return """
        <text x="0" y="\(y + 15)" font-size="14">\(MarkupText.escaped(Self.short(row.label)))</text>\
        <rect x="0" y="\(y + 21)" width="\(max(length, 1))" height="14" fill="#0b4f8a"/>\
        <text x="\(length + 8)" y="\(y + 33)" font-size="14">\(row.value)</text>
        """
    }
    return """
      <figure><svg role="img" aria-label="\(MarkupText.escaped(spoken))" \
      viewBox="0 0 \(Self.width) \(height)">\(bars.joined())</svg></figure>
      """
  }

  private static func short(_ label: String) -> String {
    label.count > 44 ? label.prefix(43) + "…" : label
  }
}
