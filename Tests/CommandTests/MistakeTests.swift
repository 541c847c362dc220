import Testing

/// What ArgumentParser says of mistakes in the arguments, in both languages.
@Suite(.timeLimit(.minutes(2))) struct MistakeTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let swedish: String
    let english: String

    init(_ arguments: String..., sv: String, en: String) {
      (self.arguments, swedish, english) = (arguments, sv, en)
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  @Test(arguments: [
    Mistake(
      "list", "--jsn", sv: "Fel: Okänt val '--jsn'. Menade du '--json'?",
      en: "Error: Unknown option '--jsn'. Did you mean '--json'?"),
    Mistake(
      "list", "--wholly-unknown", sv: "Fel: Okänt val '--wholly-unknown'",
      en: "Error: Unknown option '--wholly-unknown'"),
    Mistake("list", "-x", sv: "Fel: Okänt val '-x'", en: "Error: Unknown option '-x'"),
    Mistake(
      "list", "-d", sv: "Fel: Värde saknas för '-d <mapp>'",
      en: "Error: Missing value for '-d <folder>'"),
    Mistake(
      "list", "-xd", sv: "Fel: Okänt val '-xd'\n     eller: värde saknas för '-d <mapp>' i '-xd'",
      en: "Error: Unknown option '-xd'\n     or: Missing value for '-d <folder>' in '-xd'"),
    Mistake(
      "show", sv: "Fel: Argumentet '<id>' saknas", en: "Error: Missing expected argument '<id>'"),
    Mistake(
      "list", "--json=3", sv: "Fel: Valet '--json' har inget värde, men '3' angavs.",
      en: "Error: The option '--json' does not take any value, but '3' was specified."),
    Mistake(
      "list", "ett", sv: "Fel: Oväntat argument 'ett'", en: "Error: Unexpected argument 'ett'"),
    Mistake(
      "list", "ett", "två", sv: "Fel: 2 oväntade argument: 'ett', 'två'",
      en: "Error: 2 unexpected arguments: 'ett', 'två'"),
    Mistake(
      "serve", "--hour", "elva", sv: "Fel: Värdet 'elva' är ogiltigt för '--hour <0-23>'",
      en: "Error: The value 'elva' is invalid for '--hour <0-23>'"),
    Mistake(
      "key", "rotate", "roten",
      sv: "Fel: Värdet 'roten' är ogiltigt för '<nyckel>'. Ange 'root' eller 'council'.",
      en: "Error: The value 'roten' is invalid for '<key>'. "
        + "Please provide one of 'root' and 'council'."),
    Mistake(
      "audit", "--kind", "allt",
      sv: "Fel: Värdet 'allt' är ogiltigt för '--kind <slag>'. Ange ett av dessa:\n    - session\n",
      en: "Error: The value 'allt' is invalid for '--kind <kind>'. "
        + "Please provide one of the following:\n    - session\n"),
    Mistake(
      "list", "--language", "no",
      sv: "Fel: Värdet 'no' är ogiltigt för '--language <kod>'. Ange 'sv' eller 'en'.",
      en: "Error: The value 'no' is invalid for '--language <code>'. "
        + "Please provide one of 'sv' and 'en'."),
    Mistake(
      "--generate-completion-script", "tcsh",
      sv: "Fel: Det finns ingen komplettering för 'tcsh'.\n",
      en: "Error: Can't generate completion scripts for 'tcsh'.\n"),
    Mistake(
      "init", sv: "Fel: Ange en av --council, --organisation, --device och --member.\n",
      en: "Error: Give one of --council, --organisation, --device and --member.\n"),
  ])
  func `a mistake is told in the user's language, with how to go on`(mistake: Mistake) throws {
    let swedish = try Program.run(mistake.arguments, locale: "sv_SE.UTF-8")
    #expect(swedish.status == 64)
    #expect(swedish.errors.hasPrefix(mistake.swedish), "\(swedish.errors)")
    #expect(swedish.errors.contains("\n  Användning: sprida "), "\(swedish.errors)")
    #expect(swedish.errors.hasSuffix("--help' för mer hjälp.\n"), "\(swedish.errors)")
    #expect(!swedish.errors.contains("Help:") && !swedish.errors.contains("<options>"))
    let english = try Program.run(mistake.arguments, locale: "C")
    #expect(english.status == 64)
    #expect(english.errors.hasPrefix(mistake.english), "\(english.errors)")
    #expect(english.errors.hasSuffix("--help' for more information.\n"), "\(english.errors)")
  }

  @Test(arguments: [
    "Unexpected argument 'x'",
    "x' is invalid for '--hour <0-23>'. Please provide one of 'a' and 'b'.",
    "Show help information. (default: 1) <options>", "å\nUsage: sprida <subcommand>", "{}",
  ])
  func `what was typed is never translated`(typed: String) throws {
    let result = try Program.run(["serve", "--hour", typed], locale: "sv_SE.UTF-8")
    let shown = typed.replacing("\n", with: "\n  ")
    #expect(
      result.errors.hasPrefix("Fel: Värdet '\(shown)' är ogiltigt för '--hour <0-23>'\n"),
      "\(result.errors)")
  }

  @Test func `what was typed cannot act on the terminal`() throws {
    let result = try Program.run(["list", "\u{1b}[2Jtitel\u{202e}"], locale: "sv_SE.UTF-8")
    #expect(result.errors.hasPrefix("Fel: Oväntat argument '␛[2Jtitel⟨U+202E⟩'\n"))
  }
}
