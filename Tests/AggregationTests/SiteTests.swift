import Aggregation
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
    try Catalogue(council.store, publisher: nil, asOf: "2026-01-01")
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
}
