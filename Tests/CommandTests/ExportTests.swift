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
