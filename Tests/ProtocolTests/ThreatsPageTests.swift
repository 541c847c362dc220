import Foundation
import TestSupport
import Testing

struct ThreatsPageTests {
  private struct Named: Hashable {
    let suite: String
    let test: String
  }

  private static func named(in cell: String) -> [Named] {
    cell.matches(of: /`(\w+)` \*([^*]+)\*/).map {
      Named(suite: String($0.1), test: String($0.2))
    }
  }

  @Test func `every test that a threat names stands in the suite it names`() throws {
    let rows = try MarkdownPage("threats.md").table(under: "Rows", columns: "#", "who")
    // Two targets may each have a suite of one name.
    let sources = Dictionary(
      try SourceFiles.tests().map { ($0.name, $0.text) }, uniquingKeysWith: { $0 + $1 })
    for row in rows {
      for named in Self.named(in: row[3]) {
        let text = sources[named.suite + ".swift"] ?? ""
        #expect(
          text.contains("func `\(named.test)`"), "row \(row[0]): \(named.suite), \(named.test)")
      }
    }
  }

  @Test func `every row says who, what must hold, and which test shows it`() throws {
    let rows = try MarkdownPage("threats.md").table(under: "Rows", columns: "#", "who")
    #expect(rows.map(\.first) == (1...rows.count).map { "\($0)" })
    for row in rows {
      try #require(row.count == 4)
      #expect(!row[1].isEmpty && !row[2].isEmpty)
      // Nothing but names of tests, so that none is written in a way that is not checked.
      let names = Self.named(in: row[3])
      #expect(names.count == row[3].split(separator: ";").count && !names.isEmpty, "row \(row[0])")
    }
  }
}
