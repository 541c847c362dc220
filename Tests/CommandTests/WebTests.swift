import Foundation
import Testing

/// `sprida web`, as browsers, portals and monitors ask it.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct WebTests {
  private let region: TestRegion
  private let server: Server

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    _ = try region.publish("lerum", TestRegion.document("Förmåga att pröva nytt"))
    _ = try region.publish("lerum", TestRegion.document("Skolans idésluss", theme: "EDUC"))
    server = try Server(
      region.node("lerum"),
      command: [
        "web", "--base-url", "https://exempel.rad.example/", "--number", "2120001447", "--mailbox",
        "innovation@rad.example",
      ])
  }

  private struct Answer {
    let status: Int
    let head: String
    let body: String
  }

  private func get(_ path: String, _ arguments: String...) throws -> Answer {
    let result = try Program.shell(
      "curl -s -i \"$@\"",
      ["curl"] + arguments + ["http://127.0.0.1:\(server.port)\(path)"])
    let parts = result.output.components(separatedBy: "\r\n\r\n")
    let status = parts[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return Answer(
      status: try #require(status, "\(path): \(result.output)"), head: parts[0].lowercased(),
      body: parts.dropFirst().joined(separator: "\r\n\r\n"))
  }

  @Test func `pages, feeds and files are served with a strict policy, and nothing can be changed`()
    throws
  {
    for (path, type, text) in [
      ("/", "text/html", "Förmåga att pröva nytt"), ("/en/", "text/html", "Latest"),
      ("/entries.html", "text/html", "Skolans idésluss"),
      ("/theme/EDUC.html", "text/html", "Skola"),
      ("/report/coverage.html", "text/html", "Lerums kommun"), ("/style.css", "text/css", "--ink"),
      ("/feed.atom", "application/atom+xml", "<feed"), ("/entries.csv", "text/csv", "set_digest"),
      ("/catalog.rdf", "application/rdf+xml", "dcat:Catalog"),
      ("/catalogue.sqlite", "application/vnd.sqlite3", "SQLite format 3"),
    ] {
      let answer = try get(path)
      #expect(answer.status == 200 && answer.body.contains(text), "\(path): \(answer.status)")
      #expect(answer.head.contains("content-type: " + type), "\(path): \(answer.head)")
      #expect(answer.head.contains("content-security-policy: default-src 'none'"), "\(path)")
      #expect(answer.head.contains("x-content-type-options: nosniff"), "\(path)")
      #expect(answer.head.contains("referrer-policy: no-referrer"), "\(path)")
    }
    #expect(try get("/").body.contains("role=\"search\""))
    for path in [
      "/entry/aa.html", "/../etc/passwd", "/%2e%2e/keys/node.key", "/theme/", "/store.sqlite",
    ] {
      #expect(try get(path, "--path-as-is").status == 404, "\(path)")
    }
    let missing = try get("/en/entry/aa.html")
    #expect(missing.status == 404 && missing.body.contains("There is no such page"))
    #expect(missing.body.contains("href=\"../index.html\""))
    for method in ["POST", "PUT", "DELETE"] {
      #expect([404, 405].contains(try get("/", "-X", method).status), "\(method)")
    }
    #expect(try get("/", "--head").status == 200)
    #expect(server.isRunning)
  }

  @Test func `a search finds parts of words, narrows by facets, and what is typed stays text`()
    throws
  {
    func search(_ query: String) throws -> String { try get("/search?" + query).body }
    #expect(try search("q=f%C3%B6rm%C3%A5ga").contains("Förmåga att pröva nytt"))
    #expect(try search("q=id%C3%A9sluss").contains("Skolans idésluss"))
    let all = try search("q=")
    #expect(all.contains("2 exempel") && all.contains("search?q=&amp;themes=EDUC"))
    let narrowed = try search("themes=EDUC")
    #expect(narrowed.contains("Skolans idésluss") && !narrowed.contains("Förmåga att pröva"))
    let twice = try search("themes=EDUC&themes=INNO")
    #expect(twice.contains("Skolans idésluss") && !twice.contains("Förmåga att pröva"))
    #expect(try get("/finns-inte.html", "-H", "If-None-Match: *").status == 404)
    let hostile = try search("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&themes=%3Cb%3E")
    #expect(!hostile.contains("<script>") && !hostile.contains("<b>"))
    #expect(hostile.contains("&lt;script&gt;"))
    #expect(try search("q=finnsinte").contains("0 exempel"))
    #expect(try get("/search?q=" + String(repeating: "a", count: 5000)).status == 200)
    #expect(try get("/en/search?q=skola").body.contains("1 entry"))
    let joined = try search("q=%E0%B5%8E%22%20%E0%B5%8E%3Cb%3E")
    #expect(!joined.contains("<b>") && joined.contains("&quot;"))
  }

  @Test func `a page that has not changed is not sent again, and news come by themselves`() throws {
    let first = try get("/")
    let tag = try #require(
      first.head.split(separator: "\r\n").first { $0.hasPrefix("etag: ") }?.dropFirst(6))
    #expect(try get("/", "-H", "If-None-Match: \(tag)").status == 304)
    _ = try region.publish("lerum", TestRegion.document("Alldeles nytt"))
    var after = try get("/", "-H", "If-None-Match: \(tag)")
    for _ in 0..<100 where after.status == 304 {
      usleep(200_000)
      after = try get("/", "-H", "If-None-Match: \(tag)")
    }
    #expect(after.status == 200 && after.body.contains("Alldeles nytt"))
    #expect(try get("/entries.csv").body.contains("Alldeles nytt"), "the files follow the pages")
  }

  @Test func `a monitor learns how the node is, and a signal ends it`() throws {
    let health = try get("/health")
    #expect(health.status == 200 && health.body.contains("\"ok\""))
    let metrics = try get("/metrics").body
    for line in ["sprida_entries 2", "sprida_conflicts 0", "sprida_peer_session_seconds{node=\""] {
      #expect(metrics.contains(line), "\(metrics)")
    }
    #expect(server.stop() == 0)
    let wrong = try region.attempt("lerum", ["web", "--listen", "ingen"])
    #expect(wrong.status != 0 && wrong.errors.contains("ingen"))
  }
}
