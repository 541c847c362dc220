import FoundationEssentials
import Glibc
import Practice
import WireFormat

/// Where the program speaks: language, terminal and form of output.
struct Console: Sendable {
  let language: Language
  let isJSON: Bool
  let hasColour: Bool
  let width: Int

  init(language: Language, isJSON: Bool) {
    self.language = language
    self.isJSON = isJSON
    let isTerminal = isatty(STDOUT_FILENO) == 1
    hasColour = isTerminal && getenv("NO_COLOR") == nil
    var size = winsize()
    width =
      isTerminal && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20
      ? Int(size.ws_col) : isTerminal ? 80 : Self.unlimited
  }

  /// A file or a pipe gets every character.
  static let unlimited = 10_000

  /// The text in the user's language.
  func text(_ swedish: String, _ english: String) -> String {
    language == .swedish ? swedish : english
  }

  func say(_ swedish: String, _ english: String) {
    print(text(swedish, english))
  }

  func say(_ text: String) {
    print(Self.safe(text))
  }

  func json(_ value: JSON) throws {
    print(try value.text)
  }

  /// Text from a peer never reaches a terminal with control characters.
  static func safe(_ text: String) -> String { TextProfile.cleaned(text) }

  /// As `safe`, and on one line: nobody else's text may look like a line of ours.
  static func line(_ text: String) -> String { safe(text).replacing("\n", with: " ") }

  func warn(_ swedish: String, _ english: String) {
    StandardStreams.writeError(text(swedish, english))
  }

  func bold(_ text: String) -> String { hasColour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
  func dim(_ text: String) -> String { hasColour ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
  func red(_ text: String) -> String { hasColour ? "\u{1b}[31m\(text)\u{1b}[0m" : text }

  // MARK: - Time

  /// `2026-11-22 21:15` in UTC.
  func time(_ milliseconds: Int64) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
      .dateSeparator(.dash).dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    let text = Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(style)
    return String(text.prefix(16))
  }

  func date(_ milliseconds: Int64) -> String { String(time(milliseconds).prefix(10)) }
}
