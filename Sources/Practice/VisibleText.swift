/// Text by others in a form that cannot act on whatever shows it.
///
/// What moves a cursor, turns the reading direction, breaks a line or cannot be seen is spelled
/// out, as `␛` or `⟨U+202E⟩`. Letters of every language and emoji stay as they are. Doing it twice
/// changes nothing, so that every edge can do it.
public enum VisibleText {
  /// On one line, so that it cannot pose as a line of the program's own.
  ///
  /// - Parameter text: anything.
  /// - Returns: the text without line breaks or anything invisible.
  public static func line(_ text: String) -> String {
    isPlain(text, lineBreak: 0x20) ? text : bounded(spelled(text, form), lineBreaks: false)
  }

  /// With its line breaks.
  ///
  /// Whoever shows it indents or quotes the lines.
  package static func block(_ text: String) -> String {
    isPlain(text, lineBreak: 0x0a)
      ? text : bounded(spelled(text) { $0 == "\n" ? "\n" : form($0) }, lineBreaks: true)
  }

  /// `text` with `form` of each code point that would not be seen where it stands.
  package static func spelled(
    _ text: String, _ form: (Unicode.Scalar) -> String
  ) -> String {
    let scalars = Array(text.unicodeScalars)
    var out = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if isHidden(scalar), !isPartOfSpelling(scalars, index) {
        out += form(scalar).unicodeScalars
      } else {
        out.append(scalar)
      }
    }
    return String(out)
  }

  /// Whether a code point acts on its surroundings or leaves no mark of its own.
  ///
  /// Unassigned and private ones count: what they do or look like depends on who shows them.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7e, 0xa0...0xac, 0xae...0x2ff: return false
    // Signs of Arabic, Syriac and Kaithi that are written, and BRAILLE BLANK, which is not.
    case 0x600...0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd: return false
    case 0x2800: return true
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate,
      .unassigned:
      return true
    default: return scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func isPlain(_ text: String, lineBreak: UInt8) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == lineBreak }
  }

  private static func form(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0...0x1f: return Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? ""
    case 0x7f: return "␡"
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "⟨U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "⟩"
    }
  }
}

// MARK: - Invisible, and part of honest writing

extension VisibleText {
  /// Joiners and selectors where emoji, Persian and Indic scripts need them.
  private static func isPartOfSpelling(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    let before = index > 0 ? scalars[index - 1] : " "
    let after = index + 1 < scalars.count ? scalars[index + 1] : " "
    switch scalars[index].value {
    case 0x200d:
      let base = isSelector(before) && index > 1 ? scalars[index - 2] : before
      return isEmoji(base) && isEmoji(after) || isVirama(before)
    case 0x200c: return isArabicLetter(before) && isArabicLetter(after) || isVirama(before)
    case 0xfe0e, 0xfe0f:
      return isEmoji(before) || before.properties.isEmoji && after.value == 0x20e3
    default: return false
    }
  }

  private static func isSelector(_ scalar: Unicode.Scalar) -> Bool { scalar.value == 0xfe0f }

  /// Without digits, `#` and `*`, which are emoji only in keycaps.
  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x7f && scalar.properties.isEmoji
  }

  private static func isVirama(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.canonicalCombiningClass.rawValue == 9
  }

  private static func isArabicLetter(_ scalar: Unicode.Scalar) -> Bool {
    (0x620...0x6ff).contains(scalar.value) || (0x750...0x77f).contains(scalar.value)
  }
}

// MARK: - Marks on letters

extension VisibleText {
  /// More than any living language puts on one letter; a pile of them covers the lines around.
  private static let marksMax = 4

  /// A mark without a letter of its own gets a ◌, lest it lands on the program's text.
  private static func bounded(_ text: String, lineBreaks: Bool) -> String {
    var out = String.UnicodeScalarView()
    var marks = 0
    func report() {
      if marks > marksMax { out += "⟨+\(marks - marksMax)⟩".unicodeScalars }
      marks = 0
    }
    for scalar in text.unicodeScalars {
      guard isMark(scalar) else {
        report()
        out.append(scalar)
        continue
      }
      if marks == 0, out.last.map({ $0 == "\n" || $0 == "⟩" }) ?? true { out.append("◌") }
      marks += 1
      if marks <= marksMax { out.append(scalar) }
    }
    report()
    return String(out)
  }

  package static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300 else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: return true
    default: return false
    }
  }
}
