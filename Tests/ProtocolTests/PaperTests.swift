import Signatures
import TestSupport
import Testing

struct PaperTests {
  @Test func `the example of the page is the key that it names`() throws {
    let page = try MarkdownPage("charter.md")
    let lines = try page.block("paper")
    let key = try PaperKey.key(from: lines.joined(separator: "\n"))
    let text = try ProtocolFiles.text("charter.md")
    #expect(text.contains("Seed `\(Hex.encode(key.seed))`"))
    #expect(text.contains("`\(key.publicKey)`"))
    #expect(
      lines == PaperKey.lines(of: key).enumerated().map { "\($0 + 1):  \($1)" })
  }
}
