import Operations
import Signatures
import Testing

struct AttachmentsPageTests {
  @Test func `the example of the page is what the code computes`() throws {
    let page = try MarkdownPage("attachments.md")
    let bytes = try #require(Hex.decode(try page.hexBlock("attachment")))
    let file = Array(bytes.dropLast(2 * Digest.byteCount))
    let attachment = try #require(Attachment(of: file, salt: [UInt8](0..<16)))
    #expect(
      file + Attachment.digest(ofChunk: file).bytes + attachment.digest.bytes == bytes)
  }
}
