import Foundation
import TestSupport
import Testing
import WireFormat

struct LimitsPageTests {
  @Test func `the table of limits equals the code in order`() throws {
    let rows = try MarkdownPage("limits.md")
      .table(under: "Limits", columns: "limit", "value", "unit", "reason")
    #expect(rows.map { $0.prefix(3).joined(separator: " ") } == Limits.table.map(Self.line))
  }

  @Test func `every limit has a reason`() throws {
    let rows = try MarkdownPage("limits.md").table(under: "Limits", columns: "limit")
    #expect(rows.filter { $0.count != 4 || $0[3].isEmpty }.isEmpty)
  }

  @Test(arguments: [
    "prev = [0*\(Limits.prevMax) id]",
    "targets = [0*\(Limits.targetsMax) target]",
    "changes = [0*\(Limits.changesMax) change]",
    "values = [0*\(Limits.changesMax) any]",
    "council = [1*\(Limits.councilKeysMax) council-key]",
    "cuts = [0*\(Limits.cutHeadsMax) cut]",
    "heads = [0*\(Limits.cutHeadsMax) id]",
    "orders = [0*\(Limits.cutHeadsMax) id]",
    "body-size = 0..\(Limits.operationBytesMax)",
    "payload: bstr .size (0..\(Limits.headerBytesMax))",
    "address = tstr .size (0..\(Limits.addressBytesMax))",
    "code = tstr .size (0..\(Limits.codeBytesMax))",
    "family = tstr .regexp \"[a-z0-9_]{1,\(Limits.familyBytesMax)}\"",
  ])
  func `the CDDL has the limits of the code`(rule: String) throws {
    #expect(try ProtocolFiles.text("sprida.cddl").contains(rule))
  }

  private static func line(_ limit: (name: String, value: Int, unit: String)) -> String {
    "\(limit.name) \(limit.value) \(limit.unit)"
  }
}
