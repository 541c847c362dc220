import Operations
import Signatures
import TestSupport
import Testing

struct OperationPageTests {
  @Test func `the table of classes has the numbers and names of the code`() throws {
    let rows = try MarkdownPage("operation.md")
      .table(under: "Classes", columns: "number", "class", "signed by")
    #expect(
      rows.map { "\($0[0]) \($0[1])" } == OperationClass.allCases.map { "\($0.rawValue) \($0)" })
  }

  @Test func `the classes are signed by the roles that charter.md names`() throws {
    let classes = try MarkdownPage("operation.md")
      .table(under: "Classes", columns: "number", "class", "signed by")
    let roles = try MarkdownPage("charter.md").table(under: "Roles", columns: "number", "role")
    for row in classes {
      let signers = roles.filter { $0[3].quoted.contains(row[1]) }.map { $0[1] }
      #expect(Set(row[2].quoted) == Set(signers), "\(row[1])")
    }
  }

  @Test func `the table of changes equals the code`() throws {
    let rows = try MarkdownPage("operation.md")
      .table(under: "Changes", columns: "type", "change", "value in the body")
    let types = (0...).lazy.map { ChangeType(rawValue: $0) }.prefix { $0 != nil }.compactMap { $0 }
    #expect(
      rows.map { "\($0[0]) \($0[1]) \($0[2])" }
        == types.map { "\($0.rawValue) \($0) \($0.carriesValue ? "yes" : "no")" })
  }

  @Test func `the table of domains equals the code`() throws {
    let rows = try MarkdownPage("operation.md")
      .table(under: "Domains", columns: "name", "domain string")
    #expect(
      rows.map { "\($0[0]) \($0[1])" } == Domain.allCases.map { "\($0) `\($0.rawValue)`" })
  }

  @Test func `the example is a founding operation with the id it gives`() throws {
    let page = try MarkdownPage("operation.md")
    let envelope = try #require(Hex.decode(try page.hexBlock("envelope")))
    let body = try #require(Hex.decode(try page.hexBlock("body")))
    let operation = try Operations.Operation(envelope: envelope, body: body, region: .zero)
    #expect("\(operation.id)" == (try page.hexBlock("id")))
    #expect(try Charter(founding: operation).region == operation.id)
    let key = try #require(SigningKey(seed: [UInt8](repeating: 1, count: 32)))
    #expect(operation.header.author == key.publicKey)
  }
}
