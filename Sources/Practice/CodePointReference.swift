/// `&#x200B;` in the text of a document: a code point that would not be seen
/// (`Protocol/schema/README.md#documents`).
///
/// An editor shows what is there, and a terminal that a document is printed on does not act on it.
enum CodePointReference {
  private static let start = "&#x"
  private static let digitsMax = 6

  /// `text` with references for what is not seen, and for what already reads like a reference.
  static func written(in text: String) -> String {
    let spelled = VisibleText.spelled(text.replacing(start, with: form("&") + "#x")) {
      $0 == "\n" ? "\n" : form($0)
    }
    return spelled.split(separator: "\n", omittingEmptySubsequences: false)
      .map(withoutLeadingMark).joined(separator: "\n")
  }

  /// A mark that begins a text would join the space of `# ` before it, which is then no heading.
  private static func withoutLeadingMark(_ line: Substring) -> String {
    guard let first = line.unicodeScalars.first, VisibleText.isMark(first) else {
      return String(line)
    }
    return form(first) + String(line.unicodeScalars.dropFirst())
  }

  /// `text` with the code points that its references mean.
  static func read(in text: String) -> String {
    var parts = text.split(separator: start, omittingEmptySubsequences: false)
    guard parts.count > 1 else { return text }
    var out = String.UnicodeScalarView(parts.removeFirst().unicodeScalars)
    for part in parts {
      let digits = part.unicodeScalars.prefix { $0.properties.isASCIIHexDigit }
      let rest = part.unicodeScalars.dropFirst(digits.count)
      if digits.count <= digitsMax, rest.first == ";",
        let scalar = UInt32(String(digits), radix: 16).flatMap(Unicode.Scalar.init)
      {
        out.append(scalar)
        out += rest.dropFirst()
      } else {
        out += start.unicodeScalars
        out += part.unicodeScalars
      }
    }
    return String(out)
  }

  private static func form(_ scalar: Unicode.Scalar) -> String {
    start + String(scalar.value, radix: 16, uppercase: true) + ";"
  }
}
