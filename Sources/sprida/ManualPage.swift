import ArgumentParser
import FoundationEssentials

/// The manual page sprida(1), from what ArgumentParser says of the commands; in the macros of
/// man(7), which every `man` reads.
struct ManualPage {
  private struct Dump: Decodable { let command: Command }

  private struct Command: Decodable {
    let commandName: String
    let superCommands: [String]?
    let abstract: String?
    let discussion: String?
    let shouldDisplay: Bool
    let arguments: [Argument]?
    let subcommands: [Command]?

    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// Those that do something, without the parser's own `help`.
    var leaves: [Command] {
      guard let subcommands else { return [self] }
      return subcommands.filter { $0.shouldDisplay && $0.commandName != "help" }.flatMap(\.leaves)
    }
  }

  private struct Argument: Decodable, Equatable {
    struct Name: Decodable, Equatable {
      let kind: String
      let name: String

      var text: String { kind == "long" ? "--" + name : "-" + name }
    }

    let kind: String
    let names: [Name]?
    let valueName: String?
    let abstract: String?
    let defaultValue: String?
    let allValues: [String]?
    let isOptional: Bool
    let isRepeating: Bool
  }

  private let root: Command

  /// - Parameter dump: what `sprida --experimental-dump-help` prints.
  /// - Throws: when it is no such description.
  init(_ dump: String) throws {
    root = try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command
  }

  var text: String {
    let leaves = root.leaves
    return
      (heading + shared(leaves) + [".SH " + words("KOMMANDON", "COMMANDS")]
      + leaves.flatMap { section($0, leaves) } + exitCodes + environment).joined(separator: "\n")
  }

  // MARK: - Sections

  private var heading: [String] {
    [
      ".TH SPRIDA 1 \"\" \"sprida \(Sprida.configuration.version)\"",
      ".SH " + words("NAMN", "NAME"),
      "sprida \\- " + Self.plain(root.abstract ?? ""),
      ".SH SYNOPSIS", ".B sprida",
      "\\fI\(words("kommando", "command"))\\fR [\\fI\(words("val", "options"))\\fR]",
      ".SH " + words("BESKRIVNING", "DESCRIPTION"),
    ] + discussion(root).dropFirst()
  }

  /// What every command takes stands once.
  private func shared(_ leaves: [Command]) -> [String] {
    [".SH " + words("VAL FÖR ALLA KOMMANDON", "OPTIONS OF ALL COMMANDS")]
      + common(leaves).flatMap(item)
  }

  private func common(_ leaves: [Command]) -> [Argument] {
    (leaves.first?.arguments ?? []).filter { argument in
      leaves.allSatisfy { $0.arguments?.contains(argument) == true }
    }
  }

  private func section(_ command: Command, _ leaves: [Command]) -> [String] {
    let common = common(leaves)
    let own = (command.arguments ?? []).filter { !common.contains($0) }
    let operands = own.filter { $0.kind == "positional" }
    let usage = ([command.path] + operands.map(usage)).joined(separator: " ")
    return [".SS " + Self.plain(usage), Self.plain(command.abstract ?? "")]
      + discussion(command) + own.flatMap(item)
  }

  private func usage(_ operand: Argument) -> String {
    let name = "<\(operand.valueName ?? "")>" + (operand.isRepeating ? " ..." : "")
    return operand.isOptional ? "[\(name)]" : name
  }

  private func item(_ argument: Argument) -> [String] {
    let names = (argument.names ?? []).map(\.text).joined(separator: ", ")
    let label =
      (names.isEmpty ? [] : ["\\fB\(Self.plain(names))\\fR"])
      + (argument.kind == "flag" ? [] : ["\\fI\(Self.plain(argument.valueName ?? ""))\\fR"])
    let notes =
      [
        argument.allValues.map { words("värden: ", "values: ") + $0.joined(separator: ", ") },
        argument.defaultValue.map { words("förval: ", "default: ") + $0 },
      ].compactMap(\.self)
    let note = notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")"
    return [
      ".TP", label.joined(separator: " "),
      Self.plain((argument.abstract ?? "") + note),
    ]
  }

  /// Examples and tables as they stand; prose is filled.
  private func discussion(_ command: Command) -> [String] {
    let text = (command.discussion ?? "").replacing(ExitStatus.table, with: "")
    return text.split(separator: "\n\n").flatMap { paragraph in
      let lines = paragraph.split(separator: "\n").map { Self.plain(String($0)) }
      let isSetOut = lines.contains { $0.hasPrefix("sprida ") }
      return isSetOut ? [".PP", ".nf"] + lines + [".fi"] : [".PP"] + lines
    }
  }

  private var exitCodes: [String] {
    [".SH " + words("SLUTKODER", "EXIT STATUS")]
      + ExitStatus.allCases.flatMap { [".TP", "\($0.rawValue)", Self.plain($0.meaning)] }
  }

  private var environment: [String] {
    let variables: KeyValuePairs = [
      "SPRIDA_DIRECTORY": words(
        "Nodens mapp när -d inte anges; annars ~/.sprida.",
        "The node's folder without -d; else ~/.sprida."),
      "LC_ALL, LC_MESSAGES, LANG": words(
        "Språket: svenska när den första av dem som är satt börjar på sv, annars engelska. Utskrifter "
          + "är alltid UTF-8.",
        "The language: Swedish when the first of them that is set begins with sv, else English. "
          + "Output is always UTF-8."),
      "VISUAL, EDITOR": words("Textredigeraren.", "The editor."),
      "NO_COLOR": words(
        "Om den är satt används inga färger.", "If it is set, no colours are used."),
    ]
    return [".SH " + words("MILJÖVARIABLER", "ENVIRONMENT")]
      + variables.flatMap { [".TP", "\\fB\($0.key)\\fR", Self.plain($0.value)] }
  }

  // MARK: - roff

  /// Text that is no request, and whose hyphens can be copied into a shell.
  private static func plain(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.hasPrefix(".") || escaped.hasPrefix("'") ? "\\&" + escaped : escaped
  }
}
