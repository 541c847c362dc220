import Foundation
import Node
import Signatures
import Testing

/// `sprida key protect`, `unprotect`, `list`, `paper` and `recover`, as a person types them.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct KeyCommandTests {
  private static let passphrase = "häst batteri klammer fem"

  /// Without a terminal, and with the file `passphrases` on descriptor 3.
  private func attempt(
    _ region: TestRegion, _ name: String, _ arguments: [String], passphrases: String
  ) throws -> Program.Result {
    let file = region.folder.appendingPathComponent("passphrases")
    try Data(passphrases.utf8).write(to: file)
    return try Program.shell(
      #"exec setsid -w "$0" "$@" 3< "$PASSPHRASES""#,
      arguments + ["-d", region.node(name).path], environment: ["PASSPHRASES": file.path])
  }

  @Test func `a protected key publishes with its passphrase and with no other`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let folder = region.node("lerum")
    let seed = try NodeDirectory.open(folder.path).key(.officer).seed
    let document = region.folder.appendingPathComponent("post.md")
    try Data(TestRegion.document("Med lösenfras").utf8).write(to: document)
    let fd = ["--passphrase-fd", "3"]
    let publish = ["publish", document.path]

    let short = try attempt(
      region, "lerum", ["key", "protect", "officer"] + fd, passphrases: "åäöåäöåäöåä\n")
    #expect(short.status == 3 && short.errors.contains("färre än 12 tecken"))
    let done = try attempt(
      region, "lerum", ["key", "protect", "officer"] + fd, passphrases: Self.passphrase + "\n")
    #expect(done.status == 0 && done.output.contains("har nu en lösenfras"), "\(done.errors)")
    #expect(try NodeFolder.leaks(of: seed, in: folder.path).isEmpty)

    let wrong = try attempt(region, "lerum", publish + fd, passphrases: "fel lösenfras, alltså\n")
    #expect(wrong.status == 3 && wrong.errors.contains("öppnar inte nyckeln officer"))
    let missing = try attempt(region, "lerum", publish, passphrases: "")
    #expect(missing.status == 1 && missing.errors.contains("--passphrase-fd N"))
    for passphrases in [Self.passphrase, Self.passphrase + "\n", Self.passphrase + "\nnästa\n"] {
      let published = try attempt(region, "lerum", publish + fd, passphrases: passphrases)
      #expect(published.status == 0, "\(published.errors)")
    }
    let empty = try region.attempt("lerum", publish + ["--passphrase-fd", "0"])
    #expect(empty.status == 1)
    try region.run(
      "lerum", "publish", document.path, "--passphrase-fd", "0", input: Self.passphrase)

    let opened = try attempt(
      region, "lerum", ["key", "unprotect", "officer"] + fd, passphrases: Self.passphrase)
    #expect(opened.status == 0)
    #expect(try attempt(region, "lerum", publish, passphrases: "").status == 0)
    let audit = try region.run("lerum", "audit").output
    #expect(audit.contains("event=protected") && audit.contains("event=unprotected"))
    #expect(!audit.contains(Self.passphrase))
  }

  @Test func `what needs no secret key asks for no passphrase`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    for name in ["root", "next-root", "admin", "officer"] {
      let done = try attempt(
        region, "lerum", ["key", "protect", name, "--passphrase-fd", "3"],
        passphrases: Self.passphrase)
      #expect(done.status == 0, "\(done.errors)")
    }
    for arguments in [
      ["sync"], ["roster", "--keys"], ["report"], ["key", "list"], ["list"], ["audit"],
      ["conflicts"], ["rebuild"],
    ] {
      let done = try attempt(region, "lerum", arguments, passphrases: "")
      #expect(done.status == 0, "\(arguments): \(done.errors)")
    }
    #expect([0, 6].contains(try attempt(region, "lerum", ["status"], passphrases: "").status))
    let list = try #require(
      try region.run("lerum", "key", "list", "--json").json as? [[String: Any]])
    #expect(
      list.filter { $0["protected"] as? Bool == true }.map { $0["name"] as? String } == [
        "root", "next-root", "admin", "officer",
      ])
    #expect(list.count == 6)
    let rights = list.map { $0["rights"] as? String ?? "" }
    #expect(rights[0].contains("rot, Lerums kommun: gäller"))
    #expect(rights[1].contains("utfäst som nästa"))
    #expect(rights[4].contains("nod, Lerums kommun: gäller"))
  }

  @Test(arguments: ["node", "service"])
  func `a key that serve uses is not put under a passphrase, and the reason is said`(
    name: String
  ) throws {
    let region = try TestRegion()
    let refused = try attempt(
      region, "council", ["key", "protect", name, "--passphrase-fd", "3"],
      passphrases: Self.passphrase)
    #expect(refused.status == 1 && refused.errors.contains("sprida serve"))
  }

  @Test func `another passphrase replaces the one before`() throws {
    let region = try TestRegion()
    let protect = ["key", "protect", "admin", "--passphrase-fd", "3"]
    let new = "fem helt andra ord här"
    for passphrases in [Self.passphrase, "\(Self.passphrase)\n\(new)\n"] {
      #expect(
        try attempt(region, "council", protect, passphrases: passphrases).status == 0)
    }
    let unprotect = ["key", "unprotect", "admin", "--passphrase-fd", "3"]
    #expect(try attempt(region, "council", unprotect, passphrases: Self.passphrase).status == 3)
    #expect(try attempt(region, "council", unprotect, passphrases: new).status == 0)
  }

  @Test func `a sheet fits a page and gives back the key, whole or typed in`() throws {
    let region = try TestRegion()
    let path = region.node("council").appendingPathComponent("keys/next-council.key")
    let before = try Data(contentsOf: path)
    for language in ["sv", "en"] {
      let sheet = try region.run("council", "key", "paper", "next-council", "--language", language)
        .output
      let lines = sheet.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 60 && lines.allSatisfy { $0.count <= 80 })
      #expect(sheet.contains("Provrådet") && sheet.contains("sprida key recover next-council"))
      #expect(lines.filter { $0.contains(/^   [1-4]:  ([0-9A-Z]{4} ?){5}$/) }.count == 4)

      let there = try region.attempt(
        "council", ["key", "recover", "next-council"], input: sheet)
      #expect(there.status == 1 && there.errors.contains("skrivs aldrig över"))
      try FileManager.default.removeItem(at: path)
      try region.run("council", "key", "recover", "next-council", input: sheet)
      #expect(try Data(contentsOf: path) == before)
      let attributes = try FileManager.default.attributesOfItem(atPath: path.path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
    let made = try #require(
      try region.run("council", "key", "paper", "next-council", "--json").json as? [String: Any])
    let typed = try #require(made["lines"] as? [String]).map { $0.lowercased() }
    let key = try #require(made["key"] as? String)
    let file = region.folder.appendingPathComponent("blad.txt")
    try Data(typed.joined(separator: "\n").utf8).write(to: file)
    try FileManager.default.removeItem(at: path)
    try region.run(
      "council", "key", "recover", "next-council", "--file", file.path, "--public-key",
      String(key.prefix(8)).uppercased())
    #expect(try Data(contentsOf: path) == before)
    #expect(try region.run("council", "audit").output.contains("event=recovered"))
  }

  @Test func `a typing error is told by its line, and nothing is written`() throws {
    let region = try TestRegion()
    let path = region.node("council").appendingPathComponent("keys/next-council.key")
    let made = try #require(
      try region.run("council", "key", "paper", "next-council", "--json").json as? [String: Any])
    let lines = try #require(made["lines"] as? [String])
    try FileManager.default.removeItem(at: path)
    let recover = ["key", "recover", "next-council"]
    var typed = lines
    typed[2] = String(typed[2].reversed())
    let wrong = try region.attempt("council", recover, input: typed.joined(separator: "\n"))
    #expect(wrong.status == 3 && wrong.errors.contains("rad 3 är inte som den trycktes"))
    let short = try region.attempt(
      "council", recover, input: lines.prefix(3).joined(separator: "\n"))
    #expect(short.status == 3 && short.errors.contains("3 rader"))
    let other = try region.attempt(
      "council", recover + ["--public-key", "00000000"], input: lines.joined(separator: "\n"))
    #expect(other.status == 3 && other.errors.contains("Raderna är rätt"))
    #expect(!FileManager.default.fileExists(atPath: path.path))
  }
}
