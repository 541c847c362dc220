import Aggregation
import Foundation
import NodeWeb
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import Testing

/// Pages of entries that a hostile member, or two officers at once, have written.
@Suite struct SiteTests {
  private var council: Council

  init() throws {
    council = try Council()
  }

  private func catalogue() throws -> Catalogue {
    try Catalogue(
      council.store, Holdings(of: council.store), publisher: nil, asOf: "2026-01-01")
  }

  private func files() throws -> [Site.File] {
    let settings = Catalogue.Settings(
      baseURL: "https://rad.example/", number: nil, mailbox: nil, language: .swedish)
    let publication = try Publication(
      council.store, Holdings(of: council.store), publisher: nil, asOf: "2026-01-01")
    var files: [Site.File] = []
    try Site(publication, settings).eachFile { files.append($0) }
    return files
  }

  @Test mutating func `whoever publishes under another's record id gets a page of its own`() throws
  {
    let entry = try council.write([("title", "Zebran, den äkta")], by: 0)
    try council.write([("title", "AAA, den falska")], by: 1, record: entry.id)
    let entries = try catalogue().entries
    #expect(entries.count == 2)
    #expect(Set(entries.map(\.path)).count == 2 && Set(entries.map(\.identifier)).count == 2)
    let pages = try files().filter { $0.path.hasPrefix("entry/") }
    #expect(pages.count == 2)
    for title in ["Zebran, den äkta", "AAA, den falska"] {
      #expect(pages.count { $0.text.contains("<h1>\(title)</h1>") } == 1)
    }
  }

  @Test mutating func `a code is an address while one live admission claims it`() throws {
    try council.write([("title", "Här")], by: 0)
    let id = String("\(council.organisations[0].id)".prefix(12))
    let byCode = "organisation/" + council.organisations[0].code.replacing(":", with: "-") + ".html"
    func pages() throws -> [String] {
      try files().map(\.path).filter { $0.hasPrefix("organisation/") }
    }
    #expect(try pages() == [byCode])
    let again = try council.admitAgain(0)
    #expect(try pages() == ["organisation/\(id).html"])
    try council.remove(again)
    #expect(try pages() == [byCode])
  }

  @Test mutating func `who has published nothing has a tile, and no page`() throws {
    for number in 0..<5 { try council.write([("title", "Nr \(number)")], by: 0) }
    let page = try #require(try files().first { $0.path == "organisations.html" }?.text)
    #expect(page.contains("1 av 3 organisationer har publicerat"))
    #expect(page.contains("<li class=\"shade2\"><a href="))
    #expect(page.split(separator: "<li class=\"shade0\"><span>").count == 3)
  }

  @Test mutating func `who has been taken over is not called silent`() throws {
    try council.write([("title", "Ärvd")], by: 0)
    try council.succeed(from: 0, to: 1)
    let page = try #require(try files().first { $0.path == "organisations.html" }?.text)
    #expect(page.contains("1 av 2 organisationer har publicerat"))
  }

  @Test mutating func `what waits for a choice is listed, with the day of each version`() throws {
    let entry = try council.write([("title", "Titel"), ("stage", "IDEA")], by: 0)
    #expect(try files().first { $0.path == "conflicts.html" }?.text.contains("Titel") == false)
    let former = [AssignmentID(operation: entry.id, index: 1)]
    for (officer, stage) in ["PILOT", "STOP"].enumerated() {
      try council.write(
        [("stage", stage)], by: 0, officer: officer, record: entry.id, over: former)
    }
    let files = try files()
    #expect(files.first { $0.path == "conflicts.html" }?.text.contains("Titel") == true)
    #expect(files.first { $0.path == "index.html" }?.text.contains("conflicts.html") == true)
    let page = try #require(files.first { $0.path.hasPrefix("entry/") }?.text)
    #expect(page.contains("Pilot <span class=\"count\">(2025-01-01)</span>"))
    #expect(page.contains("ändrat: Skede <span"), "the edits are told")
  }

  @Test mutating func `every version of a field in conflict is on the page`() throws {
    let entry = try council.write([("title", "Titel"), ("stage", "IDEA")], by: 0)
    let former = [AssignmentID(operation: entry.id, index: 0)]
    for (officer, title) in ["Den ena titeln", "Den andra titeln"].enumerated() {
      try council.write(
        [("title", title)], by: 0, officer: officer, record: entry.id, over: former)
    }
    let page = try #require(try files().first { $0.path.hasPrefix("entry/") })
    #expect(page.text.contains("Den ena titeln") && page.text.contains("Den andra titeln"))
    #expect(page.text.contains("Något är ändrat på två håll"))
  }

  @Test mutating func `a long list goes on over pages that lead to each other`() throws {
    for number in 0..<101 {
      try council.write([("title", "Exempel \(1000 + number)"), ("themes", "INNO")], by: 0)
    }
    let files = try files()
    func page(_ path: String) throws -> Site.File {
      try #require(files.first { $0.path == path }, "\(path)")
    }
    for name in ["entries", "theme/INNO", "en/entries"] {
      let (first, second) = (try page("\(name).html"), try page("\(name)/2.html"))
      #expect(first.text.contains("Exempel 1000") && !first.text.contains("Exempel 1100"))
      #expect(second.text.contains("Exempel 1100") && !second.text.contains("Exempel 1099"))
      #expect(first.text.contains("rel=\"next\"") && !first.text.contains("rel=\"prev\""))
      #expect(second.text.contains("rel=\"prev\"") && !second.text.contains("rel=\"next\""))
    }
    #expect(!files.contains { $0.path.hasSuffix("/3.html") })
    #expect(try page("theme/INNO/2.html").text.contains("href=\"../../theme/INNO.html\""))
  }

  @Test mutating func `a search counts by every facet what it finds, and follows the store`() throws
  {
    var generator = SeededGenerator(seed: 12)
    var entries: [(title: String, stage: String, theme: String)] = []
    let site = try live()
    for number in 0..<60 {
      let entry = (
        title: ["Skolans väg", "Vårdens plan", "Bygd"][Int.random(in: 0..<3, using: &generator)],
        stage: ["IDEA", "PILOT"][Int.random(in: 0..<2, using: &generator)],
        theme: ["INNO", "EDUC"][Int.random(in: 0..<2, using: &generator)]
      )
      entries.append(entry)
      try council.write(
        [("title", entry.title), ("stage", entry.stage), ("themes", entry.theme)], by: number % 3)
    }
    #expect(try found(site, [:]).hasPrefix("0 "), "what is shown is of before")
    try site.refresh()
    for words in ["", "skolans", "vård", "finnsinte"] {
      for stage in [nil, "IDEA", "PILOT", "<b>"] {
        for theme in [nil, "EDUC"] {
          let expected = entries.count {
            (words.isEmpty || $0.title.lowercased().contains(words))
              && (stage == nil || $0.stage == stage) && (theme == nil || $0.theme == theme)
          }
          var parameters = ["q": words]
          if let stage { parameters["stage"] = stage }
          if let theme { parameters["themes"] = theme }
          let text = try found(site, parameters)
          #expect(text.hasPrefix("\(expected) "), "seed 12, \(parameters): \(text)")
        }
      }
    }
  }

  @Test mutating func `a search finds what has been edited or made anew since the pages were made`()
    throws
  {
    let entry = try council.write([("title", "Skolans väg"), ("stage", "IDEA")], by: 0)
    try council.write([("title", "Bygd"), ("stage", "IDEA")], by: 1)
    let site = try live()
    try council.write([("summary", "Mer")], by: 0, record: entry.id)
    #expect(try found(site, ["q": "skolans"]).hasPrefix("1 "))
    #expect(try found(site, ["q": "skolans", "stage": "IDEA"]).hasPrefix("1 "))
    try council.store.rebuild()
    #expect(try found(site, ["q": "skolans"]).hasPrefix("1 "))
    try site.refresh()
    #expect(try found(site, ["q": "skolans"]).hasPrefix("1 "))
    #expect(try found(site, ["q": ""]).hasPrefix("2 "))
  }

  @Test mutating func `a catalogue file goes a moment after what it is of is no longer shown`()
    throws
  {
    try council.write([("title", "Ska bort")], by: 0)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "sprida-files-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let site = try live(folder.path)
    func file() throws -> String {
      guard case .file(let path, _)? = try site.content(at: "entries.csv", [:])?.content else {
        return ""
      }
      return path
    }
    let former = try file()
    #expect(try String(contentsOfFile: former, encoding: .utf8).contains("Ska bort"))
    try council.write([("title", "Nytt")], by: 1)
    try site.refresh()
    #expect(FileManager.default.fileExists(atPath: former), "who has asked for it may open it")
    let current = try file()
    #expect(current != former)
    try site.refresh()
    #expect(!FileManager.default.fileExists(atPath: former))
    #expect(try String(contentsOfFile: current, encoding: .utf8).contains("Nytt"))
  }

  private func live(_ folder: String = "/nonexistent") throws -> LiveSite {
    try LiveSite(
      council.store, Holdings(of: council.store), publisher: nil,
      Catalogue.Settings(
        baseURL: "https://rad.example/", number: nil, mailbox: nil, language: .swedish),
      program: "test", folder: folder, today: { "2026-01-01" })
  }

  /// How many a search says that it has found.
  private func found(_ site: LiveSite, _ parameters: [String: String]) throws -> String {
    guard case .text(let html, _)? = try site.content(at: "search", parameters)?.content else {
      return ""
    }
    let lead = try #require(html.components(separatedBy: "<p class=\"lead\">").last)
    return lead.components(separatedBy: "</p>")[0]
  }
}
