/// Comma-separated values (RFC 4180) in two forms.
package enum CSV: String, CaseIterable, Sendable {
  /// As a Swedish Excel opens it: a byte order mark, semicolons, CRLF, and no cell that is a formula.
  case excel
  /// For programs: commas, no mark, every cell as it is.
  case plain

  package func text(_ rows: [[String]]) -> String { mark + rows.map(line).joined() }

  /// What a file begins with.
  var mark: String { self == .excel ? "\u{feff}" : "" }

  func line(_ row: [String]) -> String {
    row.map(cell).joined(separator: separator) + "\r\n"
  }

  private var separator: String { self == .excel ? ";" : "," }

  private func cell(_ text: String) -> String {
    let safe = self == .excel && Self.isFormula(text) ? "'" + text : text
    guard
      safe.unicodeScalars.contains(where: {
        ("\"\r\n" + separator).unicodeScalars.contains($0)
      })
    else {
      return safe
    }
    // Scalar by scalar: a mark may have joined with a quotation mark.
    var doubled = String.UnicodeScalarView()
    for scalar in safe.unicodeScalars {
      doubled.append(scalar)
      if scalar == "\"" { doubled.append(scalar) }
    }
    return "\"" + String(doubled) + "\""
  }

  /// What Excel would calculate instead of showing; a number is only a number.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else {
      return false
    }
    return Int(text) == nil
  }
}
