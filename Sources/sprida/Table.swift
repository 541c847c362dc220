/// Aligned columns, each row on one line.
///
/// It stands two columns in: where a line begins, only the program speaks. The widest columns give
/// way when the terminal is narrow, and before the main one the others.
struct Table {
  enum Alignment { case left, right }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []
  private static let margin = "  "
  private static let columnWidthMin = 12
  /// What the others keep as long as the main column has more.
  private static let besideMainWidthMin = 16
  private let main: Int?

  /// `main` is the column that people read first, such as that of titles.
  init(_ columns: [(String, Alignment)], main: Int? = nil) {
    self.columns = columns.map { (title: $0.0, alignment: $0.1) }
    self.main = main
  }

  mutating func add(_ cells: [String]) {
    rows.append(cells.map(Console.line))
  }

  var isEmpty: Bool { rows.isEmpty }

  func lines(_ console: Console) -> [String] {
    let widths = self.widths(fitting: console.width)
    func line(_ cells: [String]) -> String {
      let padded = zip(zip(cells, widths), columns).map { pair, column in
        Self.fit(pair.0, pair.1, column.alignment)
      }
      return Self.margin + Self.trimmed(padded.joined(separator: "  "))
    }
    return [console.dim(line(columns.map(\.title)))] + rows.map(line)
  }

  private func widths(fitting width: Int) -> [Int] {
    var widths = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0[index] }).map { TextWidth.of($0) }.max() ?? 0
    }
    var excess = widths.reduce(0, +) + 2 * widths.count - width
    for index in widths.indices where main != nil && index != main {
      let cut = min(max(0, excess), max(0, widths[index] - Self.besideMainWidthMin))
      widths[index] -= cut
      excess -= cut
    }
    while excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > Self.columnWidthMin
    {
      // Down to the next widest, so that no column starves while another spreads.
      let next = widths.indices.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
      let cut = min(excess, max(1, widths[widest] - max(next, Self.columnWidthMin)))
      widths[widest] -= cut
      excess -= cut
    }
    return widths
  }

  private static func fit(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let isCut = TextWidth.of(text) > width
    let cut = isCut ? TextWidth.prefix(text, max(0, width - 1)) + "…" : text[...]
    let padding = String(repeating: " ", count: max(0, width - TextWidth.of(cut)))
    return alignment == .left ? cut + padding : padding + cut
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}
