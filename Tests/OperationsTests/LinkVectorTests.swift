import Operations
import TestSupport
import Testing

/// The files of `Protocol/vectors/link`, every one of them, against the product.
///
/// `SPRIDA_WRITE_VECTORS=1 swift test --filter VectorTests` writes them anew.
struct LinkVectorTests {
  static let accepted = ProtocolFiles.names(in: "vectors/link/accept")
  static let rejected = ProtocolFiles.names(in: "vectors/link/reject")

  @Test(arguments: accepted)
  func `a line that is to be accepted says what the file says`(name: String) throws {
    let file = try VectorFile.load("link/accept/\(name)")
    #expect(try file.value("expect") == "accept")
    let said = try LinkVectors.said(try file.value("kind"), try file.value("line"))
    #expect(said.count >= 3)
    for (key, value) in said { #expect(try file.value(key) == value, "\(key)") }
  }

  @Test(arguments: rejected)
  func `a line that is to be rejected is refused for its reason`(name: String) throws {
    let file = try VectorFile.load("link/reject/\(name)")
    #expect(try file.value("expect") == "reject")
    #expect(try file.value("blame") == "peer")
    let error = #expect(throws: InvitationError.self) {
      _ = try LinkVectors.said(try file.value("kind"), try file.value("line"))
    }
    #expect(try error?.code == file.value("error"))
  }

  @Test func `generating the link vectors again changes no byte`() throws {
    let folders = [
      ("link/accept", try LinkVectors.accepted()), ("link/reject", try LinkVectors.rejected()),
    ]
    for (folder, files) in folders {
      if VectorFile.isRewriting { try VectorFile.rewrite(folder, files) }
      #expect(ProtocolFiles.names(in: "vectors/\(folder)") == files.map(\.name))
      for (name, file) in files {
        let text = try? ProtocolFiles.text("vectors/\(folder)/\(name)")
        if text != file.text { Issue.record("\(folder)/\(name) differs") }
      }
    }
  }

  @Test func `every code of a line has a vector, and no two vectors are the same line`() throws {
    let files = try LinkVectors.rejected()
    let own: Set = [
      "link-prefix", "link-alphabet", "link-checksum", "link-version", "link-key", "signature",
      "not-founding", "envelope", "shape",
    ]
    #expect(own.isSubset(of: try files.map { try $0.file.value("error") }))
    let scenarios = try files.map { try $0.file.value("kind") + $0.file.value("line") }
    #expect(Set(scenarios).count == scenarios.count)
  }
}
