import Foundation
import Node
import Testing

/// Passphrases typed on a terminal, which `script` provides.
@Suite(
  .ownThread, .timeLimit(.minutes(2)),
  .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
struct TerminalTests {
  private static let passphrase = "batteri klammer fem gul"

  /// Runs a shell command on a new terminal and types each answer once its prompt is there.
  private func session(
    _ command: String, _ answers: [(prompt: String, answer: String)]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["-qec", command, "/dev/null"]
    process.environment = ["LANG": "sv_SE.UTF-8", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var text = ""
    for (prompt, answer) in answers {
      var seen = ""
      while !seen.contains(prompt) {
        let data = output.fileHandleForReading.availableData
        try #require(!data.isEmpty, "ended before “\(prompt)”: \(text)\(seen)")
        seen += String(decoding: data, as: UTF8.self)
      }
      text += seen
      // The prompt is written before echo is turned off, which drops what was typed too early.
      usleep(200_000)
      input.fileHandleForWriting.write(Data(answer.utf8))
    }
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  @Test func `a passphrase is asked twice, and not shown`() throws {
    let region = try TestRegion()
    let sprida = "'\(Program.url.path)' key protect admin -d '\(region.node("council").path)'"
    let text = try session(
      sprida + "; stty -a",
      [
        ("Ny lösenfras för nyckeln admin:", Self.passphrase + "\n"),
        ("En gång till:", Self.passphrase + "\n"),
      ])
    #expect(text.contains("har nu en lösenfras"))
    #expect(!text.contains("batteri"), "\(text)")
    #expect(text.contains(" echo "), "\(text)")
    let directory = try NodeDirectory.open(region.node("council").path)
    #expect(try directory.isProtected(.admin))

    let opened = try session(
      sprida.replacing("protect", with: "unprotect"),
      [("Lösenfras för nyckeln admin:", Self.passphrase + "\n")])
    #expect(opened.contains("ligger nu öppen") && !opened.contains("batteri"))
  }

  @Test func `two different passphrases change nothing`() throws {
    let region = try TestRegion()
    let text = try session(
      "'\(Program.url.path)' key protect admin -d '\(region.node("council").path)'",
      [
        ("Ny lösenfras", Self.passphrase + "\n"), ("En gång till:", Self.passphrase + "!\n"),
      ])
    #expect(text.contains("Lösenfraserna är olika"))
    #expect(try !NodeDirectory.open(region.node("council").path).isProtected(.admin))
  }

  @Test(arguments: ["\u{3}", "kill -INT", "kill -TERM"])
  func `interrupted at the prompt, the terminal shows again what is typed`(how: String) throws {
    let region = try TestRegion()
    let sprida = "'\(Program.url.path)' key protect admin -d '\(region.node("council").path)'"
    let ending =
      how.hasPrefix("kill") ? "(sleep 1; \(how) $(pgrep -n -x sprida -P $$)) & " : ""
    let text = try session(
      "trap : INT; \(ending)\(sprida); stty -a",
      [("Ny lösenfras", how.hasPrefix("kill") ? "" : how)])
    #expect(text.contains(" echo ") && !text.contains("-echo "), "\(text)")
    #expect(try !NodeDirectory.open(region.node("council").path).isProtected(.admin))
  }
}
