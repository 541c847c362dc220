/// Aligned columns.
///
/// The one wide column gives way when the terminal is narrow.
struct Table {
  enum Alignment { case left, right }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]] = []

  init(_ columns: [(String, Alignment)]) {
    self.columns = columns.map { (title: $0.0, alignment: $0.1) }
  }

  mutating func add(_ cells: [String]) {
    rows.append(cells.map(Console.safe))
  }

  var isEmpty: Bool { rows.isEmpty }

  func lines(_ console: Console) -> [String] {
    let widths = self.widths(fitting: console.width)
    func line(_ cells: [String]) -> String {
      let padded = zip(zip(cells, widths), columns).map { pair, column in
        Self.fit(pair.0, pair.1, column.alignment)
      }
      return Self.trimmed(padded.joined(separator: "  "))
    }
    return [console.dim(line(columns.map(\.title)))] + rows.map(line)
  }

  private func widths(fitting width: Int) -> [Int] {
    var widths = columns.indices.map { index in
      ([columns[index].title] + rows.map { $0[index] }).map(\.count).max() ?? 0
    }
    let excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
    if excess > 0, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
      widths[widest] = max(12, widths[widest] - excess)
    }
    return widths
  }

  private static func fit(_ text: String, _ width: Int, _ alignment: Alignment) -> String {
    let flat = text.replacing("\n", with: " ")
    let cut = flat.count > width ? flat.prefix(max(0, width - 1)) + "…" : flat[...]
    let padding = String(repeating: " ", count: max(0, width - cut.count))
    return alignment == .left ? cut + padding : padding + cut
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }
}
