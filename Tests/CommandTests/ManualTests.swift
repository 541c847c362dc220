import Foundation
import Testing

/// The manual page and the completions that an installation brings.
@Suite(.timeLimit(.minutes(3))) struct ManualTests {
  private struct Page {
    let language: String
    let path: String
    let sections: [String]
  }

  private static let pages = [
    Page(
      language: "en", path: "man/man1/sprida.1",
      sections: [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS OF ALL COMMANDS", "COMMANDS", "EXIT STATUS",
        "ENVIRONMENT",
      ]),
    Page(
      language: "sv", path: "man/sv/man1/sprida.1",
      sections: [
        "NAMN", "SYNOPSIS", "BESKRIVNING", "VAL FÖR ALLA KOMMANDON", "KOMMANDON", "SLUTKODER",
        "MILJÖVARIABLER",
      ]),
  ]

  @Test func `the manual has every command and option, in both languages`() throws {
    let root = try Root()
    try #require(try root.install("--no-systemd").status == 0)
    for page in Self.pages {
      let url = root.url("opt/sprida/share/" + page.path)
      let text = try String(contentsOf: url, encoding: .utf8)
      #expect(text.hasPrefix(".TH SPRIDA 1 \"\" \"sprida "))
      #expect(text.matches(of: /\n\.SH (.*)/).map { String($0.1) } == page.sections)
      for command in ["init", "key delegate", "search", "serve", "sync", "withdraw"] {
        let help = try Program.run(
          command.split(separator: " ").map(String.init) + ["--help"],
          locale: page.language == "sv" ? "sv_SE.UTF-8" : "C")
        #expect(text.contains("\n.SS sprida \(command)"), "\(command)")
        for option in help.output.matches(of: /\n  (?:-. ?, )?(--[a-z-]+)/).map(\.1) {
          let escaped = option.replacing("-", with: "\\-")
          #expect(text.contains("\\fB\(escaped)\\fR") || text.contains(", \(escaped)\\fR"))
        }
      }
      #expect(!text.contains("sprida manual") && !text.contains("sprida help init"))
      try formats(url)
    }
  }

  /// Without a warning, where there is a formatter.
  private func formats(_ page: URL) throws {
    let groff = "/usr/bin/groff"
    guard FileManager.default.isExecutableFile(atPath: groff) else { return }
    let result = try Shell.run(groff, ["-man", "-ww", "-Kutf8", "-Tutf8", page.path])
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.output.contains("sprida init --council \"Mälardalsrådet\""))
  }

  @Test(arguments: [
    ("sprida ke", "key"), ("sprida key ro", "rotate"), ("sprida list --the", "--theme"),
    ("sprida status --language ", "sv en"),
  ])
  func `bash completes commands, options and values`(typed: String, expected: String) throws {
    let root = try Root()
    try #require(try root.install("--no-systemd").status == 0)
    let script = """
      source "$0"
      IFS=' ' read -ra COMP_WORDS <<<"$1"; [[ $1 != *' ' ]] || COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9
      _sprida sprida "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      echo "${COMPREPLY[*]}"
      """
    let path = root.url("opt/sprida/share/bash-completion/completions/sprida").path
    let result = try Shell.run("/bin/bash", ["--norc", "-c", script, path, typed])
    #expect(result.output == expected + "\n" && result.errors == "", "\(result)")
  }

  @Test func `descriptions in completions are in the language of whoever installs`() throws {
    for (locale, swedish) in [("sv_SE.UTF-8", true), ("C", false)] {
      for shell in ["zsh", "fish"] {
        let script = try Program.run(["--generate-completion-script", shell], locale: locale)
        #expect(script.status == 0)
        #expect(script.output.contains("Hitta poster som har alla ord.") == swedish)
        #expect(script.output.contains("Show help information.") != swedish)
      }
    }
  }
}
