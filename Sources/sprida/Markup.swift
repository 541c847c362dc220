import Practice

/// HTML in which every interpolated value is text, unless it is HTML already.
///
/// So nobody can forget to escape what somebody else has written; what is not seen or turns the
/// direction of reading is spelled out as on a terminal.
struct Markup: ExpressibleByStringInterpolation {
  let html: String

  init(stringLiteral html: String) { self.html = html }
  init(stringInterpolation: StringInterpolation) { html = stringInterpolation.html }
  private init(html: String) { self.html = html }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var html = ""

    init(literalCapacity: Int, interpolationCount: Int) { html.reserveCapacity(literalCapacity) }
    mutating func appendLiteral(_ literal: String) { html += literal }
    mutating func appendInterpolation(_ markup: Markup) { html += markup.html }
    mutating func appendInterpolation(_ parts: [Markup]) {
      html += parts.map(\.html).joined(separator: "\n")
    }
    mutating func appendInterpolation(_ text: String) { html += Markup.escaped(text) }
    mutating func appendInterpolation(_ number: Int) { html += "\(number)" }
  }

  private static func escaped(_ text: String) -> String {
    MarkupText.escaped(VisibleText.block(text))
  }

  /// Paragraphs of a text, and its line breaks.
  static func paragraphs(_ text: String, attributes: Markup = "") -> [Markup] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.split { $0.allSatisfy(\.isWhitespace) }.map { paragraph in
      let broken = paragraph.map { "\($0)" as Markup }.map(\.html).joined(separator: "<br/>\n")
      return "<p\(attributes)>\(Markup(html: broken))</p>"
    }
  }
}
