import OperationStore

/// What is known of links, in words.
struct LinkText {
  private let console: Console

  init(_ console: Console) { self.console = console }

  var title: String {
    console.text("Länkarna, som den här noden sett dem", "The links, as this node has seen them")
  }

  /// Such as `svarade inte 2026-11-27 (404)`.
  func state(of check: LinkCheck) -> String {
    let day = console.date(check.checked)
    if check.isAnswered { return console.text("svarade \(day)", "answered \(day)") }
    let reason = check.status.map { " (\($0))" } ?? ""
    return console.text("svarade inte \(day)", "did not answer \(day)") + reason
  }
}
