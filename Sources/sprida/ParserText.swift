import Practice

/// The words that ArgumentParser itself writes around ours: in a help screen, in a completion
/// script, and about mistakes in the arguments.
///
/// It knows only English, so what it has finished is translated here, at the edge. What a person
/// typed stands between the pieces of a sentence and stays as it was typed.
struct ParserText {
  let language: Language

  /// - Parameters:
  ///   - text: all that is to be written.
  ///   - message: what in it is wrong with the arguments; the same as `text` for help.
  /// - Returns: `text` in `language`.
  func told(_ text: String, about message: String) -> String {
    guard language == .swedish else { return text }
    let mistake = "Error: " + message
    guard text.hasPrefix(mistake) else { return help(text) }
    return "Fel: " + self.mistake(message) + help(String(text.dropFirst(mistake.count)))
  }

  // MARK: - Help

  /// What a line begins with, and what else of it is not ours.
  private static let headings: KeyValuePairs = [
    "OVERVIEW: ": "ÖVERSIKT: ", "USAGE: ": "ANVÄNDNING: ", "ARGUMENTS:": "ARGUMENT:",
    "OPTIONS:": "VAL:", "SUBCOMMANDS:": "KOMMANDON:", "Usage: ": "Användning: ",
    "Help:  ": "Hjälp:  ",
  ]
  private static let hints = [
    Sentence("  See '{}' for more information.", "  Se '{}' för mer hjälp."),
    Sentence("  See '{}' for detailed help.", "  Se '{}' för mer hjälp."),
  ]

  private func help(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = String(line)
      if let heading = Self.headings.first(where: { line.hasPrefix($0.key) }) {
        return heading.value + line.dropFirst(heading.key.count)
      }
      return Self.hints.lazy.compactMap { $0.translated(line) }.first ?? line
    }
    .joined(separator: "\n")
    // No longer than the English, for these stand where lines have been broken already.
    .replacing(/Show\s+help\s+information\./) { _ in "Visa den här hjälpen." }
    .replacing(/Show\s+subcommand\s+help\s+information\./) { _ in "Visa hjälp om ett kommando." }
    .replacing(/Show\s+the\s+version\./) { _ in "Visa versionen." }
    .replacing("(default)", with: "(förval)").replacing("(default:", with: "(förval:")
    .replacing(/;(\s+)default:/) { ";\($0.1)förval:" }
    .replacing("(values:", with: "(värden:")
    .replacing("<subcommand>", with: "<kommando>").replacing("<options>", with: "<val>")
  }

  // MARK: - Mistakes

  /// A sentence that begins like another and says more stands first.
  private static let sentences = [
    Sentence(
      "Unknown option '{}'. Did you mean '{}'?\n   or: Missing value for '{}' in '{}'",
      "Okänt val '{}'. Menade du '{}'?\n   eller: värde saknas för '{}' i '{}'"),
    Sentence(
      "Unknown option '{}'\n   or: Missing value for '{}' in '{}'",
      "Okänt val '{}'\n   eller: värde saknas för '{}' i '{}'"),
    Sentence("Unknown option '{}'. Did you mean '{}'?", "Okänt val '{}'. Menade du '{}'?"),
    Sentence("Unknown option '{}'", "Okänt val '{}'"),
    Sentence("Invalid option: {}", "Ogiltigt val: {}"),
    Sentence("Missing value for '{}'", "Värde saknas för '{}'"),
    Sentence("Missing expected argument '{}'", "Argumentet '{}' saknas"),
    Sentence("Missing one of: '{}'", "En av dessa saknas: '{}'"),
    Sentence(
      "The option '{}' does not take any value, but '{}' was specified.",
      "Valet '{}' har inget värde, men '{}' angavs."),
    Sentence("Unexpected argument '{}'", "Oväntat argument '{}'"),
    Sentence("{} unexpected arguments: '{}'", "{} oväntade argument: '{}'"),
    Sentence(
      "Value to be set with flag {} had already been set with flag {}",
      "Det som {} anger har redan angetts med {}"),
    Sentence(
      "The value '{}' is invalid for '{}'. Please provide one of the following:\n{}",
      "Värdet '{}' är ogiltigt för '{}'. Ange ett av dessa:\n{}"),
    Sentence(
      "The value '{}' is invalid for '{}'. Please provide one of '{}', '{}' or '{}'.",
      "Värdet '{}' är ogiltigt för '{}'. Ange ett av '{}', '{}' eller '{}'."),
    Sentence(
      "The value '{}' is invalid for '{}'. Please provide one of '{}' and '{}'.",
      "Värdet '{}' är ogiltigt för '{}'. Ange '{}' eller '{}'."),
    Sentence("The value '{}' is invalid for '{}'", "Värdet '{}' är ogiltigt för '{}'"),
    Sentence(
      "Can't generate completion scripts for '{}'.\n"
        + "Please use --generate-completion-script=<shell> with one of:\n{}",
      "Det finns ingen komplettering för '{}'.\n"
        + "Använd --generate-completion-script=<skal> med ett av:\n{}"),
    Sentence(
      "Can't autodetect a supported shell.\n"
        + "Please use --generate-completion-script=<shell> with one of:\n{}",
      "Det går inte att se vilket skal som används.\n"
        + "Använd --generate-completion-script=<skal> med ett av:\n{}"),
  ]

  private func mistake(_ message: String) -> String {
    Self.sentences.lazy.compactMap { $0.translated(message) }.first ?? message
  }
}

/// A sentence in two languages, with `{}` where a value stands.
private struct Sentence {
  private let english: [Substring]
  private let swedish: [Substring]

  init(_ english: String, _ swedish: String) {
    self.english = english.split(separator: "{}", omittingEmptySubsequences: false)
    self.swedish = swedish.split(separator: "{}", omittingEmptySubsequences: false)
  }

  /// `text` in Swedish; nil when it is another sentence.
  ///
  /// Its pieces are looked for from the end, where names of ours stand: the first value is typed.
  func translated(_ text: String) -> String? {
    guard let first = english.first, let last = english.last, text.hasPrefix(first),
      text.hasSuffix(last), text.count >= first.count + last.count
    else { return nil }
    var rest = text.dropFirst(first.count).dropLast(last.count)
    var values: [Substring] = []
    for piece in english.dropFirst().dropLast().reversed() {
      guard let place = rest.ranges(of: piece).last else { return nil }
      values.insert(rest[place.upperBound...], at: 0)
      rest = rest[..<place.lowerBound]
    }
    values.insert(rest, at: 0)
    return zip(swedish, values + [""]).map { $0 + $1 }.joined()
  }
}
