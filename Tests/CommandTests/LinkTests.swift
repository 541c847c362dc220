import Foundation
import Testing

/// Links of entries that a web server answers, moves, refuses or has lost.
@Suite(.timeLimit(.minutes(5))) struct LinkTests {
  /// Answers by what the path says; `/nohead` takes no question for the head alone.
  private static let script = """
    import http.server, sys, threading
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self): self.answer(405 if self.path == '/nohead' else None)
        def do_GET(self): self.answer(None)
        def answer(self, status):
            known = {'/here': 200, '/nohead': 200, '/moved': 301}
            self.send_response(status or known.get(self.path, 404))
            if self.path == '/moved': self.send_header('Location', '/here')
            self.send_header('Content-Length', '0'); self.end_headers()
        def log_message(self, *a): pass
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Answer)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    """

  private final class WebServer {
    /// The server ends when it is closed.
    private let input = Pipe()
    let address: String

    init() throws {
      let (process, output) = (Process(), Pipe())
      process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
      process.arguments = ["-c", LinkTests.script]
      process.standardInput = input
      process.standardOutput = output
      try process.run()
      let port = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
      address = "http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    deinit { try? input.fileHandleForWriting.close() }
  }

  private static func document(_ links: [String]) -> String {
    TestRegion.document("Med länkar").replacingOccurrences(
      of: "stage:",
      with: "links: [\(links.map { "'\($0)'" }.joined(separator: ", "))]\nevaluations:\n"
        + "  - {evaluator: E, independent: ja, url: '\(links[0])'}\nstage:")
  }

  @Test func `a page that is gone is told with its date, and the entry stays readable`() throws {
    let (region, web) = (try TestRegion(), try WebServer())
    try region.join("lerum", "kommun:1441")
    let closed = "http://127.0.0.1:\(try FreePort.draw())/x"
    let paths = ["/here", "/moved", "/nohead", "/gone?å=[1]\"\\"]
    let links = paths.map { web.address + $0 } + [closed]
    let record = try region.publish("lerum", Self.document(links))
    let before = try region.run("lerum", "links")
    #expect(before.output.contains("5 länkar, kontrollerade: 0"))

    let checked = try region.attempt("lerum", ["links", "--check", "--json"])
    #expect(checked.status == 6, "\(checked.errors)")
    let found = try #require(checked.json as? [[String: Any]])
    let statuses = Dictionary(
      uniqueKeysWithValues: found.map { ($0["address"] as? String ?? "", $0["status"] as? Int) })
    #expect(
      statuses == [
        links[0]: 200, links[1]: 200, links[2]: 200, links[3]: 404, closed: nil as Int?,
      ])
    let told = try region.attempt("lerum", ["links"])
    #expect(told.status == 6 && told.output.contains("(404)") && told.output.contains(closed))
    #expect(!told.output.contains("/moved"))
    for text in [
      try region.run("lerum", "show", record).output,
      try region.run("lerum", "show", record, "--html").output,
    ] {
      #expect(text.contains("Med länkar") && text.contains("svarade inte 20"), "\(text)")
      #expect(text.contains("(404)") && text.contains("svarade 20"))
    }
    #expect(
      try region.run("lerum", "digest", "--peek").output.contains("2 länkar svarar inte"))

    try region.run("lerum", "withdraw", record, "--reason", "Slut")
    #expect(
      try !region.run("lerum", "digest", "--peek").output.contains("länkar svarar inte"),
      "what sprida links does not list is not announced")
    try region.run("lerum", "withdraw", record, "--undo")

    // A curl that fails says nothing of any link.
    let tools = region.folder.appendingPathComponent("tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: false)
    let curl = tools.appendingPathComponent("curl")
    try "#!/bin/sh\necho '0 200'\nexit 2\n".write(to: curl, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: curl.path)
    let failed = try Program.shell(
      "exec \"$0\" \"$@\"", ["links", "--check", "-d", region.node("lerum").path],
      environment: ["PATH": tools.path])
    #expect(failed.status == 1 && failed.errors.contains("inget är ändrat"), "\(failed.errors)")
    #expect(try region.attempt("lerum", ["links", "--json"]).output == checked.output)

    // What the entry no longer names is forgotten.
    try region.run("lerum", "edit", record, "--set", "links=\(links[0])")
    let mended = try region.run("lerum", "links")
    #expect(mended.output.contains("1 länk, kontrollerade: 1"))
  }

  @Test func `an erased address is in no file of the node`() throws {
    let (region, web) = (try TestRegion(), try WebServer())
    try region.join("lerum", "kommun:1441")
    let address = web.address + "/gone/hemlig-plats"
    let record = try region.publish("lerum", Self.document([address, address + "2"]))
    #expect(try region.attempt("lerum", ["links", "--check"]).status == 6)
    func holds() throws -> Bool {
      try NodeFolder.files(region.node("lerum").path).contains {
        $0.bytes.range(of: Data("hemlig-plats".utf8)) != nil
      }
    }
    #expect(try holds())
    try region.run(
      "lerum", "erase", record, "--basis", "MISTAKE", "--with", "root", "--yes")
    try region.run("lerum", "sync")
    #expect(try !holds())
  }

  @Test func `without curl it is said what to install`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", Self.document(["http://127.0.0.1:9/x"]))
    let result = try Program.shell(
      "exec \"$0\" \"$@\"", ["links", "--check", "-d", region.node("lerum").path],
      environment: ["PATH": "/nonexistent"])
    #expect(result.status == 1 && result.errors.contains("apt-get install curl"))
  }
}
