import Node
import Practice

/// A line of the audit log as people read it.
enum AuditText {
  private static let widths = (time: 20, kind: 9)

  static func heading(_ console: Console) -> String {
    columns(
      console.text("Tid (UTC)", "Time (UTC)"), console.text("Slag", "Kind"),
      console.text("Vad", "What"), console)
  }

  static func line(_ line: AuditLine, _ console: Console) -> String {
    let fields = line.fields.map { Console.line("\($0.name)=\(text($0.value))") }
    return columns(
      String(line.time.prefix(19)).replacing("T", with: " "), Console.line(line.kind),
      fields.joined(separator: " "),
      console)
  }

  static func told(_ broken: AuditLog.Break, path: String, _ console: Console) -> String {
    let (swedish, english): (Told, Told) =
      switch broken.problem {
      case .notALine: ("är ingen hel rad", "is no whole line")
      case .sequence:
        (
          "har fel ordningsnummer: rader saknas eller är flyttade",
          "has the wrong sequence number: lines are missing or moved"
        )
      case .chain:
        (
          "hänger inte ihop med den före: någon av dem är ändrad",
          "does not hang together with the one before: either has been changed"
        )
      }
    return console.text(
      "\(path): rad \(broken.line) " + swedish
        + ". Spara filen och jämför med en säkerhetskopia.",
      "\(path): line \(broken.line) " + english + ". Keep the file and compare it with a backup.")
  }

  private static func text(_ value: AuditEntry.Value) -> String {
    switch value {
    // Of keys and ids the beginning tells them apart; --json has all of it.
    case .text(let text): text.utf8.count == 64 ? "\(text.prefix(16))…" : text
    case .number(let number): "\(number)"
    case .bool(let bool): "\(bool)"
    }
  }

  private static func columns(
    _ time: String, _ kind: String, _ what: String, _ console: Console
  ) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    let line = "  " + padded(time, widths.time) + padded(kind, widths.kind) + what
    return line.count > console.width ? line.prefix(console.width - 1) + "…" : line
  }
}
