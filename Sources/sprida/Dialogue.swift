import Glibc
import Practice

/// Questions to whoever sits at the terminal; without one, nobody is asked.
struct Dialogue {
  let console: Console

  /// Nil with `--json`, or when one of the streams leads elsewhere.
  init?(_ console: Console) {
    guard !console.isJSON, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      return nil
    }
    self.console = console
  }

  /// Whether the answer is yes; an empty one, or the end of the input, is no.
  func isYes(_ swedish: Told, _ english: Told) -> Bool {
    console.say(swedish + " (ja/nej)", english + " (yes/no)")
    return ["ja", "j", "yes", "y"].contains((readLine() ?? "").lowercased())
  }

  /// Goes on after a yes only.
  func demandYes(_ swedish: Told, _ english: Told) throws {
    guard isYes(swedish, english) else {
      throw Failure.failed(console.text("Inget är publicerat.", "Nothing was published."))
    }
  }

  /// What was typed on a line, without spaces at its ends; nil at the end of the input.
  func answer(_ swedish: Told, _ english: Told) -> String? {
    console.say(swedish, english)
    return readLine().map { String($0.split(separator: " ").joined(separator: " ")) }
  }

  /// The next key of those allowed, without waiting for the end of a line; nil at the end of the
  /// input.
  func key(of allowed: String) -> Character? {
    while let key = Terminal.readKey() {
      if let known = allowed.first(where: { String($0) == key.lowercased() }) { return known }
    }
    return nil
  }
}
