import Foundation
import WireFormat

/// The form in which entered text is stored.
enum EnteredText {
  /// Line ends as U+000A and tabs as spaces, which is all the text profile allows.
  static func unified(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
  }

  /// A short text: NFC, without white space at its ends.
  static func short(_ text: String) -> String {
    let unified = unified(text).replacing("\t", with: " ")
    return unified.trimmingCharacters(in: blanks).precomposedStringWithCanonicalMapping
  }

  /// A long text: NFC, without blank lines at its ends; the first line keeps its indentation.
  static func long(_ text: String) -> String {
    var lines = unified(text).replacing("\t", with: "    ")
      .split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let first = lines.first, isBlank(first) { lines.removeFirst() }
    while let last = lines.last, isBlank(last) { lines.removeLast() }
    var result = lines.joined(separator: "\n")
    while let last = result.unicodeScalars.last, blanks.contains(last) {
      result.unicodeScalars.removeLast()
    }
    return result.precomposedStringWithCanonicalMapping
  }

  static func isBlank(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.allSatisfy(blanks.contains)
  }

  /// Not the Unicode white space: a no-break space at an end was somebody's intention.
  private static let blanks: CharacterSet = [" ", "\t", "\n", "\u{feff}"]
}
