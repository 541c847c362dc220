import Foundation
import Testing

/// Every command's help, in both languages.
@Suite(.timeLimit(.minutes(5))) struct HelpTests {
  /// What ArgumentParser writes in English.
  private static let parserWords = [
    "OVERVIEW:", "USAGE:", "ARGUMENTS:", "OPTIONS:", "SUBCOMMANDS:", "Show help",
    "Show the version",
    "(default", "(values", "<options>", "<subcommand>", "See '",
  ]

  @Test func `every command has help in the language of the locale, with an example`() throws {
    let paths = try Command.tree(locale: "sv_SE.UTF-8").paths
    try #require(paths.count > 40)
    for path in paths {
      let swedish = try help(path, locale: "sv_SE.UTF-8")
      let english = try help(path, locale: "en_GB.UTF-8")
      for text in [swedish, english] {
        #expect(text.contains(try Regex("\n *(sudo )?\(path)( |\n)")), "\(path): \(text)")
      }
      for words in Self.parserWords {
        #expect(!swedish.contains(words), "\(path): \(words)")
      }
      #expect(english.hasPrefix("OVERVIEW: ") && swedish.hasPrefix("ÖVERSIKT: "), "\(path)")
    }
  }

  @Test(arguments: ["sprida", "sprida key rotate", "sprida list"])
  func `an asked for language is that of the help`(path: String) throws {
    let swedish = try help(path, locale: "sv_SE.UTF-8")
    let english = try help(path, locale: "C")
    #expect(swedish != english)
    #expect(try help(path, "--language", "sv", locale: "C") == swedish)
    #expect(try help(path, "--language=en", locale: "sv_SE.UTF-8") == english)
  }

  @Test func `no text of a command or an option is the same in both languages`() throws {
    let swedish = try Command.tree(locale: "sv_SE.UTF-8").texts
    let english = try Command.tree(locale: "C").texts
    try #require(swedish.count == english.count && swedish.count > 200)
    for (swedish, english) in zip(swedish, english) {
      #expect(swedish.place == english.place)
      #expect(swedish.text != english.text, "\(swedish.place)")
      #expect(!swedish.text.isEmpty && !english.text.isEmpty, "\(swedish.place)")
    }
  }

  @Test func `an example stands on one line of the narrowest terminal`() throws {
    for locale in ["sv_SE.UTF-8", "C"] {
      for (path, line) in try Command.tree(locale: locale).examples {
        #expect(line.count < 80, "\(path): \(line)")
      }
    }
  }

  @Test(arguments: [
    (["LANG": "en_GB.UTF-8", "LC_MESSAGES": "sv_SE.UTF-8"], "ÖVERSIKT"),
    (["LANG": "sv_SE.UTF-8", "LC_ALL": "en_GB.UTF-8"], "OVERVIEW"),
    (["LANG": "sv_SE.ISO-8859-1", "LC_ALL": ""], "ÖVERSIKT"),
    (["LANG": "de_DE.UTF-8"], "OVERVIEW"), (["LANG": ""], "OVERVIEW"),
  ])
  func `the first variable of the locale that is set decides`(
    environment: [String: String], heading: String
  ) throws {
    let help = try Program.shell("\"$0\" list --help", [], environment: environment)
    #expect(help.output.hasPrefix(heading), "\(help.output)")
  }

  private func help(_ path: String, _ more: String..., locale: String) throws -> String {
    let names = path.split(separator: " ").dropFirst().map(String.init)
    let result = try Program.run(names + ["--help"] + more, locale: locale)
    #expect(result.status == 0 && result.errors.isEmpty, "\(path): \(result.errors)")
    return result.output
  }
}

/// A command as ArgumentParser describes it.
private struct Command: Decodable {
  let commandName: String
  let abstract: String?
  let discussion: String?
  let superCommands: [String]?
  let arguments: [Argument]?
  let subcommands: [Command]?

  struct Argument: Decodable {
    let valueName: String?
    let abstract: String?
  }

  private struct Tree: Decodable { let command: Command }

  static func tree(locale: String) throws -> Command {
    let dump = try Program.run(["--experimental-dump-help"], locale: locale)
    return try JSONDecoder().decode(Tree.self, from: Data(dump.output.utf8)).command
  }

  private var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

  /// Those of the product, the root first.
  private var all: [Command] {
    [self] + (subcommands ?? []).filter { $0.commandName != "help" }.flatMap(\.all)
  }

  var paths: [String] { all.map(\.path) }

  /// The lines of the discussions that are commands, with what is said of them.
  var examples: [(path: String, line: Substring)] {
    all.flatMap { command in
      (command.discussion ?? "").split(separator: "\n").filter { $0.hasPrefix("sprida ") }
        .map { (path: command.path, line: $0) }
    }
  }

  var texts: [(place: String, text: String)] {
    all.flatMap { command in
      [(place: command.path, text: command.abstract ?? "")]
        + (command.arguments ?? []).enumerated().map { index, argument in
          (place: "\(command.path), argument \(index)", text: argument.abstract ?? "")
        }
    }
  }
}
