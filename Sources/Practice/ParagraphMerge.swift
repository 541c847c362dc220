/// A text as paragraphs, which are what blank lines divide.
package struct Paragraphs: Equatable, Sendable {
  package var items: [String]

  package init(_ text: String) {
    items = []
    var paragraph: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard EnteredText.isBlank(line) else {
        paragraph.append(line)
        continue
      }
      if !paragraph.isEmpty { items.append(paragraph.joined(separator: "\n")) }
      paragraph = []
    }
    if !paragraph.isEmpty { items.append(paragraph.joined(separator: "\n")) }
  }

  init(_ items: some Sequence<String>) {
    self.items = Array(items)
  }

  /// With one blank line between paragraphs.
  package var text: String { items.joined(separator: "\n\n") }
}

/// What changed between two texts, by paragraphs.
package enum ParagraphDiff {
  package enum Line: Equatable, Sendable {
    case kept(String)
    case removed(String)
    case added(String)
  }

  /// The paragraphs of both in order, what is gone before what has come in its place.
  package static func lines(from old: String, to new: String) -> [Line] {
    let (old, new) = (Paragraphs(old).items, Paragraphs(new).items)
    var lines: [Line] = []
    var next = 0
    for hunk in Hunk.all(from: old, to: new) {
      lines += old[next..<hunk.range.lowerBound].map(Line.kept)
      lines += old[hunk.range].map(Line.removed) + hunk.replacement.map(Line.added)
      next = hunk.range.upperBound
    }
    return lines + old[next...].map(Line.kept)
  }
}

/// Merges texts that were made from one text, by paragraphs.
package struct ParagraphMerge: Equatable, Sendable {
  package enum Piece: Equatable, Sendable {
    /// What all agree on, or only some have changed, and all of those alike.
    case merged(Paragraphs)
    /// What several have changed, each in its own way; in the order of the sides.
    case conflict(base: Paragraphs, sides: [Paragraphs])
  }

  package let pieces: [Piece]

  /// - Parameters:
  ///   - base: the text before; empty when it is not known.
  ///   - sides: the texts made from it.
  package init(base: String, sides: [String]) {
    let base = Paragraphs(base).items
    let edits = sides.enumerated().flatMap { side, text in
      Hunk.all(from: base, to: Paragraphs(text).items).map { (side: side, hunk: $0) }
    }.sorted { ($0.hunk.start, $0.side) < ($1.hunk.start, $1.side) }
    var pieces: [Piece] = []
    var next = 0
    var rest = edits[...]
    while let first = rest.popFirst() {
      var region = first.hunk.range
      var group = [first]
      while let other = rest.first, Self.overlap(region, other.hunk.range) {
        region = region.lowerBound..<max(region.upperBound, other.hunk.range.upperBound)
        group.append(rest.removeFirst())
      }
      pieces.append(.merged(Paragraphs(base[next..<region.lowerBound])))
      pieces.append(Self.piece(base, region, group, sideCount: sides.count))
      next = region.upperBound
    }
    pieces.append(.merged(Paragraphs(base[next...])))
    self.pieces = Self.joined(pieces)
  }

  /// The merged text; nil when somebody has to choose.
  package var text: String? {
    var items: [String] = []
    for piece in pieces {
      guard case .merged(let paragraphs) = piece else { return nil }
      items += paragraphs.items
    }
    return Paragraphs(items).text
  }

  /// Two edits meet when they touch one paragraph, or both put something in one place.
  private static func overlap(_ a: Range<Int>, _ b: Range<Int>) -> Bool {
    if a.isEmpty, b.isEmpty { return a.lowerBound == b.lowerBound }
    return a.lowerBound < b.upperBound && b.lowerBound < a.upperBound
  }

  private static func piece(
    _ base: [String], _ region: Range<Int>, _ group: [(side: Int, hunk: Hunk)], sideCount: Int
  ) -> Piece {
    let sides = (0..<sideCount).map { side in
      var items: [String] = []
      var next = region.lowerBound
      for edit in group where edit.side == side {
        items += base[next..<edit.hunk.range.lowerBound] + edit.hunk.replacement
        next = edit.hunk.range.upperBound
      }
      return Paragraphs(items + base[next..<region.upperBound])
    }
    let original = Paragraphs(base[region])
    let changed = sides.filter { $0 != original }
    if let first = changed.first, changed.allSatisfy({ $0 == first }) { return .merged(first) }
    return .conflict(base: original, sides: sides)
  }

  private static func joined(_ pieces: [Piece]) -> [Piece] {
    pieces.reduce(into: []) { result, piece in
      guard case .merged(let new) = piece else { return result.append(piece) }
      if new.items.isEmpty { return }
      if case .merged(let last) = result.last {
        result[result.count - 1] = .merged(Paragraphs(last.items + new.items))
      } else {
        result.append(piece)
      }
    }
  }
}

// MARK: - Conflict markers

extension ParagraphMerge {
  private static let begin = "<<<<<<< "
  private static let before = "||||||| "
  private static let divide = "======="
  private static let end = ">>>>>>>"

  /// The text to choose in, with marks only around what has to be chosen: the sides by `names`, then
  /// what was there before them.
  package func marked(names: [String], baseName: String) -> String {
    let parts = pieces.map { piece in
      switch piece {
      case .merged(let paragraphs): paragraphs.text
      case .conflict(let base, let sides):
        (zip(names, sides).map { "\(Self.begin)\($0)\n\($1.text)" }
          + (base.items.isEmpty ? [] : ["\(Self.before)\(baseName)\n\(base.text)"]))
          .joined(separator: "\n\(Self.divide)\n") + "\n\(Self.end)"
      }
    }
    return parts.joined(separator: "\n\n")
  }

  /// Whether a mark was left in a text, which nobody would want to publish.
  package static func hasMarks(_ text: String) -> Bool {
    text.split(separator: "\n").contains { line in
      line.hasPrefix(begin) || line.hasPrefix(before) || line == divide || line == end
    }
  }
}

/// One edit: some neighbouring paragraphs, perhaps none, and what stands in their place.
private struct Hunk {
  let range: Range<Int>
  let replacement: [String]

  /// What comes first when edits are put in order: an insertion before a paragraph goes before an
  /// edit of it.
  var start: Int { 2 * range.lowerBound + (range.isEmpty ? 0 : 1) }

  static func all(from old: [String], to new: [String]) -> [Hunk] {
    let difference = new.difference(from: old)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for case .remove(let offset, _, _) in difference { removed.insert(offset) }
    for case .insert(let offset, _, _) in difference { inserted.insert(offset) }
    var hunks: [Hunk] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      let (start, from) = (i, j)
      while i < old.count, removed.contains(i) { i += 1 }
      while j < new.count, inserted.contains(j) { j += 1 }
      if (start, from) == (i, j) {
        (i, j) = (i + 1, j + 1)
      } else {
        hunks += pieces(start..<i, Array(new[from..<j]))
      }
    }
    return hunks
  }

  /// As many paragraphs as before: each stands in the place of one.
  private static func pieces(_ range: Range<Int>, _ replacement: [String]) -> [Hunk] {
    guard range.count == replacement.count else {
      return [Hunk(range: range, replacement: replacement)]
    }
    return zip(range, replacement).map { Hunk(range: $0..<($0 + 1), replacement: [$1]) }
  }
}
