import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct ExportTests {
  /// A Python with cbor2 and pycose, which `Tests/run` provides.
  private static let python = ProcessInfo.processInfo.environment["SPRIDA_PYTHON"]

  @Test(.enabled(if: python != nil, "needs SPRIDA_PYTHON"))
  func `an exported operation verifies with an off-the-shelf COSE library`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Signerad"))
    let file = region.folder.appendingPathComponent("operation.cose").path
    let status = try region.status("lerum")
    let id = try #require(status["region"] as? String)
    // A record's first operation has the record's id.
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "\"$0\" show --cose \"$1\" -d \"$2\" > \"$3\"", Program.url.path, record,
      region.node("lerum").path, file,
    ]
    try shell.run()
    shell.waitUntilExit()
    let output = Pipe()
    let check = Process()
    check.executableURL = URL(fileURLWithPath: Self.python ?? "")
    check.arguments = [
      ProtocolFiles.projectRoot.appendingPathComponent("Tests/Foreign/check.py").path,
      "verify-cose", "--region", id,
    ]
    check.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
    check.standardOutput = output
    try check.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
    #expect(text.contains(record))
  }

  // MARK: - The catalogue

  private static let address = "https://exempel.rad.example/"
  private static let publisher = [
    "--base-url", address, "--number", "2120001447", "--mailbox", "innovation@rad.example",
  ]

  private func titles(_ region: TestRegion) throws -> [String] {
    try [
      region.publish(
        "lerum", TestRegion.document("\"<script>alert(1)</script> & åäö \u{d4e}<b>\"")),
      region.publish("lerum", TestRegion.document("\"=HYPERLINK(1); 'a' | b \u{d4e};=1+1\"")),
      region.publish("lerum", TestRegion.document("Vanlig", theme: "EDUC")),
    ]
  }

  @Test(.enabled(if: python != nil, "needs SPRIDA_PYTHON"))
  func `every form of the catalogue is what foreign programs expect of it`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let ids = try titles(region)
    try region.run("lerum", "withdraw", ids[2], "--reason", "Fel")
    _ = try region.publish("lerum", TestRegion.document("Kvar"))
    _ = try region.publishSeed()
    let folder = region.folder.appendingPathComponent("catalogue").path
    for locale in ["sv_SE.UTF-8", "en_GB.UTF-8"] {
      let written = try Program.run(
        ["export", "--to", folder, "-d", region.node("lerum").path] + Self.publisher,
        locale: locale)
      #expect(written.status == 0, "\(written.errors)")
      let check = try Program.shell(
        "\"$1\" \"$2\" \"$3\" \"$4\"",
        [
          try #require(Self.python),
          ProtocolFiles.projectRoot.appendingPathComponent("Tests/Foreign/exports.py").path,
          folder, Self.address,
        ])
      #expect(check.status == 0, "\(check.output)\(check.errors)")
    }
    let atom = try String(contentsOfFile: folder + "/feed.atom", encoding: .utf8)
    #expect(atom.contains("<at:deleted-entry ref=\"urn:uuid:"))
    #expect(atom.contains("&lt;script&gt;") && !atom.contains("<script>"))
    #expect(atom.contains(">Kvar<") && !atom.contains(">Vanlig<") && !atom.contains("<b>"))
  }

  @Test func `what is written before stays when it cannot be written again`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try titles(region)
    let folder = region.folder.appendingPathComponent("catalogue").path
    try FileManager.default.createDirectory(
      atPath: folder + "/entries.csv", withIntermediateDirectories: true)
    let refused = try region.attempt(
      "lerum", ["export", "--form", "csv", "--to", folder + "/entries.csv"] + Self.publisher)
    #expect(refused.status == 3 && refused.errors.contains("entries.csv"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["entries.csv"])
    let file = folder + "/feed.atom"
    // A run that fails on its way leaves what was there.
    try "förra".write(toFile: file, atomically: true, encoding: .utf8)
    let draft = try region.attempt(
      "lerum", ["export", "--form", "sqlite", "--to", folder + "/feed.atom/x"] + Self.publisher)
    #expect(draft.status == 3)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "förra")
    try region.run(
      "lerum", "export", "--form", "atom", "--to", file, "--base-url", Self.address)
    #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("<?xml"))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o644, "a web server reads it")
  }

  @Test func `a catalogue that lacks an address, a number or a mailbox says what is expected`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    for (arguments, expected) in [
      (["--form", "csv"], "--base-url"),
      (["--form", "csv", "--base-url", "rad.example"], "https://"),
      (["--form", "pdf", "--base-url", Self.address], "jsonfeed"),
      (["--form", "dcat", "--base-url", Self.address], "--mailbox"),
      (["--form", "dcat", "--base-url", Self.address, "--number", "2120001448"], "2120001448"),
      (["--form", "dcat", "--base-url", Self.address, "--mailbox", "rad"], "väntade en adress"),
      (["--form", "sqlite", "--base-url", Self.address], "--to"),
      (["--form", "csv", "--lines"], "--lines"), (["--base-url", Self.address], "--form"),
    ] {
      let result = try region.attempt("lerum", ["export"] + arguments)
      #expect(
        result.status != 0 && result.errors.contains(expected), "\(arguments): \(result.errors)")
    }
    let without = try region.attempt(
      "lerum",
      ["export", "--to", region.folder.path + "/c", "--base-url", Self.address])
    #expect(without.status == 0 && without.errors.contains("catalog.rdf är inte med"))
  }

  @Test func `an operation of any class is shown with its author and standing`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let roster = try #require(
      try region.run("lerum", "roster", "--json").json as? [String: Any])
    let organisations = try #require(roster["organisations"] as? [[String: Any]])
    let admission = try #require(organisations.last?["id"] as? String)
    let shown = try region.run("council", "show", admission).output
    #expect(shown.contains("Klass: charter"))
    #expect(shown.contains("Innehåll: admit"))
    #expect(shown.contains("Godkänd: ja"))
    #expect(
      try region.run("lerum", "show", admission, "--json").output
        == region.run("council", "show", admission, "--json").output)
  }
}
