/// A Markdown file cut into head, title, preamble and sections, with line numbers.
struct MarkdownParts {
  struct Section {
    let heading: String
    let line: Int
    let text: String
  }

  /// The lines between the `---` lines, and the number of the first of them.
  private(set) var head: (text: String, line: Int)?
  private(set) var title: (text: String, line: Int)?
  private(set) var preamble: (text: String, line: Int)?
  private(set) var sections: [Section] = []
  private(set) var problems: [Problem] = []

  init(_ text: String) {
    var lines = Self.numbered(text)
    while let first = lines.first, EnteredText.isBlank(first.text) { lines.removeFirst() }
    if let first = lines.first, Self.isFence(first.text) {
      guard let end = lines.dropFirst().firstIndex(where: { Self.isFence($0.text) }) else {
        problems.append(Problem(.headNotClosed, line: first.number))
        return
      }
      let inside = lines[(lines.startIndex + 1)..<end]
      head = (inside.map(\.text).joined(separator: "\n"), first.number + 1)
      lines = lines[(end + 1)...]
    }
    cut(Self.withoutComments(lines))
  }

  private typealias Line = (text: Substring, number: Int)

  private static func numbered(_ text: String) -> ArraySlice<Line> {
    let unmarked = text.hasPrefix("\u{feff}") ? String(text.unicodeScalars.dropFirst()) : text
    let lines = EnteredText.unified(unmarked)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return lines.enumerated().map { ($0.element, $0.offset + 1) }[...]
  }

  private static func isFence(_ line: Substring) -> Bool {
    line.hasPrefix("---") && EnteredText.isBlank(line.dropFirst(3))
  }

  /// Leaves out `<!-- … -->` comments that begin a line, which templates use for advice.
  private static func withoutComments(_ lines: ArraySlice<Line>) -> [Line] {
    var isInside = false
    var kept: [Line] = []
    for line in lines {
      if !isInside, !line.text.hasPrefix("<!--") {
        kept.append(line)
        continue
      }
      isInside = !line.text.contains("-->")
    }
    return kept
  }

  private mutating func cut(_ lines: [Line]) {
    var heading: Line?
    var collected: [Line] = []
    for line in lines {
      if line.text.hasPrefix("## ") {
        close(heading, collected)
        (heading, collected) = (line, [])
      } else if heading == nil, title == nil, line.text.hasPrefix("# "),
        collected.allSatisfy({ EnteredText.isBlank($0.text) })
      {
        let text = EnteredText.short(String(line.text.dropFirst(2)))
        title = (CodePointReference.read(in: text), line.number)
      } else {
        collected.append(line)
      }
    }
    close(heading, collected)
  }

  private mutating func close(_ heading: Line?, _ lines: [Line]) {
    let text = CodePointReference.read(
      in: EnteredText.long(lines.map { Self.unescaped($0.text) }.joined(separator: "\n")))
    if let heading {
      sections.append(
        Section(
          heading: EnteredText.short(String(heading.text.dropFirst(3))), line: heading.number,
          text: text))
    } else if !text.isEmpty {
      let first = lines.first { !EnteredText.isBlank($0.text) }
      preamble = (text, first?.number ?? 1)
    }
  }
}

// MARK: - Lines of text that look like structure

extension MarkdownParts {
  /// `text` with a backslash before each line that would read as a heading or comment.
  static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { needsEscape($0) ? "\\\($0)" : String($0) }
      .joined(separator: "\n")
  }

  private static func unescaped(_ line: Substring) -> Substring {
    line.hasPrefix("\\") && needsEscape(line) ? line.dropFirst() : line
  }

  private static func needsEscape(_ line: Substring) -> Bool {
    let rest = line.drop { $0 == "\\" }
    return rest.hasPrefix("# ") || rest.hasPrefix("## ") || rest.hasPrefix("<!--")
  }
}
