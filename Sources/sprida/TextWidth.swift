/// How many columns of a terminal a text takes.
enum TextWidth {
  static func of(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + of($1) }
  }

  /// The longest beginning that fits.
  static func prefix<Text: StringProtocol>(_ text: Text, _ width: Int) -> Text.SubSequence {
    var left = width
    return text.prefix { character in
      left -= of(character)
      return left >= 0
    }
  }

  private static func of(_ character: Character) -> Int {
    guard let first = character.unicodeScalars.first, first.value >= 0x300 else { return 1 }
    let isDrawnWide =
      first.properties.isEmojiPresentation || character.unicodeScalars.contains("\u{fe0f}")
      || isEastAsianWide(first.value)
    return isDrawnWide ? 2 : 1
  }

  /// The ranges that UAX #11 calls wide or fullwidth, emoji aside.
  private static func isEastAsianWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xa000...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18cff, 0x1aff0...0x1b2ff,
      0x1f200...0x1f2ff, 0x20000...0x3fffd:
      true
    default: false
    }
  }
}

extension TextWidth {
  /// `text` in lines of at most `width` columns, cut at spaces, and within a word that is longer.
  ///
  /// A terminal would begin the rest of a long line in its first column, where our words stand.
  static func folded(_ text: String, width: Int, isCuttingWords: Bool) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
      var lines: [String] = []
      var line = ""
      for word in paragraph.split(whereSeparator: isSpace) {
        if !line.isEmpty, of(line) + of(word) + 1 > width {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
        while isCuttingWords, of(line) > width {
          let piece = prefix(line, width)
          lines.append(String(piece))
          line = String(line.dropFirst(piece.count))
        }
      }
      return lines + [line]
    }
  }

  /// Also the wide ones, with which a line could be filled up; a no-break space holds together.
  private static func isSpace(_ character: Character) -> Bool {
    character == " "
      || character != "\u{a0}"
        && character.unicodeScalars.first?.properties.generalCategory
          == .spaceSeparator
  }
}
