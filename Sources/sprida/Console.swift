import FoundationEssentials
import Glibc
import Practice

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
  func text(_ swedish: Told, _ english: Told) -> String {
    (language == .swedish ? swedish : english).text
  }

  func say(_ swedish: Told, _ english: Told) {
    show(text(swedish, english))
  }

  func say(_ told: Told) {
    show(told.text)
  }

  func json(_ value: JSON) throws {
    print(try value.text)
  }

  /// Prints what a command has put together.
  ///
  /// Foreign text in it has passed `line`, `lines` or `Told`, which also keep it from posing as a
  /// line of ours; that nothing acts on the terminal is ensured here once more.
  func show(_ text: String) {
    print(visible(text))
  }

  /// Prints data for another program, byte for byte; a terminal gets it as text that cannot act on it.
  func data(_ text: String) {
    guard isatty(STDOUT_FILENO) == 1 else { return StandardStreams.write(Array(text.utf8)) }
    print(VisibleText.block(text))
  }

  func warn(_ swedish: Told, _ english: Told) {
    StandardStreams.writeError(text(swedish, english))
  }

  /// Foreign text on one line.
  static func line(_ text: String) -> String { VisibleText.line(text) }

  /// Foreign text below a line of ours, or after the beginning of one: no line of it begins in the
  /// first column, not even where the terminal would break it.
  func lines(_ text: String, width: Int? = nil, after first: String = "  ") -> [String] {
    let isCut = self.width < Self.unlimited
    let room = max(20, min(self.width, width ?? self.width) - TextWidth.of(first))
    return TextWidth.folded(VisibleText.block(text), width: room, isCuttingWords: isCut)
      .enumerated().map { $0 == 0 ? first + $1 : $1.isEmpty ? "" : "  " + $1 }
  }

  func bold(_ text: String) -> String { styled(text, "\u{1b}[1m") }
  func dim(_ text: String) -> String { styled(text, "\u{1b}[2m") }
  func red(_ text: String) -> String { styled(text, "\u{1b}[31m") }

  private static let styles = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m"]

  private func styled(_ text: String, _ style: String) -> String {
    hasColour ? style + text + "\u{1b}[0m" : text
  }

  /// Of control characters only line breaks and our own styles remain.
  private func visible(_ text: String) -> String {
    guard hasColour else { return VisibleText.block(text) }
    let parts = text.split(separator: "\u{1b}", omittingEmptySubsequences: false)
    return VisibleText.block(String(parts[0]))
      + parts.dropFirst().map { part in
        let escaped = "\u{1b}" + part
        let style = Self.styles.first { escaped.hasPrefix($0) } ?? ""
        return style + VisibleText.block(String(escaped.dropFirst(style.count)))
      }.joined()
  }

  // MARK: - Time

  /// `2026-11-22 21:15` in UTC, below a heading that says so.
  func time(_ milliseconds: Int64) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
      .dateSeparator(.dash).dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    let text = Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(style)
    return String(text.prefix(16))
  }

  /// `2026-11-22 21:15 UTC`, where no heading says it.
  func moment(_ milliseconds: Int64) -> String { time(milliseconds) + " UTC" }

  /// The last day of what ends at a moment.
  func lastDay(before end: UInt64) -> String { date(Int64(clamping: end) - 1) }

  func date(_ milliseconds: Int64) -> String { String(time(milliseconds).prefix(10)) }
}
