import TestSupport
import Testing

struct ErrorsPageTests {
  @Test func `every error code of the sources has a row`() throws {
    let documented = Set(try Self.rows().map { $0[0] })
    let missing = try Self.codes().filter { !documented.contains("`\($0.code)`") }
    #expect(missing.map(\.description) == [])
  }

  @Test func `every row is an error code of the sources`() throws {
    let codes = Set(try Self.codes().map { "`\($0.code)`" })
    #expect(try Self.rows().map { $0[0] }.filter { !codes.contains($0) } == [])
  }

  @Test func `no code has two rows`() throws {
    let counts = Dictionary(grouping: try Self.rows().map { $0[0] }, by: { $0 })
    #expect(counts.filter { $0.value.count > 1 }.keys.sorted() == [])
  }

  @Test func `every row says who is to blame and what to do`() throws {
    let rows = try MarkdownPage("errors.md").rows(ofTablesWith: "code")
    let incomplete = rows.filter {
      $0.count != 4 || !["peer", "us", "nobody"].contains($0[2]) || $0[3].isEmpty
    }
    #expect(incomplete.map { $0[0] } == [])
  }

  /// Those of `errors.md`, and those that `reconciliation.md` has a table of its own for.
  private static func rows() throws -> [[String]] {
    try MarkdownPage("errors.md").rows(ofTablesWith: "code")
      + MarkdownPage("reconciliation.md").table(under: "Errors", columns: "code")
  }

  private struct Code: CustomStringConvertible {
    let code: String
    let path: String
    var description: String { "\(code) in \(path)" }
  }

  /// The literals in every `var code: String { … }` of the sources, and those passed as `code:`.
  private static func codes() throws -> [Code] {
    let codes = try SourceFiles.all().flatMap { file in
      let blocks = file.text.matches(of: /var code: String \{\n(?<body>(?:    .*\n)*)  \}/)
      let literals =
        blocks.flatMap { $0.body.matches(of: /"(?<code>[a-z0-9-]+)"/).map(\.code) }
        + file.text.matches(of: /\bcode: "(?<code>[a-z0-9-]+)"/).map(\.code)
      return literals.map { Code(code: String($0), path: file.path) }
    }
    try #require(codes.count > 10, "the sources no longer look as this test expects")
    return codes
  }
}
