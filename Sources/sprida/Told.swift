import Practice

/// A sentence of ours, in which every value is on one line and cannot act on the terminal.
///
/// Whatever is interpolated passes `VisibleText`; only what stands in the source does not. So a
/// command cannot forget it.
struct Told: ExpressibleByStringInterpolation {
  let text: String

  init(stringLiteral text: String) { self.text = text }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }
  private init(text: String) { self.text = text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }
    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation<Value>(_ value: Value) {
      text += VisibleText.line("\(value)")
    }
  }

  static func + (first: Told, second: Told) -> Told { Told(text: first.text + second.text) }
}
