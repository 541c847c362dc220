import Foundation
import Node
import Testing

/// Passphrases typed on a terminal, which `script` provides.
@Suite(
  .ownThread, .timeLimit(.minutes(2)),
  .enabled(if: TestTerminal.isHere))
struct TerminalTests {
  private static let passphrase = "batteri klammer fem gul"

  @Test func `a passphrase is asked twice, and not shown`() throws {
    let region = try TestRegion()
    let sprida = "'\(Program.url.path)' key protect admin -d '\(region.node("council").path)'"
    let text = try TestTerminal.session(
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

    let opened = try TestTerminal.session(
      sprida.replacing("protect", with: "unprotect"),
      [("Lösenfras för nyckeln admin:", Self.passphrase + "\n")])
    #expect(opened.contains("ligger nu öppen") && !opened.contains("batteri"))
  }

  @Test func `two different passphrases change nothing`() throws {
    let region = try TestRegion()
    let text = try TestTerminal.session(
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
    let text = try TestTerminal.session(
      "trap : INT; \(ending)\(sprida); stty -a",
      [("Ny lösenfras", how.hasPrefix("kill") ? "" : how)])
    #expect(text.contains(" echo ") && !text.contains("-echo "), "\(text)")
    #expect(try !NodeDirectory.open(region.node("council").path).isProtected(.admin))
  }
}
